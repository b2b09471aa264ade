//! Windows that open and close, and the tray that may not be there.

use super::Controller;
use crate::desktop::{Desktop, Window};

impl<D: Desktop> Controller<D> {
    pub(super) fn page_ready(&mut self, window: Window) {
        self.pages.insert(window);
        if window == Window::Main {
            self.quitting.window_is_there();
        }
        self.desktop.page_ready(window);
    }

    pub(super) fn window_closed(&mut self, window: Window) {
        self.pages.remove(&window);
        if window == Window::Main {
            // Closed without a word: it was not meant.
            self.keep_running();
        }
        self.desktop.page_gone(window);
    }

    /// Without a tray nobody could reach the app: its window opens.
    pub(super) fn tray_presence(&mut self, is_there: bool) {
        tracing::debug!(is_there, "the desktop's tray");
        if self.state.tray && !is_there {
            self.desktop.open(Window::Main);
        }
        self.state.tray = is_there;
    }
}
