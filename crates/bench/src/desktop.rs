//! The app itself, a release build, on a virtual desktop: what its tray costs, and how soon it and a window are there.
//!
//! This program starts itself once more on that desktop (`--on-desktop`): the part in `session` runs there and
//! hands over its rows.

mod memory;
mod screen;
mod session;
mod tray;

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::SystemTime;

use anyhow::{Context as _, ensure};
use tokio::process::Command;

pub use session::on_desktop;

use crate::figures::megabytes;
use crate::table::{Row, Verdict};

/// Begins the line with which the part on the desktop hands over its rows.
const ROWS: &str = "rows: ";

/// What is measured: the app, and the packages that hold it.
#[derive(Clone, Debug)]
pub struct Program {
    /// The app, a release build.
    pub app: PathBuf,
    /// Where `cargo xtask package` puts the deb.
    pub packages: PathBuf,
    /// Where a picture of the open window goes.
    pub picture: PathBuf,
}

/// Measures it. `tests` is the project's folder of that name, `same` what this program was started with.
///
/// # Errors
/// When the desktop or the app does not start, or something takes too long.
pub async fn measure(program: &Program, tests: &Path, same: &[String]) -> anyhow::Result<Vec<Row>> {
    let output = Command::new(tests.join("desktop/virtual-desktop"))
        .arg(std::env::current_exe()?)
        .args(same)
        .arg("--on-desktop")
        .env("NOTIFICATIONS", "record")
        .env("SECRETS", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .output()
        .await
        .context("the virtual desktop does not start")?;
    let told = String::from_utf8_lossy(&output.stdout);
    let rows = told.lines().find_map(|line| line.strip_prefix(ROWS));
    let errors = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "on the desktop: {errors}{told}");
    let mut rows: Vec<Row> = serde_json::from_str(rows.context("the desktop tells nothing")?)?;
    rows.extend(sizes(program)?);
    Ok(rows)
}

fn sizes(program: &Program) -> anyhow::Result<[Row; 2]> {
    let binary = std::fs::metadata(&program.app)
        .with_context(|| program.app.display().to_string())?
        .len();
    let deb = newest_deb(&program.packages);
    Ok([
        size("the app: binary", 12, Some(binary)),
        size("the app: deb", 6, deb),
    ])
}

fn size(measure: &str, most: u32, bytes: Option<u64>) -> Row {
    Row {
        measure: measure.into(),
        target: format!("≤ {most} MB"),
        campana: bytes.map(megabytes),
        verdict: bytes.map_or(Verdict::NotMeasured, |bytes| {
            Verdict::of(bytes <= u64::from(most) * 1_000_000, String::new())
        }),
        ..Row::default()
    }
}

/// The size of the newest; `None` where none was made.
fn newest_deb(folder: &Path) -> Option<u64> {
    std::fs::read_dir(folder)
        .ok()?
        .flatten()
        .filter(|file| file.path().extension().is_some_and(|kind| kind == "deb"))
        .filter_map(|file| file.metadata().ok())
        .max_by_key(|file| file.modified().unwrap_or(SystemTime::UNIX_EPOCH))
        .map(|file| file.len())
}
