//! The small async loop that carries inputs and effects between the engine and its rooms.

mod checking;
mod exchanging;
mod handle;
mod inbox_thread;
mod linking;
mod notes;
mod reading_thread;
mod recorder;
mod retaining;
mod saving;
mod storing;
mod supervisor;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

pub use handle::Handle;
pub use supervisor::Ended;

use crate::activity::{ActivityKind, KEPT, Log};
use crate::clock::Clock;
use crate::configuration::{Configuration, Key, Receiver};
use crate::engine::{Effect, Engine, Input, Setup};
use crate::http::{Exchange, Profile};
use crate::inbox::{Attention, Inbox, InboxError, InboxOrder, StoredAside};
use crate::lease::{Lease, RENEWED_EVERY};
use crate::link::Connector;
use crate::report::Report;
use handle::Command;
use inbox_thread::InboxThread;
use linking::{Connection, next_event};
use recorder::{Recorder, SharedLog};
use retaining::Retaining;
use saving::Saving;

/// What still rings from earlier runs is read first, and waited for no longer.
const READ_WITHIN: Duration = Duration::from_secs(3);

/// What the driver joins together.
pub struct Parts {
    /// Where orders are kept.
    pub inbox: Inbox,
    /// Opens the Socket.IO connection.
    pub connector: Arc<dyn Connector>,
    /// Pulls and confirms.
    pub exchange: Arc<dyn Exchange>,
    /// Both clocks.
    pub clock: Arc<dyn Clock>,
}

/// Starts the driver on the current tokio runtime. With `None` it waits for [`Handle::configure`].
/// The receiver gets first what still rings from earlier runs, then the status, then what happens.
pub fn start(
    parts: Parts,
    configuration: Option<Configuration>,
) -> (Handle, UnboundedReceiver<Report>) {
    let (reports, receiver) = mpsc::unbounded_channel();
    let (commands, orders) = mpsc::unbounded_channel();
    let (results, arriving) = mpsc::unbounded_channel();
    let profiles = parts.inbox.profiles().unwrap_or_else(|error| {
        // They are found out anew.
        tracing::warn!(%error, "cannot read which profiles worked");
        HashMap::new()
    });
    let earlier = parts.inbox.activity(KEPT).unwrap_or_else(|error| {
        tracing::warn!(%error, "cannot read the event log");
        Vec::new()
    });
    let log = SharedLog::new(Log::continuing(earlier));
    let is_checked = parts.inbox.is_checked();
    let lease = Lease::new(Arc::clone(&parts.clock));
    let inbox = InboxThread::start(parts.inbox, reports.clone(), results.clone());
    if !is_checked {
        tokio::spawn(checking::check(inbox.clone()));
    }
    let (end, ended) = watch::channel(None);
    let handle = Handle::new(
        commands,
        inbox.clone(),
        Arc::clone(&parts.clock),
        log.clone(),
        lease.clone(),
        ended,
    );
    let driver = Driver {
        engine: Engine::new(new_random()),
        inbox,
        connector: parts.connector,
        exchange: parts.exchange,
        recorder: Recorder::new(log.clone(), Arc::clone(&parts.clock)),
        saving: Saving::new(log),
        retaining: Retaining::default(),
        clock: parts.clock,
        configuration: None,
        profiles,
        connection: None,
        exchanging: None,
        results,
        reports,
        lease,
        has_unstored: false,
        unstored_is_stale: false,
    };
    tokio::spawn(async move {
        let how = driver.run_supervised(configuration, orders, arriving).await;
        end.send_replace(Some(how));
    });
    (handle, receiver)
}

fn new_random() -> StdRng {
    StdRng::from_rng(&mut rand::rng())
}

struct Driver {
    engine: Engine,
    inbox: InboxThread,
    connector: Arc<dyn Connector>,
    exchange: Arc<dyn Exchange>,
    clock: Arc<dyn Clock>,
    recorder: Recorder,
    saving: Saving,
    retaining: Retaining,
    configuration: Option<Configuration>,
    /// What worked, by source.
    profiles: HashMap<String, Profile>,
    connection: Option<Connection>,
    exchanging: Option<JoinHandle<()>>,
    results: UnboundedSender<Input>,
    reports: UnboundedSender<Report>,
    lease: Lease,
    /// The latest [`Report::Unstored`] named orders.
    has_unstored: bool,
    /// It came from an engine that panicked: the present one knows nothing of them.
    unstored_is_stale: bool,
}

impl Driver {
    /// Until it is told to end, with the configuration that is there.
    async fn run(
        &mut self,
        commands: &mut UnboundedReceiver<Command>,
        arriving: &mut UnboundedReceiver<Input>,
    ) {
        self.recorder.note(ActivityKind::Started);
        let is_read = self.tell_what_still_rings().await;
        let configuration = self.configuration.take();
        self.configure(configuration);
        if !is_read {
            let why = "the disk does not answer".to_owned();
            self.handle(Input::InboxFailed(why));
        }
        let told = loop {
            self.lease.renew();
            let wake = self.engine.next_wake();
            let now = self.clock.now().monotonic;
            let rest = wake.map(|wake| wake.saturating_sub(now));
            let save = self.saving.wait(now);
            let retain = self.retaining.wait(now);
            tokio::select! {
                command = commands.recv() => match command {
                    None => break None,
                    Some(Command::ShutDown(done)) => break Some(done),
                    Some(Command::Configure(configuration)) => self.configure(configuration.map(|c| *c)),
                    Some(Command::Retain(days)) => self.retaining.keep(days, now),
                    Some(Command::SyncNow) => {
                        self.recorder.asked_for("sync_now");
                        self.handle(Input::SyncNow);
                    }
                    Some(Command::NetworkChanged) => {
                        self.recorder.asked_for("network_changed");
                        self.handle(Input::NetworkChanged);
                    }
                    Some(Command::MoveSource { from, to, done }) => self.move_source(from, to, done),
                },
                Some(input) = arriving.recv() => self.arrived(input),
                event = next_event(&mut self.connection) => self.link_event(event),
                () = tokio::time::sleep(rest.unwrap_or_default()), if rest.is_some() => {
                    self.handle(Input::Tick);
                }
                () = tokio::time::sleep(save.unwrap_or_default()), if save.is_some() => {
                    let now = self.clock.now().monotonic;
                    self.saving.save(&self.inbox, now, self.recorder.is_busy());
                }
                () = tokio::time::sleep(retain.unwrap_or_default()), if retain.is_some() => self.retain(),
                () = tokio::time::sleep(RENEWED_EVERY) => {}
            }
        };
        self.close();
        self.abandon();
        self.recorder.note(ActivityKind::Ended);
        self.saving.save_all(&self.inbox);
        if let Some(done) = told {
            // Whoever asked may have gone.
            let _ = done.send(());
        }
    }

    /// Tells it, at once if the inbox can be read in time; whether it could.
    async fn tell_what_still_rings(&mut self) -> bool {
        let now = self.clock.now().wall;
        // Two jobs: a damaged table of the one must not silence the other.
        let orders = self.inbox.run(move |inbox| inbox.orders(now));
        let unreadable = self.inbox.run(|inbox| inbox.unseen_unreadable());
        let mut reading = Box::pin(async move { still_rings(orders.await, unreadable.await) });
        let Ok(reports) = tokio::time::timeout(READ_WITHIN, &mut reading).await else {
            tracing::error!("what still rings cannot be read: the disk does not answer");
            let reports = self.reports.clone();
            tokio::spawn(async move {
                for report in reading.await {
                    let _ = reports.send(report);
                }
            });
            return false;
        };
        for report in reports {
            self.report(report);
        }
        true
    }

    fn report(&mut self, report: Report) {
        if let Report::Unstored(orders) = &report {
            self.has_unstored = !orders.is_empty();
            self.unstored_is_stale = false;
        }
        self.recorder.report(&report);
        // Nobody listens any more: the program is ending.
        let _ = self.reports.send(report);
    }

    fn configure(&mut self, configuration: Option<Configuration>) {
        let setup = match &configuration {
            None => Setup::NotConfigured,
            Some(configuration) => match configuration.key {
                Key::Missing => Setup::KeyMissing,
                Key::Unavailable => Setup::KeyUnavailable,
                Key::Present(_) => Setup::Ready {
                    confirms: configuration.receiver == Some(Receiver::Campana),
                    profile: configuration.profile,
                    remembered: self.profiles.get(&configuration.address.source()).copied(),
                },
            },
        };
        self.recorder.configured(configuration.as_ref());
        self.configuration = configuration;
        let source = self.source().unwrap_or_default();
        self.handle(Input::Configure(setup, source.into()));
    }

    fn move_source(
        &mut self,
        from: String,
        to: String,
        done: oneshot::Sender<Result<(), InboxError>>,
    ) {
        if let Some(profile) = self.profiles.remove(&from) {
            self.profiles.entry(to.clone()).or_insert(profile);
        }
        // Begun here, so that it lies behind the pages that were being stored.
        let moving = self.inbox.run(move |inbox| inbox.move_source(&from, &to));
        tokio::spawn(async move {
            // Whoever asked may have gone.
            let _ = done.send(moving.await);
        });
    }

    /// What was asked for earlier is here.
    fn arrived(&mut self, input: Input) {
        match &input {
            Input::Exchanged(generation, result) => self.recorder.exchanged(*generation, result),
            Input::Stored(generation, result) => self.recorder.stored(Some(*generation), result),
            Input::PartialStored(_, result) => self.recorder.stored(None, result),
            Input::Configure(..)
            | Input::SyncNow
            | Input::NetworkChanged
            | Input::InboxFailed(_)
            | Input::Link(..)
            | Input::Tick => {}
        }
        let is_stored = matches!(input, Input::Stored(_, Ok(_)));
        self.handle(input);
        if is_stored && self.unstored_is_stale {
            // They were pulled again, or others took them.
            self.report(Report::Unstored(Vec::new()));
        }
    }

    fn close(&mut self) {
        self.connection = None;
        self.recorder.closed_by_campana();
    }

    fn handle(&mut self, input: Input) {
        // What was accepted goes into the transaction of the page that says so.
        let mut accepted = None;
        for effect in self.engine.handle(input, self.clock.now()) {
            match effect {
                Effect::Open(generation, transport) => self.open(generation, transport),
                Effect::Close => self.close(),
                Effect::Ask => {
                    if let Some(connection) = &self.connection {
                        self.recorder.question();
                        connection.link.ask();
                    }
                }
                Effect::Exchange(generation, profile, call) => {
                    self.exchange(generation, profile, call);
                }
                Effect::Abandon => self.abandon(),
                Effect::Store(generation, answer) => {
                    self.store(generation, answer, accepted.take());
                }
                Effect::StorePartial(orders) => self.store_partial(orders),
                Effect::NoteConfirmed(confirmation) => {
                    if let Some(before) = accepted.replace(confirmation) {
                        self.note_confirmed(before);
                    }
                }
                Effect::NoteRefused(kind, id) => self.note_refused(kind, id),
                Effect::RememberProfile(profile) => self.remember(profile),
                Effect::Report(report) => self.report(report),
            }
        }
        if let Some(accepted) = accepted {
            self.note_confirmed(accepted);
        }
    }

    fn with_key(&self) -> Option<(&Configuration, secrecy::SecretString)> {
        let configuration = self.configuration.as_ref()?;
        match &configuration.key {
            Key::Present(key) => Some((configuration, key.clone())),
            Key::Missing | Key::Unavailable => None,
        }
    }

    /// The next small step of retention. What is never confirmed from here need not be.
    fn retain(&mut self) {
        let watched = self
            .configuration
            .as_ref()
            .filter(|configuration| configuration.receiver == Some(Receiver::Till))
            .map(|configuration| configuration.address.source());
        let is_busy = self.recorder.is_busy();
        self.retaining
            .go_on(&self.inbox, self.clock.now(), watched, is_busy);
    }

    fn source(&self) -> Option<String> {
        Some(self.configuration.as_ref()?.address.source())
    }
}

fn still_rings(
    orders: Result<Vec<InboxOrder>, InboxError>,
    unreadable: Result<Vec<StoredAside>, InboxError>,
) -> Vec<Report> {
    let orders = orders.unwrap_or_else(|error| {
        tracing::error!(%error, "cannot read what still rings");
        Vec::new()
    });
    let ringing = orders
        .into_iter()
        .filter_map(|order| match order.attention {
            Attention::Ringing(kind) => Some(Report::Alert {
                order_id: order.id.key().to_owned(),
                kind,
                again: true,
            }),
            Attention::FromBefore | Attention::Seen => None,
        });
    let unreadable = unreadable.unwrap_or_else(|error| {
        tracing::error!(%error, "cannot read which unreadable orders still ring");
        Vec::new()
    });
    let unreadable = unreadable.into_iter().map(|aside| Report::Unreadable {
        kind: aside.kind,
        hash: aside.hash,
        reason: aside.reason,
        again: true,
    });
    ringing.chain(unreadable).collect()
}
