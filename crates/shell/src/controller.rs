//! The one task that owns the app's state: every input comes through one channel, and what is to be done outside
//! leaves it as an [`Effect`].

mod alarm;
mod alerts;
mod connection;
mod desk;
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
mod taking;
mod tickets;
mod trouble;
mod updating;
mod windows;
mod words;

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use campana_contract::Timestamp;
use campana_sync::address::Address;
use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::clock::Clock;
use campana_sync::key_store::KeyStore;
use campana_sync::settings::Loaded;
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
use crate::desktop::Window;
use crate::effects::{Effect, Outcome, Outlets, SystemEffect};
use crate::engine::Engine;
use crate::projection::{self, State};
use crate::ticket::TicketPrinter;
use crate::updates::Updates;
use crate::view::{ComputerView, KeyPlace, SoundView};
use alarm::Sounding;
use alerts::Alerts;
use connection::Connection;
use desk::Desk;
use notices::Notices;
use pausing::Pausing;
use quitting::Quitting;
use trouble::Trouble;
use updating::Updating;

/// The engine gets so long to write what it is writing when the app ends.
const SHUT_DOWN: Duration = Duration::from_secs(5);
/// Inputs of one turn.
const BURST: usize = 1000;

/// What the controller works with.
pub struct Parts {
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

/// The controller; [`Controller::run`] is its life, [`Controller::on`] a turn of it.
pub struct Controller {
    reach: Reach,
    /// This turn's.
    now: Moment,
    connection: Connection,
    state: State,
    catalogue: Catalogue,
    reading: orders::Reading,
    alerts: Alerts,
    notices: Notices,
    sounding: Sounding,
    trouble: Trouble,
    pausing: Pausing,
    tickets: tickets::Queue,
    updating: Updating,
    quitting: Quitting,
    desk: Desk,
}

/// What is reached by tasks of their own, which tell by inputs how they ended.
struct Reach {
    engine: Arc<dyn Engine>,
    archive: Arc<dyn Archive>,
    printer: Arc<dyn TicketPrinter>,
    key_store: Arc<dyn KeyStore>,
    prober: Arc<dyn Prober>,
    computer: Arc<dyn Computer>,
    offset: fn(Timestamp) -> i32,
    sender: UnboundedSender<Input>,
}

/// A moment by both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Monotonic.
    pub at: Instant,
    /// On the wall.
    pub wall: Timestamp,
}

impl Moment {
    /// Now.
    pub fn now(clock: &dyn Clock) -> Self {
        Self {
            at: Instant::now(),
            wall: clock.now().wall,
        }
    }
}

/// The channel to a controller; made apart, since its engine and desktop already need it.
pub fn channel() -> (UnboundedSender<Input>, UnboundedReceiver<Input>) {
    unbounded_channel()
}

impl Controller {
    /// Puts it together; nothing happens before [`Controller::begin`].
    pub fn new(parts: Parts, sender: UnboundedSender<Input>, now: Moment) -> Self {
        let settings_damaged = parts
            .settings
            .as_ref()
            .is_none_or(|loaded| loaded.damaged.is_some());
        let settings = parts.settings.unwrap_or_default().settings;
        let connection = Connection::new(settings, parts.settings_folder, parts.environment);
        let settings = &connection.settings;
        let address = connection.address.as_ref();
        let language = Language::choose(settings.preferences.language);
        let state = State {
            status: Status::new(StatusKind::Connecting, now.wall),
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
            unreadable: Vec::new(),
            part_stopped: false,
            last_asked: None,
            source: address.map(Address::source),
            key_place: KeyPlace::Missing,
            receiver: settings.receiver,
            profile: settings.profile,
            certificate_authority: settings.certificate_authority.clone(),
            plain_http_refused: address.is_some_and(|address| settings.refuses(address)),
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
            reach: Reach {
                engine: parts.engine,
                archive: parts.archive,
                printer: parts.printer,
                key_store: parts.key_store,
                prober: parts.prober,
                computer: parts.computer,
                offset: parts.offset,
                sender,
            },
            now,
            connection,
            state,
            catalogue: Catalogue::new(language),
            reading: orders::Reading::default(),
            alerts: Alerts::default(),
            notices: Notices::default(),
            sounding: Sounding::default(),
            trouble: Trouble::default(),
            pausing: Pausing::default(),
            tickets: tickets::Queue::default(),
            updating: Updating::new(parts.updates.filter(|_| !parts.demo), parts.randomness),
            quitting: Quitting::default(),
            desk: Desk::default(),
        }
    }

    /// What is done before the first turn.
    #[must_use]
    pub fn begin(&mut self) -> Vec<Effect> {
        let preferences = self.connection.settings.preferences.clone();
        self.desk.speak(words::of_desktop(&self.catalogue));
        self.desk.prefer(&preferences);
        self.read_orders();
        self.find_key();
        self.look_at_autostart(preferences.system.start_with_computer);
        self.begin_updating();
        self.follow();
        // Whoever asks for the demo wants to see something.
        if self.state.demo || !preferences.system.start_hidden {
            self.desk.open(Window::Main);
        }
        self.desk.take()
    }

    /// A turn: takes what happened, then does what follows from it. To be called for each input, several at once where
    /// they are there, and at [`Controller::deadline`]. Its tasks need a runtime of tokio.
    #[must_use]
    pub fn on(&mut self, inputs: impl IntoIterator<Item = Input>, now: Moment) -> Vec<Effect> {
        self.now = now;
        for input in inputs {
            self.take(input);
        }
        self.follow();
        self.desk.take()
    }

    /// What follows, in the one order in which it may: what time changes, what sounds, what is told, what is drawn.
    fn follow(&mut self) {
        self.settle();
        if self.quitting.is_decided {
            return self.desk.ring(None);
        }
        let view = projection::view(&self.state);
        let comes_forward = self.raise_alarm(&view);
        self.tell_all(&view);
        self.draw();
        // Not before: a page is painted with what was drawn.
        if comes_forward {
            self.desk.open(Window::Main);
        }
    }

    /// Works until somebody ends the app.
    pub async fn run(
        mut self,
        mut inputs: UnboundedReceiver<Input>,
        outlets: Outlets,
        clock: Arc<dyn Clock>,
    ) {
        let mut effects = self.begin();
        loop {
            self.hand_over(effects, &outlets);
            if self.quitting.is_decided {
                break;
            }
            let deadline = self.deadline();
            let mut happened = Vec::new();
            tokio::select! {
                // A burst is one turn.
                _ = inputs.recv_many(&mut happened, BURST) => {}
                () = sleep_until(deadline) => {}
            }
            effects = self.on(happened, Moment::now(clock.as_ref()));
        }
        if tokio::time::timeout(SHUT_DOWN, self.reach.engine.shut_down())
            .await
            .is_err()
        {
            tracing::warn!("the engine did not end in time");
        }
        while let Ok(input) = inputs.try_recv() {
            if let Input::SecondInstance = input {
                self.quitting.is_wanted_again();
            }
        }
        let end = Effect::System(SystemEffect::End(self.quitting.starts_anew));
        self.hand_over(vec![end], &outlets);
    }

    fn hand_over(&self, effects: Vec<Effect>, outlets: &Outlets) {
        for effect in effects {
            if let Err(effect) = outlets.hand_over(effect) {
                let outcome = Outcome::Failed(effect, "its adapter is gone".into());
                // It is this controller that hears of it.
                let _ = self.reach.sender.send(Input::Outcome(outcome));
            }
        }
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}
