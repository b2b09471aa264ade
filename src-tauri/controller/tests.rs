#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod archive;
mod looking;
mod notifications;
mod preferences;
mod ringing;
mod setup;
mod support;
mod tickets;
