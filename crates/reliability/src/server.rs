//! The servers behind the faults: Campana's own backend, and the official Socket.IO server.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, bail, ensure};
use campana_backend::{Backend, Options};
use secrecy::SecretString;
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::engine::signal;

/// The key that every server takes.
pub const KEY: &str = "llave-de-los-fallos-93ab17";

/// How long a server may take to start, and to answer a call.
const PATIENCE: Duration = Duration::from_secs(40);

/// The heartbeat of an official server whose fault needs one that is soon missed: a connection is dead this long
/// after the last ping at the latest.
pub const SHORT_HEARTBEAT: Duration = Duration::from_secs(6);

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `campana-backend`, with the heartbeat of the contract (45 s).
    Campana,
    /// The official Node server, with a heartbeat of [`SHORT_HEARTBEAT`].
    Node,
    /// The same without WebSocket.
    NodePolling,
}

/// A running server; ended when dropped.
pub enum Server {
    /// Campana's own.
    Campana(Backend),
    /// The official one.
    Node(Node),
}

/// The official server as a process, which keeps its orders in a file.
pub struct Node {
    child: Child,
    address: SocketAddr,
    kind: Kind,
    folder: TempDir,
}

impl Server {
    /// Starts one on a free port.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(kind: Kind) -> anyhow::Result<Self> {
        match kind {
            Kind::Campana => {
                let options = Options {
                    listen: SocketAddr::from(([127, 0, 0, 1], 0)),
                    key: SecretString::from(KEY),
                    database: None,
                };
                Ok(Self::Campana(Backend::start(options).await?))
            }
            Kind::Node | Kind::NodePolling => {
                let folder = tempfile::tempdir()?;
                let (child, address) = spawn(kind, 0, folder.path()).await?;
                Ok(Self::Node(Node {
                    child,
                    address,
                    kind,
                    folder,
                }))
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        match self {
            Self::Campana(backend) => backend.address(),
            Self::Node(node) => node.address,
        }
    }

    /// Makes one order, straight at the server; its id.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn make_order(&self) -> anyhow::Result<String> {
        let answer = self.call("POST", "/orders?sample=1").await?;
        let id = answer.pointer("/ids/0").and_then(Value::as_str);
        Ok(id.context("the server names no order")?.to_owned())
    }

    /// How many orders it has that nobody confirmed.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn pending(&self) -> anyhow::Result<usize> {
        let answer = self.call("GET", "/sync/pull-changes").await?;
        let orders = answer.get("pending_orders").and_then(Value::as_array);
        Ok(orders.context("the server gives no list")?.len())
    }

    async fn call(&self, method: &str, path: &str) -> anyhow::Result<Value> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .build()?;
        let url = format!("http://{}{path}", self.address());
        let answer = client
            .request(method.parse()?, url)
            .bearer_auth(KEY)
            .send()
            .await?
            .error_for_status()?
            .bytes()
            .await?;
        Ok(serde_json::from_slice(&answer)?)
    }

    /// The official server, for what only a process can suffer.
    ///
    /// # Errors
    /// When it is the other one.
    pub fn node(&mut self) -> anyhow::Result<&mut Node> {
        match self {
            Self::Campana(_) => bail!("this server is no process of its own"),
            Self::Node(node) => Ok(node),
        }
    }
}

impl Node {
    /// Sends the process a signal by its name.
    ///
    /// # Errors
    /// When it is gone.
    pub async fn signal(&self, name: &str) -> anyhow::Result<()> {
        signal(self.child.id().context("the server ended")?, name).await
    }

    /// `kill -9`: every connection is cut without a word.
    ///
    /// # Errors
    /// When it is gone already.
    pub async fn kill(&mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// Ends as a server that is shut down.
    ///
    /// # Errors
    /// When it does not end.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        self.signal("TERM").await?;
        timeout(PATIENCE, self.child.wait())
            .await
            .context("the server does not end")??;
        Ok(())
    }

    /// Starts it again on the same port, with the orders that it had.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start_again(&mut self) -> anyhow::Result<()> {
        let port = self.address.port();
        (self.child, self.address) = spawn(self.kind, port, self.folder.path()).await?;
        Ok(())
    }
}

async fn spawn(kind: Kind, port: u16, folder: &Path) -> anyhow::Result<(Child, SocketAddr)> {
    let tests = tests_folder()?;
    let transports = match kind {
        Kind::Campana | Kind::Node => "websocket,polling",
        Kind::NodePolling => "polling",
    };
    let half = (SHORT_HEARTBEAT / 2).as_millis().to_string();
    let mut child = Command::new("node")
        .current_dir(tests)
        .arg("node-backend/main.mjs")
        .args(["--port", &port.to_string(), "--transports", transports])
        .args(["--ping-interval", &half, "--ping-timeout", &half])
        .arg("--state")
        .arg(folder.join("orders.json"))
        .env("CLOUD_API_KEY", KEY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .context("Node must be installed (20 or later)")?;
    let output = child.stdout.take().context("the server has no output")?;
    let mut lines = BufReader::new(output).lines();
    let first = timeout(PATIENCE, lines.next_line())
        .await
        .context("the server does not start")??
        .context("the server ended at once")?;
    let address = first
        .strip_prefix("listening on http://")
        .with_context(|| format!("the server said {first:?}"))?
        .parse()?;
    // Read on, so that a full pipe never stops the server.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    Ok((child, address))
}

fn tests_folder() -> anyhow::Result<PathBuf> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    ensure!(
        tests.join("node_modules/socket.io").is_dir(),
        "the npm packages of the test server are missing: `cargo xtask setup` installs them"
    );
    Ok(tests)
}
