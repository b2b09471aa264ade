//! The small async loop that carries inputs and effects between the engine and its rooms.

mod checking;
mod handle;
mod inbox_thread;
mod notes;
mod reading_thread;
mod recorder;
mod retaining;
mod saving;
mod storing;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use handle::Handle;

use crate::activity::{ActivityKind, KEPT, Log};
use crate::clock::Clock;
use crate::configuration::{Configuration, Key, Receiver};
use crate::engine::{Effect, Engine, ExchangeFailure, Generation, Input, LinkInput, Setup};
use crate::http::{Call, Exchange, HttpFailure, Profile, Request};
use crate::inbox::{Attention, Inbox, InboxError};
use crate::link::{Connector, Link, LinkEvent, Target, Transport};
use crate::report::Report;
use handle::Command;
use inbox_thread::InboxThread;
use recorder::{Recorder, SharedLog};
use retaining::Retaining;
use saving::Saving;

/// How many events of a connection may wait; what is more is repetition.
const LINK_EVENTS: usize = 64;

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
    let inbox = InboxThread::start(parts.inbox, reports.clone());
    if !is_checked {
        tokio::spawn(checking::check(inbox.clone()));
    }
    let handle = Handle::new(
        commands,
        inbox.clone(),
        Arc::clone(&parts.clock),
        log.clone(),
    );
    let driver = Driver {
        engine: Engine::new(StdRng::from_rng(&mut rand::rng())),
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
    };
    tokio::spawn(driver.run(configuration, orders, arriving));
    (handle, receiver)
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
}

/// The present connection; dropping it closes it.
struct Connection {
    generation: Generation,
    link: Box<dyn Link>,
    events: mpsc::Receiver<LinkEvent>,
}

impl Driver {
    async fn run(
        mut self,
        configuration: Option<Configuration>,
        mut commands: UnboundedReceiver<Command>,
        mut arriving: UnboundedReceiver<Input>,
    ) {
        self.recorder.note(ActivityKind::Started);
        self.tell_what_still_rings().await;
        self.configure(configuration);
        let told = loop {
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

    async fn tell_what_still_rings(&mut self) {
        let now = self.clock.now().wall;
        match self.inbox.run(move |inbox| inbox.orders(now)).await {
            Ok(orders) => {
                for order in orders {
                    if let Attention::Ringing(kind) = order.attention {
                        self.report(Report::Alert {
                            order_id: order.id.key().to_owned(),
                            kind,
                            again: true,
                        });
                    }
                }
            }
            Err(error) => tracing::error!(%error, "cannot read what still rings"),
        }
    }

    fn report(&mut self, report: Report) {
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
        self.handle(Input::Configure(setup));
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
            Input::Configure(_)
            | Input::SyncNow
            | Input::NetworkChanged
            | Input::Link(..)
            | Input::Tick => {}
        }
        self.handle(input);
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

    fn open(&mut self, generation: Generation, transport: Transport) {
        // The old one first: two connections of one client are never up together.
        self.connection = None;
        let Some((configuration, key)) = self.with_key() else {
            return;
        };
        let target = Target {
            address: configuration.address.clone(),
            key,
            transport,
            certificate_authority: configuration.certificate_authority.clone(),
        };
        self.recorder.connecting(transport);
        let (sender, events) = mpsc::channel(LINK_EVENTS);
        self.connection = Some(Connection {
            generation,
            link: self.connector.open(target, sender),
            events,
        });
    }

    fn link_event(&mut self, event: LinkEvent) {
        let Some(generation) = self.connection.as_ref().map(|c| c.generation) else {
            return;
        };
        self.recorder.link(&event);
        let input = match event {
            LinkEvent::Joined => LinkInput::Joined,
            LinkEvent::Changes => LinkInput::Changes,
            LinkEvent::Other { name, .. } => LinkInput::Other(name),
            LinkEvent::Refused(refusal) => LinkInput::Refused(refusal),
            LinkEvent::Closed(closed) => LinkInput::Closed(closed),
            LinkEvent::Pending(pending) => {
                // A slow disk must not make a living connection look dead.
                self.handle(Input::Link(generation, LinkInput::Answered));
                let Some(source) = self.source() else { return };
                let reading = self.inbox.run(move |inbox| {
                    let news = inbox.news_among(&source, &pending)?;
                    Ok(news.into_iter().cloned().collect::<Vec<_>>())
                });
                let results = self.results.clone();
                tokio::spawn(async move {
                    let news = reading.await.unwrap_or_else(|error| {
                        // The answer itself counts; what it names is found by the next pull.
                        tracing::warn!(%error, "cannot compare pending orders with the inbox");
                        Vec::new()
                    });
                    let _ = results.send(Input::Link(generation, LinkInput::Pending { news }));
                });
                return;
            }
        };
        self.handle(Input::Link(generation, input));
    }

    fn exchange(&mut self, generation: Generation, profile: Profile, call: Call) {
        self.abandon();
        let Some((configuration, key)) = self.with_key() else {
            return;
        };
        let request = Request {
            address: configuration.address.clone(),
            key,
            profile,
            call,
            certificate_authority: configuration.certificate_authority.clone(),
        };
        self.recorder.exchange(generation, profile, &request.call);
        let exchange = Arc::clone(&self.exchange);
        let results = self.results.clone();
        self.exchanging = Some(tokio::spawn(async move {
            let address = request.address.clone();
            let result = match exchange.exchange(request).await {
                Ok(answer) => Ok(answer),
                Err(failure) => {
                    let no_network = matches!(failure, HttpFailure::Unreachable(_))
                        && !crate::network::leads_to(&address);
                    Err(ExchangeFailure {
                        failure,
                        no_network,
                    })
                }
            };
            let _ = results.send(Input::Exchanged(generation, result));
        }));
    }

    fn abandon(&mut self) {
        if let Some(exchanging) = self.exchanging.take() {
            exchanging.abort();
            self.recorder.abandoned();
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

/// The connection's next event; a channel that ends without a last word means closed. Without a
/// connection, never.
async fn next_event(connection: &mut Option<Connection>) -> LinkEvent {
    match connection {
        Some(connection) => connection.events.recv().await.unwrap_or_else(|| {
            LinkEvent::Closed(crate::link::Closed::Lost("it ended without a word".into()))
        }),
        None => std::future::pending().await,
    }
}
