//! The part of `docs/performance.md` that is measured.

use std::path::Path;

use anyhow::Context as _;

const BEGIN: &str = "<!-- measured: begin -->";
const END: &str = "<!-- measured: end -->";

/// Puts the table in its place; the rest of the document is people's.
///
/// # Errors
/// When the document or its place is missing.
pub fn write(document: &Path, measured: &str) -> anyhow::Result<()> {
    let before = std::fs::read_to_string(document).context("the document")?;
    let after = replaced(&before, measured).context("the document has no place for the table")?;
    Ok(std::fs::write(document, after)?)
}

fn replaced(document: &str, measured: &str) -> Option<String> {
    let (head, rest) = document.split_once(BEGIN)?;
    let (_, tail) = rest.split_once(END)?;
    Some(format!("{head}{BEGIN}\n{measured}\n{END}{tail}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_measured_is_replaced() {
        let document = format!("head\n{BEGIN}\nold\n{END}\ntail\n");
        let expected = format!("head\n{BEGIN}\nnew\n{END}\ntail\n");
        assert_eq!(replaced(&document, "new"), Some(expected));
        assert_eq!(replaced("no place", "new"), None);
    }
}
