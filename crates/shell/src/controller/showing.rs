//! What time and the state make of the desktop: when something is due, and what is drawn.

use std::sync::Arc;

use campana_contract::Timestamp;
use tokio::time::Instant;

use super::{Controller, orders};
use crate::view::View;
use crate::{projection, tray};

impl Controller {
    /// When [`Controller::on`] has something to do without an input.
    pub fn deadline(&self) -> Option<Instant> {
        let now = self.now.at;
        let is_paused = self.state.pause.is_some();
        [
            self.pausing.deadline(),
            self.alerts.deadline(self.reading.is_done()),
            self.trouble
                .deadline(self.patience(), now)
                .filter(|_| !is_paused),
            self.sounding.deadline(self.rules(), now),
            self.quitting.deadline(),
            self.reading.deadline(),
            self.connection.key_retry,
            self.updating.deadline(self.is_quiet(), now),
            self.desk.deadline(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// What changes by itself with time.
    pub(super) fn settle(&mut self) {
        let now = self.now.at;
        self.on_pause_time(now);
        self.on_alarm_time(now);
        self.quitting.on_time(now);
        if self.reading.deadline().is_some_and(|at| now >= at) {
            self.read_orders();
        }
        if self.connection.key_retry.is_some_and(|at| now >= at) {
            self.find_key();
        }
        self.on_update_time(now);
        self.desk.on_time(now);
        if self.state.pause.is_none() {
            self.trouble.begin(self.patience(), now);
        }
    }

    /// Takes back the notifications that have nothing to say any more, and shows those that are due.
    pub(super) fn tell_all(&mut self, view: &View) {
        self.settle_notices(view);
        if self.state.pause.is_some() {
            return;
        }
        let tellings = self.alerts.due(self.now.at, self.reading.is_done());
        if !tellings.is_empty() && std::mem::take(&mut self.alerts.rang_before) {
            self.chime_for_another();
        }
        for telling in tellings {
            self.tell(telling, view);
        }
        self.tell_trouble();
    }

    /// Draws what changed.
    pub(super) fn draw(&mut self) {
        self.state.rehearsing = self.sounding.is_rehearsal();
        self.state.quit_asked = self.quitting.is_asked();
        self.state.trouble_alarm =
            self.state.pause.is_none() && self.trouble.phase(self.now.at).is_some();
        let view = Arc::new(projection::view(&self.state));
        let offset = self.reach.offset;
        let hour = |at| orders::hour(Timestamp(at), offset);
        let tray = tray::tray(&view, self.sounding.is_lit(), &self.catalogue, hour);
        self.desk.draw_tray(tray);
        self.desk.draw(view);
    }
}
