//! The shell: tray, windows, notifications, sound.

pub mod application;
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
pub mod projection;
pub mod sound;
pub mod tray;
pub mod view;
