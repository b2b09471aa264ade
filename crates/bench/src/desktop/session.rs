//! The part that runs on the virtual desktop.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use campana_sync::configuration::Receiver;
use campana_sync::settings::Settings;
use tempfile::TempDir;

use super::memory::{Held, held};
use super::screen::{Picture, Screen};
use super::tray::{Bus, Item};
use super::{Program, ROWS};
use crate::backlog::fill;
use crate::extent::Extent;
use crate::figures::{mebibytes, median, milliseconds};
use crate::orders::Orders;
use crate::peer::{PATIENCE, Places};
use crate::server::{KEY, Server};
use crate::table::{Row, Verdict};

/// What the tray says in the language that the app is started in.
const IN_SYNC: &str = "Al día";
const OPEN: &str = "Abrir";
/// The title of the main window.
const TITLE: &str = "Campana";
/// New orders that the window shows.
const NEW: usize = 20;
/// After so long memory is what it stays.
const SETTLES: Duration = Duration::from_secs(5);
/// And so long after a window has closed.
const SETTLES_CLOSED: Duration = Duration::from_secs(15);

/// The computer of a shop: its settings and its inbox.
#[derive(Debug)]
struct Household(TempDir);

/// A running app; killed when dropped.
#[derive(Debug)]
struct App {
    child: Child,
    item: Item,
    open: i32,
    /// From its start until the tray had its icon.
    until_tray: Duration,
    /// From its start until the tray said that it was in sync.
    until_in_sync: Duration,
}

/// One look at what everything holds.
#[derive(Debug)]
struct Memory {
    never_opened: Held,
    open: Held,
    closed: Held,
    empty_window: Picture,
}

/// How long it took from the choice in the tray's menu until the window showed what it then showed.
#[derive(Clone, Copy, Debug)]
struct Opened {
    until_in_sync: Duration,
    first: Duration,
    again: Duration,
    picture: Picture,
}

/// Measures, and prints the rows for the program that started this one.
///
/// # Errors
/// When the app does not start, or something takes too long.
#[allow(
    clippy::print_stdout,
    reason = "the program that started this one reads it"
)]
pub async fn on_desktop(
    program: &Program,
    places: &Places,
    extent: Extent,
    orders: &mut Orders,
) -> anyhow::Result<()> {
    let server = Server::start().await?;
    let small = Household::new(places, &server)?;
    let large = Household::new(places, &server)?;
    fill(&large.data(), extent.shown_history, orders)?;
    let new = orders.make_many(NEW);
    let program = program.clone();
    let work = move || -> anyhow::Result<Vec<Row>> {
        let (mut bus, screen) = (Bus::new()?, Screen::new()?);
        let mut rows = starts(&program, &small, extent, &mut bus)?;
        let memory = memory(&program, &small, extent, &mut bus, &screen)?;
        let before = memory.last().context("no turn")?.empty_window;
        rows.splice(0..0, memory_rows(&memory));
        server.take(new);
        let mut opened = Vec::new();
        for _ in 0..extent.windows {
            opened.push(open(&program, &large, &server, &mut bus, &screen)?);
        }
        ensure!(
            opened.iter().all(|opened| opened.picture != before),
            "the window shows no orders"
        );
        rows.extend(window_rows(&opened, extent));
        Ok(rows)
    };
    let rows = tokio::task::spawn_blocking(work).await??;
    println!("{ROWS}{}", serde_json::to_string(&rows)?);
    Ok(())
}

impl Household {
    fn new(places: &Places, server: &Server) -> anyhow::Result<Self> {
        let household = Self(places.folder()?);
        let mut settings = Settings {
            address: Some(server.url.clone()),
            receiver: Some(Receiver::Campana),
            ..Settings::default()
        };
        // The window opens when somebody chooses it in the tray, and then only.
        settings.preferences.alerts.window_to_front = false;
        settings.save(&household.config())?;
        std::fs::create_dir_all(household.data())?;
        // A row that is new lights up for seconds; on this desktop nothing moves, so that the screen comes to rest.
        let toolkit = household.config().join("gtk-3.0");
        std::fs::create_dir_all(&toolkit)?;
        std::fs::write(
            toolkit.join("settings.ini"),
            "[Settings]\ngtk-enable-animations=0\n",
        )?;
        Ok(household)
    }

    fn config(&self) -> std::path::PathBuf {
        self.0.path().join("config")
    }

    fn data(&self) -> std::path::PathBuf {
        self.0.path().join("data")
    }
}

impl App {
    /// Starts it and waits until its tray says that it is in sync.
    fn start(program: &Path, household: &Household, bus: &mut Bus) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command
            .env("CAMPANA_DATA_DIR", household.data())
            .env("CAMPANA_CONFIG_DIR", household.config())
            .env("XDG_CONFIG_HOME", household.config())
            .env("CAMPANA_API_KEY", KEY)
            .env("CAMPANA_LANG", "es")
            // Nobody's loudspeaker rings.
            .env("PULSE_SERVER", "unix:/nonexistent/no-sound-server")
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        let started = Instant::now();
        let mut child = command.spawn().context("the app does not start")?;
        let arrived = bus.next_item().and_then(|(at, item)| {
            let (in_sync, _) = item.until_it_says(IN_SYNC, PATIENCE)?;
            let (_, open) = item.until_it_says(OPEN, PATIENCE)?;
            Ok((at, in_sync, open, item))
        });
        match arrived {
            Ok((at, in_sync, open, item)) => Ok(Self {
                child,
                item,
                open,
                until_tray: at - started,
                until_in_sync: in_sync - started,
            }),
            Err(error) => {
                child.kill()?;
                Err(error)
            }
        }
    }

    /// Opens the main window from the tray; how long it took until it was painted, and what the screen showed.
    fn open(&self, screen: &Screen) -> anyhow::Result<(Duration, Picture)> {
        screen.until_it_rests(|| self.item.choose(self.open))
    }

    fn held(&self) -> Held {
        held(self.child.id())
    }
}

impl Drop for App {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Closes the main window as its cross does, and waits until it is gone from the screen.
fn close(screen: &Screen) -> anyhow::Result<()> {
    screen.until_it_rests(|| {
        let status = Command::new("wmctrl").args(["-F", "-c", TITLE]).status()?;
        ensure!(status.success(), "the window does not close");
        Ok(())
    })?;
    Ok(())
}

fn starts(
    program: &Program,
    household: &Household,
    extent: Extent,
    bus: &mut Bus,
) -> anyhow::Result<Vec<Row>> {
    let (mut tray, mut in_sync) = (Vec::new(), Vec::new());
    for _ in 0..extent.starts {
        let app = App::start(&program.app, household, bus)?;
        tray.push(app.until_tray);
        in_sync.push(app.until_in_sync);
    }
    let row = |to: &str, most: u64, times: &[Duration]| {
        let most = Duration::from_millis(most);
        Row {
            measure: format!("the app: process start → {to}, median of {}", extent.starts),
            target: format!("≤ {} ms", most.as_millis()),
            campana: Some(milliseconds(median(times))),
            verdict: Verdict::of(median(times) <= most, String::new()),
            ..Row::default()
        }
    };
    Ok(vec![
        row("icon in the tray", 200, &tray),
        row("tray says *in sync*, on loopback", 500, &in_sync),
    ])
}

fn memory(
    program: &Program,
    household: &Household,
    extent: Extent,
    bus: &mut Bus,
    screen: &Screen,
) -> anyhow::Result<Vec<Memory>> {
    let mut turns = Vec::new();
    for _ in 0..extent.memories {
        let app = App::start(&program.app, household, bus)?;
        std::thread::sleep(SETTLES);
        let never_opened = app.held();
        let (_, empty_window) = app.open(screen)?;
        let open = app.held();
        close(screen)?;
        std::thread::sleep(SETTLES_CLOSED);
        turns.push(Memory {
            never_opened,
            open,
            closed: app.held(),
            empty_window,
        });
    }
    Ok(turns)
}

fn memory_rows(turns: &[Memory]) -> [Row; 3] {
    let row = |measure: &str, most: Option<u64>, part: fn(&Memory) -> &Held| {
        let mut sorted: Vec<&Held> = turns.iter().map(part).collect();
        sorted.sort_by_key(|held| held.together);
        let middle = sorted.get(sorted.len() / 2).copied();
        let held = middle.cloned().unwrap_or_default();
        Row {
            measure: format!("the app: memory (PSS) of all its processes, {measure}"),
            target: most.map_or("–".into(), |most| format!("≤ {most} MiB")),
            campana: Some(format!("{} ({})", mebibytes(held.together), held.parts())),
            verdict: most.map_or(Verdict::NoTarget, |most| {
                Verdict::of(held.together <= most << 20, String::new())
            }),
            ..Row::default()
        }
    };
    [
        row("tray only, no window ever opened", Some(45), |turn| {
            &turn.never_opened
        }),
        row("its window open", None, |turn| &turn.open),
        row("tray only, its window closed again", Some(60), |turn| {
            &turn.closed
        }),
    ]
}

fn open(
    program: &Program,
    household: &Household,
    server: &Server,
    bus: &mut Bus,
    screen: &Screen,
) -> anyhow::Result<Opened> {
    let app = App::start(&program.app, household, bus)?;
    let began = Instant::now();
    while server.pending() > 0 {
        ensure!(began.elapsed() < PATIENCE, "the orders are not confirmed");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(SETTLES);
    let (first, picture) = app.open(screen)?;
    photograph(&program.picture);
    close(screen)?;
    let (again, _) = app.open(screen)?;
    close(screen)?;
    Ok(Opened {
        until_in_sync: app.until_in_sync,
        first,
        again,
        picture,
    })
}

/// For people who doubt that orders are on the screen; whoever lacks the program lacks the picture only.
fn photograph(file: &Path) {
    let _ = Command::new("import")
        .args(["-window", "root"])
        .arg(file)
        .status();
}

fn window_rows(opened: &[Opened], extent: Extent) -> [Row; 3] {
    let middle =
        |part: fn(&Opened) -> Duration| median(&opened.iter().map(part).collect::<Vec<_>>());
    let history = extent.shown_history;
    let row = |measure: String, most: Option<u64>, time: Duration| Row {
        measure,
        target: most.map_or("–".into(), |most| format!("≤ {most} ms")),
        campana: Some(milliseconds(time)),
        verdict: most.map_or(Verdict::NoTarget, |most| {
            Verdict::of(time <= Duration::from_millis(most), String::new())
        }),
        ..Row::default()
    };
    [
        row(
            format!(
                "the app with {history} orders in history: process start → tray says *in sync*"
            ),
            None,
            middle(|opened| opened.until_in_sync),
        ),
        row(
            format!("the same: tray click → window painted with {NEW} orders, the first time"),
            Some(300),
            middle(|opened| opened.first),
        ),
        row(
            "the same: once more, after it was closed".into(),
            Some(300),
            middle(|opened| opened.again),
        ),
    ]
}
