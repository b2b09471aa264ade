//! What the settings window asks of this computer: starting with it, folders, files, the demo.

use std::io;
use std::sync::Arc;

use campana_sync::configuration::Key;
use secrecy::SecretString;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use super::Controller;
use super::input::{Input, Reply, answer, error};
use super::probing::{self, Probe};
use super::setup::FoundKey;
use crate::computer::Computer;
use crate::diagnostics::{self, Diagnostics, Redaction, Surroundings, Traces};
use crate::projection;
use crate::view::CommandError;

/// So many of the latest activities go into the diagnostics.
const ACTIVITIES: usize = 1000;
/// Bytes of the log in the diagnostics.
const LOG: usize = 1024 * 1024;
const MOMENT: StaticFormatDescription = format_description!("[year]-[month]-[day]-[hour][minute]");

impl Controller {
    /// Looks whether Campana starts with the computer; where the settings want it, it is said anew, since the
    /// program may have moved. The demo leaves it alone.
    pub(super) fn look_at_autostart(&self, wanted: bool) {
        self.autostart(move |computer| {
            if wanted {
                computer.go_on_starting_with_it()
            } else {
                Ok(())
            }
        });
    }

    /// Switches it.
    pub(super) fn change_autostart(&self, wanted: bool) {
        self.autostart(move |computer| computer.start_with_it(wanted));
    }

    fn autostart(&self, deed: impl FnOnce(&dyn Computer) -> io::Result<()> + Send + 'static) {
        if self.state.demo {
            return;
        }
        let (computer, sender) = (self.reach.computer.clone(), self.reach.sender.clone());
        tokio::task::spawn_blocking(move || {
            if let Err(failure) = deed(computer.as_ref()) {
                tracing::error!(%failure, "starting with the computer");
            }
            let is_on = computer
                .starts_with_it()
                .inspect_err(|failure| tracing::error!(%failure, "starting with the computer"));
            let _ = sender.send(Input::Autostart(is_on.ok()));
        });
    }

    /// *Abrir la carpeta*.
    pub(super) fn show_data_folder(&self, reply: Reply<()>) {
        self.on_computer("folder-not-shown", reply, |computer| {
            computer.show_data_folder()
        });
    }

    /// *Probar con pedidos de muestra*.
    pub(super) fn start_demo(&self, reply: Reply<()>) {
        self.on_computer("demo-not-started", reply, |computer| computer.start_demo());
    }

    fn on_computer<T: Send + 'static>(
        &self,
        code: &'static str,
        reply: Reply<T>,
        deed: impl FnOnce(&dyn Computer) -> io::Result<T> + Send + 'static,
    ) {
        let computer = self.reach.computer.clone();
        tokio::spawn(async move {
            let result = on_a_thread(computer, code, deed).await;
            answer(reply, result);
        });
    }

    /// *Guardar diagnóstico*: examines the connection as it is saved, then writes everything.
    pub(super) fn export_diagnostics(&self, reply: Reply<String>) {
        let now = self.now.wall;
        let view = projection::view(&self.state);
        let keys = self.known_keys();
        let mut found = Diagnostics {
            made_at: now,
            settings: self.connection.settings.clone(),
            view,
            checks: Vec::new(),
            activity: self.reach.engine.latest_activity(ACTIVITIES),
            surroundings: Surroundings::default(),
            logs: Vec::new(),
        };
        let probe = self
            .connection
            .address
            .clone()
            .filter(|_| !self.state.plain_http_refused)
            .map(|address| Probe {
                address,
                key: probing::key(FoundKey {
                    place: self.state.key_place,
                    key: self.connection.key.clone(),
                }),
                profile: self.connection.settings.profile,
                certificate_authority: self.authority(),
            });
        let name = name((self.reach.offset)(now), now.0);
        let (prober, computer) = (self.reach.prober.clone(), self.reach.computer.clone());
        tokio::spawn(async move {
            if let Some(probe) = probe {
                let (sender, mut lines) = tokio::sync::mpsc::unbounded_channel();
                let tell = Box::new(move |finding| {
                    let _ = sender.send(probing::check_line(&finding));
                });
                prober.probe(probe, tell).await;
                while let Ok(line) = lines.try_recv() {
                    found.checks.push(line);
                }
            }
            let result = on_a_thread(computer, "diagnostics-not-written", move |computer| {
                found.surroundings = computer.surroundings();
                found.logs = computer.logs(LOG);
                let redaction = Redaction::of(&Traces {
                    keys,
                    home: computer.home(),
                    names: computer.names(),
                    orders: &found.view.orders,
                });
                let archive = diagnostics::archive(&found, &redaction)?;
                computer.hand_over(&name, &archive)
            });
            let result = result.await.map(|path| {
                let name = path.file_name().unwrap_or(path.as_os_str());
                name.to_string_lossy().into_owned()
            });
            answer(reply, result);
        });
    }

    /// Every key that this run knows.
    fn known_keys(&self) -> Vec<SecretString> {
        let present = match &self.connection.key {
            Key::Present(key) => Some(key.clone()),
            Key::Missing | Key::Unavailable => None,
        };
        let loose = &self.connection.loose_keys;
        let environment = loose.environment.iter().map(|(_, key)| key);
        let memory = loose.memory.iter().map(|(_, key)| key);
        present
            .into_iter()
            .chain(environment.chain(memory).cloned())
            .collect()
    }
}

async fn on_a_thread<T: Send + 'static>(
    computer: Arc<dyn Computer>,
    code: &'static str,
    deed: impl FnOnce(&dyn Computer) -> io::Result<T> + Send + 'static,
) -> Result<T, CommandError> {
    match tokio::task::spawn_blocking(move || deed(computer.as_ref())).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(failure)) => {
            tracing::error!(%failure, code, "this computer");
            Err(error(code, None))
        }
        Err(_) => Err(error("internal", None)),
    }
}

/// The file's name, with this place's time.
fn name(offset: i32, now: i64) -> String {
    let moment = OffsetDateTime::from_unix_timestamp(now.div_euclid(1000))
        .ok()
        .zip(UtcOffset::from_whole_seconds(offset).ok())
        .and_then(|(at, offset)| at.to_offset(offset).format(MOMENT).ok());
    format!("campana-{}.zip", moment.unwrap_or_else(|| now.to_string()))
}
