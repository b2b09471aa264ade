//! The programs that are compared, and what they say.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio::time::timeout;

use crate::process::{self, Reading};
use crate::server::{KEY, Server};

/// Nothing takes longer, however busy the machine is.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// Who.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Peer {
    /// `campana-sync watch`.
    Campana,
    /// The guide's client made equally safe: SQLite with WAL and `synchronous=FULL`, confirming after the commit.
    Safe,
    /// The guide's client as it is printed.
    Printed,
}

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Places {
    /// Of `campana-sync`.
    pub campana: PathBuf,
    /// `tests`, with the peers and their modules.
    pub tests: PathBuf,
    /// Where every peer's files go, and the floor's.
    pub scratch: PathBuf,
}

impl Places {
    /// An empty folder on the disk that is measured.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn folder(&self) -> anyhow::Result<TempDir> {
        Ok(tempfile::tempdir_in(&self.scratch)?)
    }
}

/// A running peer; killed when dropped.
#[derive(Debug)]
pub struct Running {
    /// When it was started.
    pub started: Instant,
    heard: Arc<Heard>,
    child: Child,
    pid: u32,
}

#[derive(Debug, Default)]
struct Heard {
    alerts: Mutex<HashMap<String, Instant>>,
    in_sync: Mutex<Option<Instant>>,
    news: Notify,
}

impl Peer {
    /// Starts it and waits until it says that it is in sync.
    ///
    /// # Errors
    /// When it does not start.
    pub async fn in_sync(
        self,
        places: &Places,
        server: &Server,
        folder: &Path,
    ) -> anyhow::Result<Running> {
        let running = self.start(places, server, folder)?;
        timeout(PATIENCE, running.until_in_sync())
            .await
            .with_context(|| format!("{self:?} is never in sync"))?;
        Ok(running)
    }

    /// Starts it.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(self, places: &Places, server: &Server, folder: &Path) -> anyhow::Result<Running> {
        let mut command = match self {
            Self::Campana => {
                let mut command = Command::new(&places.campana);
                command.args(["watch", "--json", "--backend-url", &server.url]);
                command.arg("--data-dir").arg(folder);
                command
            }
            Self::Safe | Self::Printed => {
                let mut command = Command::new("node");
                let client = if self == Self::Safe {
                    "safe"
                } else {
                    "printed"
                };
                command.arg(format!("peers/{client}.mjs"));
                command.current_dir(&places.tests);
                command
            }
        };
        command
            .env("CAMPANA_API_KEY", KEY)
            .env("CLOUD_API_KEY", KEY)
            .env("BACKEND_URL", &server.url)
            .env("DATA_DIR", folder)
            .env("HOME", folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .kill_on_drop(true);
        let started = Instant::now();
        let mut child = command
            .spawn()
            .with_context(|| format!("{self:?} does not start"))?;
        let pid = child.id().context("it ended at once")?;
        let output = child.stdout.take().context("it has no output")?;
        let heard = Arc::new(Heard::default());
        let listening = Arc::clone(&heard);
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                listening.line(&line, Instant::now());
            }
        });
        Ok(Running {
            started,
            heard,
            child,
            pid,
        })
    }
}

impl Running {
    /// When it raised the alert for this order, if it did.
    pub fn alerted_at(&self, id: &str) -> Option<Instant> {
        self.heard.alerts().get(id).copied()
    }

    /// How many orders it raised an alert for.
    pub fn alerts(&self) -> usize {
        self.heard.alerts().len()
    }

    /// Waits until it said something, from now on.
    pub fn news(&self) -> Notified<'_> {
        self.heard.news.notified()
    }

    /// Waits until something is so that a call to the server or a word of this peer can bring about.
    ///
    /// # Errors
    /// When that takes longer than `patience`.
    pub async fn until(
        &self,
        server: &Server,
        patience: Duration,
        is_so: impl Fn() -> bool,
    ) -> anyhow::Result<()> {
        let waiting = async {
            loop {
                let (changed, news) = (server.changed(), self.news());
                if is_so() {
                    return;
                }
                tokio::select! {
                    () = changed => {}
                    () = news => {}
                }
            }
        };
        timeout(patience, waiting)
            .await
            .context("it takes too long")
    }

    /// Waits until it has said that it is in sync; when it did.
    pub async fn until_in_sync(&self) -> Instant {
        loop {
            let news = self.heard.news.notified();
            if let Some(at) = *self.heard.in_sync() {
                return at;
            }
            news.await;
        }
    }

    /// What the system says of it.
    ///
    /// # Errors
    /// When it has ended.
    pub fn reading(&self) -> anyhow::Result<Reading> {
        process::read(self.pid).context("it has ended, or this system has no /proc")
    }

    /// Ends it and waits until it has.
    ///
    /// # Errors
    /// When it cannot be ended.
    pub async fn end(mut self) -> anyhow::Result<()> {
        if self.child.try_wait()?.is_some() {
            bail!("it ended by itself");
        }
        Ok(self.child.kill().await?)
    }
}

impl Heard {
    fn alerts(&self) -> MutexGuard<'_, HashMap<String, Instant>> {
        self.alerts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn in_sync(&self) -> MutexGuard<'_, Option<Instant>> {
        self.in_sync.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Other lines than those of an alert or a status are of no interest; nor is what is no JSON.
    fn line(&self, line: &str, at: Instant) {
        let is_ours =
            line.starts_with(r#"{"event":"alert""#) || line.starts_with(r#"{"event":"status""#);
        if !is_ours {
            return;
        }
        let Ok(told) = serde_json::from_str::<Value>(line) else {
            return;
        };
        let text = |name: &str| told.get(name).and_then(Value::as_str);
        if let Some(id) = text("order_id") {
            self.alerts().entry(id.to_owned()).or_insert(at);
        }
        if text("status") == Some("in_sync") {
            self.in_sync().get_or_insert(at);
        }
        self.news.notify_waiters();
    }
}
