//! What rings, shows, asks and says. It knows no Tauri, no D-Bus and no device: what it wants done is done by adapters
//! behind its traits.

pub mod archive;
pub mod computer;
pub mod controller;
pub mod desktop;
pub mod diagnostics;
pub mod effects;
pub mod engine;
pub mod heartbeat;
pub mod icon;
pub mod links;
pub mod projection;
pub mod ticket;
pub mod tray;
pub mod updates;
pub mod view;
