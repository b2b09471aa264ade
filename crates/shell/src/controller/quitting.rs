//! *Salir*: nobody will ring for new orders afterwards, so the window asks first.

use std::time::Duration;

use tokio::time::Instant;

use super::Controller;
use crate::desktop::Window;

/// Chosen once more within this, it is meant.
const MEANT: Duration = Duration::from_secs(30);
/// A window that is not there by then never comes.
const WINDOW: Duration = Duration::from_secs(10);

/// How far the ending is.
#[derive(Debug, Default)]
pub(super) struct Quitting {
    asked: Option<Instant>,
    /// The window that asks must be there by then.
    window_by: Option<Instant>,
    /// The app ends.
    pub is_decided: bool,
    /// And starts at once: as another version, or because somebody started it once more.
    pub starts_anew: bool,
    /// There is no session to start in.
    session_ends: bool,
}

impl Quitting {
    /// When it is decided without a word.
    pub fn deadline(&self) -> Option<Instant> {
        self.window_by
    }

    /// Somebody was asked and has not answered.
    pub fn is_asked(&self) -> bool {
        self.asked.is_some()
    }

    /// The session ends, or somebody outside wants the app to end.
    pub fn session_ends(&mut self) {
        self.is_decided = true;
        self.session_ends = true;
    }

    /// Somebody started Campana while it ends: that start has ended already, because one was running.
    pub fn is_wanted_again(&mut self) {
        self.starts_anew |= !self.session_ends;
    }

    /// The window that asks is there.
    pub fn window_is_there(&mut self) {
        self.window_by = None;
    }

    /// A window that cannot ask must not keep the app from ending.
    pub fn on_time(&mut self, now: Instant) {
        if self.window_by.is_some_and(|by| now >= by) {
            tracing::warn!("the window that asks whether to end does not open");
            self.is_decided = true;
        }
    }
}

impl Controller {
    /// *Salir* in the tray.
    pub(super) fn ask_to_quit(&mut self) {
        let now = self.now.at;
        let is_meant = self
            .quitting
            .asked
            .is_some_and(|asked| now.duration_since(asked) < MEANT);
        if self.state.demo || is_meant {
            self.quitting.is_decided = true;
            return;
        }
        self.quitting.asked = Some(now);
        if !self.desk.has_page(Window::Main) {
            self.quitting.window_by = Some(now + WINDOW);
        }
        self.desk.open(Window::Main);
    }

    /// *Salir* was not meant.
    pub(super) fn keep_running(&mut self) {
        self.quitting.asked = None;
        self.quitting.window_by = None;
    }
}
