//! `WebKitGTK` reports it by a signal.

use tauri::WebviewWindow;
use webkit2gtk::WebViewExt as _;

use super::PageRevival;

/// Reloads this window's page whenever its process dies.
///
/// # Errors
/// When the window is gone.
pub(in crate::desktop_tauri) fn watch(
    window: &WebviewWindow,
    revival: PageRevival,
) -> tauri::Result<()> {
    let itself = window.clone();
    window.with_webview(move |webview| {
        webview
            .inner()
            .connect_web_process_terminated(move |_, reason| {
                tracing::warn!(?reason, "WebKit's process ended");
                revival.died(itself.clone());
            });
    })
}
