//! The view that a page finds when it is loaded, so that it paints without asking first.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::Serialize;

use crate::view::View;

#[derive(Serialize)]
struct FirstView<'a> {
    /// Milliseconds since 1970: a page that is loaded once more finds it again, and must not take it for the present.
    at: u64,
    view: &'a View,
}

/// A script that leaves the view in `window.campanaFirstView`. The page asks for the newest all the same.
///
/// # Errors
/// When the view cannot be written as JSON.
pub(super) fn script(view: &View) -> serde_json::Result<String> {
    let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH);
    let at = since_1970.map_or(0, |passed| {
        u64::try_from(passed.as_millis()).unwrap_or(u64::MAX)
    });
    // JSON is an expression of JavaScript, and as a value it runs nothing.
    let first = serde_json::to_string(&FirstView { at, view })?;
    Ok(format!("window.campanaFirstView = {first};"))
}
