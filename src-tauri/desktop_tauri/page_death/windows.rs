//! `WebView2` reports it by an event. If the browser process died, the view is gone too: the window is made again.

use std::time::Duration;

use campana_shell::controller::Input;
use campana_shell::tray::MenuItem;
use tauri::{Manager as _, WebviewWindow};
use tokio::sync::mpsc::UnboundedSender;
use webview2_com::Microsoft::Web::WebView2::Win32::{
    COREWEBVIEW2_PROCESS_FAILED_KIND, COREWEBVIEW2_PROCESS_FAILED_KIND_BROWSER_PROCESS_EXITED,
    COREWEBVIEW2_PROCESS_FAILED_KIND_RENDER_PROCESS_EXITED,
};
use webview2_com::ProcessFailedEventHandler;

use super::PageRevival;

/// The pause between two looks whether the window is gone, and their number.
const STEP: Duration = Duration::from_millis(100);
const STEPS: usize = 100;

/// Reloads this window's page whenever its process dies.
///
/// # Errors
/// When the window is gone.
#[allow(
    unsafe_code,
    reason = "WebView2's interface is COM; Tauri calls this on the thread that it belongs to"
)]
pub(in crate::desktop_tauri) fn watch(
    window: &WebviewWindow,
    revival: PageRevival,
) -> tauri::Result<()> {
    let itself = window.clone();
    window.with_webview(move |webview| {
        let handler = ProcessFailedEventHandler::create(Box::new(move |_, failed| {
            let Some(failed) = failed else { return Ok(()) };
            let mut kind = COREWEBVIEW2_PROCESS_FAILED_KIND::default();
            // SAFETY: the event's own arguments, written to a place of their type.
            unsafe { failed.ProcessFailedKind(&mut kind)? };
            tracing::warn!(kind = kind.0, "a process of WebView2 failed");
            if kind == COREWEBVIEW2_PROCESS_FAILED_KIND_RENDER_PROCESS_EXITED {
                revival.died(itself.clone());
            } else if kind == COREWEBVIEW2_PROCESS_FAILED_KIND_BROWSER_PROCESS_EXITED {
                tauri::async_runtime::spawn(make_again(itself.clone(), revival.inputs.clone()));
            }
            Ok(())
        }));
        let mut token = 0;
        // SAFETY: the controller lives as long as this closure runs, and keeps the handler.
        let added = unsafe {
            webview
                .controller()
                .CoreWebView2()
                .and_then(|view| view.add_ProcessFailed(&handler, &mut token))
        };
        if let Err(error) = added {
            tracing::error!(%error, "watching the page failed");
        }
    })
}

async fn make_again(window: WebviewWindow, inputs: UnboundedSender<Input>) {
    let label = window.label().to_owned();
    if let Err(error) = window.destroy() {
        tracing::error!(%error, "closing a window without browser failed");
        return;
    }
    for _ in 0..STEPS {
        if window.app_handle().get_webview_window(&label).is_none() {
            break;
        }
        tokio::time::sleep(STEP).await;
    }
    let opens = match label.as_str() {
        "settings" => MenuItem::Settings,
        _ => MenuItem::Open,
    };
    let _ = inputs.send(Input::Tray(opens));
}
