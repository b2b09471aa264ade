//! The engine of Campana: connects, pulls, stores, confirms. Knows no Tauri.

pub mod address;
pub mod http;
pub mod inbox;
pub mod link;
pub mod report;
pub mod status;
