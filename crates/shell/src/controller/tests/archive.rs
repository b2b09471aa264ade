//! A real inbox behind the controller's port, in a folder of its own.

use std::path::{Path, PathBuf};
use std::sync::Mutex;

use async_trait::async_trait;
use campana_contract::{Order, Page, Timestamp};
use campana_sync::activity::{Activity, ActivityKind};
use campana_sync::inbox::{
    Arrival, Aside, BegunTicket, Found, Inbox, InboxError, InboxOrder, Reading, Search, TicketWay,
};

use crate::archive::Archive;

pub(super) struct RealArchive {
    pub inbox: Mutex<Inbox>,
    /// For how many days orders are kept, each time that it was said.
    pub retained: Mutex<Vec<u32>>,
    folder: PathBuf,
}

impl RealArchive {
    pub fn new(folder: &Path) -> Self {
        Self {
            inbox: Mutex::new(Inbox::open(folder).unwrap()),
            retained: Mutex::default(),
            folder: folder.to_owned(),
        }
    }

    /// Stores these as they come from a pull, after the first contact.
    pub fn store(&self, source: &str, orders: &[Order], at: i64) {
        let mut inbox = self.inbox.lock().unwrap();
        let arrival = Arrival {
            received_at: Timestamp(at),
            server_time: None,
        };
        inbox.store(source, &Page::default(), arrival).unwrap();
        let page = Page {
            orders: orders.to_vec(),
            order_elements: orders.len(),
            ..Page::default()
        };
        inbox.store(source, &page, arrival).unwrap();
        inbox.do_all_behind().unwrap();
    }
}

#[async_trait]
impl Archive for RealArchive {
    async fn search(&self, search: Search) -> Result<Found, InboxError> {
        Reading::open(&self.folder)?.search(&search)
    }
    async fn order(&self, source: &str, id: &str) -> Result<Option<InboxOrder>, InboxError> {
        Reading::open(&self.folder)?.order(source, id)
    }
    fn activity(&self, limit: usize) -> Result<Vec<Activity>, InboxError> {
        let happened = |at, kind| Activity {
            at: Timestamp(at),
            kind,
            went_well: true,
            detail: None,
            bytes: None,
            milliseconds: None,
            number: None,
        };
        let all = [
            happened(1, ActivityKind::Started),
            happened(2, ActivityKind::Pull),
        ];
        Ok(all.into_iter().take(limit).collect())
    }
    async fn set_aside(&self) -> Result<Vec<Aside>, InboxError> {
        Reading::open(&self.folder)?.set_aside()
    }
    async fn mark_unseen(&self, source: &str, id: &str) -> Result<bool, InboxError> {
        self.inbox.lock().unwrap().mark_unseen(source, id)
    }
    fn retain(&self, days: u32) {
        self.retained.lock().unwrap().push(days);
    }
    async fn begin_ticket(
        &self,
        source: &str,
        id: &str,
        way: TicketWay,
    ) -> Result<Option<BegunTicket>, InboxError> {
        let mut inbox = self.inbox.lock().unwrap();
        inbox.begin_ticket(source, id, way, Timestamp(1))
    }
    async fn end_ticket(&self, ticket: BegunTicket, is_printed: bool) -> Result<(), InboxError> {
        let mut inbox = self.inbox.lock().unwrap();
        if is_printed {
            inbox.end_ticket(ticket, Timestamp(2))
        } else {
            inbox.forget_ticket(ticket)
        }
    }
}
