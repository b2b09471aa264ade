//! A shop without screen, network, disk or keyring.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use campana_contract::{Order, Timestamp};
use campana_sync::activity::Activity;
use campana_sync::clock::{Clock, Now};
use campana_sync::configuration::{Configuration, Key, Receiver};
use campana_sync::doctor::{Check, Code, Finding, Outcome};
use campana_sync::inbox::{AlertKind, Attention, InboxError, InboxOrder, OrderVersion, Tickets};
use campana_sync::key_store::{KeyStore, KeyStoreError};
use campana_sync::report::Report;
use campana_sync::settings::{Chime, Loaded, Preferences, Settings};
use campana_sync::status::{Cause, Status, StatusKind};
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use secrecy::SecretString;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::time::Instant;
use url::Url;

use super::archive::RealArchive;
use super::tickets::FakePrinter;
use super::updating::FakeUpdates;
use crate::computer::Computer;
use crate::controller::{self, Command, Controller, Environment, Input, Parts, Probe, Prober};
use crate::desktop::{Alarm, Answer, Desktop, Notice, NoticeId, Window, Words};
use crate::diagnostics::Surroundings;
use crate::engine::Engine;
use crate::tray::TrayView;
use crate::updates::Updates;
use crate::view::{CheckView, CommandError, ProfileView, ReceiverChoice, SettingsForm, View};

pub(super) const SHOP: &str = "https://tienda.mx";
/// 2026-11-24T18:00:00Z.
const BEGIN: i64 = 1_795_543_200_000;

impl Screen {
    /// The notifications that were shown and not withdrawn.
    pub fn standing(&self) -> Vec<Notice> {
        let is_out = |notice: &&Notice| !self.withdrawn.contains(&notice.id);
        self.notices.iter().filter(is_out).cloned().collect()
    }
    /// The tray's icon is in its bright moment.
    pub fn is_lit(&self) -> bool {
        self.tray.as_ref().is_some_and(|tray| tray.icon.lit)
    }
}

/// What the desktop did, in order, and what it shows now.
#[derive(Default)]
pub(super) struct Screen {
    pub notices: Vec<Notice>,
    pub withdrawn: Vec<NoticeId>,
    pub opened: Vec<Window>,
    pub closed: Vec<Window>,
    pub shown_orders: Vec<String>,
    pub checks: Vec<CheckView>,
    pub pages: Vec<String>,
    pub rings: bool,
    pub alarm: Option<Alarm>,
    pub chimes: usize,
    pub previews: Vec<(Chime, u8)>,
    pub attracts: bool,
    pub tray: Option<TrayView>,
    pub words: Words,
    pub preferences: Preferences,
    pub has_quit: bool,
    pub has_started_anew: bool,
}

struct FakeDesktop(Arc<Mutex<Screen>>);

impl FakeDesktop {
    fn screen(&self) -> std::sync::MutexGuard<'_, Screen> {
        self.0.lock().unwrap()
    }
}

impl Desktop for FakeDesktop {
    fn draw_tray(&mut self, tray: &TrayView) {
        self.screen().tray = Some(tray.clone());
    }
    fn notify(&mut self, notice: Notice) {
        self.screen().notices.push(notice);
    }
    fn withdraw(&mut self, notice: NoticeId) {
        self.screen().withdrawn.push(notice);
    }
    fn ring(&mut self, alarm: Alarm) {
        let mut screen = self.screen();
        screen.rings = true;
        screen.alarm = Some(alarm);
    }
    fn hush(&mut self) {
        let mut screen = self.screen();
        screen.rings = false;
        screen.alarm = None;
    }
    fn chime(&mut self) {
        self.screen().chimes += 1;
    }
    fn preview(&mut self, chime: Chime, volume: u8) {
        self.screen().previews.push((chime, volume));
    }
    fn attract(&mut self, needs_somebody: bool) {
        self.screen().attracts = needs_somebody;
    }
    fn open(&mut self, window: Window) {
        self.screen().opened.push(window);
    }
    fn close(&mut self, window: Window) {
        self.screen().closed.push(window);
    }
    fn show_order(&mut self, order: &str) {
        self.screen().shown_orders.push(order.to_owned());
    }
    fn page_ready(&mut self, _: Window) {}
    fn page_gone(&mut self, _: Window) {}
    fn draw(&mut self, _: &Arc<View>) {}
    fn show_check(&mut self, check: &CheckView) {
        self.screen().checks.push(check.clone());
    }
    fn browse(&mut self, page: &Url) {
        self.screen().pages.push(page.to_string());
    }
    fn speak(&mut self, words: Words) {
        self.screen().words = words;
    }
    fn prefer(&mut self, preferences: &Preferences) {
        self.screen().preferences = preferences.clone();
    }
    fn quit(&mut self) {
        self.screen().has_quit = true;
    }
    fn start_anew(&mut self) {
        self.screen().has_started_anew = true;
    }
}

#[derive(Default)]
pub(super) struct EngineBook {
    pub orders: Vec<InboxOrder>,
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

/// Keys by source, or why there are none.
pub(super) type Keyring = Result<HashMap<String, SecretString>, KeyStoreError>;

struct FakeKeyring(Arc<Mutex<Keyring>>);

#[async_trait]
impl KeyStore for FakeKeyring {
    async fn get(&self, source: &str) -> Result<Option<SecretString>, KeyStoreError> {
        let keys = self.0.lock().unwrap();
        keys.as_ref()
            .map(|keys| keys.get(source).cloned())
            .map_err(|error| *error)
    }
    async fn set(&self, source: &str, key: &SecretString) -> Result<(), KeyStoreError> {
        let mut keys = self.0.lock().unwrap();
        let keys = keys.as_mut().map_err(|error| *error)?;
        keys.insert(source.to_owned(), key.clone());
        Ok(())
    }
    async fn remove(&self, source: &str) -> Result<(), KeyStoreError> {
        let mut keys = self.0.lock().unwrap();
        keys.as_mut().map_err(|error| *error)?.remove(source);
        Ok(())
    }
}

struct FakeProber;

#[async_trait]
impl Prober for FakeProber {
    async fn probe(&self, probe: Probe, mut tell: Box<dyn FnMut(Finding) + Send>) {
        let finding = |check, outcome, code, because| Finding {
            check,
            outcome,
            code,
            detail: None,
            took: Duration::ZERO,
            because,
        };
        match probe.key {
            Ok(_) => tell(finding(Check::Keyring, Outcome::Ok, Code::InKeyring, None)),
            Err(_) => tell(finding(Check::Keyring, Outcome::Failed, Code::Locked, None)),
        }
        let because = Some(Check::Port);
        tell(finding(
            Check::SocketIo,
            Outcome::Skipped,
            Code::Skipped,
            because,
        ));
    }
}

/// What this computer was asked for.
#[derive(Default)]
pub(super) struct Desk {
    pub starts_with_it: bool,
    /// The system allows nothing.
    pub refuses: bool,
    pub shown_folders: usize,
    pub handed_over: Vec<(String, Vec<u8>)>,
    pub demos: usize,
}

struct FakeComputer(Arc<Mutex<Desk>>);

impl FakeComputer {
    fn desk(&self) -> io::Result<std::sync::MutexGuard<'_, Desk>> {
        let desk = self.0.lock().unwrap();
        if desk.refuses {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied));
        }
        Ok(desk)
    }
}

impl Computer for FakeComputer {
    fn starts_with_it(&self) -> io::Result<bool> {
        Ok(self.0.lock().unwrap().starts_with_it)
    }
    fn go_on_starting_with_it(&self) -> io::Result<()> {
        self.start_with_it(true)
    }
    fn start_with_it(&self, wanted: bool) -> io::Result<()> {
        self.desk()?.starts_with_it = wanted;
        Ok(())
    }
    fn show_data_folder(&self) -> io::Result<()> {
        self.desk()?.shown_folders += 1;
        Ok(())
    }
    fn hand_over(&self, name: &str, content: &[u8]) -> io::Result<PathBuf> {
        let file = (name.to_owned(), content.to_owned());
        self.desk()?.handed_over.push(file);
        Ok(PathBuf::from("/downloads").join(name))
    }
    fn home(&self) -> Option<PathBuf> {
        Some("/home/lucia".into())
    }
    fn names(&self) -> Vec<String> {
        vec!["lucia".into(), "caja-uno".into()]
    }
    fn surroundings(&self) -> Surroundings {
        Surroundings {
            system: "Debian 12".into(),
            ..Surroundings::default()
        }
    }
    fn logs(&self, _bytes: usize) -> Vec<(String, String)> {
        let line = "INFO caja-uno: nothing to say of Lucía\n";
        vec![("campana.log".into(), line.into())]
    }
    fn start_demo(&self) -> io::Result<()> {
        self.desk()?.demos += 1;
        Ok(())
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
    pub environment: Environment,
    pub orders: Vec<InboxOrder>,
    pub desk: Desk,
    pub updates: Option<Arc<FakeUpdates>>,
    pub demo: bool,
}

impl Beginning {
    /// Never set up.
    pub fn first() -> Self {
        Self {
            settings: Settings::default(),
            keyring: Ok(HashMap::new()),
            environment: Environment::default(),
            orders: Vec::new(),
            desk: Desk::default(),
            updates: None,
            demo: false,
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
        let screen = Arc::new(Mutex::new(Screen::default()));
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
            desktop: FakeDesktop(screen.clone()),
            engine: Arc::new(FakeEngine(engine.clone())),
            archive: archive.clone(),
            printer: printer.clone(),
            key_store: Arc::new(FakeKeyring(keyring.clone())),
            prober: Arc::new(FakeProber),
            computer: Arc::new(FakeComputer(desk.clone())),
            updates: self.updates.map(|updates| {
                let updates: Arc<dyn Updates> = updates;
                updates
            }),
            randomness: StdRng::seed_from_u64(7),
            data_folder: folder.path().join("data"),
            clock: Arc::new(PausedClock(Instant::now())),
            offset: |_| -6 * 3600,
            settings: Some(loaded),
            settings_folder: folder.path().join("config"),
            environment: self.environment,
            demo: self.demo,
        };
        let controller = Controller::new(parts, (inputs.clone(), receiver));
        tokio::spawn(controller.run());
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
            kind,
            cause,
            since: Timestamp(BEGIN),
            next_attempt: None,
            last_sync: None,
            another_receiver: false,
            detail: None,
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
