//! What sounds, flashes and asks for attention now.

use std::time::Duration;

use campana_sync::inbox::AlertKind;
use campana_sync::settings::Repeat;
use tokio::time::Instant;

use super::escalation::{Escalation, Rules};
use super::notices::About;
use super::trouble::Phase;
use super::{Controller, words};
use crate::desktop::Alarm;
use crate::projection;
use crate::view::{OrderView, SoundView, View};

/// *Probar la alarma* lasts so long.
const REHEARSAL: Duration = Duration::from_secs(10);
/// From bright to dark.
const BLINK: Duration = Duration::from_millis(700);

/// What sounds and flashes, and for whom.
#[derive(Debug, Default)]
pub(super) struct Sounding {
    pub escalation: Escalation,
    alarm: Option<Alarm>,
    /// Until when *Probar la alarma* sounds.
    rehearsal: Option<Instant>,
    /// When the tray's icon next turns bright or dark.
    blink: Option<Instant>,
    is_lit: bool,
    /// The window came to the front for this trouble, which cannot be heard.
    showed_trouble: bool,
}

impl Sounding {
    /// When something changes by itself.
    pub fn deadline(&self, rules: Rules, now: Instant) -> Option<Instant> {
        let escalation = self.escalation.deadline(rules, now);
        [self.rehearsal, self.blink, escalation]
            .into_iter()
            .flatten()
            .min()
    }
    /// The bright moment of a flashing icon.
    pub fn is_lit(&self) -> bool {
        self.is_lit
    }
    /// Orders are heard now.
    pub fn is_about_orders(&self) -> bool {
        matches!(self.alarm, Some(Alarm::Orders { .. }))
    }
    /// Nothing sounds now.
    pub fn is_silent(&self) -> bool {
        self.alarm.is_none()
    }
    /// *Probar la alarma* sounds.
    pub fn is_rehearsal(&self) -> bool {
        self.rehearsal.is_some()
    }
}

impl Controller {
    pub(super) fn rules(&self) -> Rules {
        Rules::new(&self.state.preferences.alerts, self.is_mute())
    }

    fn is_mute(&self) -> bool {
        self.state.sound != SoundView::Works
    }

    /// *Probar la alarma*; a second time ends it. Where something rings already, it rings on as it does.
    pub(super) fn test_alarm(&mut self) {
        if self.sounding.is_rehearsal() {
            return self.end_rehearsal();
        }
        self.sounding.rehearsal = Some(self.now.at + REHEARSAL);
        if self.sounding.alarm.is_some() {
            self.desk.chime();
        }
        let said = words::test_alarm(&self.catalogue);
        self.notify(said, About::Rehearsal);
    }

    pub(super) fn end_rehearsal(&mut self) {
        if self.sounding.rehearsal.take().is_some() {
            self.end_notices(&About::Rehearsal);
        }
    }

    pub(super) fn on_alarm_time(&mut self, now: Instant) {
        if self.sounding.rehearsal.is_some_and(|until| now >= until) {
            self.end_rehearsal();
        }
    }

    /// An order began to ring, or rings still. A pause keeps what came for its end.
    pub(super) fn alert(&mut self, order: String, kind: AlertKind, again: bool) {
        if self.state.pause.is_some() {
            self.pausing.miss(order);
            return;
        }
        if self.alerts.is_empty() {
            self.alerts.rang_before = self.sounding.is_about_orders();
        }
        self.alerts.add(order, kind, again, self.now.at);
    }

    /// A new alert came while orders ring already: where each sounds once, it sounds by itself.
    pub(super) fn chime_for_another(&mut self) {
        if self.state.preferences.alerts.repeat == Repeat::Once && self.sounding.is_about_orders() {
            self.desk.chime();
        }
    }

    /// Orders go before trouble, but trouble is heard once when it begins; a rehearsal goes last.
    fn wanted(&self, now: Instant) -> Option<Alarm> {
        let is_rehearsal = self.sounding.is_rehearsal();
        let rehearsed = is_rehearsal.then_some(Alarm::Orders { louder: false });
        if self.state.pause.is_some() {
            return rehearsed;
        }
        let orders = self.sounding.escalation.rings().then(|| Alarm::Orders {
            louder: self.sounding.escalation.is_louder(self.rules(), now),
        });
        match self.trouble.phase(now) {
            Some(Phase::Word(alarm)) => Some(alarm),
            Some(Phase::Sounds(alarm)) => orders.or(Some(alarm)),
            Some(Phase::Shows) | None => orders.or(rehearsed),
        }
    }

    /// The tray's icon flashes where the alarm cannot be heard.
    fn flashes(&self, now: Instant) -> bool {
        if self.sounding.is_rehearsal() {
            return true;
        }
        if self.state.pause.is_some() {
            return false;
        }
        let trouble = self.trouble.phase(now);
        trouble == Some(Phase::Shows)
            || (self.is_mute() && (trouble.is_some() || self.sounding.escalation.rings()))
    }

    /// Makes the desktop sound, flash and ask for somebody as the state wants it. Whether the main window is to come
    /// to the front.
    pub(super) fn raise_alarm(&mut self, view: &View) -> bool {
        let now = self.now.at;
        let rings = |order: &&OrderView| projection::rings(order.attention);
        let unseen = view.orders.iter().filter(rings);
        let mut ringing: Vec<String> = unseen.map(|order| order.id.clone()).collect();
        let unread = self.reading.unread.iter();
        let unread: Vec<String> = unread.filter(|id| !ringing.contains(id)).cloned().collect();
        ringing.extend(unread);
        self.state.missed = self
            .pausing
            .still_missed(|order| ringing.iter().any(|id| id == order));
        let is_paused = self.state.pause.is_some();
        let heard = if is_paused { Vec::new() } else { ringing };
        self.sounding.escalation.follow(heard, now);
        let rules = self.rules();
        let for_orders = self.sounding.escalation.comes_forward(rules, now);
        let has_trouble = !is_paused && self.trouble.phase(now).is_some();
        let for_trouble = has_trouble && self.is_mute() && !self.sounding.showed_trouble;
        self.sounding.showed_trouble = has_trouble && (self.sounding.showed_trouble || for_trouble);
        self.ring(now);
        self.flash(now);
        let attracts =
            self.sounding.escalation.needs_somebody(rules) || (has_trouble && self.flashes(now));
        self.desk.attract(attracts);
        (for_orders || for_trouble) && self.state.preferences.alerts.window_to_front
    }

    fn ring(&mut self, now: Instant) {
        let wanted = self.wanted(now);
        if wanted == self.sounding.alarm {
            return;
        }
        tracing::debug!(?wanted, "the alarm changes");
        self.sounding.alarm = wanted;
        self.desk.ring(wanted);
    }

    fn flash(&mut self, now: Instant) {
        if !self.flashes(now) {
            self.sounding.blink = None;
            self.sounding.is_lit = false;
        } else if self.sounding.blink.is_none_or(|at| now >= at) {
            self.sounding.is_lit = !self.sounding.is_lit;
            self.sounding.blink = Some(now + BLINK);
        }
    }
}
