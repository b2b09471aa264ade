//! What each step of the checks runs.

use std::fs;

use anyhow::{Context as _, ensure};

use super::run_alone::{self, Filter, Reporter};
use super::unchanged::unless_unchanged;
use crate::command::{ALL, cargo_with_clippy, npm, program, run, target, top};
use crate::{
    command, fuzz, install, licences, load, macos, reliability, setup, simulate, third_party,
    windows,
};

const BINDINGS: &str = "ui/src/backend/bindings.ts";

/// What the tests of the windows read.
const UI: &[&str] = &["ui", "locales", "tauri.conf.json"];

/// The desktop tests that follow an order from the server to the counter, and the way to it: first start, key,
/// settings. The others try what seldom happens.
const MAIN_FLOWS: &[&str] = &[
    "tests/desktop/alarm.test.mjs",
    "tests/desktop/first-start.test.mjs",
    "tests/desktop/key-in-keyring.test.mjs",
    "tests/desktop/order-rings.test.mjs",
    "tests/desktop/settings-saved.test.mjs",
];

/// A part of the checks.
pub struct Step {
    /// What `--only` takes.
    pub name: &'static str,
    /// For whoever reads which steps were left out.
    pub what: &'static str,
    /// Runs before each commit, not only with `--all`.
    pub is_short: bool,
    /// Steps that must have run.
    pub needs: &'static [&'static str],
    /// Beside which others it runs.
    pub when: When,
    /// The step itself; only steps made of named tests heed the filter.
    pub run: fn(Option<&Filter>) -> anyhow::Result<()>,
}

/// Beside which others a step runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// After the step before it.
    InTurn,
    /// Beside the steps that follow. It must not run Cargo, whose lock it would wait for.
    Beside,
    /// After everything before it has ended: its deadlines are those of a person.
    Alone,
}

const SHORT: Step = Step {
    name: "",
    what: "",
    is_short: true,
    needs: &[],
    when: When::InTurn,
    run: |_| Ok(()),
};

const LONG: Step = Step {
    is_short: false,
    ..SHORT
};

/// In the order in which a failure is cheapest.
pub const TABLE: &[Step] = &[
    Step {
        name: "format",
        what: "the layout of the code",
        run: |_| format(),
        ..SHORT
    },
    Step {
        name: "licences",
        what: "licences and origins of dependencies",
        run: |_| licences::check(),
        ..SHORT
    },
    Step {
        name: "third-party",
        what: "the list of dependencies that the settings show",
        run: |_| third_party::check(),
        ..SHORT
    },
    Step {
        name: "ui-build",
        what: "the windows",
        run: |_| run(npm("ui").args(["run", "build"])),
        ..SHORT
    },
    Step {
        name: "ui-check",
        what: "the types of the windows",
        run: |_| unless_unchanged("ui-check", UI, || run(npm("ui").args(["run", "check"]))),
        ..SHORT
    },
    Step {
        name: "build",
        what: "programs and tests, each compiled once, with Clippy looking on",
        needs: &["ui-build"],
        run: |_| build(),
        ..SHORT
    },
    Step {
        name: "node",
        what: "the programs against the official Socket.IO server",
        needs: &["build"],
        when: When::Beside,
        run: node,
        ..SHORT
    },
    Step {
        name: "ui",
        what: "the windows in a browser",
        needs: &["ui-build"],
        when: When::Beside,
        run: ui,
        ..SHORT
    },
    Step {
        name: "rust",
        what: "the tests in Rust",
        needs: &["build"],
        run: rust,
        ..SHORT
    },
    Step {
        name: "simulate",
        what: "the simulation for about a minute",
        needs: &["build"],
        run: |_| simulate::step(simulate::SHORT),
        ..SHORT
    },
    Step {
        name: "fuzz",
        what: "each fuzz target for two seconds",
        run: |_| fuzz::all(None, fuzz::SHORT),
        ..SHORT
    },
    Step {
        name: "desktop-main",
        what: "the main flows of the app on a virtual desktop",
        needs: &["build"],
        when: When::Alone,
        run: |filter| desktop("desktop-main", filter, |file| MAIN_FLOWS.contains(&file)),
        ..SHORT
    },
    Step {
        name: "desktop",
        what: "the other flows of the app on a virtual desktop",
        needs: &["build"],
        when: When::Alone,
        run: |filter| desktop("desktop", filter, |file| !MAIN_FLOWS.contains(&file)),
        ..LONG
    },
    Step {
        name: "reliability",
        what: "real faults on real sockets",
        needs: &["build"],
        when: When::Alone,
        run: |_| reliability::check(),
        ..LONG
    },
    Step {
        name: "load",
        what: "two processes of the backend with 60 clients",
        needs: &["build"],
        run: |_| load::small(),
        ..LONG
    },
    Step {
        name: "package",
        what: "deb and rpm, installed in a clean Debian",
        needs: &["build"],
        run: |_| install::test(&test_files(&["tests/package"])?),
        ..LONG
    },
    Step {
        name: "docs",
        what: "the documentation in the code",
        run: |_| docs(),
        ..LONG
    },
    Step {
        name: "simulate-long",
        what: "the simulation for several minutes",
        needs: &["build"],
        run: |_| simulate::step(simulate::LONG),
        ..LONG
    },
    Step {
        name: "fuzz-long",
        what: "each fuzz target for eight seconds",
        run: |_| fuzz::all(None, fuzz::LONG),
        ..LONG
    },
    Step {
        name: "macos",
        what: "what ships for macOS, checked for errors",
        run: |_| macos::check(),
        ..LONG
    },
    Step {
        name: "windows",
        what: "what ships for Windows, linked and tested on Wine",
        run: |_| windows::check(),
        ..LONG
    },
];

/// What `--only` takes.
pub fn names() -> Vec<&'static str> {
    TABLE.iter().map(|step| step.name).collect()
}

/// The step with this name.
pub fn named(name: &str) -> Option<&'static Step> {
    TABLE.iter().find(|step| step.name == name)
}

fn format() -> anyhow::Result<()> {
    run(command::cargo().args(["fmt", "--all", "--check"]))?;
    run(command::cargo().args(["fmt", "--check", "--manifest-path", "fuzz/Cargo.toml"]))
}

/// The links of the documentation in the code lead somewhere.
fn docs() -> anyhow::Result<()> {
    run(command::cargo()
        .arg("doc")
        .args(ALL)
        .args(["--no-deps", "--locked"])
        .env("RUSTDOCFLAGS", "-D warnings"))
}

/// Programs and tests at once, so that both use the same dependencies.
fn build() -> anyhow::Result<()> {
    run(cargo_with_clippy("build")?.arg("--all-targets"))
}

/// The tests in Rust; they also write the types of the UI, which must be what is committed.
fn rust(filter: Option<&Filter>) -> anyhow::Result<()> {
    let bindings = top().join(BINDINGS);
    let before = fs::read(&bindings).context(BINDINGS)?;
    let mut tests = cargo_with_clippy("test")?;
    tests.args(["--all-targets", "--no-fail-fast"]);
    if let Some(filter) = filter {
        tests.args(["--", filter.text()]);
    }
    run_alone::tests(&mut tests, "rust", Reporter::Cargo)?;
    let after = fs::read(&bindings).context(BINDINGS)?;
    ensure!(
        before == after,
        "{BINDINGS} was not up to date; it is now: commit it"
    );
    Ok(())
}

fn ui(filter: Option<&Filter>) -> anyhow::Result<()> {
    let tests = || {
        let mut tests = npm("ui");
        tests.args(["exec", "--", "vitest", "run"]);
        if let Some(filter) = filter {
            tests.args(["-t", &filter.pattern()]);
        }
        run_alone::tests(&mut tests, "ui", Reporter::Vitest)
    };
    if filter.is_some() {
        tests()
    } else {
        unless_unchanged("ui", UI, tests)
    }
}

/// The programs against the backends, without a desktop.
fn node(filter: Option<&Filter>) -> anyhow::Result<()> {
    let files = test_files(&["tests/node-backend", "tests/sync"])?;
    let mut tests = program("node");
    // One of them watches for a minute: the others go on meanwhile.
    with_filter(&mut tests, 4, filter)
        .args(files)
        .env("CAMPANA_TARGET", target().join("debug"));
    run_alone::tests(&mut tests, "node", Reporter::Node)
}

/// The app on a virtual desktop.
fn desktop(step: &str, filter: Option<&Filter>, is_chosen: fn(&str) -> bool) -> anyhow::Result<()> {
    let mut files = test_files(&["tests/desktop"])?;
    files.retain(|file| is_chosen(file));
    let mut tests = program(top().join("tests/desktop/virtual-desktop"));
    with_filter(tests.arg("node"), 1, filter)
        .args(files)
        .env("CAMPANA_TARGET", target().join("debug"))
        .env("TAURI_DRIVER", setup::tauri_driver()?)
        .env("NOTIFICATIONS", "record")
        .env("SECRETS", "1");
    run_alone::tests(&mut tests, step, Reporter::Node)
}

fn with_filter<'a>(
    tests: &'a mut std::process::Command,
    at_once: u8,
    filter: Option<&Filter>,
) -> &'a mut std::process::Command {
    tests
        .args(["--test", "--test-reporter=spec"])
        .arg(format!("--test-concurrency={at_once}"))
        .args(filter.map(|filter| format!("--test-name-pattern={}", filter.pattern())))
}

fn test_files(folders: &[&str]) -> anyhow::Result<Vec<String>> {
    let mut files = Vec::new();
    for folder in folders {
        for entry in fs::read_dir(top().join(folder)).with_context(|| (*folder).to_owned())? {
            let name = entry?.file_name();
            let name = name.to_string_lossy();
            if name.ends_with(".test.mjs") {
                files.push(format!("{folder}/{name}"));
            }
        }
    }
    files.sort();
    ensure!(!files.is_empty(), "no tests in {}", folders.join(", "));
    Ok(files)
}
