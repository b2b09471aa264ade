//! The layers. Every line has a dark halo below it: it is seen on light panels, the line on dark ones.

use super::{Mark, TrayIcon};

/// The side of the square in which the layers are drawn.
pub(super) const SIDE: f32 = 32.0;

const DARK: &str = "#1f1b16";
const LIGHT: &str = "#ffffff";
const BRAND: &str = "#e39a4b";
const RING: &str = "#d2361c";

const BODY: &str = "M5.3 21.6C7 19.9 8.7 18 8.7 12.3a7.3 7.3 0 0 1 14.6 0c0 5.7 1.7 7.6 3.4 9.3a1.2 1.2 0 0 1-.9 2.1H6.2a1.2 1.2 0 0 1-.9-2.1z";
const CLAPPER: &str = "M13.2 27.6a3.1 3.1 0 0 0 5.6 0";

/// Digits as strokes in a box of 6 × 10: no font is needed.
const DIGITS: [&str; 10] = [
    "M3 1a2 2 0 0 0-2 2v4a2 2 0 0 0 4 0V3a2 2 0 0 0-2-2z",
    "M1.5 2.8 3.5 1v8",
    "M1 3a2 2 0 0 1 4 0C5 5 1 7 1 9h4.2",
    "M1 1h4L2.8 4.4a2.3 2.3 0 1 1-2 3.4",
    "M4.2 9V1L1 6.6h4.6",
    "M4.8 1H1.6l-.4 3.7a2.2 2.2 0 1 1-.3 3.4",
    "M4.4 1C2 2.6 1 4.6 1 6.9a2 2.1 0 1 0 4 0 2 2.1 0 0 0-4 0",
    "M1 1h4L2.4 9",
    "M3 1a1.8 1.8 0 0 0 0 3.7 2.1 2.1 0 0 0 0 4.3 2.1 2.1 0 0 0 0-4.3A1.8 1.8 0 0 0 3 1z",
    "M1.6 9C4 7.4 5 5.4 5 3.1a2 2.1 0 1 0-4 0 2 2.1 0 0 0 4 0",
];
const PLUS: &str = "M.8 5.4h4M2.8 3.4v4";

/// Puts the layers of this icon together.
pub(super) fn compose(icon: TrayIcon) -> String {
    let mut svg = format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" fill="none" stroke-linecap="round" stroke-linejoin="round">"#
    );
    if icon.lit {
        svg.push_str(&format!(
            r#"<rect width="{SIDE}" height="{SIDE}" rx="7" fill="{RING}"/>"#
        ));
    }
    let is_ringing = icon.unseen > 0;
    svg.push_str(&bell(is_ringing));
    // The number takes the upper right corner; a mark beside it moves to the lower left one.
    svg.push_str(&mark(icon.mark, if is_ringing { 0.6 } else { 14.8 }));
    if is_ringing {
        svg.push_str(&number(icon.unseen));
    }
    svg.push_str("</svg>");
    svg
}

fn bell(is_filled: bool) -> String {
    let fill = if is_filled { BRAND } else { "none" };
    format!(
        r#"<g stroke="{DARK}" stroke-width="5.4"><path d="{BODY}"/><path d="{CLAPPER}"/></g><g stroke="{BRAND}" stroke-width="2.9"><path d="{BODY}" fill="{fill}"/><path d="{CLAPPER}"/></g>"#
    )
}

/// Two strokes of the same path: the halo and the line.
fn line(path: &str, width: f32) -> String {
    format!(
        r#"<path d="{path}" stroke="{DARK}" stroke-width="{}"/><path d="{path}" stroke="{LIGHT}" stroke-width="{width}"/>"#,
        width + 3.6
    )
}

/// A mark stands in a box of 16 × 16 whose left upper corner is at (`x`, 15).
fn mark(mark: Mark, x: f32) -> String {
    let drawn = match mark {
        Mark::None => return String::new(),
        Mark::Struck => return line("M4 3.5 28.5 28", 3.0),
        Mark::Arrows => line(
            "M2.4 9.4A6 6 0 0 1 13 5.2M13.4 1.6v4h-4M13.6 8.6A6 6 0 0 1 3 12.4M2.6 15.4v-3.6h4",
            2.1,
        ),
        Mark::Clock => format!(
            r#"<circle cx="8" cy="8" r="7" fill="{LIGHT}" stroke="{DARK}" stroke-width="2"/><path d="M8 3.8V8.2l3 2.2" stroke="{DARK}" stroke-width="2.2"/>"#
        ),
        Mark::Key => line(
            "M5 14a3 3 0 1 1 2.2-5.1L13.6 2.4M10.4 5.6l2.6 2.6M5 14a3 3 0 0 0 2.2-5.1",
            2.3,
        ),
        Mark::Exclamation => format!(
            r#"<path d="M8 1.2 15.4 14.6H.6z" fill="{LIGHT}" stroke="{DARK}" stroke-width="2"/><path d="M8 5.8v4M8 12.6v.1" stroke="{DARK}" stroke-width="2.4"/>"#
        ),
        Mark::Bars => line("M4.8 3v10M11.2 3v10", 3.6),
    };
    format!(r#"<g transform="translate({x} 15)">{drawn}</g>"#)
}

fn number(unseen: u32) -> String {
    let digit = usize::try_from(unseen)
        .ok()
        .and_then(|unseen| DIGITS.get(unseen));
    let drawn = match digit {
        Some(path) => {
            format!(r#"<g transform="translate(17.6 3) scale(1.5)"><path d="{path}"/></g>"#)
        }
        None => {
            let nine = DIGITS[9];
            format!(
                r#"<g transform="translate(13.5 4) scale(1.3)"><path d="{nine}"/><path transform="translate(6.2 -.4)" d="{PLUS}"/></g>"#
            )
        }
    };
    format!(
        r#"<circle cx="21.5" cy="10.5" r="10.3" fill="{DARK}"/><circle cx="21.5" cy="10.5" r="9.2" fill="{RING}"/><g stroke="{LIGHT}" stroke-width="1.7">{drawn}</g>"#
    )
}
