//! The shell: tray, windows, notifications, sound.

pub mod application;
pub mod archive;
pub mod commands;
pub mod computer;
pub mod controller;
pub mod demo;
pub mod desktop;
pub mod desktop_tauri;
pub mod diagnostics;
pub mod engine;
pub mod icon;
pub mod late_engine;
pub mod links;
pub mod logging;
pub mod projection;
pub mod sound;
pub mod ticket;
pub mod tray;
pub mod updates;
pub mod view;
