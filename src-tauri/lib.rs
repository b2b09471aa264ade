//! The shell: tray, windows, notifications, sound.

pub mod view;
