//! The app in a session of Windows: it shows its icon in the tray, a second one gives way to it, and the end of the
//! session ends it with everything written.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};

use super::Programs;
use super::wine::Wine;
use crate::command::{run, succeeds};
use crate::other_system;

/// Wine shows the icons of the tray in a window of this name, where the desktop has no place for them. It is there
/// only while it shows one.
const TRAY: &str = "^Wine System Tray$";
/// The app and what it waits for get so long; Wine on a busy computer is slow.
const PATIENCE: Duration = Duration::from_secs(90);
/// Nothing lives longer than this, in seconds.
const LIFE: u32 = 300;
/// Between two looks.
const STEP: Duration = Duration::from_millis(200);

/// Starts with nothing set up, as on the first day.
///
/// # Errors
/// When it is not as it should be; the app's log is shown.
pub fn of_a_shop(wine: &Wine, programs: &Programs) -> anyhow::Result<()> {
    println!("The app in a session on Wine");
    // A space, since most names of people have one.
    let folder = other_system::folder().join("a shop");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).context("the shop's folder")?;
    let mut session = Session::start(wine, &programs.app, &folder, &[])?;
    session.holds("its icon is not in the tray", |_| tray_is_shown(wine))?;
    session.holds("it opens no window", |session| session.opened() > 0)?;
    let before = session.opened();
    let second = wine
        .program(&programs.app, LIFE)
        .envs(places(&folder))
        .status()
        .context("a second app")?;
    ensure!(second.success(), "a second app: {second}");
    session.holds("a second app does not open the window", |session| {
        session.opened() > before
    })?;
    let log = session.log_out()?;
    ensure!(
        log.contains("ended"),
        "the end of the session cut it short:\n{log}"
    );
    ensure!(
        folder.join("data/inbox.sqlite3").exists(),
        "there is no inbox"
    );
    Ok(())
}

/// The demo, with orders that ring.
///
/// # Errors
/// When it is not as it should be; the app's log is shown.
pub fn of_the_demo(wine: &Wine, programs: &Programs) -> anyhow::Result<()> {
    println!("The demo in a session on Wine");
    for left in demo_folders(wine)? {
        fs::remove_dir_all(&left).context("a demo's folder")?;
    }
    let folder = other_system::folder();
    let mut session = Session::start(wine, &programs.app, &folder, &["--demo"])?;
    session.holds("its icon is not in the tray", |_| tray_is_shown(wine))?;
    session.holds("no order rings", |_| {
        let demo = demo_folders(wine).unwrap_or_default();
        demo.iter().any(|folder| rings(wine, programs, folder))
    })?;
    // Its icon flashes, since Wine has no sound: whether it comes to clear its folder is chance (docs/platforms.md).
    session.log_out()?;
    Ok(())
}

fn tray_is_shown(wine: &Wine) -> bool {
    succeeds(
        wine.beside("xdotool")
            .args(["search", "--onlyvisible", "--name", TRAY]),
    )
}

/// Whether the inbox, read beside the app that holds it, has an order that rings.
fn rings(wine: &Wine, programs: &Programs, demo: &Path) -> bool {
    wine.program(&programs.command_line, LIFE)
        .args(["inbox", "list", "--json", "--data-dir"])
        .arg(of_windows(&demo.join("data")))
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains("\"ringing\""))
}

fn demo_folders(wine: &Wine) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for user in fs::read_dir(wine.drive().join("users")).context("Wine's users")? {
        let Ok(temporary) = fs::read_dir(user?.path().join("Temp")) else {
            continue;
        };
        for entry in temporary {
            let entry = entry?;
            if entry
                .file_name()
                .to_string_lossy()
                .starts_with("campana-demo-")
            {
                found.push(entry.path());
            }
        }
    }
    Ok(found)
}

fn places(folder: &Path) -> [(&'static str, String); 2] {
    [
        ("CAMPANA_DATA_DIR", of_windows(&folder.join("data"))),
        ("CAMPANA_CONFIG_DIR", of_windows(&folder.join("config"))),
    ]
}

/// Wine shows this system's files as drive Z.
fn of_windows(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}

/// An app that runs.
struct Session<'a> {
    wine: &'a Wine,
    app: Child,
    log: PathBuf,
}

impl<'a> Session<'a> {
    fn start(
        wine: &'a Wine,
        app: &Path,
        folder: &Path,
        arguments: &[&str],
    ) -> anyhow::Result<Self> {
        let log = folder.join("campana.log");
        let file = File::create(&log).context("the app's log")?;
        let app = wine
            .program(app, LIFE)
            .args(arguments)
            .envs(places(folder))
            .env("CAMPANA_LOG", "info,campana_app=debug,campana_shell=debug")
            .stderr(file)
            .spawn()
            .context("cannot start the app")?;
        Ok(Self { wine, app, log })
    }

    fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// How often it opened a window; that Wine has nothing to show in it is another matter.
    fn opened(&self) -> usize {
        let log = self.log();
        log.lines().filter(|line| line.contains(" opens ")).count()
    }

    /// Waits until it is so while the app runs.
    fn holds(&mut self, otherwise: &str, is_so: impl Fn(&Self) -> bool) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.app.try_wait()? {
                bail!("the app ended ({status}):\n{}", self.log());
            }
            if is_so(self) {
                return Ok(());
            }
            sleep(STEP);
        }
        bail!("{otherwise}:\n{}", self.log());
    }

    /// Ends the session as whoever logs out does, and sees that the app ends by itself with all well.
    fn log_out(mut self) -> anyhow::Result<String> {
        run(self.wine.program("wineboot", LIFE).arg("--end-session"))?;
        let status = self.ended()?;
        let log = self.log();
        ensure!(
            status.success(),
            "at the end of the session: {status}\n{log}"
        );
        Ok(log)
    }

    fn ended(&mut self) -> anyhow::Result<ExitStatus> {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            if let Some(status) = self.app.try_wait()? {
                return Ok(status);
            }
            sleep(STEP);
        }
        bail!("the app outlives the session:\n{}", self.log());
    }
}
