//! What the windows look up, apart from the view. Each is done in a task of its own: a slow search delays
//! nothing.

use std::sync::Arc;

use campana_contract::{Order, Timestamp};
use campana_sync::inbox::{InboxError, InboxOrder, Search};

use url::Url;

use super::Controller;
use super::input::{Input, Reply, answer, error};
use crate::archive::Archive;
use crate::links;
use crate::projection;
use crate::view::{
    ActivityPage, CommandError, HistoryPage, HistoryQuery, LinkKind, OrderView, PrintedView,
};

/// What a window wants to see or do with an order of the history.
pub enum Look {
    /// A page of the history.
    History(HistoryQuery, Reply<HistoryPage>),
    /// An order of the history ([`OrderView::id`]).
    Order(String, Reply<OrderView>),
    /// What the server sent of it.
    Json(String, Reply<String>),
    /// What happened lately, at most so much.
    Activity(u32, Reply<ActivityPage>),
    /// It was marked seen by mistake.
    Unseen(String, Reply<()>),
    /// What a browser can show of it.
    Link(String, LinkKind, Reply<()>),
    /// Its ticket; by the system's dialog, where the second is true.
    Ticket(String, bool, Reply<PrintedView>),
    /// The system's dialog with its ticket is gone; whether it was printed, as far as the system tells.
    TicketLeft(String, Reply<bool>),
}

/// Where orders are looked up.
#[derive(Clone)]
pub(super) struct Shelf {
    pub(super) archive: Arc<dyn Archive>,
    /// The present backend.
    pub(super) present: Option<String>,
}

impl Controller {
    pub(super) fn look(&mut self, look: Look) {
        let shelf = self.shelf();
        match look {
            Look::History(query, reply) => {
                tokio::spawn(async move { answer(reply, shelf.history(query).await) });
            }
            Look::Order(id, reply) => {
                if let Some(order) = self.in_memory(&id) {
                    return answer(reply, Ok(order));
                }
                tokio::spawn(async move {
                    let found = shelf.order(&id).await;
                    let present = shelf.present.as_deref();
                    answer(reply, found.map(|order| projection::order(&order, present)));
                });
            }
            Look::Json(id, reply) => {
                let in_memory = self.state.unstored.iter().map(|one| &one.order);
                if let Some(order) = in_memory.into_iter().find(|order| order.id.key() == id) {
                    return answer(reply, Ok(projection::indented(&order.body)));
                }
                tokio::spawn(async move {
                    let found = shelf.order(&id).await.and_then(|order| {
                        let order = order.order.ok_or_else(unknown)?;
                        Ok(projection::indented(&order.body))
                    });
                    answer(reply, found);
                });
            }
            Look::Activity(limit, reply) => {
                tokio::spawn(async move { answer(reply, shelf.activity(limit).await) });
            }
            Look::Unseen(id, reply) => self.mark_unseen(id, reply),
            Look::Link(id, kind, reply) => self.open_link(id, kind, reply),
            Look::Ticket(id, dialog, reply) => self.print_ticket(id, dialog, reply),
            Look::TicketLeft(id, reply) => self.ticket_left(&id, reply),
        }
    }

    /// Old orders are kept for as long as the owner says.
    pub(super) fn retain(&self) {
        self.reach
            .archive
            .retain(self.state.preferences.system.retention_days);
    }

    pub(super) fn shelf(&self) -> Shelf {
        Shelf {
            archive: self.reach.archive.clone(),
            present: self.state.source.clone(),
        }
    }

    /// An order that could not be stored yet.
    pub(super) fn in_memory(&self, id: &str) -> Option<OrderView> {
        let orders = projection::view(&self.state).orders;
        orders
            .into_iter()
            .find(|order| order.unstored && order.id == id)
    }

    fn open_link(&self, id: String, kind: LinkKind, reply: Reply<()>) {
        let in_memory = self.state.unstored.iter().map(|one| &one.order);
        let in_memory = in_memory.into_iter().find(|order| order.id.key() == id);
        let (in_memory, shelf, sender) =
            (in_memory.cloned(), self.shelf(), self.reach.sender.clone());
        tokio::spawn(async move {
            let order = match in_memory {
                Some(order) => Ok(Some(order)),
                None => shelf.order(&id).await.map(|found| found.order),
            };
            let page = match order {
                Ok(order) => order.and_then(|order| page_of(&order, kind)),
                Err(failure) => return answer(reply, Err(failure)),
            };
            let Some(page) = page else {
                return answer(reply, Err(error("link-none", None)));
            };
            let _ = sender.send(Input::Browse(page));
            answer(reply, Ok(()));
        });
    }

    fn mark_unseen(&mut self, id: String, reply: Reply<()>) {
        let in_memory = self.state.unstored.iter_mut();
        if let Some(unstored) = in_memory.into_iter().find(|one| one.order.id.key() == id) {
            unstored.seen_at = None;
            return answer(reply, Ok(()));
        }
        let (shelf, sender) = (self.shelf(), self.reach.sender.clone());
        tokio::spawn(async move {
            let order = match shelf.order(&id).await {
                Ok(order) => order,
                Err(failure) => return answer(reply, Err(failure)),
            };
            let marked = shelf
                .archive
                .mark_unseen(&order.source, order.id.key())
                .await;
            match marked {
                Ok(false) => answer(reply, Err(unknown())),
                Ok(true) => {
                    let _ = sender.send(Input::Marked(Ok(()), reply));
                }
                Err(failure) => {
                    let _ = sender.send(Input::Marked(Err(failure), reply));
                }
            }
        });
    }
}

impl Shelf {
    async fn history(&self, query: HistoryQuery) -> Result<HistoryPage, CommandError> {
        let search = Search {
            text: query.text,
            from: query.from.map(Timestamp),
            until: query.until.map(Timestamp),
            offset: query.offset,
            limit: query.limit,
        };
        let found = self.archive.search(search).await.map_err(unreadable)?;
        let present = self.present.as_deref();
        let rows = found.orders.iter();
        Ok(HistoryPage {
            rows: rows
                .map(|order| projection::history_row(order, present))
                .collect(),
            total: found.total,
        })
    }

    /// The order of this [`OrderView::id`].
    pub(super) async fn order(&self, id: &str) -> Result<InboxOrder, CommandError> {
        if let Some(present) = &self.present {
            let found = self.archive.order(present, id).await.map_err(unreadable)?;
            if let Some(order) = found {
                return Ok(order);
            }
        }
        // A source has no bar, an identifier may have.
        let (source, key) = id.split_once('|').ok_or_else(unknown)?;
        let found = self.archive.order(source, key).await.map_err(unreadable)?;
        found.ok_or_else(unknown)
    }

    async fn activity(&self, limit: u32) -> Result<ActivityPage, CommandError> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let activities = self.archive.activity(limit).map_err(unreadable)?;
        let asides = self.archive.set_aside().await.map_err(unreadable)?;
        Ok(projection::activity_page(activities, asides))
    }
}

fn page_of(order: &Order, kind: LinkKind) -> Option<Url> {
    match kind {
        LinkKind::Map => links::map(order.delivery.as_ref()?),
        LinkKind::Whatsapp => links::chat(&projection::phone(order)?),
    }
}

fn unknown() -> CommandError {
    error("order-unknown", None)
}

fn unreadable(failure: InboxError) -> CommandError {
    tracing::error!(%failure, "the history cannot be read");
    error("history-unreadable", None)
}
