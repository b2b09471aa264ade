//! The real engine: in this process, or as the program `campana-sync`.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use campana_sync::address::Address;
use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::clock::SystemClock;
use campana_sync::configuration::{Configuration, Key, ProfileChoice, Receiver};
use campana_sync::driver::{self, Handle, Parts};
use campana_sync::http::{HttpClient, Limits, Profile};
use campana_sync::inbox::Inbox;
use campana_sync::link::SocketIoConnector;
use campana_sync::report::Report;
use campana_sync::settings::Settings;
use secrecy::SecretString;
use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

use crate::history::Recorder;
use crate::server::KEY;

/// How long the engine may take to end.
const ENDING: Duration = Duration::from_secs(20);

/// How the engine runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// In this process.
    Inside,
    /// As a program, with this in its environment: for what belongs to a whole process.
    Program(BTreeMap<OsString, OsString>),
}

/// A running engine; ended when dropped.
pub enum Engine {
    /// In this process.
    Inside {
        /// The way to it.
        handle: Handle,
        /// What it works with.
        configuration: Box<Configuration>,
    },
    /// As a program.
    Program(Child),
}

impl Engine {
    /// Starts one with the inbox in this folder; what it says goes to the recorder.
    ///
    /// # Errors
    /// When the inbox, TLS or the program cannot be had.
    pub fn start(
        way: &Way,
        address: &str,
        authority: Option<&Path>,
        folder: &Path,
        recorder: &Recorder,
    ) -> anyhow::Result<Self> {
        match way {
            Way::Inside => Self::inside(address, authority, folder, recorder),
            Way::Program(environment) => {
                Self::program(environment, address, authority, folder, recorder)
            }
        }
    }

    fn inside(
        address: &str,
        authority: Option<&Path>,
        folder: &Path,
        recorder: &Recorder,
    ) -> anyhow::Result<Self> {
        let configuration = Box::new(Configuration {
            address: Address::parse(address)?,
            key: Key::Present(SecretString::from(KEY)),
            receiver: Some(Receiver::Campana),
            profile: ProfileChoice::Fixed(Profile::Guide),
            certificate_authority: authority.map(CertificateAuthority::in_file),
        });
        let parts = Parts {
            inbox: Inbox::open(folder)?,
            connector: Arc::new(SocketIoConnector::default()),
            exchange: exchange(authority)?,
            clock: Arc::new(SystemClock::new()),
        };
        let (handle, reports) = driver::start(parts, Some(*configuration.clone()));
        tokio::spawn(listen(reports, recorder.clone()));
        Ok(Self::Inside {
            handle,
            configuration,
        })
    }

    fn program(
        environment: &BTreeMap<OsString, OsString>,
        address: &str,
        authority: Option<&Path>,
        folder: &Path,
        recorder: &Recorder,
    ) -> anyhow::Result<Self> {
        // Some addresses are names outside the local network, by plain http.
        let allowing = Settings {
            plain_http_allowed: Some(address.to_owned()),
            ..Settings::default()
        };
        allowing.save(&folder.join("settings"))?;
        let mut command = Command::new(beside_this_program("campana-sync")?);
        command
            .args(["watch", "--json", "--backend-url", address, "--data-dir"])
            .arg(folder)
            .env("CAMPANA_API_KEY", KEY)
            .env("CAMPANA_CONFIG_DIR", folder.join("settings"))
            .envs(environment)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        if let Some(authority) = authority {
            command.arg("--certificate-authority").arg(authority);
        }
        let mut child = command.spawn().context("campana-sync does not start")?;
        let output = child.stdout.take().context("campana-sync has no output")?;
        let recorder = recorder.clone();
        tokio::spawn(async move {
            let mut lines = BufReader::new(output).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                read_line(&line, &recorder);
            }
        });
        Ok(Self::Program(child))
    }

    /// Works with another certificate authority from now on, as after a change of the settings.
    ///
    /// # Errors
    /// When it is a program: that one reads its settings at its start.
    pub fn trust(&mut self, authority: Option<&Path>) -> anyhow::Result<()> {
        match self {
            Self::Inside {
                handle,
                configuration,
            } => {
                configuration.certificate_authority = authority.map(CertificateAuthority::in_file);
                handle.configure(Some(*configuration.clone()));
                Ok(())
            }
            Self::Program(_) => Err(anyhow!("a program reads its settings at its start")),
        }
    }

    /// The process that the engine runs in, where it has one of its own.
    pub fn process(&self) -> Option<u32> {
        match self {
            Self::Inside { .. } => None,
            Self::Program(child) => child.id(),
        }
    }

    /// Ends it and waits until everything is on disk.
    ///
    /// # Errors
    /// When it does not end in time, or ends badly.
    pub async fn end(self) -> anyhow::Result<()> {
        match self {
            Self::Inside { handle, .. } => timeout(ENDING, handle.shut_down())
                .await
                .context("the engine does not end"),
            Self::Program(mut child) => {
                let process = child.id().context("campana-sync ended by itself")?;
                signal(process, "TERM").await?;
                let status = timeout(ENDING, child.wait())
                    .await
                    .context("campana-sync does not end")??;
                ensure!(status.success(), "campana-sync: {status}");
                Ok(())
            }
        }
    }
}

/// One client for all engines in this process but those with an authority of their own: loading the system's
/// certificates for each would keep the machine busy.
fn exchange(authority: Option<&Path>) -> anyhow::Result<Arc<HttpClient>> {
    static SHARED: OnceLock<Arc<HttpClient>> = OnceLock::new();
    let new = || anyhow::Ok(Arc::new(HttpClient::new(Limits::default())?));
    match (authority, SHARED.get()) {
        (None, Some(shared)) => Ok(Arc::clone(shared)),
        (None, None) => Ok(Arc::clone(SHARED.get_or_init({
            let new = new()?;
            || new
        }))),
        (Some(_), _) => new(),
    }
}

/// Sends a process a signal by its name.
///
/// # Errors
/// When it is gone.
pub async fn signal(process: u32, name: &str) -> anyhow::Result<()> {
    let sent = Command::new("kill")
        .args(["-s", name, &process.to_string()])
        .status()
        .await?;
    ensure!(sent.success(), "process {process} takes no {name}");
    Ok(())
}

/// A program of this project: both lie in the same build folder.
///
/// # Errors
/// When it was not built.
pub fn beside_this_program(name: &str) -> anyhow::Result<PathBuf> {
    let this = std::env::current_exe()?;
    let program = this.with_file_name(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    ensure!(
        program.is_file(),
        "{name} is not built: `cargo xtask reliability` does it"
    );
    Ok(program)
}

async fn listen(mut reports: UnboundedReceiver<Report>, recorder: Recorder) {
    while let Some(report) = reports.recv().await {
        match report {
            Report::Status(status) => {
                let code = |value: Result<Value, _>| match value {
                    Ok(Value::String(code)) => Some(code),
                    Ok(_) | Err(_) => None,
                };
                let kind = code(serde_json::to_value(status.kind)).unwrap_or_default();
                let cause = code(serde_json::to_value(status.cause));
                recorder.status(&kind, cause.as_deref());
            }
            Report::Order { id, .. } => recorder.stored(&id),
            Report::Alert {
                order_id,
                again: false,
                ..
            } => recorder.alert(&order_id),
            Report::Alert { again: true, .. }
            | Report::Confirmed { .. }
            | Report::Unreadable { .. }
            | Report::ConfirmationRefused { .. }
            | Report::Hint { .. }
            | Report::Unstored(_)
            | Report::Damaged(_)
            | Report::Round { .. } => {}
        }
    }
}

fn read_line(line: &str, recorder: &Recorder) {
    let Ok(line) = serde_json::from_str::<Value>(line) else {
        return;
    };
    let text = |name: &str| line.get(name).and_then(Value::as_str);
    match text("event") {
        Some("status") => recorder.status(text("status").unwrap_or_default(), text("cause")),
        Some("order") => recorder.stored(text("id").unwrap_or_default()),
        Some("alert") if line.get("again") == Some(&Value::Bool(false)) => {
            recorder.alert(text("order_id").unwrap_or_default());
        }
        _ => {}
    }
}
