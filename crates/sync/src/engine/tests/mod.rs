#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first surprise"
)]

mod failing;
mod paging;
mod profiles;
mod pulling;
mod status;
mod storing;
mod world;
