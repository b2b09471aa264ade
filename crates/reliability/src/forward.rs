//! A forward proxy as offices have one: absolute requests and CONNECT, to one server whatever its name.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A longer head of a request is none of this client's.
const HEAD: usize = 64 * 1024;

/// A running forward proxy; ended when dropped.
pub struct Forward {
    address: SocketAddr,
    pulls: Arc<AtomicUsize>,
    sockets: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Drop for Forward {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Forward {
    /// Starts one on a free port, which leads every name to `server`.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(server: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let (pulls, sockets) = <(Arc<AtomicUsize>, Arc<AtomicUsize>)>::default();
        let counts = (Arc::clone(&pulls), Arc::clone(&sockets));
        let serving = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    Ok((client, _)) = listener.accept() => {
                        let counts = counts.clone();
                        connections.spawn(async move {
                            // An end of the client's is an end like any other.
                            let _ = connection(client, server, &counts.0, &counts.1).await;
                        });
                    }
                    Some(_) = connections.join_next(), if !connections.is_empty() => {}
                }
            }
        });
        Ok(Self {
            address,
            pulls,
            sockets,
            serving,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests came by it: pulls, and those of the Socket.IO side.
    pub fn carried(&self) -> (usize, usize) {
        (
            self.pulls.load(Ordering::SeqCst),
            self.sockets.load(Ordering::SeqCst),
        )
    }
}

async fn connection(
    mut client: TcpStream,
    server: SocketAddr,
    pulls: &AtomicUsize,
    sockets: &AtomicUsize,
) -> anyhow::Result<()> {
    let mut raw = Vec::new();
    let end = loop {
        if let Some(end) = raw.windows(4).position(|four| four == b"\r\n\r\n") {
            break end + 4;
        }
        if raw.len() > HEAD || client.read_buf(&mut raw).await? == 0 {
            bail!("no request");
        }
    };
    let head = String::from_utf8(raw.get(..end).unwrap_or_default().to_vec())?;
    let mut server = TcpStream::connect(server).await?;
    if head.starts_with("CONNECT ") {
        client
            .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
            .await?;
        copy_bidirectional(&mut client, &mut server).await?;
        return Ok(());
    }
    let (method, rest) = head.split_once(' ').context("no request")?;
    let path = rest
        .strip_prefix("http://")
        .and_then(|rest| rest.find('/').and_then(|at| rest.get(at..)))
        .context("not a proxy's request")?;
    let count = if path.starts_with("/socket.io/") {
        sockets
    } else {
        pulls
    };
    count.fetch_add(1, Ordering::SeqCst);
    // One request a connection: the next may go elsewhere.
    let (line, headers) = path.split_once("\r\n").context("no request")?;
    server
        .write_all(format!("{method} {line}\r\nConnection: close\r\n{headers}").as_bytes())
        .await?;
    server.write_all(raw.get(end..).unwrap_or_default()).await?;
    copy_bidirectional(&mut client, &mut server).await?;
    Ok(())
}
