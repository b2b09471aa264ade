//! How loud a percentage is.

/// Ten decibels less are heard as half as loud (Stevens's law), which is this power of the percentage.
const EXPONENT: f32 = 1.66;
/// An urgent alarm is twice the percentage, so twice as loud, up to the most.
const URGENT: u8 = 2;
/// From this percentage on there is not enough left above it: the urgent rhythm is denser too.
const HARDLY_LOUDER: u8 = 67;

/// The factor for the samples, from 0 (mute) to 1; percentages above 100 are 100.
pub(super) fn gain(percent: u8) -> f32 {
    (f32::from(percent.min(100)) / 100.0).powf(EXPONENT)
}

/// The percentage for an alarm that nobody answered for too long.
pub(super) fn urgent(percent: u8) -> u8 {
    percent.saturating_mul(URGENT).min(100)
}

/// Whether being louder alone would hardly be noticed.
pub(super) fn needs_rhythm(percent: u8) -> bool {
    percent >= HARDLY_LOUDER
}
