//! The engine of an inbox that may not open at once: another Campana may hold its folder, or the
//! disk may be full. It keeps trying, and reports that meanwhile. An engine that was given up after panics starts
//! again the same way.

#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use campana_contract::Timestamp;
use campana_shell::archive::Archive;
use campana_shell::controller::Input;
use campana_shell::engine::Engine;
use campana_sync::activity::Activity;
use campana_sync::clock::Clock;
use campana_sync::configuration::Configuration;
use campana_sync::driver::{self, Ended, Handle, Parts};
use campana_sync::http::Exchange;
use campana_sync::inbox::{
    Aside, BegunTicket, Found, Inbox, InboxError, InboxOrder, OrderVersion, Search, TicketWay,
    UnreadableOrder,
};
use campana_sync::link::Connector;
use campana_sync::network;
use campana_sync::report::Report;
use campana_sync::status::{Cause, Status, StatusKind};
use tokio::sync::mpsc::UnboundedSender;

/// How long to wait before the inbox is tried again.
const RETRY: Duration = Duration::from_secs(10);

/// What the engine is made of, but for the inbox.
#[derive(Clone)]
pub struct Rooms {
    /// The folder of the inbox.
    pub folder: PathBuf,
    /// Opens the Socket.IO connection.
    pub connector: Arc<dyn Connector>,
    /// Pulls and confirms.
    pub exchange: Arc<dyn Exchange>,
    /// Both clocks.
    pub clock: Arc<dyn Clock>,
}

/// An engine that begins to work as soon as its inbox opens.
#[derive(Clone)]
pub struct LateEngine(Arc<Mutex<Stage>>);

enum Stage {
    /// The inbox is not open yet; this is what to start with.
    Waiting(Option<Configuration>),
    /// The engine works, with this.
    Running(Handle, Option<Configuration>),
    Ended,
}

impl LateEngine {
    /// Starts opening; what the engine reports, and that the inbox does not open, goes to `inputs`.
    pub fn start(rooms: Rooms, inputs: UnboundedSender<Input>) -> Self {
        let engine = Self(Arc::new(Mutex::new(Stage::Waiting(None))));
        tokio::spawn(engine.clone().keep_running(rooms, inputs));
        engine
    }

    async fn keep_running(self, rooms: Rooms, inputs: UnboundedSender<Input>) {
        while let Some(inbox) = self.open(&rooms, &inputs).await
            && self.run(inbox, rooms.clone(), &inputs).await == Some(Ended::Panicked)
        {
            self.wait_to_start_again().await;
        }
    }

    /// Closes what panicked again and again. Its inbox may hang: then the next one finds it in use, and says so.
    async fn wait_to_start_again(&self) {
        let before = {
            let mut stage = self.stage();
            match std::mem::replace(&mut *stage, Stage::Ended) {
                Stage::Running(handle, configuration) => {
                    *stage = Stage::Waiting(configuration);
                    Some(handle)
                }
                Stage::Waiting(configuration) => {
                    *stage = Stage::Waiting(configuration);
                    None
                }
                Stage::Ended => None,
            }
        };
        if let Some(handle) = before {
            tracing::error!("the engine was given up; it starts again");
            let _ = tokio::time::timeout(RETRY, handle.shut_down()).await;
            tokio::time::sleep(RETRY).await;
        }
    }

    /// The inbox, as soon as it opens; `None` when the app ends first.
    async fn open(&self, rooms: &Rooms, inputs: &UnboundedSender<Input>) -> Option<Inbox> {
        let since = rooms.clock.now().wall;
        loop {
            if self.has_ended() {
                return None;
            }
            let folder = rooms.folder.clone();
            let opened = tokio::task::spawn_blocking(move || Inbox::open_at_start(&folder)).await;
            let failure = match opened {
                Ok(Ok(inbox)) => return Some(inbox),
                Ok(Err(error)) => error,
                Err(join) => InboxError::Unusable(join.to_string()),
            };
            tracing::error!(%failure, "the inbox does not open");
            let next = Timestamp(
                rooms
                    .clock
                    .now()
                    .wall
                    .0
                    .saturating_add(i64::try_from(RETRY.as_millis()).unwrap_or(0)),
            );
            let status = storage_failed(&failure, since, next);
            if self.has_ended() || inputs.send(Input::Report(Report::Status(status))).is_err() {
                return None;
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Passes on what the engine reports until it ends; how it ended, or `None` when the app does.
    async fn run(
        &self,
        inbox: Inbox,
        rooms: Rooms,
        inputs: &UnboundedSender<Input>,
    ) -> Option<Ended> {
        let (handle, mut reports) = {
            let mut stage = self.stage();
            let Stage::Waiting(configuration) = &mut *stage else {
                return None;
            };
            let configuration = configuration.take();
            let parts = Parts {
                inbox,
                connector: rooms.connector,
                exchange: rooms.exchange,
                clock: rooms.clock,
            };
            let (handle, reports) = driver::start(parts, configuration.clone());
            *stage = Stage::Running(handle.clone(), configuration);
            (handle, reports)
        };
        let watched = handle.clone();
        let _watch = network::watch(move || watched.network_changed()).inspect_err(
            |reason| tracing::warn!(%reason, "a change of the network is not noticed"),
        );
        inputs.send(Input::EngineRuns).ok()?;
        let ended = handle.ended();
        tokio::pin!(ended);
        loop {
            tokio::select! {
                // What it reported before it ended comes first.
                biased;
                report = reports.recv() => match report {
                    Some(report) => inputs.send(Input::Report(report)).ok()?,
                    None => return Some(ended.await),
                },
                how = &mut ended => return Some(how),
            }
        }
    }

    /// How long ago the engine was last alive; `None` while none runs.
    pub fn age(&self) -> Option<Duration> {
        match &*self.stage() {
            Stage::Running(handle, _) => Some(handle.lease().age()),
            Stage::Waiting(_) | Stage::Ended => None,
        }
    }

    fn stage(&self) -> std::sync::MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_ended(&self) -> bool {
        matches!(&*self.stage(), Stage::Ended)
    }

    fn handle(&self) -> Result<Handle, InboxError> {
        match &*self.stage() {
            Stage::Running(handle, _) => Ok(handle.clone()),
            Stage::Waiting(_) | Stage::Ended => {
                Err(InboxError::Unusable("the inbox is not open".into()))
            }
        }
    }
}

fn storage_failed(failure: &InboxError, since: Timestamp, next: Timestamp) -> Status {
    let cause = match failure {
        InboxError::DiskFull => Cause::DiskFull,
        InboxError::InUse(_)
        | InboxError::Damaged(_)
        | InboxError::Newer(_)
        | InboxError::Unusable(_) => Cause::InboxUnwritable,
    };
    Status {
        cause: Some(cause),
        next_attempt: Some(next),
        detail: Some(failure.to_string()),
        ..Status::new(StatusKind::StorageFailed, since)
    }
}

#[async_trait]
impl Engine for LateEngine {
    fn configure(&self, new: Option<Configuration>) {
        match &mut *self.stage() {
            Stage::Waiting(configuration) => *configuration = new,
            Stage::Running(handle, configuration) => {
                configuration.clone_from(&new);
                handle.configure(new);
            }
            Stage::Ended => {}
        }
    }
    fn sync_now(&self) {
        if let Ok(handle) = self.handle() {
            handle.sync_now();
        }
    }
    async fn orders(&self, seen_since: Timestamp) -> Result<Vec<InboxOrder>, InboxError> {
        self.handle()?.orders(seen_since).await
    }
    async fn unreadable_orders(
        &self,
        seen_since: Timestamp,
    ) -> Result<Vec<UnreadableOrder>, InboxError> {
        self.handle()?.unreadable_orders(seen_since).await
    }
    async fn mark_unreadable_seen(&self, hashes: Vec<String>) -> Result<(), InboxError> {
        self.handle()?.mark_unreadable_seen(hashes).await
    }
    async fn mark_all_seen(&self, orders: Vec<OrderVersion>) -> Result<(), InboxError> {
        self.handle()?.mark_all_seen(orders).await
    }
    async fn mark_from_before_seen(&self) -> Result<(), InboxError> {
        self.handle()?.mark_from_before_seen().await
    }
    async fn knows(&self, source: &str) -> Result<bool, InboxError> {
        self.handle()?.knows(source).await
    }
    async fn move_source(&self, from: &str, to: &str) -> Result<(), InboxError> {
        self.handle()?.move_source(from, to).await
    }
    fn latest_activity(&self, limit: usize) -> Vec<Activity> {
        self.handle()
            .map(|handle| handle.activity(limit))
            .unwrap_or_default()
    }
    async fn shut_down(&self) {
        let before = std::mem::replace(&mut *self.stage(), Stage::Ended);
        if let Stage::Running(handle, _) = before {
            handle.shut_down().await;
        }
    }
}

#[async_trait]
impl Archive for LateEngine {
    async fn search(&self, search: Search) -> Result<Found, InboxError> {
        self.handle()?.search(search).await
    }
    async fn order(&self, source: &str, id: &str) -> Result<Option<InboxOrder>, InboxError> {
        self.handle()?.order(source, id).await
    }
    fn activity(&self, limit: usize) -> Result<Vec<Activity>, InboxError> {
        Ok(self.handle()?.activity(limit))
    }
    async fn set_aside(&self) -> Result<Vec<Aside>, InboxError> {
        self.handle()?.set_aside().await
    }
    async fn mark_unseen(&self, source: &str, id: &str) -> Result<bool, InboxError> {
        self.handle()?.mark_unseen(source, id).await
    }
    fn retain(&self, days: u32) {
        // One that does not run yet is told when it does.
        if let Ok(handle) = self.handle() {
            handle.retain(days);
        }
    }
    async fn begin_ticket(
        &self,
        source: &str,
        id: &str,
        way: TicketWay,
    ) -> Result<Option<BegunTicket>, InboxError> {
        self.handle()?.begin_ticket(source, id, way).await
    }
    async fn end_ticket(&self, ticket: BegunTicket, is_printed: bool) -> Result<(), InboxError> {
        self.handle()?.end_ticket(ticket, is_printed).await
    }
}
