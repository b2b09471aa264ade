//! Histories that failed once: kept for ever, and replayed before anything new is tried.

use serde::{Deserialize, Serialize};

use crate::history::History;
use crate::property::Property;

/// A history that failed once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    /// Which property it broke.
    pub broke: Property,
    /// What was wrong, in a sentence.
    pub because: String,
    /// What happens.
    pub history: History,
}

/// Every kept history with its name, in order of names.
///
/// # Errors
/// When the folder `kept/` cannot be read, or a file in it is no history.
pub fn kept_histories() -> anyhow::Result<Vec<(String, Kept)>> {
    use anyhow::Context as _;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/kept");
    let mut kept = Vec::new();
    for entry in std::fs::read_dir(folder).context(folder)? {
        let path = entry.context(folder)?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            let name = path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            let text = std::fs::read_to_string(&path).with_context(|| name.clone())?;
            kept.push((name.clone(), serde_json::from_str(&text).context(name)?));
        }
    }
    kept.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(kept)
}
