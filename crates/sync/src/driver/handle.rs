//! The way to a running driver.

use std::sync::Arc;

use campana_contract::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::{oneshot, watch};

use super::inbox_thread::InboxThread;
use super::recorder::SharedLog;
use super::supervisor::Ended;
use crate::activity::Activity;
use crate::clock::Clock;
use crate::configuration::Configuration;
use crate::inbox::{
    Aside, BegunTicket, Found, InboxError, InboxOrder, OrderVersion, Search, TicketWay,
    UnreadableOrder,
};
use crate::lease::Lease;

/// What the driver is told.
pub(super) enum Command {
    Configure(Option<Box<Configuration>>),
    SyncNow,
    NetworkChanged,
    Retain(u32),
    /// Moves what the inbox has, and answers.
    MoveSource {
        from: String,
        to: String,
        done: oneshot::Sender<Result<(), InboxError>>,
    },
    /// The sender is used when the driver has ended.
    ShutDown(oneshot::Sender<()>),
}

/// The way to a running driver; cheap to clone. The driver ends when the last one is gone.
#[derive(Clone)]
pub struct Handle {
    commands: UnboundedSender<Command>,
    pub(super) inbox: InboxThread,
    clock: Arc<dyn Clock>,
    log: SharedLog,
    lease: Lease,
    ended: watch::Receiver<Option<Ended>>,
}

impl Handle {
    pub(super) fn new(
        commands: UnboundedSender<Command>,
        inbox: InboxThread,
        clock: Arc<dyn Clock>,
        log: SharedLog,
        lease: Lease,
        ended: watch::Receiver<Option<Ended>>,
    ) -> Self {
        Self {
            commands,
            inbox,
            clock,
            log,
            lease,
            ended,
        }
    }

    /// When the driver was last alive.
    pub fn lease(&self) -> Lease {
        self.lease.clone()
    }

    /// Waits until the driver has ended. After [`Ended::Panicked`], close the inbox with [`Handle::shut_down`] and
    /// start another driver.
    pub async fn ended(&self) -> Ended {
        let mut ended = self.ended.clone();
        let how = ended.wait_for(Option::is_some).await;
        // Without a word its task itself is gone.
        how.ok().and_then(|how| *how).unwrap_or(Ended::Panicked)
    }

    fn tell(&self, command: Command) {
        if self.commands.send(command).is_err() {
            tracing::debug!("the driver has ended");
        }
    }

    /// Works with this from now on; answers to what was asked before are discarded.
    pub fn configure(&self, configuration: Option<Configuration>) {
        self.tell(Command::Configure(configuration.map(Box::new)));
    }

    /// *Sincronizar ahora*.
    pub fn sync_now(&self) {
        self.tell(Command::SyncNow);
    }

    /// The computer's network changed.
    pub fn network_changed(&self) {
        self.tell(Command::NetworkChanged);
    }

    /// From now on, removes what is in orders that were seen and confirmed, and are older than so many days;
    /// of a source that Campana only watches, those that were seen. 0 is never, and so it begins.
    pub fn retain(&self, days: u32) {
        self.tell(Command::Retain(days));
    }

    /// Unseen orders, those from before, and those seen since `seen_since`; newest first, of every source.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub async fn orders(&self, seen_since: Timestamp) -> Result<Vec<InboxOrder>, InboxError> {
        self.inbox.run(move |inbox| inbox.orders(seen_since)).await
    }

    /// Marks this version of this order seen; a newer one goes on ringing. `id` is [`campana_contract::Id::key`].
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub async fn mark_seen(&self, source: &str, id: &str, version: i64) -> Result<(), InboxError> {
        let (source, id, at) = (source.to_owned(), id.to_owned(), self.clock.now().wall);
        self.inbox
            .run(move |inbox| inbox.mark_seen(&source, &id, version, at))
            .await
            .map(|_| ())
    }

    /// Marks these versions of orders seen, all or none; newer ones go on ringing.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub async fn mark_all_seen(&self, orders: Vec<OrderVersion>) -> Result<(), InboxError> {
        let at = self.clock.now().wall;
        self.inbox
            .run(move |inbox| inbox.mark_these_seen(&orders, at))
            .await
            .map(|_| ())
    }

    /// Marks seen what is from before the first contact; what rings goes on ringing.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub async fn mark_from_before_seen(&self) -> Result<(), InboxError> {
        let at = self.clock.now().wall;
        self.inbox
            .run(move |inbox| inbox.mark_from_before_seen(at))
            .await
            .map(|_| ())
    }

    /// A page of the history.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub async fn search(&self, search: Search) -> Result<Found, InboxError> {
        self.inbox
            .read(move |reading| reading.search(&search))
            .await
    }

    /// This order; `id` is [`campana_contract::Id::key`].
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub async fn order(&self, source: &str, id: &str) -> Result<Option<InboxOrder>, InboxError> {
        let (source, id) = (source.to_owned(), id.to_owned());
        self.inbox
            .read(move |reading| reading.order(&source, &id))
            .await
    }

    /// Everything that is set aside, of every source, oldest first.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub async fn set_aside(&self) -> Result<Vec<Aside>, InboxError> {
        self.inbox.read(|reading| reading.set_aside()).await
    }

    /// Unreadable orders that nobody has seen, and those seen at or after `seen_since`; newest first, of every source.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub async fn unreadable_orders(
        &self,
        seen_since: Timestamp,
    ) -> Result<Vec<UnreadableOrder>, InboxError> {
        self.inbox
            .run(move |inbox| inbox.unreadable_orders(seen_since))
            .await
    }

    /// Marks unreadable orders seen in every source, all or none, by this computer's clock. Unknown hashes are
    /// ignored.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub async fn mark_unreadable_seen(&self, hashes: Vec<String>) -> Result<(), InboxError> {
        let at = self.clock.now().wall;
        self.inbox
            .run(move |inbox| inbox.mark_unreadable_seen(&hashes, at))
            .await
            .map(|_| ())
    }

    /// Lets an order that was seen ring again. False when there is none, or retention emptied it.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub async fn mark_unseen(&self, source: &str, id: &str) -> Result<bool, InboxError> {
        let (source, id) = (source.to_owned(), id.to_owned());
        self.inbox
            .run(move |inbox| inbox.mark_unseen(&source, &id))
            .await
    }

    /// Notes that a ticket is about to be printed; `None` when it may not be.
    ///
    /// # Errors
    /// When the inbox cannot be written; nothing may be printed then.
    pub async fn begin_ticket(
        &self,
        source: &str,
        id: &str,
        way: TicketWay,
    ) -> Result<Option<BegunTicket>, InboxError> {
        let (source, id, at) = (source.to_owned(), id.to_owned(), self.clock.now().wall);
        self.inbox
            .run(move |inbox| inbox.begin_ticket(&source, &id, way, at))
            .await
    }

    /// Notes that a ticket was printed, or that nothing of it reached the printer.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub async fn end_ticket(
        &self,
        ticket: BegunTicket,
        is_printed: bool,
    ) -> Result<(), InboxError> {
        let at = self.clock.now().wall;
        self.inbox
            .run(move |inbox| {
                if is_printed {
                    inbox.end_ticket(ticket, at)
                } else {
                    inbox.forget_ticket(ticket)
                }
            })
            .await
    }

    /// Whether a page of this source was ever stored.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub async fn knows(&self, source: &str) -> Result<bool, InboxError> {
        let source = source.to_owned();
        self.inbox.run(move |inbox| inbox.knows(&source)).await
    }

    /// Everything of the source `from` belongs to `to` ([`crate::inbox::Inbox::move_source`]). It comes after
    /// what was told before: once [`Handle::configure`] named another backend, nothing more enters under `from`.
    ///
    /// # Errors
    /// When the inbox cannot be written; nothing is moved then.
    pub async fn move_source(&self, from: &str, to: &str) -> Result<(), InboxError> {
        let (done, answer) = oneshot::channel();
        self.tell(Command::MoveSource {
            from: from.to_owned(),
            to: to.to_owned(),
            done,
        });
        answer
            .await
            .map_err(|_| InboxError::Unusable("the driver has ended".into()))?
    }

    /// The latest activities, at most `limit`, oldest first; those of earlier runs among them.
    pub fn activity(&self, limit: usize) -> Vec<Activity> {
        self.log.lock().latest(limit)
    }

    /// Ends the driver; returns when what was being written is on disk.
    pub async fn shut_down(&self) {
        let (sender, ended) = oneshot::channel();
        self.tell(Command::ShutDown(sender));
        // An error means that it has ended before.
        let _ = ended.await;
        // The queue is worked off in order: what this waits for lies behind everything else.
        self.inbox.close().await;
    }
}
