//! How the system's print dialog ended: a page is never told, and a ticket that was cancelled is on no paper.
//!
//! `WebKitGTK` tells (the signal [`print`]); `WebView2` and `WKWebView` do not, and a ticket counts as printed there.
//!
//! [`print`]: https://webkitgtk.org/reference/webkit2gtk/stable/signal.WebView.print.html

use campana_shell::controller::{Input, TicketNews};
use tauri::WebviewWindow;
use tokio::sync::mpsc::UnboundedSender;
use webkit2gtk::{PrintOperationExt as _, PrintOperationResponse, WebViewExt as _};

/// From now on, the controller learns how the dialogs of this window end: a page goes on only after that.
///
/// # Errors
/// When the window is gone.
pub(super) fn heed(window: &WebviewWindow, inputs: UnboundedSender<Input>) -> tauri::Result<()> {
    let itself = window.clone();
    window.with_webview(move |webview| {
        webview.inner().connect_print(move |_, operation| {
            let failed = inputs.clone();
            operation.connect_failed(move |_, reason| {
                tracing::warn!(%reason, "a ticket was not printed by the system");
                let _ = failed.send(Input::Ticket(TicketNews::FailedInDialog));
            });
            // Without its window the dialog stands alone, and prints as well.
            let parent = itself.gtk_window().ok();
            if operation.run_dialog(parent.as_ref()) != PrintOperationResponse::Print {
                let _ = inputs.send(Input::Ticket(TicketNews::Cancelled));
            }
            true
        });
    })
}
