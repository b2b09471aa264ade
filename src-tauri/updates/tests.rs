#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[cfg(target_os = "linux")]
mod fetching;
#[cfg(target_os = "linux")]
mod publisher;
#[cfg(target_os = "linux")]
mod replacing;
mod sources;
