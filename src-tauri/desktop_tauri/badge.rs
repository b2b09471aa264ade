//! The number of unseen orders at the app's place in the taskbar or Dock, where the platform has one.

use campana_shell::desktop::Window;
use tauri::{AppHandle, Manager};

/// Shows it, or takes it away for none. It hangs on the main window: while that is closed there is no
/// place for it, and nothing happens.
pub(super) fn show(app: &AppHandle, unseen: u32) {
    let Some(window) = app.get_webview_window(Window::Main.label()) else {
        return;
    };
    #[cfg(windows)]
    let shown = overlay(&window, unseen);
    #[cfg(not(windows))]
    let shown = window.set_badge_count((unseen > 0).then_some(unseen.into()));
    if let Err(error) = shown {
        tracing::debug!(%error, "the taskbar shows no number");
    }
}

/// Windows takes a picture in the corner of the button.
#[cfg(windows)]
fn overlay(window: &tauri::WebviewWindow, unseen: u32) -> tauri::Result<()> {
    use tauri::image::Image;

    /// Windows shows 16 pixels, times its scale.
    const SIDE: u32 = 32;
    if unseen == 0 {
        return window.set_overlay_icon(None);
    }
    match crate::icon::draw_badge(unseen, SIDE) {
        Ok(drawn) => {
            let image = Image::new_owned(drawn.rgba, drawn.side, drawn.side);
            window.set_overlay_icon(Some(image))
        }
        Err(error) => {
            tracing::error!(%error, "the taskbar's number");
            Ok(())
        }
    }
}
