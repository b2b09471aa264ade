//! Brings a window to the front where the desktop refuses focus to programs (GNOME, Wayland): with the token of the
//! click that asked for it, else by hiding the window and showing it again.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use gtk::glib;
use gtk::prelude::*;
use tauri::WebviewWindow;

/// Desktops accept no token of an older click.
const FRESH: Duration = Duration::from_secs(5);
/// The desktop gets so long to bring the window to the front.
const SETTLES: Duration = Duration::from_secs(1);

/// The [activation token] of the latest click, which lets its window take the focus.
///
/// [activation token]: https://wayland.app/protocols/xdg-activation-v1
#[derive(Clone, Debug, Default)]
pub struct ActivationTokens(Arc<Mutex<Option<(String, Instant)>>>);

impl ActivationTokens {
    /// Keeps the token of a click.
    pub fn put(&self, token: String) {
        *self.latest() = Some((token, Instant::now()));
    }

    /// The token, once.
    pub fn take(&self) -> Option<String> {
        let (token, at) = self.latest().take()?;
        (at.elapsed() < FRESH).then_some(token)
    }

    fn latest(&self) -> std::sync::MutexGuard<'_, Option<(String, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Brings this window to the front, without waiting.
///
/// # Errors
/// When the app ends.
pub(super) fn bring(window: &WebviewWindow, token: Option<String>) -> tauri::Result<()> {
    let itself = window.clone();
    window.run_on_main_thread(move || {
        let Ok(window) = itself.gtk_window() else {
            return;
        };
        if let Some(token) = token {
            window.set_startup_id(&token);
        }
        window.present();
        glib::timeout_add_local_once(SETTLES, move || {
            if window.is_visible() && !is_in_front() {
                show_again(&window);
            }
        });
    })
}

/// Whether the person works with Campana, in this window or in another one.
fn is_in_front() -> bool {
    gtk::Window::list_toplevels()
        .into_iter()
        .filter_map(|widget| widget.downcast::<gtk::Window>().ok())
        .any(|window| window.is_active())
}

fn show_again(window: &gtk::ApplicationWindow) {
    tracing::debug!("the desktop refused the focus; showing the window again");
    let (x, y) = window.position();
    window.hide();
    window.show();
    window.move_(x, y);
    window.present();
    window.set_urgency_hint(true);
}
