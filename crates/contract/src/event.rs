//! Names on the Socket.IO connection (contract, section 1).

/// The namespace; never the root.
pub const NAMESPACE: &str = "/sync";
/// Server to client, no payload: something is pending, pull.
pub const CHANGES_PENDING: &str = "changes:pending";
/// Client to server, no payload: which orders are pending?
pub const SYNC_ORDERS: &str = "sync:orders";
/// Server to client: the answer to [`SYNC_ORDERS`].
pub const ORDERS_PENDING: &str = "orders:pending";
