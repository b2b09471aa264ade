//! By samples, in a world without clocks: a device of the test takes them as time goes by.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few seconds of samples are far from the limits"
)]

mod alarm;
mod devices;
mod hearing;
mod stage;
mod threads;
mod tunes;
