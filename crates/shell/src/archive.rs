//! What the inbox keeps, as the controller sees it: to look things up, to mark, to note tickets.

use async_trait::async_trait;
use campana_sync::activity::Activity;
use campana_sync::inbox::{Aside, BegunTicket, Found, InboxError, InboxOrder, Search, TicketWay};

/// What the controller asks of the inbox; every method means what it means in [`Handle`](campana_sync::driver::Handle).
#[async_trait]
pub trait Archive: Send + Sync + 'static {
    /// A page of the history.
    async fn search(&self, search: Search) -> Result<Found, InboxError>;
    /// This order, if it ever came.
    async fn order(&self, source: &str, id: &str) -> Result<Option<InboxOrder>, InboxError>;
    /// The latest activities, oldest first.
    fn activity(&self, limit: usize) -> Result<Vec<Activity>, InboxError>;
    /// Everything that is set aside, oldest first.
    async fn set_aside(&self) -> Result<Vec<Aside>, InboxError>;
    /// Lets an order that was seen ring again; false when there is none.
    async fn mark_unseen(&self, source: &str, id: &str) -> Result<bool, InboxError>;
    /// Removes what is in old orders from now on; 0 days is never.
    fn retain(&self, days: u32);
    /// Notes that a ticket is about to be printed; `None` when it may not be.
    async fn begin_ticket(
        &self,
        source: &str,
        id: &str,
        way: TicketWay,
    ) -> Result<Option<BegunTicket>, InboxError>;
    /// Notes that a ticket was printed, or that nothing of it reached the printer.
    async fn end_ticket(&self, ticket: BegunTicket, is_printed: bool) -> Result<(), InboxError>;
}
