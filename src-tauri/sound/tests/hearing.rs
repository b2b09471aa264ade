//! What an ear makes of samples.

use std::f32::consts::TAU;
use std::time::Duration;

use super::super::synthesis::RATE;

/// The square root of the mean square: how loud it is.
pub fn loudness(samples: &[f32]) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    let sum: f32 = samples.iter().map(|one| one * one).sum();
    (sum / samples.len() as f32).sqrt()
}

/// How much of this frequency is in there (Goertzel), so that a pure tone of amplitude 1 is 1.
pub fn strength(samples: &[f32], frequency: f32) -> f32 {
    let coefficient = 2.0 * (TAU * frequency / RATE.get() as f32).cos();
    let (mut one, mut two) = (0.0_f32, 0.0_f32);
    for sample in samples {
        (one, two) = (sample + coefficient * one - two, one);
    }
    let power = one * one + two * two - coefficient * one * two;
    2.0 * power.max(0.0).sqrt() / samples.len() as f32
}

/// The greatest step from one sample to the next: a crack is a great one.
pub fn steepest(samples: &[f32]) -> f32 {
    samples
        .windows(2)
        .map(|pair| (pair[1] - pair[0]).abs())
        .fold(0.0, f32::max)
}

/// How many samples are taken in this time.
pub fn count(span: Duration) -> usize {
    (span.as_secs_f64() * f64::from(RATE.get())).round() as usize
}

/// When strokes begin: where it becomes loud after it was not, in a grid of 10 ms.
pub fn strokes(samples: &[f32]) -> usize {
    let loud: Vec<bool> = samples
        .chunks(count(Duration::from_millis(10)))
        .map(|chunk| loudness(chunk) > 0.01)
        .collect();
    usize::from(loud.first() == Some(&true))
        + loud.windows(2).filter(|pair| !pair[0] && pair[1]).count()
}
