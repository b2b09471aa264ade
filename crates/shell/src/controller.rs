//! The one task that owns the app's state: every input comes through one channel, every side
//! effect goes through [`Desktop`].

mod alarm;
mod alerts;
mod escalation;
mod handing_over;
mod input;
mod looking;
mod notices;
mod orders;
mod pausing;
mod press;
mod probing;
mod quitting;
mod settings;
mod setup;
mod showing;
mod tickets;
mod trouble;
mod updating;
mod windows;
mod words;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use campana_contract::{Order, Timestamp};
use campana_sync::address::Address;
use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::clock::Clock;
use campana_sync::configuration::Key;
use campana_sync::inbox::AlertKind;
use campana_sync::key_store::KeyStore;
use campana_sync::report::Report;
use campana_sync::settings::{Loaded, Settings};
use campana_sync::status::{Status, StatusKind};
use rand::rngs::StdRng;
use secrecy::SecretString;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

pub use input::{Command, Input, Reply};
pub use looking::Look;
pub use probing::{DoctorProber, Probe, Prober};
pub use tickets::TicketNews;
pub use updating::UpdateNews;

use crate::archive::Archive;
use crate::computer::Computer;
use crate::desktop::{Desktop, Window};
use crate::engine::Engine;
use crate::projection::{self, State};
use crate::ticket::TicketPrinter;
use crate::tray::{MenuItem, TrayView};
use crate::updates::Updates;
use crate::view::{ComputerView, KeyPlace, RoundView, SoundView, View};
use alarm::Sounding;
use alerts::Alerts;
use escalation::Escalation;
use notices::Notices;
use pausing::Pausing;
use quitting::Quitting;
use trouble::Trouble;
use updating::Updating;

/// The engine gets so long to write what it is writing when the app ends.
const SHUT_DOWN: Duration = Duration::from_secs(5);

/// What the controller works with.
pub struct Parts<D> {
    /// Every side effect.
    pub desktop: D,
    /// The engine.
    pub engine: Arc<dyn Engine>,
    /// What the inbox keeps.
    pub archive: Arc<dyn Archive>,
    /// Prints tickets.
    pub printer: Arc<dyn TicketPrinter>,
    /// The keyring.
    pub key_store: Arc<dyn KeyStore>,
    /// Tries an address and a key.
    pub prober: Arc<dyn Prober>,
    /// What the settings change and open.
    pub computer: Arc<dyn Computer>,
    /// New versions; `None` where none are built in.
    pub updates: Option<Arc<dyn Updates>>,
    /// Spreads over time what many shops do.
    pub randomness: StdRng,
    /// The folder with the orders.
    pub data_folder: PathBuf,
    /// Both clocks.
    pub clock: Arc<dyn Clock>,
    /// Seconds between this place's time and UTC at a moment.
    pub offset: fn(Timestamp) -> i32,
    /// The settings as they were found; `None` when they could not be read at all.
    pub settings: Option<Loaded>,
    /// The folder of the settings file.
    pub settings_folder: PathBuf,
    /// What the environment says; it holds until somebody saves something else.
    pub environment: Environment,
    /// Runs with sample orders.
    pub demo: bool,
}

/// `CAMPANA_BACKEND_URL`, `CAMPANA_API_KEY` and `CAMPANA_CERTIFICATE_AUTHORITY`.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// The backend's address as it was written.
    pub address: Option<String>,
    /// Its key.
    pub key: Option<SecretString>,
    /// Whom to trust, whatever the settings say.
    pub certificate_authority: Option<CertificateAuthority>,
}

/// The controller; [`Controller::run`] is its life.
pub struct Controller<D: Desktop> {
    desktop: D,
    engine: Arc<dyn Engine>,
    archive: Arc<dyn Archive>,
    printer: Arc<dyn TicketPrinter>,
    tickets: tickets::Queue,
    key_store: Arc<dyn KeyStore>,
    prober: Arc<dyn Prober>,
    computer: Arc<dyn Computer>,
    clock: Arc<dyn Clock>,
    offset: fn(Timestamp) -> i32,
    settings: Settings,
    settings_folder: PathBuf,
    /// The environment's, which goes before the settings'.
    certificate_authority: Option<CertificateAuthority>,
    loose_keys: setup::LooseKeys,
    address: Option<Address>,
    key: Key,
    state: State,
    catalogue: Catalogue,
    pausing: Pausing,
    reading: orders::Reading,
    /// Orders that rang and were not read since.
    unread: HashSet<String>,
    /// Orders that somebody saw before they could be stored, until the inbox was read again.
    seen_unstored: Vec<Order>,
    alerts: Alerts,
    /// Orders rang already when the alerts that wait began to.
    rang_before: bool,
    notices: Notices,
    escalation: Escalation,
    sounding: Sounding,
    trouble: Trouble,
    quitting: Quitting,
    updating: Updating,
    /// Windows whose page is loaded.
    pages: HashSet<Window>,
    /// The settings as the file holds them; one saving at a time.
    written: Arc<tokio::sync::Mutex<Settings>>,
    key_retry: Option<Instant>,
    is_first_key: bool,
    shown: Option<(Arc<View>, TrayView)>,
    sender: UnboundedSender<Input>,
    inputs: UnboundedReceiver<Input>,
}

/// The channel to a controller; made apart, since its engine and desktop already need it.
pub fn channel() -> (UnboundedSender<Input>, UnboundedReceiver<Input>) {
    unbounded_channel()
}

impl<D: Desktop> Controller<D> {
    /// Puts it together; nothing happens before [`Controller::run`].
    pub fn new(
        parts: Parts<D>,
        (sender, inputs): (UnboundedSender<Input>, UnboundedReceiver<Input>),
    ) -> Self {
        let settings_damaged = parts
            .settings
            .as_ref()
            .is_none_or(|loaded| loaded.damaged.is_some());
        let settings = parts.settings.unwrap_or_default().settings;
        let written = parts
            .environment
            .address
            .as_ref()
            .or(settings.address.as_ref());
        let address = written.and_then(|text| {
            let parsed = Address::parse(text);
            if let Err(wrong) = &parsed {
                tracing::warn!(%wrong, "the backend's address cannot be used");
            }
            parsed.ok()
        });
        let source = address.as_ref().map(Address::source);
        let language = Language::choose(settings.preferences.language);
        let state = State {
            status: Status {
                kind: StatusKind::Connecting,
                cause: None,
                since: parts.clock.now().wall,
                next_attempt: None,
                last_sync: None,
                another_receiver: false,
                detail: None,
            },
            orders: Vec::new(),
            unstored: Vec::new(),
            pause: None,
            missed: 0,
            rehearsing: false,
            trouble_alarm: false,
            quit_asked: false,
            sound: SoundView::Works,
            damage: None,
            printer_trouble: None,
            last_asked: None,
            source: source.clone(),
            key_place: KeyPlace::Missing,
            receiver: settings.receiver,
            profile: settings.profile,
            certificate_authority: settings.certificate_authority.clone(),
            plain_http_refused: address
                .as_ref()
                .is_some_and(|address| settings.refuses(address)),
            preferences: settings.preferences.clone(),
            computer: ComputerView {
                starts_with_it: None,
                data_folder: parts.data_folder.display().to_string(),
            },
            language,
            settings_damaged,
            updates: None,
            demo: parts.demo,
            tray: true,
        };
        Self {
            desktop: parts.desktop,
            engine: parts.engine,
            archive: parts.archive,
            printer: parts.printer,
            tickets: tickets::Queue::default(),
            key_store: parts.key_store,
            prober: parts.prober,
            computer: parts.computer,
            clock: parts.clock,
            offset: parts.offset,
            written: Arc::new(tokio::sync::Mutex::new(settings.clone())),
            settings,
            settings_folder: parts.settings_folder,
            certificate_authority: parts.environment.certificate_authority,
            loose_keys: setup::LooseKeys {
                environment: parts.environment.key.map(|key| (source, key)),
                memory: Vec::new(),
            },
            address,
            key: Key::Missing,
            state,
            catalogue: Catalogue::new(language),
            pausing: Pausing::default(),
            reading: orders::Reading::default(),
            unread: HashSet::new(),
            seen_unstored: Vec::new(),
            alerts: Alerts::default(),
            rang_before: false,
            notices: Notices::default(),
            escalation: Escalation::default(),
            sounding: Sounding::default(),
            trouble: Trouble::default(),
            quitting: Quitting::default(),
            updating: Updating::new(parts.updates.filter(|_| !parts.demo), parts.randomness),
            pages: HashSet::new(),
            key_retry: None,
            is_first_key: true,
            shown: None,
            sender,
            inputs,
        }
    }

    /// Works until somebody ends the app.
    pub async fn run(mut self) {
        self.desktop.speak(words::of_desktop(&self.catalogue));
        self.desktop.prefer(&self.state.preferences);
        self.read_orders();
        self.find_key();
        self.look_at_autostart(self.settings.preferences.system.start_with_computer);
        self.begin_updating();
        self.render();
        // Whoever asks for the demo wants to see something.
        if self.state.demo || !self.settings.preferences.system.start_hidden {
            self.desktop.open(Window::Main);
        }
        loop {
            let deadline = self.deadline();
            tokio::select! {
                input = self.inputs.recv() => {
                    let mut next = input;
                    // A burst is drawn once.
                    while let Some(input) = next {
                        self.take(input);
                        next = self.inputs.try_recv().ok();
                    }
                }
                () = sleep_until(deadline) => {}
            }
            self.on_time();
            if self.quitting.is_decided {
                return self.quit().await;
            }
            self.render();
        }
    }

    async fn quit(mut self) {
        self.desktop.hush();
        if tokio::time::timeout(SHUT_DOWN, self.engine.shut_down())
            .await
            .is_err()
        {
            tracing::warn!("the engine did not end in time");
        }
        while let Ok(input) = self.inputs.try_recv() {
            if let Input::SecondInstance = input {
                self.quitting.is_wanted_again();
            }
        }
        if self.quitting.starts_anew {
            self.desktop.start_anew();
        } else {
            self.desktop.quit();
        }
    }

    fn take(&mut self, input: Input) {
        match input {
            Input::Report(report) => self.report(report),
            Input::EngineRuns => {
                self.retain();
                self.read_orders();
            }
            Input::Tray(item) => {
                tracing::debug!(?item, "chosen in the tray");
                self.menu(item);
            }
            Input::Command(command) => self.command(command),
            Input::Notification(notice, answer) => {
                tracing::debug!(?answer, "a notification was answered");
                self.notification_answered(notice, answer);
            }
            Input::EndSession => self.quitting.session_ends(),
            Input::SecondInstance if self.quitting.is_decided => self.quitting.is_wanted_again(),
            Input::SecondInstance => self.desktop.open(Window::Main),
            Input::WindowClosed(window) => self.window_closed(window),
            Input::TrayPresence(is_there) => self.tray_presence(is_there),
            Input::Sound(sound) => self.state.sound = sound,
            Input::Orders(result) => self.orders_read(result),
            Input::Marked(result, reply) => self.marked(result, reply),
            Input::KeyFound(source, found) => self.key_found(&source, found),
            Input::Saved(result, reply) => self.saved(result, reply),
            Input::PreferencesSaved(result, reply) => self.preferences_saved(result, reply),
            Input::KeyRemoved(source, result, reply) => self.key_removed(&source, result, reply),
            Input::Browse(page) => self.desktop.browse(&page),
            Input::Check(check) => self.desktop.show_check(&check),
            Input::Ticket(news) => self.ticket(news),
            Input::Autostart(is_on) => self.state.computer.starts_with_it = is_on,
            Input::Update(news) => self.update_news(news),
        }
    }

    fn report(&mut self, report: Report) {
        match report {
            Report::Status(status) => {
                let status = self.explained(status);
                if (status.kind, status.cause) != (self.state.status.kind, self.state.status.cause)
                {
                    tracing::info!(status = ?status.kind, cause = ?status.cause, "the status");
                }
                self.state.status = status;
                self.follow_trouble(Instant::now());
            }
            Report::Order { id, change } => {
                self.ticket_of_stored(id, change);
                self.read_orders();
            }
            Report::Confirmed { .. } => self.read_orders(),
            Report::Alert {
                order_id,
                kind,
                again,
            } => {
                if again && kind == AlertKind::NewOrder {
                    // It may have been stored by a life that ended before it could print.
                    self.ticket_due(order_id.clone());
                }
                self.unread.insert(order_id.clone());
                self.alert(order_id, kind, again);
                self.read_orders();
            }
            Report::Unstored(orders) => self.unstored(orders),
            Report::Damaged(damage) => {
                self.tell_damage();
                self.state.damage = Some(damage);
                self.read_orders();
            }
            Report::Round {
                new_orders,
                complete,
                asked_for,
            } => {
                if asked_for {
                    self.state.last_asked = Some(RoundView {
                        at: self.clock.now().wall.0,
                        new_orders: u32::try_from(new_orders).unwrap_or(u32::MAX),
                        complete,
                    });
                }
            }
            Report::SetAside { kind, reason, .. } => {
                tracing::warn!(?kind, "set aside");
                tracing::debug!(reason, "why");
            }
            Report::Hint { .. } => {}
        }
    }

    fn menu(&mut self, item: MenuItem) {
        match item {
            MenuItem::Open => self.desktop.open(Window::Main),
            MenuItem::SyncNow => self.sync_now(),
            MenuItem::MarkAllSeen => self.mark_all_seen(None, None),
            MenuItem::Pause(minutes) => self.pause(minutes),
            MenuItem::Resume => self.resume(),
            MenuItem::Settings => self.open_settings(),
            MenuItem::Quit => self.ask_to_quit(),
        }
    }

    fn command(&mut self, command: Command) {
        match command {
            Command::View(window, reply) => {
                // The answer of a closed window is nobody's.
                let _ = reply.send(projection::view(&self.state));
                if let Some(window) = window {
                    self.page_ready(window);
                }
            }
            Command::SyncNow => self.sync_now(),
            Command::MarkSeen { id, version, reply } => self.mark_seen(&id, version, reply),
            Command::MarkAllSeen { orders, reply } => self.mark_all_seen(orders, reply),
            Command::MarkFromBeforeSeen(reply) => self.mark_from_before_seen(reply),
            Command::Pause(minutes) => self.pause(minutes),
            Command::Resume => self.resume(),
            Command::QuietTrouble => self.quiet_trouble(),
            Command::Quit => self.quitting.is_decided = true,
            Command::KeepRunning => self.keep_running(),
            Command::OpenSettings => self.open_settings(),
            Command::SaveSettings(form, reply) => self.save(form, reply),
            Command::SavePreferences(preferences, reply) => {
                self.save_preferences(preferences, reply);
            }
            Command::RemoveKey(reply) => self.remove_key(reply),
            Command::ShowDataFolder(reply) => self.show_data_folder(reply),
            Command::ExportDiagnostics(reply) => self.export_diagnostics(reply),
            Command::StartDemo(reply) => self.start_demo(reply),
            Command::CheckForUpdates => self.check_for_updates(),
            Command::InstallUpdate => self.install_update(),
            Command::LeaveSettings => {
                self.desktop.open(Window::Main);
                self.desktop.close(Window::Settings);
            }
            Command::TestConnection(form, reply) => self.test_connection(form, reply),
            Command::PreviewChime { chime, volume } => self.desktop.preview(chime, volume),
            Command::Look(look) => self.look(look),
            Command::TestAlarm => self.test_alarm(),
        }
    }

    fn sync_now(&mut self) {
        if matches!(self.key, Key::Unavailable) {
            self.find_key();
        }
        self.engine.sync_now();
    }

    fn open_settings(&mut self) {
        if matches!(self.key, Key::Unavailable) {
            self.find_key();
        }
        self.desktop.open(Window::Settings);
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
