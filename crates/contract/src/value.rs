//! The two kinds of value that the wire spells in several ways.

use serde::{Deserialize, Serialize};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// An amount of money in hundredths of the shop's currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Amount(pub i64);

/// The largest amount that is believed: a million million units. Its hundredths are exact in
/// every reader of JSON.
const LARGEST: i64 = 100_000_000_000_000;

/// Digits that are looked at; a text with more is no amount.
const DIGITS: usize = 40;

impl Timestamp {
    /// Reads RFC 3339 (`2026-11-24T18:55:01.733Z`); `None` for anything else.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let moment = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
        let milliseconds = moment.unix_timestamp_nanos().div_euclid(1_000_000);
        i64::try_from(milliseconds).ok().map(Self)
    }
}

impl Amount {
    /// Reads a decimal text (`414.5`, `4.145e2`, `-3`) exactly, without a detour over binary
    /// fractions; half a hundredth is rounded away from zero. `None` for anything else and for
    /// what no shop sells.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let digits = format!("{whole}{fraction}");
        let is_decimal = digits.bytes().all(|byte| byte.is_ascii_digit());
        if digits.is_empty() || !is_decimal || digits.len() > DIGITS {
            return None;
        }
        // The value is `digits * 10^shift` hundredths.
        let shift = exponent
            .checked_sub(i64::try_from(fraction.len()).ok()?)?
            .checked_add(2)?;
        let hundredths = shifted(digits.trim_start_matches('0'), shift)?;
        Some(Self(if negative { -hundredths } else { hundredths }))
    }
}

/// `digits * 10^shift`, rounded half up, if it is at most [`LARGEST`].
fn shifted(digits: &str, shift: i64) -> Option<i64> {
    if digits.is_empty() {
        return Some(0);
    }
    let value = if shift >= 0 {
        let factor = 10_i64.checked_pow(u32::try_from(shift).ok()?)?;
        digits.parse::<i64>().ok()?.checked_mul(factor)?
    } else {
        let dropped = usize::try_from(shift.unsigned_abs()).ok()?;
        let Some(kept) = digits.len().checked_sub(dropped) else {
            return Some(0);
        };
        let (kept, rest) = digits.split_at(kept);
        let kept = if kept.is_empty() {
            0
        } else {
            kept.parse::<i64>().ok()?
        };
        kept.checked_add(i64::from(rest.starts_with(['5', '6', '7', '8', '9'])))?
    };
    (value <= LARGEST).then_some(value)
}
