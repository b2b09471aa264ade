//! The system's print dialog: who waits for it, and how it ended.
//!
//! `WebKitGTK` reports a cancelled one (signal [`print`]). `WebView2` and `WKWebView` do not: a ticket counts as printed.
//!
//! [`print`]: https://webkitgtk.org/reference/webkit2gtk/stable/signal.WebView.print.html

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
pub(super) use linux::handle_print;
use tokio::sync::watch;

/// The number of open print dialogs.
#[derive(Clone, Debug, Default)]
pub struct PrintDialogs(watch::Sender<usize>);

impl PrintDialogs {
    /// Resolves when no dialog is open.
    pub async fn closed(&self) {
        // The sender is in `self`, so this never fails.
        let _ = self.0.subscribe().wait_for(|open| *open == 0).await;
    }
}
