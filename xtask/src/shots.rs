//! The tour: a picture of every window in every state, as the browser draws it, and of the tray.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};

use crate::command::{ALL, cargo, npm, program, run, top};
use crate::setup;

const PICTURES: &str = "docs/images/tour";
const PAGE: &str = "docs/tour.md";

/// Makes the pictures anew and the page that shows them; pictures of states that are no more go.
///
/// # Errors
/// When the windows cannot be built or drawn.
pub fn make() -> anyhow::Result<()> {
    setup::run()?;
    tray()?;
    let drawn = top().join("ui/shots");
    if drawn.exists() {
        fs::remove_dir_all(&drawn).context("ui/shots")?;
    }
    run(npm("ui").args(["run", "shots"]))?;
    let kept = top().join(PICTURES);
    if kept.exists() {
        fs::remove_dir_all(&kept).context(PICTURES)?;
    }
    fs::create_dir_all(&kept).context(PICTURES)?;
    let names = names(&drawn)?;
    for name in &names {
        let file = format!("{name}.png");
        // The windows have few colours: a palette makes a fifth of the size.
        run(program("convert")
            .arg(drawn.join(&file))
            .args(["-dither", "None", "-colors", "256", "-strip"])
            .arg(format!("PNG8:{}", kept.join(&file).display())))?;
    }
    fs::write(top().join(PAGE), page(&names)).context(PAGE)?;
    println!("{} pictures in {PICTURES}; {PAGE} shows them.", names.len());
    Ok(())
}

/// Every state of the tray, into `docs/images`, and enlarged into `target/shots`.
fn tray() -> anyhow::Result<()> {
    run(cargo()
        .arg("test")
        .args(ALL)
        .args(["--lib", "--locked", "icon::tests::sheet"])
        .env("CAMPANA_WRITE_SHEET", "1"))
}

fn names(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder).context("ui/shots")? {
        let name = entry?.file_name();
        if let Some(name) = name.to_string_lossy().strip_suffix(".png") {
            names.insert(name.to_owned());
        }
    }
    ensure!(!names.is_empty(), "no pictures were drawn");
    Ok(names)
}

/// `key-refused-en-light` stands for what it shows.
fn page(names: &BTreeSet<String>) -> String {
    let mut page = String::from(
        "# The tour\n\nEvery window in every state, with sample orders, made by `cargo xtask shots`.\n\n## The tray\n\n![Every state of the tray on light and dark panels](images/tray-states.png)\n",
    );
    let (settings, main): (Vec<&String>, Vec<&String>) = names
        .iter()
        .partition(|name| name.starts_with("settings") || name.starts_with("welcome"));
    for (title, names) in [("The main window", main), ("The settings window", settings)] {
        // Writing to a String cannot fail.
        let _ = writeln!(page, "\n## {title}");
        for name in names {
            let words = name.replace('-', " ");
            let _ = writeln!(page, "\n### {words}\n\n![{words}](images/tour/{name}.png)");
        }
    }
    page
}
