//! The picture of every state of the tray: each size on a light and a dark panel, the marks from top
//! to bottom, the numbers from left to right, at rest and lit.

use campana_shell::icon::{Mark, TrayIcon};
use resvg::tiny_skia::{FilterQuality, Pixmap, PixmapPaint, Transform};

use super::super::pixels;
use super::panels;

const SIZES: [u32; 3] = [16, 22, 32];
const NUMBERS: u32 = 11;
const GAP: u32 = 6;
/// Where the picture is committed, from the top of the project.
const FILE: &str = "docs/images/tray-states.png";
/// `cargo xtask shots` sets it: the picture is made anew instead of compared.
const WRITE: &str = "CAMPANA_WRITE_SHEET";

/// `times` shows each pixel so many times as large.
fn sheet(sizes: &[u32], times: u32) -> Pixmap {
    let marks = u32::try_from(Mark::ALL.len()).unwrap();
    let cell = |side: u32| side * times + GAP;
    let widest = sizes.iter().max().unwrap();
    let width = 2 * NUMBERS * cell(*widest) + GAP;
    let height = sizes.iter().map(|side| marks * cell(*side) + GAP).sum();
    let mut halves = panels().map(|panel| {
        let mut half = Pixmap::new(width, height).unwrap();
        half.fill(panel);
        half
    });
    let mut top = GAP;
    for side in sizes {
        for mark in Mark::ALL {
            for column in 0..2 * NUMBERS {
                let icon = TrayIcon {
                    mark,
                    unseen: column % NUMBERS,
                    lit: column >= NUMBERS,
                    demo: false,
                };
                let drawn = pixels(icon, *side).unwrap();
                for half in &mut halves {
                    put(half, &drawn, (GAP + column * cell(*side), top), times);
                }
            }
            top += cell(*side);
        }
        top += GAP;
    }
    let mut picture = Pixmap::new(width * 2, height).unwrap();
    for (index, half) in (0..).zip(&halves) {
        put(&mut picture, half, (index * width, 0), 1);
    }
    picture
}

fn put(on: &mut Pixmap, what: &Pixmap, (x, y): (u32, u32), times: u32) {
    let paint = PixmapPaint {
        quality: FilterQuality::Nearest,
        ..PixmapPaint::default()
    };
    #[allow(clippy::cast_precision_loss, reason = "a picture has few pixels")]
    let place = Transform::from_row(times as f32, 0.0, 0.0, times as f32, x as f32, y as f32);
    on.draw_pixmap(0, 0, what.as_ref(), &paint, place, None);
}

#[test]
fn the_picture_of_all_states_shows_what_is_drawn() {
    let picture = sheet(&SIZES, 1);
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(FILE);
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&file, picture.encode_png().unwrap()).unwrap();
        let large = file.with_file_name("../../target/shots/tray-states-large.png");
        std::fs::create_dir_all(large.parent().unwrap()).unwrap();
        std::fs::write(large, sheet(&[16], 4).encode_png().unwrap()).unwrap();
    }
    let committed = Pixmap::load_png(&file).unwrap();
    assert_eq!(committed.width(), picture.width());
    assert_eq!(committed.height(), picture.height());
    // Processors round differently.
    let most = committed
        .data()
        .iter()
        .zip(picture.data())
        .map(|(one, other)| one.abs_diff(*other))
        .max();
    assert!(most < Some(8), "{FILE} is old: cargo xtask shots");
}
