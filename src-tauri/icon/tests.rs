#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use resvg::tiny_skia::{Color, Pixmap, PixmapPaint, Transform};

use super::{Mark, TrayIcon, draw, pixels};

fn all() -> Vec<TrayIcon> {
    let mut icons: Vec<TrayIcon> = Mark::ALL
        .into_iter()
        .map(|mark| TrayIcon {
            mark,
            unseen: 0,
            lit: false,
        })
        .collect();
    icons.extend((1..=10).map(|unseen| TrayIcon {
        mark: Mark::None,
        unseen,
        lit: false,
    }));
    for mark in [Mark::Struck, Mark::Key, Mark::Exclamation, Mark::Bars] {
        icons.push(TrayIcon {
            mark,
            unseen: 3,
            lit: false,
        });
    }
    icons
}

/// How light each pixel is on a panel of this colour, without its colour.
fn lightness(icon: TrayIcon, side: u32, panel: Color) -> Vec<f64> {
    let mut canvas = Pixmap::new(side, side).unwrap();
    canvas.fill(panel);
    let drawn = pixels(icon, side).unwrap();
    let paint = PixmapPaint::default();
    canvas.draw_pixmap(0, 0, drawn.as_ref(), &paint, Transform::identity(), None);
    let weighed = |pixel: &resvg::tiny_skia::PremultipliedColorU8| {
        0.299 * f64::from(pixel.red())
            + 0.587 * f64::from(pixel.green())
            + 0.114 * f64::from(pixel.blue())
    };
    canvas.pixels().iter().map(weighed).collect()
}

fn panels() -> [Color; 2] {
    [
        Color::from_rgba8(246, 245, 244, 255),
        Color::from_rgba8(30, 30, 30, 255),
    ]
}

/// Pixels that differ clearly.
fn difference(one: &[f64], other: &[f64]) -> usize {
    one.iter()
        .zip(other)
        .filter(|(one, other)| (*one - *other).abs() > 48.0)
        .count()
}

#[test]
fn every_pair_differs_without_colour_at_16_pixels_on_light_and_dark_panels() {
    for panel in panels() {
        let drawn: Vec<_> = all()
            .into_iter()
            .map(|icon| (icon, lightness(icon, 16, panel)))
            .collect();
        for (index, (one, one_pixels)) in drawn.iter().enumerate() {
            for (other, other_pixels) in &drawn[index + 1..] {
                // Two digits differ by little; a status must differ by much.
                let least = if one.mark == other.mark && one.unseen > 0 && other.unseen > 0 {
                    2
                } else {
                    12
                };
                let found = difference(one_pixels, other_pixels);
                assert!(
                    found >= least,
                    "{one:?} and {other:?} differ in {found} pixels"
                );
            }
        }
    }
}

#[test]
fn every_icon_stands_out_from_light_and_dark_panels() {
    for panel in panels() {
        let empty = {
            let mut canvas = Pixmap::new(16, 16).unwrap();
            canvas.fill(panel);
            f64::from(canvas.pixels()[0].red())
        };
        for icon in all() {
            let seen = lightness(icon, 16, panel);
            let seen = seen
                .iter()
                .filter(|one| (*one - empty).abs() > 64.0)
                .count();
            assert!(seen >= 30, "{icon:?} shows in {seen} pixels only");
        }
    }
}

#[test]
fn any_number_of_unseen_orders_can_be_drawn() {
    let many = |unseen| {
        draw(
            TrayIcon {
                mark: Mark::None,
                unseen,
                lit: false,
            },
            32,
        )
        .unwrap()
    };
    assert_eq!(many(10), many(u32::MAX));
    assert_ne!(many(9), many(10));
    assert_eq!(many(1).rgba.len(), 32 * 32 * 4);
}

/// Set `CAMPANA_ICON_SHEET` to a file name to look at all icons, on light and dark, at 16, 32 and 64 pixels.
#[test]
fn a_sheet_of_all_icons_can_be_written() {
    let icons = all();
    let width = u32::try_from(icons.len()).unwrap() * 72;
    let mut sheet = Pixmap::new(width, 280).unwrap();
    let mut top = 0;
    for panel in panels() {
        let mut band = Pixmap::new(width, 140).unwrap();
        band.fill(panel);
        let mut left = 4;
        for icon in &icons {
            for (side, down) in [(64, 4), (32, 72), (16, 112)] {
                let drawn = pixels(*icon, side).unwrap();
                let paint = PixmapPaint::default();
                band.draw_pixmap(
                    left,
                    down,
                    drawn.as_ref(),
                    &paint,
                    Transform::identity(),
                    None,
                );
            }
            left += 72;
        }
        let paint = PixmapPaint::default();
        sheet.draw_pixmap(0, top, band.as_ref(), &paint, Transform::identity(), None);
        top += 140;
    }
    let png = sheet.encode_png().unwrap();
    assert!(png.len() > 1000);
    if let Ok(file) = std::env::var("CAMPANA_ICON_SHEET") {
        std::fs::write(file, png).unwrap();
    }
}
