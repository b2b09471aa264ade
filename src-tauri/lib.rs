//! What carries out what the shell wants on this computer: tray, windows, notifications, sound, printers.

pub mod application;
pub mod commands;
pub mod computer;
pub mod crash_restart;
pub mod demo;
pub mod desktop_tauri;
pub mod icon;
pub mod late_engine;
pub mod logging;
pub mod sound;
pub mod ticket;
pub mod updates;
pub mod watchdog;
