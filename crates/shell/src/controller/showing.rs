//! What time and the state make of the desktop: when something is due, and what is drawn.

use std::sync::Arc;

use campana_contract::Timestamp;
use tokio::time::Instant;

use super::{Controller, orders};
use crate::desktop::{Desktop, Window};
use crate::{projection, tray};

impl<D: Desktop> Controller<D> {
    pub(super) fn deadline(&self) -> Option<Instant> {
        let now = Instant::now();
        let is_paused = self.state.pause.is_some();
        [
            self.pausing.deadline(),
            self.alerts.deadline(self.reading.is_done()),
            self.trouble
                .deadline(self.patience(), now)
                .filter(|_| !is_paused),
            self.escalation.deadline(self.rules(), now),
            self.sounding.deadline(),
            self.quitting.deadline(),
            self.reading.deadline(),
            self.key_retry,
            self.updating.deadline(self.is_quiet()),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    pub(super) fn on_time(&mut self) {
        let now = Instant::now();
        self.on_pause_time(now);
        self.on_alarm_time(now);
        self.quitting.on_time(now);
        if self.reading.deadline().is_some_and(|at| now >= at) {
            self.read_orders();
        }
        if self.key_retry.is_some_and(|at| now >= at) {
            self.find_key();
        }
        self.on_update_time(now);
        if self.state.pause.is_some() {
            return;
        }
        let tellings = self.alerts.due(now, self.reading.is_done());
        if !tellings.is_empty() && std::mem::take(&mut self.rang_before) {
            self.chime_for_another();
        }
        for telling in tellings {
            self.tell(telling);
        }
        self.tell_trouble(now);
    }

    /// Rings while anything that rings is unseen, and draws what changed.
    pub(super) fn render(&mut self) {
        let now = Instant::now();
        let view = projection::view(&self.state);
        let unseen = view
            .orders
            .iter()
            .filter(|order| projection::rings(order.attention))
            .map(|order| order.id.clone());
        let mut ringing: Vec<String> = unseen.collect();
        let unread = self.unread.iter().filter(|id| !ringing.contains(id));
        ringing.extend(unread.cloned().collect::<Vec<_>>());
        self.settle_notices(&view, !ringing.is_empty());
        self.state.missed = self
            .pausing
            .still_missed(|order| ringing.iter().any(|id| id == order));
        let comes_forward = self.raise_alarm(ringing, now);
        self.state.rehearsing = self.sounding.is_rehearsal();
        self.state.quit_asked = self.quitting.is_asked();
        self.state.trouble_alarm = self.state.pause.is_none() && self.trouble.phase(now).is_some();
        self.draw();
        // Not before: a page is painted with what was drawn.
        if comes_forward {
            self.desktop.open(Window::Main);
        }
    }

    fn draw(&mut self) {
        let view = Arc::new(projection::view(&self.state));
        let offset = self.offset;
        let hour = |at| orders::hour(Timestamp(at), offset);
        let tray = tray::tray(&view, self.sounding.is_lit(), &self.catalogue, hour);
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
