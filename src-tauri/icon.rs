//! The tray's icon: layers of SVG put together and drawn when they are needed.

mod layers;
#[cfg(test)]
mod tests;

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// What the icon says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrayIcon {
    /// The status.
    pub mark: Mark,
    /// Orders that nobody has seen; more than nine are drawn as `9+`.
    pub unseen: u32,
    /// The bright moment of a flashing alarm.
    pub lit: bool,
}

/// What is drawn on the bell for the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// The plain bell: in sync.
    None,
    /// Arrows to both sides: syncing.
    Arrows,
    /// A small clock: orders come every minute only.
    Clock,
    /// Struck through: no orders arrive.
    Struck,
    /// A key: it is missing or refused.
    Key,
    /// An exclamation mark: orders may be hidden, or cannot be stored.
    Exclamation,
    /// Two bars: paused.
    Bars,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Arrows,
        Self::Clock,
        Self::Struck,
        Self::Key,
        Self::Exclamation,
        Self::Bars,
    ];
}

/// A drawn icon: `side` × `side` pixels of red, green, blue, alpha, not premultiplied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drawing {
    /// Width and height.
    pub side: u32,
    /// The pixels, row by row.
    pub rgba: Vec<u8>,
}

/// The icon cannot be drawn; technical words.
#[derive(Debug, thiserror::Error)]
pub enum IconError {
    /// A layer is no SVG.
    #[error("a layer of the icon is no SVG: {0}")]
    Layer(#[from] resvg::usvg::Error),
    /// No pixels at all.
    #[error("an icon of this size cannot be drawn")]
    Size,
}

/// Draws the icon with this many pixels a side.
///
/// # Errors
/// [`IconError`]; not for a side above zero.
pub fn draw(icon: TrayIcon, side: u32) -> Result<Drawing, IconError> {
    Ok(Drawing {
        side,
        rgba: pixels(icon, side)?.take_demultiplied(),
    })
}

/// Draws the number of unseen orders for the corner of a taskbar's button, with this many pixels a side.
///
/// # Errors
/// [`IconError`]; not for a side above zero.
pub fn draw_badge(unseen: u32, side: u32) -> Result<Drawing, IconError> {
    Ok(Drawing {
        side,
        rgba: render(&layers::badge(unseen), side)?.take_demultiplied(),
    })
}

fn pixels(icon: TrayIcon, side: u32) -> Result<Pixmap, IconError> {
    render(&layers::compose(icon), side)
}

fn render(svg: &str, side: u32) -> Result<Pixmap, IconError> {
    let tree = Tree::from_str(svg, &Options::default())?;
    let mut pixmap = Pixmap::new(side, side).ok_or(IconError::Size)?;
    #[allow(clippy::cast_precision_loss, reason = "an icon has few pixels")]
    let scale = side as f32 / tree.size().width();
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixmap.as_mut(),
    );
    Ok(pixmap)
}
