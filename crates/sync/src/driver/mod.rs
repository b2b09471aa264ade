//! The small async loop that carries inputs and effects between the engine and its rooms.

mod handle;
mod inbox_thread;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::Arc;

use campana_contract::{Confirmation, ElementKind, Order};
use rand::SeedableRng;
use rand::rngs::StdRng;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::JoinHandle;

pub use handle::Handle;

use crate::clock::Clock;
use crate::configuration::{Configuration, Key, Receiver};
use crate::engine::{
    Effect, Engine, ExchangeFailure, Generation, Input, LinkInput, Setup, StoreFailure,
};
use crate::http::{Answer, Call, Exchange, HttpFailure, Profile, Request};
use crate::inbox::{Arrival, Attention, Inbox, InboxError, Stored};
use crate::link::{Connector, Link, LinkEvent, Target, Transport};
use crate::report::Report;
use handle::Command;
use inbox_thread::InboxThread;

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
    let inbox = InboxThread::start(parts.inbox, reports.clone());
    let handle = Handle::new(commands, inbox.clone(), Arc::clone(&parts.clock));
    let driver = Driver {
        engine: Engine::new(StdRng::from_rng(&mut rand::rng())),
        inbox,
        connector: parts.connector,
        exchange: parts.exchange,
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
        self.tell_what_still_rings().await;
        self.configure(configuration);
        let told = loop {
            let wake = self.engine.next_wake();
            let now = self.clock.now().monotonic;
            let rest = wake.map(|wake| wake.saturating_sub(now));
            tokio::select! {
                command = commands.recv() => match command {
                    None => break None,
                    Some(Command::ShutDown(done)) => break Some(done),
                    Some(Command::Configure(configuration)) => self.configure(configuration.map(|c| *c)),
                    Some(Command::SyncNow) => self.handle(Input::SyncNow),
                    Some(Command::NetworkChanged) => self.handle(Input::NetworkChanged),
                },
                Some(input) = arriving.recv() => self.handle(input),
                event = next_event(&mut self.connection) => self.link_event(event),
                () = tokio::time::sleep(rest.unwrap_or_default()), if rest.is_some() => {
                    self.handle(Input::Tick);
                }
            }
        };
        self.connection = None;
        self.abandon();
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

    fn report(&self, report: Report) {
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
        self.configuration = configuration;
        self.handle(Input::Configure(setup));
    }

    fn handle(&mut self, input: Input) {
        for effect in self.engine.handle(input, self.clock.now()) {
            match effect {
                Effect::Open(generation, transport) => self.open(generation, transport),
                Effect::Close => self.connection = None,
                Effect::Ask => {
                    if let Some(connection) = &self.connection {
                        connection.link.ask();
                    }
                }
                Effect::Exchange(generation, profile, call) => {
                    self.exchange(generation, profile, call);
                }
                Effect::Abandon => self.abandon(),
                Effect::Store(generation, answer) => self.store(generation, answer),
                Effect::StorePartial(orders) => self.store_partial(orders),
                Effect::NoteConfirmed(confirmation) => self.note_confirmed(confirmation),
                Effect::NoteRefused(kind, id) => self.note_refused(kind, id),
                Effect::RememberProfile(profile) => self.remember(profile),
                Effect::Report(report) => self.report(report),
            }
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
        let input = match event {
            LinkEvent::Joined => LinkInput::Joined,
            LinkEvent::Changes => LinkInput::Changes,
            LinkEvent::Other(name) => LinkInput::Other(name),
            LinkEvent::Refused(refusal) => LinkInput::Refused(refusal),
            LinkEvent::Closed(closed) => LinkInput::Closed(closed),
            LinkEvent::Pending(pending) => {
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
        }
    }

    fn source(&self) -> Option<String> {
        Some(self.configuration.as_ref()?.address.source())
    }

    fn store(&mut self, generation: Generation, answer: Answer) {
        let Some(source) = self.source() else { return };
        let arrival = self.arrival(&answer);
        let storing = self
            .inbox
            .run(move |inbox| inbox.store(&source, &answer.page, arrival));
        let results = self.results.clone();
        tokio::spawn(async move {
            let stored = storing.await.map_err(|error| store_failure(&error));
            let _ = results.send(Input::Stored(generation, stored));
        });
        // Behind the page in the queue: the confirmation does not wait for the backup.
        let backing_up = self
            .inbox
            .run(move |inbox| inbox.back_up_if_due(arrival.received_at));
        tokio::spawn(async move {
            if let Err(error) = backing_up.await {
                tracing::warn!(%error, "the inbox has no new backup");
            }
        });
    }

    fn arrival(&self, answer: &Answer) -> Arrival {
        Arrival {
            received_at: self.clock.now().wall,
            server_time: answer.server_time,
        }
    }

    fn store_partial(&mut self, orders: Vec<Order>) {
        let Some(source) = self.source() else { return };
        let arrival = Arrival {
            received_at: self.clock.now().wall,
            server_time: None,
        };
        let storing = self
            .inbox
            .run(move |inbox| inbox.store_partial(&source, &orders, arrival));
        let results = self.results.clone();
        tokio::spawn(async move {
            let stored: Result<Stored, _> = storing.await.map_err(|error| store_failure(&error));
            let _ = results.send(Input::PartialStored(stored));
        });
    }

    fn note_refused(&mut self, kind: ElementKind, id: String) {
        let Some(source) = self.source() else { return };
        let at = self.clock.now().wall;
        let noting = self
            .inbox
            .run(move |inbox| inbox.confirmation_refused(&source, kind, &id, at));
        tokio::spawn(async move {
            if let Err(error) = noting.await {
                // It is for people to read only: nothing is decided by it.
                tracing::warn!(%error, "cannot note a refused confirmation");
            }
        });
    }

    fn remember(&mut self, profile: Profile) {
        let Some(source) = self.source() else { return };
        self.profiles.insert(source.clone(), profile);
        let noting = self
            .inbox
            .run(move |inbox| inbox.remember_profile(&source, profile));
        tokio::spawn(async move {
            if let Err(error) = noting.await {
                // The next start finds it out anew.
                tracing::warn!(%error, "cannot note which profile works");
            }
        });
    }

    fn note_confirmed(&mut self, confirmation: Confirmation) {
        let Some(source) = self.source() else { return };
        let at = self.clock.now().wall;
        let noting = self
            .inbox
            .run(move |inbox| inbox.confirmed(&source, &confirmation, at));
        tokio::spawn(async move {
            if let Err(error) = noting.await {
                // It is for people to read only: nothing is decided by it.
                tracing::warn!(%error, "cannot note a confirmation");
            }
        });
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

fn store_failure(error: &InboxError) -> StoreFailure {
    match error {
        InboxError::DiskFull => StoreFailure::DiskFull,
        InboxError::InUse(_)
        | InboxError::Damaged(_)
        | InboxError::Newer(_)
        | InboxError::Unusable(_) => StoreFailure::Unwritable(error.to_string()),
    }
}
