//! The Socket.IO connection, as a port. All that it says is a hint; nothing that matters rides on it.

mod frames;
mod outlet;
mod packet;
mod polling;
mod socket_io;
mod tls;
mod web_socket;

#[cfg(feature = "fuzzing")]
pub use frames::Frame;
#[cfg(feature = "fuzzing")]
pub use packet::{Opening, Packet, read as read_packets};
pub use socket_io::{SocketIoConnector, Timeouts};

use campana_contract::{PendingOrders, Refusal};
use secrecy::SecretString;
use tokio::sync::mpsc;

use crate::address::Address;
use crate::certificate_authority::CertificateAuthority;

/// Opens connections.
pub trait Connector: Send + Sync + 'static {
    /// Begins a connection and returns at once; what happens arrives as [`LinkEvent`]s, the last of
    /// which is [`LinkEvent::Refused`] or [`LinkEvent::Closed`]. A channel that ends without either
    /// means closed.
    fn open(&self, target: Target, events: mpsc::Sender<LinkEvent>) -> Box<dyn Link>;
}

/// A connection; dropping it closes it.
pub trait Link: Send {
    /// Emits `sync:orders`. A failure arrives as [`LinkEvent::Closed`].
    fn ask(&self);
}

/// Where to and how.
#[derive(Clone, Debug)]
pub struct Target {
    /// The backend.
    pub address: Address,
    /// The key, for the CONNECT packet.
    pub key: SecretString,
    /// The carrier.
    pub transport: Transport,
    /// Whom to trust besides the system's authorities.
    pub certificate_authority: Option<CertificateAuthority>,
}

/// The carrier of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// The rule.
    WebSocket,
    /// Where WebSocket cannot be had.
    Polling,
}

/// What a connection says.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkEvent {
    /// The namespace answered: joined.
    Joined,
    /// `changes:pending`.
    Changes,
    /// `orders:pending`.
    Pending(PendingOrders),
    /// Any other event: nothing of it but its name and size.
    Other {
        /// Its name.
        name: String,
        /// Bytes of its first argument as JSON.
        bytes: usize,
    },
    /// The namespace refused; the connection is closed.
    Refused(Refusal),
    /// The connection is no more, or never was.
    Closed(Closed),
}

/// Why a connection ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Closed {
    /// No connection in 10 s.
    ConnectTimedOut,
    /// The namespace did not answer in 15 s.
    JoinTimedOut,
    /// Could not be connected; technical words, without the key.
    Unreachable(String),
    /// The server's certificate cannot be trusted; technical words.
    CertificateRefused(String),
    /// The own certificate authority cannot be used; technical words.
    CertificateAuthorityUnusable(String),
    /// The server threw this client out of the namespace.
    Kicked,
    /// The carrier ended: server gone, heartbeat missed, task died. Technical words.
    Lost(String),
}
