//! New versions: looked for by itself, installed only when somebody wants it and nothing rings.

use std::sync::Arc;
use std::time::Duration;

use campana_sync::inbox::Attention;
use campana_sync::status::StatusKind;
use rand::RngExt as _;
use rand::rngs::StdRng;
use tokio::time::Instant;

use super::{Controller, Input, SHUT_DOWN};
use crate::updates::{UpdateFailure, Updates, Way};
use crate::view::{UpdateStage, UpdatesView};

const MINUTE: u64 = 60;
const HOUR: u64 = 60 * MINUTE;
/// Seconds from the start to the first look; never all shops after a power cut at once.
const FIRST: std::ops::Range<u64> = MINUTE..5 * MINUTE;
/// Seconds from a look that succeeded to the next.
const DAILY: std::ops::Range<u64> = 24 * HOUR..26 * HOUR;
/// Seconds from one that failed.
const AGAIN: std::ops::Range<u64> = HOUR..2 * HOUR;
/// What is fetched waits so long for a quiet moment; somebody stands before the window.
const QUIET_WITHIN: Duration = Duration::from_secs(60);
/// Orders ring or wait, so Campana does not end now.
const ORDERS_WAIT: &str = "update-orders-wait";

/// How far looking and installing are.
pub(super) struct Updating {
    updates: Option<Arc<dyn Updates>>,
    randomness: StdRng,
    /// The next look by itself.
    next: Option<Instant>,
    /// Until when what is fetched, or in place already, waits for a quiet moment.
    quiet_by: Option<Instant>,
    /// It is in place already: only the start is missing.
    is_in_place: bool,
}

/// What became of a look or an update.
pub enum UpdateNews {
    /// The number of a newer version, if there is one.
    Checked(Result<Option<String>, UpdateFailure>),
    /// It is here and genuine.
    Downloaded(Result<(), UpdateFailure>),
    /// It is in this one's place.
    Installed(Result<(), UpdateFailure>),
}

impl Updating {
    pub fn new(updates: Option<Arc<dyn Updates>>, randomness: StdRng) -> Self {
        Self {
            updates,
            randomness,
            next: None,
            quiet_by: None,
            is_in_place: false,
        }
    }

    /// When there is something to do; what waits for quiet needs no hour while it is not.
    pub fn deadline(&self, is_quiet: bool, now: Instant) -> Option<Instant> {
        match self.quiet_by {
            Some(_) if is_quiet => Some(now),
            Some(by) => Some(by),
            None => self.next.filter(|_| is_quiet),
        }
    }

    fn look_within(&mut self, seconds: std::ops::Range<u64>, now: Instant) {
        let seconds = self.randomness.random_range(seconds);
        self.next = Some(now + Duration::from_secs(seconds));
    }
}

impl Controller {
    pub(super) fn begin_updating(&mut self) {
        let Some(updates) = &self.updating.updates else {
            return;
        };
        self.state.updates = Some(UpdatesView {
            available: None,
            installs: updates.way() != Way::Package,
            stage: UpdateStage::Idle,
            checked_at: None,
            failure: None,
        });
        self.updating.look_within(FIRST, self.now.at);
    }

    /// No order rings or waits, nothing sounds, and no page is being fetched or stored.
    pub(super) fn is_quiet(&self) -> bool {
        let mut orders = self.state.orders.iter();
        self.sounding.is_silent()
            && self.alerts.is_empty()
            && self.reading.unread.is_empty()
            && self.state.unstored.is_empty()
            && self.state.status.kind != StatusKind::Syncing
            && !orders.any(|order| matches!(order.attention, Attention::Ringing(_)))
    }

    /// *Buscar actualizaciones*.
    pub(super) fn check_for_updates(&mut self) {
        let Some(updates) = self.updates_at_rest() else {
            return;
        };
        self.updating.next = None;
        self.update_stage(UpdateStage::Checking);
        let sender = self.reach.sender.clone();
        tokio::spawn(async move {
            let news = UpdateNews::Checked(updates.check().await);
            let _ = sender.send(Input::Update(news));
        });
    }

    /// *Instalar ahora*.
    pub(super) fn install_update(&mut self) {
        let Some(updates) = self.updates_at_rest() else {
            return;
        };
        let is_there = self.state.updates.as_ref();
        if !is_there.is_some_and(|view| view.installs && view.available.is_some()) {
            return;
        }
        if !self.is_quiet() && self.state.status.kind != StatusKind::Syncing {
            return self.update_failed(ORDERS_WAIT);
        }
        self.update_stage(UpdateStage::Downloading);
        let sender = self.reach.sender.clone();
        tokio::spawn(async move {
            let news = UpdateNews::Downloaded(updates.download().await);
            let _ = sender.send(Input::Update(news));
        });
    }

    pub(super) fn update_news(&mut self, news: UpdateNews) {
        match news {
            UpdateNews::Checked(Ok(version)) => {
                tracing::info!(?version, "looked for a newer version");
                let now = self.now.wall.0;
                self.update_stage(UpdateStage::Idle);
                if let Some(view) = &mut self.state.updates {
                    view.available = version;
                    view.checked_at = Some(now);
                }
                self.updating.look_within(DAILY, self.now.at);
            }
            UpdateNews::Checked(Err(failure)) => {
                self.update_failed_by(&failure);
                self.updating.look_within(AGAIN, self.now.at);
            }
            UpdateNews::Downloaded(Ok(())) => {
                self.wait_for_quiet();
            }
            UpdateNews::Installed(Ok(())) if self.way_of_updates() == Some(Way::InPlace) => {
                // An order may have come meanwhile.
                self.updating.is_in_place = true;
                self.wait_for_quiet();
            }
            UpdateNews::Installed(Ok(())) => self.start_anew(),
            UpdateNews::Downloaded(Err(failure)) => self.update_failed_by(&failure),
            UpdateNews::Installed(Err(failure)) => {
                self.update_failed_by(&failure);
                if self.way_of_updates() == Some(Way::Installer) {
                    // The engine has ended for it.
                    self.start_anew();
                }
            }
        }
    }

    pub(super) fn on_update_time(&mut self, now: Instant) {
        let is_quiet = self.is_quiet();
        if let Some(by) = self.updating.quiet_by {
            if is_quiet {
                self.updating.quiet_by = None;
                if self.updating.is_in_place {
                    return self.start_anew();
                }
                self.replace_this_version();
            } else if now >= by {
                self.updating.quiet_by = None;
                self.updating.is_in_place = false;
                self.update_failed(ORDERS_WAIT);
            }
        } else if is_quiet && self.updating.next.is_some_and(|at| now >= at) {
            self.check_for_updates();
        }
    }

    fn wait_for_quiet(&mut self) {
        self.update_stage(UpdateStage::Waiting);
        self.updating.quiet_by = Some(self.now.at + QUIET_WITHIN);
    }

    fn replace_this_version(&mut self) {
        let Some(updates) = self.updating.updates.clone() else {
            return;
        };
        self.update_stage(UpdateStage::Installing);
        let (sender, engine) = (self.reach.sender.clone(), self.reach.engine.clone());
        tokio::spawn(async move {
            if updates.way() == Way::Installer {
                // The installer ends the app without asking what is being written.
                let _ = tokio::time::timeout(SHUT_DOWN, engine.shut_down()).await;
            }
            let news = UpdateNews::Installed(updates.install().await);
            let _ = sender.send(Input::Update(news));
        });
    }

    fn start_anew(&mut self) {
        self.quitting.starts_anew = true;
        self.quitting.is_decided = true;
    }

    fn updates_at_rest(&self) -> Option<Arc<dyn Updates>> {
        let view = self.state.updates.as_ref();
        let is_idle = view.is_some_and(|view| view.stage == UpdateStage::Idle);
        self.updating.updates.clone().filter(|_| is_idle)
    }

    fn way_of_updates(&self) -> Option<Way> {
        Some(self.updating.updates.as_ref()?.way())
    }

    fn update_stage(&mut self, stage: UpdateStage) {
        if let Some(view) = &mut self.state.updates {
            view.stage = stage;
            view.failure = None;
        }
    }

    fn update_failed_by(&mut self, failure: &UpdateFailure) {
        tracing::warn!(%failure, "no update");
        self.update_failed(failure.code());
    }

    fn update_failed(&mut self, code: &str) {
        self.update_stage(UpdateStage::Idle);
        if let Some(view) = &mut self.state.updates {
            view.failure = Some(code.to_owned());
        }
    }
}
