//! A server that writes down every byte that reaches it, and passes it on.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// A running listener; ended when dropped.
pub struct Listener {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<u8>>>,
    serving: JoinHandle<()>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Listener {
    /// Starts one on a free port, in front of `server`.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(server: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let heard = Arc::<Mutex<Vec<u8>>>::default();
        let kept = Arc::clone(&heard);
        let serving = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            loop {
                tokio::select! {
                    Ok((client, _)) = listener.accept() => {
                        let kept = Arc::clone(&kept);
                        connections.spawn(async move {
                            // An end of the client's is an end like any other.
                            let _ = connection(client, server, &kept).await;
                        });
                    }
                    Some(_) = connections.join_next(), if !connections.is_empty() => {}
                }
            }
        });
        Ok(Self {
            address,
            heard,
            serving,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Everything that reached it, one connection after the other.
    pub fn heard(&self) -> Vec<u8> {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

async fn connection(
    mut client: TcpStream,
    server: SocketAddr,
    heard: &Mutex<Vec<u8>>,
) -> std::io::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, mut to_server) = server.split();
    let listening = async {
        let mut piece = vec![0; 4096];
        loop {
            let read = from_client.read(&mut piece).await?;
            let Some(piece) = piece.get(..read).filter(|piece| !piece.is_empty()) else {
                return to_server.shutdown().await;
            };
            heard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .extend_from_slice(piece);
            to_server.write_all(piece).await?;
        }
    };
    tokio::try_join!(listening, async {
        copy(&mut from_server, &mut to_client).await?;
        to_client.shutdown().await
    })?;
    Ok(())
}
