//! Steps that read only a few folders: they need not run again while nothing in these changed.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use anyhow::Context as _;

use crate::command::{output, program, target, top};

/// Runs a step, unless it passed before and no file under `inputs` changed since.
///
/// # Errors
/// As the step, and when git cannot say what the files contain.
pub fn unless_unchanged(
    name: &str,
    inputs: &[&str],
    step: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let stamp = target().join("passed").join(name);
    let contents = contents(inputs)?;
    if fs::read_to_string(&stamp).is_ok_and(|passed| passed == contents) {
        println!("Nothing in {} changed since it passed.", inputs.join(", "));
        return Ok(());
    }
    step()?;
    fs::create_dir_all(target().join("passed")).context("the folder of what passed")?;
    fs::write(&stamp, contents).with_context(|| stamp.display().to_string())
}

/// A hash of the names and contents of the files under `inputs` that git does not ignore.
fn contents(inputs: &[&str]) -> anyhow::Result<String> {
    let files = output(
        program("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .arg("--")
            .args(inputs),
    )?;
    let mut hasher = DefaultHasher::new();
    for file in files.lines() {
        // A file that is gone and still in git's index has no contents.
        (file, fs::read(top().join(file)).ok()).hash(&mut hasher);
    }
    Ok(hasher.finish().to_string())
}
