//! The view that a page finds when it is loaded, so that it paints without asking first.

use campana_contract::Timestamp;
use campana_shell::view::View;
use serde::Serialize;

#[derive(Serialize)]
struct FirstView<'a> {
    /// Milliseconds since 1970: a page that is loaded once more finds it again, and must not take it for the present.
    at: i64,
    view: &'a View,
}

/// A script that leaves the view in `window.campanaFirstView`, made at this moment. The page asks for the newest all the same.
///
/// # Errors
/// When the view cannot be written as JSON.
pub(super) fn script(view: &View, at: Timestamp) -> serde_json::Result<String> {
    // JSON is an expression of JavaScript, and as a value it runs nothing.
    let first = serde_json::to_string(&FirstView { at: at.0, view })?;
    Ok(format!("window.campanaFirstView = {first};"))
}
