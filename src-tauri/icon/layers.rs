//! The layers. Every line has a dark halo below it: it is seen on light panels, the line on dark ones.

use campana_shell::icon::{Mark, TrayIcon};

/// The side of the square in which the layers are drawn.
pub(super) const SIDE: f32 = 32.0;

const DARK: &str = "#1f1b16";
const LIGHT: &str = "#ffffff";
const BRAND: &str = "#e39a4b";
const DEMO: &str = "#77b4f5";
const RING: &str = "#d2361c";

const BODY: &str = "M5.3 21.6C7 19.9 8.7 18 8.7 12.3a7.3 7.3 0 0 1 14.6 0c0 5.7 1.7 7.6 3.4 9.3a1.2 1.2 0 0 1-.9 2.1H6.2a1.2 1.2 0 0 1-.9-2.1z";
const CLAPPER: &str = "M13.2 27.6a3.1 3.1 0 0 0 5.6 0";

/// Digits as strokes in a box of 6 × 12: no font is needed. At 16 pixels two units are one pixel, and
/// every line that stands or lies covers whole ones.
const DIGITS: [&str; 10] = [
    "M2 0H4Q6 0 6 2V10Q6 12 4 12H2Q0 12 0 10V2Q0 0 2 0z",
    "M1.4 2.6 4 0V12",
    "M0 2Q0 0 2 0H4Q6 0 6 2V4Q6 5.4 5 6.6L0 12H6",
    "M0 1.6Q.6 0 2 0H4Q6 0 6 2V4Q6 6 4 6H2M4 6Q6 6 6 8V10Q6 12 4 12H2Q.6 12 0 10.4",
    "M4 12V0L0 8H6",
    "M6 0H0V6H4Q6 6 6 8V10Q6 12 4 12H0",
    "M5 0H4Q0 0 0 4V10Q0 12 2 12H4Q6 12 6 10V8Q6 6 4 6H0",
    "M0 0H6V1.4L2 8V12",
    "M2 0H4Q6 0 6 2V4Q6 6 4 6H2Q0 6 0 4V2Q0 0 2 0zM2 6H4Q6 6 6 8V10Q6 12 4 12H2Q0 12 0 10V8Q0 6 2 6z",
    "M1 12H2Q6 12 6 8V2Q6 0 4 0H2Q0 0 0 2V4Q0 6 2 6H6",
];
/// Narrow, in a box of 12 × 12.
const MORE_THAN_NINE: &str = "M0 12H2Q4 12 4 10V2Q4 0 2 0Q0 0 0 2V4Q0 6 2 6H4M8 6H12M10 4V8";

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
    svg.push_str(&bell(is_ringing, if icon.demo { DEMO } else { BRAND }));
    // The number takes the upper right corner; a mark beside it moves to the lower left one.
    svg.push_str(&mark(icon.mark, if is_ringing { 0.0 } else { 16.0 }));
    if is_ringing {
        svg.push_str(&number(icon.unseen));
    }
    svg.push_str("</svg>");
    svg
}

fn bell(is_filled: bool, colour: &str) -> String {
    let fill = if is_filled { colour } else { "none" };
    format!(
        r#"<g stroke="{DARK}" stroke-width="5.4"><path d="{BODY}"/><path d="{CLAPPER}"/></g><g stroke="{colour}" stroke-width="2.9"><path d="{BODY}" fill="{fill}"/><path d="{CLAPPER}"/></g>"#
    )
}

/// Two strokes of the same path: the halo and the line.
fn line(path: &str, width: f32) -> String {
    format!(
        r#"<path d="{path}" stroke="{DARK}" stroke-width="{}"/><path d="{path}" stroke="{LIGHT}" stroke-width="{width}"/>"#,
        width + 3.6
    )
}

/// A mark stands in a box of 16 × 16 whose left upper corner is at (`x`, 16).
fn mark(mark: Mark, x: f32) -> String {
    let drawn = match mark {
        Mark::None => return String::new(),
        Mark::Struck => return line("M3.5 4 28 28.5", 3.2),
        Mark::Arrows => line("M1 5H13M9 1 13 5 9 9M15 11H3M7 7 3 11 7 15", 2.0),
        Mark::Dots => line("M2.5 10V10.1M8 10V10.1M13.5 10V10.1", 3.4),
        Mark::Clock => format!(
            r#"<circle cx="7" cy="9" r="6.4" fill="{LIGHT}" stroke="{DARK}" stroke-width="1.8"/><path d="M7 5V9H10" stroke="{DARK}" stroke-width="2"/>"#
        ),
        Mark::Key => line("M9 9A4 4 0 1 1 1 9A4 4 0 1 1 9 9H15V13", 2.2),
        Mark::Exclamation => format!(
            r#"<path d="M7 1 14.6 15H-.6z" fill="{LIGHT}" stroke="{DARK}" stroke-width="1.6"/><path d="M7 6.4V9M7 13V13.1" stroke="{DARK}" stroke-width="2"/>"#
        ),
        Mark::Bars => line("M4 4V13M12 4V13", 4.0),
    };
    format!(r#"<g transform="translate({x} 16)">{drawn}</g>"#)
}

fn number(unseen: u32) -> String {
    let digit = usize::try_from(unseen)
        .ok()
        .and_then(|unseen| DIGITS.get(unseen));
    let round = |inset: u32, fill| {
        format!(
            r#"<circle cx="22" cy="10" r="{}" fill="{fill}"/>"#,
            10 - inset
        )
    };
    let wide = |inset: u32, fill| {
        let side = 20 - 2 * inset;
        format!(
            r#"<rect x="{}" y="{inset}" width="{side}" height="{side}" rx="{}" fill="{fill}"/>"#,
            12 + inset,
            7 - inset
        )
    };
    let (below, x, path) = match digit {
        Some(path) => (round(0, DARK) + &round(1, RING), 19, *path),
        None => (wide(0, DARK) + &wide(1, RING), 15, MORE_THAN_NINE),
    };
    format!(
        r#"{below}<path transform="translate({x} 3)" d="{path}" stroke="{LIGHT}" stroke-width="2.3"/>"#
    )
}

/// The number alone, as large as there is room.
pub(super) fn badge(unseen: u32) -> String {
    format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="12 0 20 20" fill="none" stroke-linecap="round" stroke-linejoin="round">{}</svg>"#,
        number(unseen)
    )
}
