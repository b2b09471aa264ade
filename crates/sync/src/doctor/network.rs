//! The network as the checks see it, so that they can be tested without one.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use async_trait::async_trait;
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::address::Address;
use crate::certificate_authority::CertificateAuthority;
use crate::http::{HttpClient, HttpFailure, Limits, Look, LookFailure};
use crate::network;

/// A server that is looked at has less time than one that hands out a page.
const LOOK: Limits = Limits {
    connect: Duration::from_secs(10),
    whole: Duration::from_secs(15),
    bytes: 64 * 1024,
};

/// What the checks need of the network below Socket.IO and the pull.
#[async_trait]
pub trait Network: Send + Sync + 'static {
    /// The proxy that leads to this address, as `host:port`; `None` when the way is direct.
    fn proxy(&self, address: &Address) -> Option<String>;
    /// Whether this computer has a way to any network that could lead to this address.
    fn leads_to(&self, address: &Address) -> bool;
    /// The addresses behind `host:port`; never empty.
    async fn resolve(&self, host_and_port: &str) -> io::Result<Vec<SocketAddr>>;
    /// Connects and hangs up again.
    async fn connect(&self, to: SocketAddr) -> io::Result<()>;
    /// One HTTP request without the key: `GET`, or `POST` with this text; bounded in time.
    async fn look(
        &self,
        url: &Url,
        post: Option<&'static str>,
        authority: Option<&CertificateAuthority>,
    ) -> Result<Look, LookFailure>;
}

/// This computer's network.
#[derive(Debug)]
pub struct SystemNetwork {
    client: HttpClient,
}

impl SystemNetwork {
    /// The network, with a client of its own.
    ///
    /// # Errors
    /// As [`HttpClient::new`].
    pub fn new() -> Result<Self, HttpFailure> {
        HttpClient::new(LOOK).map(|client| Self { client })
    }
}

#[async_trait]
impl Network for SystemNetwork {
    fn proxy(&self, address: &Address) -> Option<String> {
        if address.is_loopback() {
            return None;
        }
        let destination = address.origin().as_str().parse().ok()?;
        let proxy = Matcher::from_system().intercept(&destination)?;
        // Its authority alone: user and password are not for telling.
        let (host, port) = (proxy.uri().host()?, proxy.uri().port_u16());
        let usual = match proxy.uri().scheme_str() {
            Some("https") => 443,
            Some("socks4" | "socks4a" | "socks5" | "socks5h") => 1080,
            Some(_) | None => 80,
        };
        Some(format!("{host}:{}", port.unwrap_or(usual)))
    }

    fn leads_to(&self, address: &Address) -> bool {
        network::leads_to(address)
    }

    async fn resolve(&self, host_and_port: &str) -> io::Result<Vec<SocketAddr>> {
        let found: Vec<_> = tokio::net::lookup_host(host_and_port).await?.collect();
        if found.is_empty() {
            return Err(io::Error::new(
                io::ErrorKind::NotFound,
                "no address behind it",
            ));
        }
        Ok(found)
    }

    async fn connect(&self, to: SocketAddr) -> io::Result<()> {
        tokio::net::TcpStream::connect(to).await.map(|_| ())
    }

    async fn look(
        &self,
        url: &Url,
        post: Option<&'static str>,
        authority: Option<&CertificateAuthority>,
    ) -> Result<Look, LookFailure> {
        self.client.look(url, post, authority).await
    }
}
