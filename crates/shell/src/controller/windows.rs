//! Windows that open and close, and the tray that may not be there.

use super::Controller;
use crate::desktop::Window;

impl Controller {
    pub(super) fn page_ready(&mut self, window: Window) {
        if window == Window::Main {
            self.quitting.window_is_there();
        }
        self.desk.page_ready(window);
    }

    pub(super) fn window_closed(&mut self, window: Window) {
        if window == Window::Main {
            // Closed without a word: it was not meant.
            self.keep_running();
        }
        self.desk.page_gone(window);
    }

    /// Without a tray nobody could reach the app: its window opens.
    pub(super) fn tray_presence(&mut self, is_there: bool) {
        tracing::debug!(is_there, "the desktop's tray");
        if self.state.tray && !is_there {
            self.desk.open(Window::Main);
        }
        self.state.tray = is_there;
    }
}
