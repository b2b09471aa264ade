//! The tray's task: it draws the latest [`TrayView`] and retries until that succeeds. Nobody waits for it.

#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod menu;
#[cfg(not(target_os = "linux"))]
mod other;
#[cfg(test)]
mod tests;

use std::error::Error;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use campana_shell::controller::Input;
use campana_shell::heartbeat::Heartbeat;
use campana_shell::tray::TrayView;
use campana_sync::lease::Lease;
use futures_util::FutureExt as _;
use tauri::AppHandle;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;

#[cfg(target_os = "linux")]
use linux::SystemIcon;
#[cfg(not(target_os = "linux"))]
use other::SystemIcon;

/// The pause before a failed drawing is tried again. It doubles up to [`LONGEST_RETRY`].
const FIRST_RETRY: Duration = Duration::from_secs(1);
const LONGEST_RETRY: Duration = Duration::from_secs(60);

/// Starts the task, which draws the latest of these views; one that was not drawn yet is left out. Clicks go to
/// `inputs`. The demo's icon has an identity of its own.
pub(super) fn start(
    app: AppHandle,
    inputs: UnboundedSender<Input>,
    demo: bool,
    views: watch::Receiver<Option<TrayView>>,
    lease: Lease,
) {
    tauri::async_runtime::spawn(async move {
        let heartbeat = Heartbeat::new("tray", lease);
        work(SystemIcon::new(app, inputs, demo), views, heartbeat).await;
    });
}

/// The one icon of this process.
trait Icon {
    type Error: Error;
    /// Makes the icon look like this view. After an error it is called again with the latest one.
    async fn draw(&mut self, view: &TrayView) -> Result<(), Self::Error>;
    /// Resolves when what was drawn is no longer there, so that it must be drawn again.
    async fn lost(&mut self);
}

/// Ends with the views. The icon outlives a panic, or there would be two.
async fn work(
    mut icon: impl Icon,
    mut views: watch::Receiver<Option<TrayView>>,
    mut heartbeat: Heartbeat,
) {
    while AssertUnwindSafe(heartbeat.beside(keep_drawn(&mut icon, &mut views)))
        .catch_unwind()
        .await
        .is_err()
    {
        tracing::error!("the tray's task panicked; it starts again");
        tokio::time::sleep(FIRST_RETRY).await;
    }
}

async fn keep_drawn(icon: &mut impl Icon, views: &mut watch::Receiver<Option<TrayView>>) {
    let mut retry = FIRST_RETRY;
    loop {
        let latest = views.borrow_and_update().clone();
        let drawn = match &latest {
            Some(view) => icon.draw(view).await,
            None => Ok(()),
        };
        if let Err(error) = drawn {
            tracing::warn!(%error, ?retry, "drawing the tray failed");
            tokio::time::sleep(retry).await;
            retry = (retry * 2).min(LONGEST_RETRY);
            continue;
        }
        retry = FIRST_RETRY;
        tokio::select! {
            changed = views.changed() => if changed.is_err() {
                return;
            },
            () = icon.lost() => {
                tracing::warn!("the tray's icon was lost");
                tokio::time::sleep(FIRST_RETRY).await;
            }
        }
    }
}
