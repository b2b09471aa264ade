//! Reloads a page whose process died: an open window that shows nothing tells nobody of an order. macOS reports it for
//! the whole app (`application.rs`), the others for each window.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use campana_shell::controller::Input;
use campana_shell::desktop::Window;
#[cfg(target_os = "linux")]
pub(super) use linux::watch;
use tauri::WebviewWindow;
use tokio::sync::mpsc::UnboundedSender;
#[cfg(windows)]
pub(super) use windows::watch;

/// A page that died less than [`OFTEN`] ago waits so long before it is loaded again.
const PAUSE: Duration = Duration::from_secs(5);
const OFTEN: Duration = Duration::from_secs(30);

/// Reloads pages, and has the app forget what a dead one had.
pub struct PageRevival {
    inputs: UnboundedSender<Input>,
    last: Mutex<Option<Instant>>,
}

impl PageRevival {
    /// The app learns of each death by `inputs`.
    pub fn new(inputs: UnboundedSender<Input>) -> Self {
        Self {
            inputs,
            last: Mutex::default(),
        }
    }

    /// The process of this window's page died.
    pub fn died(&self, window: WebviewWindow) {
        let Some(name) = Window::with_label(window.label()) else {
            return;
        };
        let now = Instant::now();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let last = last.replace(now);
        let is_often = last.is_some_and(|last| now.duration_since(last) < OFTEN);
        tracing::error!(window = ?name, is_often, "a page's process died; reloading the page");
        let _ = self.inputs.send(Input::WindowClosed(name));
        tauri::async_runtime::spawn(async move {
            if is_often {
                tokio::time::sleep(PAUSE).await;
            }
            if let Err(error) = window.reload() {
                tracing::error!(%error, window = ?name, "reloading the page failed");
            }
        });
    }
}
