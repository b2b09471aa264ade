//! The tray's icon: layers of SVG put together and drawn when they are needed.

mod layers;
#[cfg(test)]
mod tests;

use campana_shell::icon::TrayIcon;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

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
