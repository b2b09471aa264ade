#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod another_shop;
mod computer;
mod notifications;
mod preferences;
mod ringing;
mod setup;
mod support;
