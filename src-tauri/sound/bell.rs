//! One stroke of the bell: two tones, a third apart, each with the overtones of struck metal.

use std::num::NonZero;
use std::time::Duration;

/// One channel; the output spreads it.
pub(super) const CHANNELS: NonZero<u16> = NonZero::<u16>::MIN;
/// Samples a second.
pub(super) const RATE: NonZero<u32> = match NonZero::new(44_100) {
    Some(rate) => rate,
    None => NonZero::<u32>::MIN,
};

/// How long one stroke sounds.
pub(super) const LENGTH: Duration = Duration::from_millis(1600);
/// When each tone begins, in seconds, and its pitch in hertz.
const TONES: [(f32, f32); 2] = [(0.0, 1046.5), (0.32, 830.6)];
/// Overtones of a small bell: times the pitch, how loud, how fast it fades.
const PARTIALS: [(f32, f32, f32); 4] = [
    (1.0, 1.0, 3.4),
    (2.0, 0.45, 5.0),
    (2.76, 0.28, 7.5),
    (5.4, 0.12, 12.0),
];
/// So long it swells and fades away, in seconds: a step in the wave would crack.
const SWELL: f32 = 0.004;
const FADE: f32 = 0.08;
const LOUDNESS: f32 = 0.42;

/// The samples of one stroke, between -1 and 1.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a second and a half of samples is far from the limits"
)]
pub(super) fn stroke() -> Vec<f32> {
    let rate = RATE.get() as f32;
    let length = LENGTH.as_secs_f32();
    let count = (length * rate) as usize;
    (0..count)
        .map(|index| {
            let at = index as f32 / rate;
            let sum: f32 = TONES.iter().map(|tone| sample(*tone, at)).sum();
            let fade = ((length - at) / FADE).clamp(0.0, 1.0);
            (sum * LOUDNESS * fade).clamp(-1.0, 1.0)
        })
        .collect()
}

fn sample((begins, pitch): (f32, f32), at: f32) -> f32 {
    let at = at - begins;
    if at < 0.0 {
        return 0.0;
    }
    let swell = (at / SWELL).min(1.0);
    let sum: f32 = PARTIALS
        .iter()
        .map(|(times, loud, fades)| {
            loud * (-fades * at).exp() * (std::f32::consts::TAU * pitch * times * at).sin()
        })
        .sum();
    swell * sum
}
