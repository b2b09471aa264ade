//! Figures, and how people read them.

use std::time::Duration;

/// The value that this share of them does not exceed; zero of none.
pub fn percentile(times: &[Duration], share: usize) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let rank = (sorted.len() * share).div_ceil(100);
    let place = rank.saturating_sub(1);
    sorted.get(place).copied().unwrap_or_default()
}

/// The middle one of several runs; zero of none.
pub fn median(runs: &[Duration]) -> Duration {
    percentile(runs, 50)
}

/// In milliseconds, with as many digits as they deserve.
pub fn milliseconds(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    if milliseconds >= 100.0 {
        format!("{milliseconds:.0} ms")
    } else {
        format!("{milliseconds:.2} ms")
    }
}

/// In seconds.
pub fn seconds(time: Duration) -> String {
    format!("{:.2} s", time.as_secs_f64())
}

/// In MiB.
pub fn mebibytes(bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "for people")]
    let mebibytes = bytes as f64 / f64::from(1 << 20);
    format!("{mebibytes:.1} MiB")
}

/// In MB, as a file's size is told.
pub fn megabytes(bytes: u64) -> String {
    #[allow(clippy::cast_precision_loss, reason = "for people")]
    let megabytes = bytes as f64 / 1_000_000.0;
    format!("{megabytes:.1} MB")
}

/// How many times `part` is of `whole`.
pub fn times(part: Duration, whole: Duration) -> f64 {
    part.as_secs_f64() / whole.as_secs_f64().max(f64::EPSILON)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured() {
        let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        let ms = Duration::from_millis;
        assert_eq!(percentile(&times, 50), ms(100));
        assert_eq!(percentile(&times, 99), ms(198));
        assert_eq!(median(&[ms(3), ms(9), ms(1)]), ms(3));
        assert_eq!(percentile(&[], 99), Duration::ZERO);
    }
}
