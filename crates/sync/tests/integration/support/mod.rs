//! Servers to connect to, and an ear for what a connection says.

#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test program uses a part of this, and a test may stop at the first surprise"
)]

mod node;
mod socketioxide_server;

use std::time::Duration;

use campana_sync::address::Address;
use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::link::{
    Closed, Connector, Link, LinkEvent, SocketIoConnector, Target, Timeouts, Transport,
};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

pub use node::Node;
pub use socketioxide_server::socketioxide_server;

/// The key that the servers take.
pub const KEY: &str = "clave-de-prueba";
/// Both carriers.
pub const CARRIERS: [Transport; 2] = [Transport::WebSocket, Transport::Polling];
/// A test that waits this long has failed.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// An open connection and its events.
pub struct Ear {
    pub link: Box<dyn Link>,
    pub events: mpsc::Receiver<LinkEvent>,
}

/// Opens a connection with the usual time limits.
pub fn open(url: &str, transport: Transport) -> Ear {
    Ear::open(url, KEY, transport, Timeouts::default(), 64)
}

impl Ear {
    pub fn open(
        url: &str,
        key: &str,
        transport: Transport,
        timeouts: Timeouts,
        capacity: usize,
    ) -> Self {
        Self::trusting(None, url, key, transport, timeouts, capacity)
    }

    pub fn trusting(
        certificate_authority: Option<CertificateAuthority>,
        url: &str,
        key: &str,
        transport: Transport,
        timeouts: Timeouts,
        capacity: usize,
    ) -> Self {
        let (sender, events) = mpsc::channel(capacity);
        let target = Target {
            address: Address::parse(url).expect("an address"),
            key: key.into(),
            transport,
            certificate_authority,
        };
        let link = SocketIoConnector { timeouts }.open(target, sender);
        Self { link, events }
    }

    /// The next event.
    pub async fn next(&mut self) -> LinkEvent {
        timeout(DEADLINE, self.events.recv())
            .await
            .expect("the connection said nothing for too long")
            .expect("the events ended")
    }

    /// Waits for `Joined`, which must come first.
    pub async fn joined(mut self) -> Self {
        assert_eq!(self.next().await, LinkEvent::Joined);
        self
    }

    /// The last event, which must be the next one and the only one of its kind.
    pub async fn end(&mut self) -> LinkEvent {
        let end = self.next().await;
        assert!(
            matches!(end, LinkEvent::Refused(_) | LinkEvent::Closed(_)),
            "{end:?} is no end"
        );
        self.silence().await;
        end
    }

    /// Nothing comes any more.
    pub async fn silence(&mut self) {
        let after = timeout(DEADLINE, self.events.recv())
            .await
            .expect("the events did not end");
        assert_eq!(after, None);
    }
}

/// Polls a condition until it holds or the deadline has passed.
pub async fn until(what: &str, mut condition: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !condition().await {
        assert!(start.elapsed() < DEADLINE, "never happened: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}

/// For a test in which they pass.
pub const SHORT: Timeouts = Timeouts {
    connect: Duration::from_millis(400),
    join: Duration::from_millis(600),
    emit: Duration::from_millis(500),
};

/// Whether a connection that was there ended.
pub fn is_lost(end: &LinkEvent) -> bool {
    matches!(end, LinkEvent::Closed(Closed::Lost(_)))
}

/// Whether there never was a connection.
pub fn is_unreachable(end: &LinkEvent) -> bool {
    matches!(end, LinkEvent::Closed(Closed::Unreachable(_)))
}
