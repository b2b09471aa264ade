#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod alarm;
mod another_shop;
mod archive;
mod computer;
mod desktop;
mod effects;
mod fakes;
mod looking;
mod notifications;
mod pausing;
mod preferences;
mod quitting;
mod ringing;
mod setup;
mod support;
mod tickets;
mod updating;
mod verdict;
