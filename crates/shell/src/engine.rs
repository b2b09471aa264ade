//! The engine as the controller sees it, so that the controller can be tested without one.

use async_trait::async_trait;
use campana_contract::Timestamp;
use campana_sync::activity::Activity;
use campana_sync::configuration::Configuration;
use campana_sync::inbox::{InboxError, InboxOrder, OrderVersion, UnreadableOrder};

/// What the controller asks of the engine; every method means what it means in [`Handle`](campana_sync::driver::Handle).
#[async_trait]
pub trait Engine: Send + Sync + 'static {
    /// Works with this from now on.
    fn configure(&self, configuration: Option<Configuration>);
    /// *Sincronizar ahora*.
    fn sync_now(&self);
    /// Unseen orders, those from before, and those seen since `seen_since`; newest first.
    async fn orders(&self, seen_since: Timestamp) -> Result<Vec<InboxOrder>, InboxError>;
    /// Orders that cannot be read: unseen ones, and those seen since `seen_since`; newest first.
    async fn unreadable_orders(
        &self,
        seen_since: Timestamp,
    ) -> Result<Vec<UnreadableOrder>, InboxError>;
    /// Marks orders that cannot be read seen, by their hashes.
    async fn mark_unreadable_seen(&self, hashes: Vec<String>) -> Result<(), InboxError>;
    /// Marks these versions of orders seen, all or none.
    async fn mark_all_seen(&self, orders: Vec<OrderVersion>) -> Result<(), InboxError>;
    /// Marks seen what is from before the first contact.
    async fn mark_from_before_seen(&self) -> Result<(), InboxError>;
    /// Whether a page of this source was ever stored.
    async fn knows(&self, source: &str) -> Result<bool, InboxError>;
    /// Everything of the source `from` belongs to `to` from now on.
    async fn move_source(&self, from: &str, to: &str) -> Result<(), InboxError>;
    /// The latest activities, at most `limit`, oldest first.
    fn latest_activity(&self, limit: usize) -> Vec<Activity>;
    /// Ends it; returns when what was being written is on disk.
    async fn shut_down(&self);
}
