#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod archive;
mod looking;
mod alarm;
mod another_shop;
mod computer;
mod notifications;
mod pausing;
mod preferences;
mod quitting;
mod ringing;
mod setup;
mod support;
mod tickets;
