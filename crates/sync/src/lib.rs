//! The engine of Campana: connects, pulls, stores, confirms. Knows no Tauri.

pub mod activity;
pub mod address;
pub mod catalogue;
pub mod certificate_authority;
pub mod clock;
pub mod configuration;
pub mod crash;
pub mod doctor;
pub mod driver;
pub mod engine;
pub mod http;
pub mod inbox;
pub mod key_store;
pub mod lease;
pub mod link;
pub mod logging;
pub mod network;
pub mod places;
pub mod report;
pub mod settings;
pub mod shutdown_signal;
pub mod status;
pub mod verdict;
