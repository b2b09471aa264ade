#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod sheet;

use campana_shell::icon::{Mark, TrayIcon};
use resvg::tiny_skia::{Color, Pixmap, PixmapPaint, Transform};

use super::{draw, draw_badge, pixels};

/// Every icon that there is: a number above nine is drawn as ten is.
fn all() -> Vec<TrayIcon> {
    let states = |mark| {
        (0..=10).flat_map(move |unseen| {
            [false, true].map(|lit| TrayIcon {
                mark,
                unseen,
                lit,
                demo: false,
            })
        })
    };
    Mark::ALL.into_iter().flat_map(states).collect()
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
            // What is lit alternates with the same at rest, and is compared with it.
            let others = drawn[index + 1..].iter().filter(|(other, _)| {
                one.lit == other.lit || (one.mark, one.unseen) == (other.mark, other.unseen)
            });
            for (other, other_pixels) in others {
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
                demo: false,
            },
            32,
        )
        .unwrap()
    };
    assert_eq!(many(10), many(u32::MAX));
    assert_ne!(many(9), many(10));
    assert_eq!(many(1).rgba.len(), 32 * 32 * 4);
}

#[test]
fn each_number_has_a_badge_of_its_own() {
    let badges: Vec<_> = (1..=10)
        .map(|unseen| draw_badge(unseen, 16).unwrap())
        .collect();
    for (index, one) in badges.iter().enumerate() {
        assert!(badges[index + 1..].iter().all(|other| one != other));
    }
    assert_eq!(draw_badge(10, 16).unwrap(), draw_badge(400, 16).unwrap());
}

#[test]
fn the_bell_of_the_demo_is_another_one() {
    let bell = |demo, unseen| {
        let icon = TrayIcon {
            mark: Mark::None,
            unseen,
            lit: false,
            demo,
        };
        draw(icon, 16).unwrap()
    };
    assert_ne!(bell(true, 0), bell(false, 0));
    assert_ne!(bell(true, 3), bell(false, 3));
}
