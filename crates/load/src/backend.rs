//! The backend as a process, and how its orders are made.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use campana_servers::Redis;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// The only key.
pub const KEY: &str = "llave-de-la-carga-0b7d52";
/// How long it may take to start, and to answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// What all processes share.
pub struct Shared {
    /// The program.
    pub program: PathBuf,
    /// Where the orders are.
    pub database: String,
    /// Over what the processes tell each other.
    pub redis: Redis,
}

/// A running process; it ends when it is dropped.
pub struct Backend {
    child: Child,
    address: SocketAddr,
    http: reqwest::Client,
}

impl Backend {
    /// Starts one; port 0 takes a free one.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn start(shared: &Shared, port: u16) -> anyhow::Result<Self> {
        let mut child = Command::new(&shared.program)
            .args(["--listen", &format!("127.0.0.1:{port}")])
            .env("CLOUD_API_KEY", KEY)
            .env("DATABASE_URL", &shared.database)
            .env("REDIS_HOST", "127.0.0.1")
            .env("REDIS_PORT", shared.redis.port().to_string())
            .env("CAMPANA_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .with_context(|| shared.program.display().to_string())?;
        let output = child.stdout.take().context("the backend says nothing")?;
        let mut line = String::new();
        tokio::time::timeout(PATIENCE, BufReader::new(output).read_line(&mut line))
            .await
            .context("the backend does not start")??;
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .with_context(|| format!("the backend says {line:?}"))?
            .parse()?;
        Ok(Self {
            child,
            address,
            http: reqwest::Client::builder()
                .no_proxy()
                .timeout(PATIENCE)
                .build()?,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The memory that it has, in bytes.
    ///
    /// # Errors
    /// Where the system does not say.
    pub fn memory(&self) -> anyhow::Result<u64> {
        let process = self.child.id().context("the backend ended")?;
        let status = std::fs::read_to_string(format!("/proc/{process}/status"))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .context("the system does not say how much memory a process has")?;
        let kibibytes: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kibibytes.saturating_mul(1024))
    }

    /// Makes an order; its id.
    ///
    /// # Errors
    /// When it is not taken.
    pub async fn make_order(&self) -> anyhow::Result<String> {
        let answer = self.post("/orders?sample=1", &Value::Null).await?;
        let id = answer.pointer("/ids/0").and_then(Value::as_str);
        Ok(id.context("the backend names no order")?.to_owned())
    }

    /// Confirms everything.
    ///
    /// # Errors
    /// When that does not come to an end.
    pub async fn confirm_all(&self) -> anyhow::Result<()> {
        let mut ids: Vec<String> = Vec::new();
        loop {
            let orders: Vec<Value> = ids.iter().map(|id| json!({"orderId": id})).collect();
            let call = json!({"confirmedOrders": orders});
            let page = self.post("/sync/pull-changes", &call).await?;
            let pending = page.get("pending_orders").and_then(Value::as_array);
            let next: Vec<String> = pending
                .context("the page has no orders")?
                .iter()
                .filter_map(|order| Some(order.get("id")?.as_str()?.to_owned()))
                .collect();
            if next.is_empty() {
                return Ok(());
            }
            ensure!(next != ids, "a confirmation changes nothing");
            ids = next;
        }
    }

    async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let url = format!("http://{}{path}", self.address);
        let answer = self.http.post(url).bearer_auth(KEY).json(body).send();
        Ok(answer.await?.error_for_status()?.json().await?)
    }

    /// Kills it with signal 9.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }
}
