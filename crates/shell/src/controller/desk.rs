//! What this turn wants done outside, and what failed and is tried again.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use campana_sync::settings::{Chime, Preferences};
use tokio::time::Instant;
use url::Url;

use crate::desktop::{Alarm, Notice, NoticeId, Window, Words};
use crate::effects::{
    Effect, Kind, NotificationEffect, Outcome, SoundEffect, SystemEffect, WindowEffect,
};
use crate::tray::TrayView;
use crate::view::{CheckView, View};

/// From a failure to the next try. It doubles with each further one up to [`LONGEST_RETRY`].
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(60);
/// How often what means something at its moment only is tried.
const MOMENTARY_TRIES: u32 = 3;

/// The effects of a turn, and those that failed.
#[derive(Default)]
pub(super) struct Desk {
    effects: Vec<Effect>,
    /// Of each kind what was wanted last; of notifications [`super::notices`] knows it.
    latest: HashMap<Kind, Effect>,
    failures: HashMap<Kind, Failure>,
    /// Windows whose page is loaded.
    pages: HashSet<Window>,
}

struct Failure {
    effect: Effect,
    tries: u32,
    /// When it is tried again; `None` while that is under way.
    again: Option<Instant>,
}

impl Desk {
    /// The effects of this turn, in order.
    pub fn take(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// When something is tried again.
    pub fn deadline(&self) -> Option<Instant> {
        let again = self.failures.values().filter_map(|failure| failure.again);
        again.min()
    }

    /// Tries again what is due.
    pub fn on_time(&mut self, now: Instant) {
        for failure in self.failures.values_mut() {
            if failure.again.take_if(|at| now >= *at).is_some() {
                self.effects.push(failure.effect.clone());
            }
        }
    }

    /// How an effect went.
    pub fn went(&mut self, outcome: Outcome, now: Instant) {
        let (effect, reason) = match outcome {
            Outcome::Done(kind) => {
                self.failures.remove(&kind);
                return;
            }
            Outcome::Failed(effect, reason) => (*effect, reason),
        };
        let kind = effect.kind();
        tracing::warn!(?kind, reason, "not done");
        if self
            .latest
            .get(&kind)
            .is_some_and(|latest| *latest != effect)
        {
            // A newer one is on its way, and tells by itself how it went.
            return;
        }
        let tries = self.failures.get(&kind).map_or(0, |before| before.tries) + 1;
        if kind.is_momentary() && tries >= MOMENTARY_TRIES {
            self.failures.remove(&kind);
            return;
        }
        let doubled = FIRST_RETRY.saturating_mul(1 << (tries - 1).min(16));
        let again = Some(now + doubled.min(LONGEST_RETRY));
        let failure = Failure {
            effect,
            tries,
            again,
        };
        self.failures.insert(kind, failure);
    }

    fn push(&mut self, effect: Effect) {
        let kind = effect.kind();
        if let Some(failure) = self.failures.get_mut(&kind) {
            failure.again = None;
        }
        if !matches!(kind, Kind::Notice(_)) {
            self.latest.insert(kind, effect.clone());
        }
        self.effects.push(effect);
    }

    /// Hands on what differs from what was wanted before.
    fn follow(&mut self, effect: Effect) {
        if self.latest.get(&effect.kind()) != Some(&effect) {
            self.push(effect);
        }
    }

    /// How the tray looks.
    pub fn draw_tray(&mut self, tray: TrayView) {
        self.follow(Effect::Tray(tray));
    }
    /// What the windows show.
    pub fn draw(&mut self, view: Arc<View>) {
        self.follow(Effect::View(view));
    }
    /// What was last drawn.
    pub fn drawn(&self) -> Option<&View> {
        match self.latest.get(&Kind::View) {
            Some(Effect::View(view)) => Some(view),
            _ => None,
        }
    }

    /// What sounds until it is changed.
    pub fn ring(&mut self, alarm: Option<Alarm>) {
        self.follow(Effect::Sound(SoundEffect::Alarm(alarm)));
    }
    /// Sounds once.
    pub fn chime(&mut self) {
        self.push(Effect::Sound(SoundEffect::Chime));
    }
    /// Lets somebody hear this chime at this volume in percent.
    pub fn preview(&mut self, chime: Chime, volume: u8) {
        self.push(Effect::Sound(SoundEffect::Preview(chime, volume)));
    }

    /// Shows a notification.
    pub fn notify(&mut self, notice: Notice) {
        self.push(Effect::Notification(NotificationEffect::Show(notice)));
    }
    /// Takes one back.
    pub fn withdraw(&mut self, notice: NoticeId) {
        self.push(Effect::Notification(NotificationEffect::Withdraw(notice)));
    }

    /// The taskbar shows that the app needs somebody, or does so no more.
    pub fn attract(&mut self, needs_somebody: bool) {
        self.follow(Effect::Window(WindowEffect::Attention(needs_somebody)));
    }
    /// Opens this window, or brings it to the front.
    pub fn open(&mut self, window: Window) {
        self.push(Effect::Window(WindowEffect::Open(window)));
    }
    /// Closes it, if it is open.
    pub fn close(&mut self, window: Window) {
        self.push(Effect::Window(WindowEffect::Close(window)));
    }
    /// Selects this order in the main window.
    pub fn show_order(&mut self, order: &str) {
        self.push(Effect::Window(WindowEffect::ShowOrder(order.to_owned())));
    }
    /// A line of *Probar conexión*.
    pub fn show_check(&mut self, check: CheckView) {
        self.push(Effect::Window(WindowEffect::Check(check)));
    }
    /// Whether this window's page is loaded.
    pub fn has_page(&self, window: Window) -> bool {
        self.pages.contains(&window)
    }
    /// This window's page is loaded and listens.
    pub fn page_ready(&mut self, window: Window) {
        self.pages.insert(window);
        self.push(Effect::Window(WindowEffect::PageReady(window)));
    }
    /// This window was closed.
    pub fn page_gone(&mut self, window: Window) {
        self.pages.remove(&window);
        // Somebody may have closed what could not be brought to the front.
        self.failures.remove(&Kind::Window(window));
        self.push(Effect::Window(WindowEffect::PageGone(window)));
    }

    /// Opens this page in the browser.
    pub fn browse(&mut self, page: Url) {
        self.push(Effect::System(SystemEffect::Browse(page)));
    }
    /// What the desktop itself has to say.
    pub fn speak(&mut self, words: Words) {
        self.push(Effect::Window(WindowEffect::Words(words.clone())));
        self.push(Effect::Notification(NotificationEffect::Words(words)));
    }
    /// The settings changed: sound, windows and system follow.
    pub fn prefer(&mut self, preferences: &Preferences) {
        let alerts = preferences.alerts.clone();
        self.push(Effect::Sound(SoundEffect::Preferences(alerts)));
        let theme = preferences.appearance.theme;
        self.push(Effect::Window(WindowEffect::Theme(theme)));
        let keep_awake = preferences.system.keep_awake;
        self.push(Effect::System(SystemEffect::KeepAwake(keep_awake)));
    }
}
