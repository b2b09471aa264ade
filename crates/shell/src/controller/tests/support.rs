//! A shop without screen, network, disk or keyring.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use campana_contract::{Order, Timestamp};
use campana_sync::activity::Activity;
use campana_sync::clock::{Clock, Now};
use campana_sync::configuration::{Configuration, Key, Receiver};
use campana_sync::inbox::{
    AlertKind, Attention, InboxError, InboxOrder, OrderVersion, Tickets, UnreadableOrder,
};
use campana_sync::report::Report;
use campana_sync::settings::{Loaded, Preferences, Settings};
use campana_sync::status::{Cause, Status, StatusKind};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use secrecy::SecretString;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::archive::RealArchive;
use super::desktop::{self, Screen};
use super::fakes::{Desk, FakeComputer, FakeKeyring, FakeProber, Keyring};
use super::tickets::FakePrinter;
use super::updating::FakeUpdates;
use crate::controller::{self, Command, Controller, Environment, Input, Moment, Parts};
use crate::desktop::Answer;
use crate::effects;
use crate::engine::Engine;
use crate::updates::Updates;
use crate::view::{CommandError, ProfileView, ReceiverChoice, SettingsForm, View};

pub(super) const SHOP: &str = "https://tienda.mx";
/// 2026-11-24T18:00:00Z.
pub(super) const BEGIN: i64 = 1_795_543_200_000;

#[derive(Default)]
pub(super) struct EngineBook {
    pub orders: Vec<InboxOrder>,
    pub unreadable: Vec<UnreadableOrder>,
    pub cannot_read: bool,
    pub configurations: Vec<Option<Configuration>>,
    pub syncs: usize,
    pub is_shut_down: bool,
}

struct FakeEngine(Arc<Mutex<EngineBook>>);

#[async_trait]
impl Engine for FakeEngine {
    fn configure(&self, configuration: Option<Configuration>) {
        self.0.lock().unwrap().configurations.push(configuration);
    }
    fn sync_now(&self) {
        self.0.lock().unwrap().syncs += 1;
    }
    async fn orders(&self, _: Timestamp) -> Result<Vec<InboxOrder>, InboxError> {
        tokio::time::sleep(Duration::from_millis(5)).await;
        let book = self.0.lock().unwrap();
        if book.cannot_read {
            return Err(InboxError::DiskFull);
        }
        Ok(book.orders.clone())
    }
    async fn unreadable_orders(&self, _: Timestamp) -> Result<Vec<UnreadableOrder>, InboxError> {
        Ok(self.0.lock().unwrap().unreadable.clone())
    }
    async fn mark_unreadable_seen(&self, hashes: Vec<String>) -> Result<(), InboxError> {
        for order in &mut self.0.lock().unwrap().unreadable {
            if hashes.contains(&order.hash) {
                order.seen_at = Some(Timestamp(BEGIN));
            }
        }
        Ok(())
    }
    async fn mark_all_seen(&self, orders: Vec<OrderVersion>) -> Result<(), InboxError> {
        let mut book = self.0.lock().unwrap();
        for order in &mut book.orders {
            let version = OrderVersion {
                source: order.source.clone(),
                id: order.id.key().to_owned(),
                version: order.version,
            };
            if orders.contains(&version) {
                order.attention = Attention::Seen;
            }
        }
        Ok(())
    }
    async fn mark_from_before_seen(&self) -> Result<(), InboxError> {
        let mut book = self.0.lock().unwrap();
        for order in &mut book.orders {
            if order.attention == Attention::FromBefore {
                order.attention = Attention::Seen;
            }
        }
        Ok(())
    }
    async fn knows(&self, source: &str) -> Result<bool, InboxError> {
        let book = self.0.lock().unwrap();
        Ok(book.orders.iter().any(|order| order.source == source))
    }
    async fn move_source(&self, from: &str, to: &str) -> Result<(), InboxError> {
        let mut book = self.0.lock().unwrap();
        for order in &mut book.orders {
            if order.source == from {
                order.source = to.to_owned();
            }
        }
        Ok(())
    }
    fn latest_activity(&self, _: usize) -> Vec<Activity> {
        Vec::new()
    }
    async fn shut_down(&self) {
        self.0.lock().unwrap().is_shut_down = true;
    }
}

/// Wall and monotonic clock go together with tokio's paused time.
struct PausedClock(Instant);

impl Clock for PausedClock {
    fn now(&self) -> Now {
        let monotonic = self.0.elapsed();
        let wall = BEGIN + i64::try_from(monotonic.as_millis()).unwrap();
        Now {
            monotonic,
            wall: Timestamp(wall),
        }
    }
}

/// How a shop begins.
pub(super) struct Beginning {
    pub settings: Settings,
    pub keyring: Keyring,
    /// How long it takes to answer.
    pub keyring_takes: Duration,
    pub environment: Environment,
    pub orders: Vec<InboxOrder>,
    pub desk: Desk,
    pub updates: Option<Arc<FakeUpdates>>,
    pub demo: bool,
    pub screen: Screen,
}

impl Beginning {
    /// Never set up.
    pub fn first() -> Self {
        Self {
            settings: Settings::default(),
            keyring: Ok(HashMap::new()),
            keyring_takes: Duration::ZERO,
            environment: Environment::default(),
            orders: Vec::new(),
            desk: Desk::default(),
            updates: None,
            demo: false,
            screen: Screen::default(),
        }
    }
    /// Address, key and receiver are known.
    pub fn complete() -> Self {
        let mut beginning = Self::first();
        beginning.settings.address = Some(SHOP.into());
        beginning.settings.receiver = Some(Receiver::Campana);
        let key = (SHOP.to_owned(), SecretString::from("clave"));
        beginning.keyring = Ok(HashMap::from([key]));
        beginning
    }
    pub fn with_orders(mut self, orders: Vec<InboxOrder>) -> Self {
        self.orders = orders;
        self
    }
    /// Starts the controller and lets it come to rest.
    pub async fn start(self) -> Shop {
        let screen = Arc::new(Mutex::new(self.screen));
        let engine = Arc::new(Mutex::new(EngineBook {
            orders: self.orders,
            ..EngineBook::default()
        }));
        let keyring = Arc::new(Mutex::new(self.keyring));
        let desk = Arc::new(Mutex::new(self.desk));
        let folder = tempfile::tempdir().unwrap();
        let loaded = Loaded {
            settings: self.settings,
            ..Loaded::default()
        };
        let printer = Arc::new(FakePrinter::default());
        let archive = Arc::new(RealArchive::new(&folder.path().join("data")));
        let (inputs, receiver) = controller::channel();
        let parts = Parts {
            engine: Arc::new(FakeEngine(engine.clone())),
            archive: archive.clone(),
            printer: printer.clone(),
            key_store: Arc::new(FakeKeyring(keyring.clone(), self.keyring_takes)),
            prober: Arc::new(FakeProber),
            computer: Arc::new(FakeComputer(desk.clone())),
            updates: self.updates.map(|updates| {
                let updates: Arc<dyn Updates> = updates;
                updates
            }),
            randomness: StdRng::seed_from_u64(7),
            data_folder: folder.path().join("data"),
            offset: |_| -6 * 3600,
            settings: Some(loaded),
            settings_folder: folder.path().join("config"),
            environment: self.environment,
            demo: self.demo,
        };
        let clock = Arc::new(PausedClock(Instant::now()));
        let (outlets, queues) = effects::queues();
        desktop::start(&screen, queues, &inputs);
        let now = Moment::now(clock.as_ref());
        let controller = Controller::new(parts, inputs.clone(), now);
        tokio::spawn(controller.run(receiver, outlets, clock));
        let shop = Shop {
            screen,
            engine,
            keyring,
            archive,
            printer,
            desk,
            folder,
            inputs,
        };
        shop.settle().await;
        shop
    }
}

/// A running controller and everything round it.
pub(super) struct Shop {
    screen: Arc<Mutex<Screen>>,
    engine: Arc<Mutex<EngineBook>>,
    pub keyring: Arc<Mutex<Keyring>>,
    pub archive: Arc<RealArchive>,
    pub printer: Arc<FakePrinter>,
    desk: Arc<Mutex<Desk>>,
    pub folder: tempfile::TempDir,
    pub inputs: UnboundedSender<Input>,
}

impl Shop {
    pub fn screen(&self) -> std::sync::MutexGuard<'_, Screen> {
        self.screen.lock().unwrap()
    }
    pub fn desk(&self) -> std::sync::MutexGuard<'_, Desk> {
        self.desk.lock().unwrap()
    }
    pub fn engine(&self) -> std::sync::MutexGuard<'_, EngineBook> {
        self.engine.lock().unwrap()
    }
    /// Lets paused time go on.
    pub async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
    /// So long that everything that waits for nothing but itself has happened.
    pub async fn settle(&self) {
        self.pass(Duration::from_millis(900)).await;
    }
    pub async fn input(&self, input: Input) {
        assert!(self.inputs.send(input).is_ok());
        self.settle().await;
    }
    pub async fn command(&self, command: Command) {
        self.input(Input::Command(command)).await;
    }
    pub async fn status(&self, kind: StatusKind, cause: Option<Cause>) {
        let status = Status {
            cause,
            ..Status::new(kind, Timestamp(BEGIN))
        };
        self.input(Input::Report(Report::Status(status))).await;
    }
    /// The engine stores these orders and they begin to ring.
    pub async fn arrive(&self, orders: Vec<InboxOrder>) {
        for order in orders {
            let kind = match order.attention {
                Attention::Ringing(kind) => kind,
                Attention::FromBefore | Attention::Seen => AlertKind::NewOrder,
            };
            let alert = Report::Alert {
                order_id: order.id.key().to_owned(),
                kind,
                again: false,
            };
            let is_other = |known: &InboxOrder| known.id != order.id;
            self.engine().orders.retain(is_other);
            self.engine().orders.insert(0, order);
            assert!(self.inputs.send(Input::Report(alert)).is_ok());
        }
        self.settle().await;
    }
    pub async fn view(&self) -> View {
        let (reply, answer) = oneshot::channel();
        self.command(Command::View(None, reply)).await;
        answer.await.unwrap()
    }
    pub async fn mark_seen(&self, id: &str, version: i64) -> Result<(), CommandError> {
        let (reply, answer) = oneshot::channel();
        let id = id.to_owned();
        self.command(Command::MarkSeen {
            id,
            version,
            reply: Some(reply),
        })
        .await;
        answer.await.unwrap()
    }
    /// Somebody answers the notification that was shown last.
    pub async fn answer(&self, answer: Answer) {
        let last = self.screen().notices.last().unwrap().id;
        self.input(Input::Notification(last, answer)).await;
    }
    pub async fn save(&self, form: SettingsForm) -> Result<(), CommandError> {
        let (reply, answer) = oneshot::channel();
        self.command(Command::SaveSettings(form, Some(reply))).await;
        answer.await.unwrap()
    }
    pub async fn prefer(&self, preferences: Preferences) -> Result<(), CommandError> {
        let (reply, answer) = oneshot::channel();
        self.command(Command::SavePreferences(preferences, Some(reply)))
            .await;
        answer.await.unwrap()
    }
    /// The file with the own certificate authority that the engine was last told of.
    pub fn trusted(&self) -> Option<PathBuf> {
        let engine = self.engine();
        let last = engine.configurations.last().cloned().flatten()?;
        Some(last.certificate_authority?.path().to_owned())
    }
    /// What the engine was last told, as address and key.
    pub fn configured(&self) -> Option<(String, Key)> {
        let engine = self.engine();
        let last = engine.configurations.last().cloned().flatten()?;
        Some((last.address.source(), last.key))
    }
}

pub(super) fn form(address: &str, key: Option<&str>) -> SettingsForm {
    SettingsForm {
        address: address.into(),
        key: key.map(SecretString::from),
        receiver: Some(ReceiverChoice::Campana),
        profile: ProfileView::Auto,
        certificate_authority: None,
        plain_http: false,
        shop: None,
    }
}

pub(super) fn wire_order(id: &str) -> Order {
    let raw = format!(
        r#"{{"id":"{id}","orderType":"DELIVERY","total":414.5,"customer":{{"firstName":"Lucía"}}}}"#
    );
    Order::parse(&raw).unwrap()
}

/// An order of the inbox that rings.
pub(super) fn ringing(id: &str) -> InboxOrder {
    let order = wire_order(id);
    InboxOrder {
        source: SHOP.into(),
        id: order.id.clone(),
        order: Some(order),
        version: 1,
        attention: Attention::Ringing(AlertKind::NewOrder),
        changes: Vec::new(),
        received_at: Timestamp(BEGIN),
        seen_at: None,
        confirmed_at: None,
        made_at: Timestamp(BEGIN),
        tickets: Tickets::default(),
    }
}
