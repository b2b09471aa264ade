//! Notifications. That one was shown is never known: they are a courtesy beside sound and tray.
//! On Linux Campana speaks to the desktop itself (`docs/decisions/0008-notifications-on-linux.md`).

#[cfg(target_os = "linux")]
mod board;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(not(target_os = "linux"))]
mod plugin;

#[cfg(target_os = "linux")]
pub(super) use linux::Notifications;
#[cfg(not(target_os = "linux"))]
pub(super) use plugin::Notifications;
