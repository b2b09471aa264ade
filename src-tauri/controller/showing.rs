//! What time and the state make of the desktop: pauses, what is told, what is drawn, what rings.

use std::time::Duration;

use campana_contract::Timestamp;
use tokio::time::Instant;

use super::alerts::Telling;
use super::{Controller, orders, words};
use crate::desktop::{Alarm, Desktop};
use crate::{projection, tray};

impl<D: Desktop> Controller<D> {
    pub(super) fn pause(&mut self, minutes: Option<u32>) {
        let span = minutes.map(|minutes| Duration::from_secs(u64::from(minutes) * 60));
        let until = span.map(|span| {
            let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
            Timestamp(self.clock.now().wall.0.saturating_add(millis))
        });
        self.pause_ends = span.map(|span| Instant::now() + span);
        self.state.pause = Some(until);
        self.alerts.forget();
    }

    pub(super) fn resume(&mut self) {
        self.state.pause = None;
        self.pause_ends = None;
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        let is_paused = self.state.pause.is_some();
        [
            self.pause_ends,
            self.alerts.deadline(self.reading.is_done()),
            self.trouble.deadline().filter(|_| !is_paused),
            self.reading.deadline(),
            self.key_retry,
        ]
        .into_iter()
        .flatten()
        .min()
    }

    pub(super) fn on_time(&mut self) {
        let now = Instant::now();
        let wall = self.clock.now().wall;
        // By either clock: the monotonic one stands still while some computers sleep.
        let is_over = |until: Option<Timestamp>| until.is_some_and(|until| wall >= until);
        if self.state.pause.is_some_and(is_over) || self.pause_ends.is_some_and(|end| now >= end) {
            self.resume();
        }
        if self.reading.deadline().is_some_and(|at| now >= at) {
            self.read_orders();
        }
        if self.key_retry.is_some_and(|at| now >= at) {
            self.find_key();
        }
        if self.state.pause.is_some() {
            self.alerts.forget();
            return;
        }
        for telling in self.alerts.due(now, self.reading.is_done()) {
            self.tell(telling);
        }
        if self.trouble.due(now).is_some() {
            let status = projection::status(&self.state.status);
            self.desktop
                .notify(words::trouble(&status, &self.catalogue));
        }
    }

    fn tell(&mut self, telling: Telling) {
        match telling {
            Telling::Single(alerts) => {
                for (id, kind) in alerts {
                    self.tell_order(&id, kind);
                }
            }
            Telling::Summary(count) => self.desktop.notify(words::summary(count, &self.catalogue)),
            Telling::StillRinging(count) => {
                self.desktop
                    .notify(words::still_ringing(count, &self.catalogue));
            }
        }
    }

    /// Draws what changed, and rings while anything that rings is unseen.
    pub(super) fn render(&mut self) {
        let view = projection::view(&self.state);
        let rings = view.unseen > 0 || !self.unread.is_empty();
        let should_ring = rings && self.state.pause.is_none();
        if should_ring != self.is_ringing {
            self.is_ringing = should_ring;
            if should_ring {
                self.desktop.ring(Alarm::Orders { louder: false });
            } else {
                self.desktop.hush();
            }
        }
        let offset = self.offset;
        let tray = tray::tray(&view, &self.catalogue, |at| {
            orders::hour(Timestamp(at), offset)
        });
        let (view_changed, tray_changed) = match &self.shown {
            Some((shown, shown_tray)) => (*shown != view, *shown_tray != tray),
            None => (true, true),
        };
        if tray_changed {
            self.desktop.draw_tray(&tray);
        }
        if view_changed {
            self.desktop.draw(&view);
        }
        self.shown = Some((view, tray));
    }
}
