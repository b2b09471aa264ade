//! Every test of the project, in the order in which a failure is cheapest.

use std::fs;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::command::{ALL, cargo, npm, program, run, target, top};
use crate::{
    fuzz, install, licences, load, macos, reliability, setup, simulate, third_party, windows,
};

const BINDINGS: &str = "ui/src/backend/bindings.ts";

/// A step's name and what it does.
type Step = (&'static str, fn() -> anyhow::Result<()>);

const STEPS: &[Step] = &[
    ("format", format),
    ("licences", licences::check),
    ("third-party", third_party::check),
    ("ui-build", ui_build),
    ("clippy", clippy),
    ("docs", docs),
    ("build", build),
    ("rust", rust),
    ("simulate", simulate_histories),
    ("fuzz", fuzz::step),
    ("ui-check", ui_check),
    ("ui", ui),
    ("node", node),
    ("load", load::small),
    ("reliability", reliability::check),
    ("desktop", desktop),
    ("package", package),
    ("macos", macos::check),
    ("windows", windows::check),
];

/// What `--only` takes.
pub fn step_names() -> Vec<&'static str> {
    STEPS.iter().map(|(name, _)| *name).collect()
}

/// Sets up, then runs the steps; stops at the first that fails.
///
/// # Errors
/// When a step fails; the message names it.
pub fn all(only: Option<&str>) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut times = vec![timed("setup", setup::run)?];
    for (name, step) in STEPS
        .iter()
        .filter(|(name, _)| only.is_none_or(|only| only == *name))
    {
        times.push(timed(name, *step)?);
    }
    println!("\nAll passed:");
    for (name, took) in times {
        println!("  {name:<11} {:>7.1} s", took.as_secs_f64());
    }
    println!(
        "  {:<11} {:>7.1} s",
        "together",
        began.elapsed().as_secs_f64()
    );
    Ok(())
}

fn timed(
    name: &'static str,
    step: fn() -> anyhow::Result<()>,
) -> anyhow::Result<(&'static str, Duration)> {
    println!("\n== {name}");
    let began = Instant::now();
    step().with_context(|| {
        format!(
            "the step \"{name}\" failed after {:.1} s",
            began.elapsed().as_secs_f64()
        )
    })?;
    let took = began.elapsed();
    println!("== {name}: passed in {:.1} s", took.as_secs_f64());
    Ok((name, took))
}

fn format() -> anyhow::Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]))
}

/// Before everything that compiles the app: its binary contains the windows.
fn ui_build() -> anyhow::Result<()> {
    run(npm("ui").args(["run", "build"]))
}

fn clippy() -> anyhow::Result<()> {
    run(cargo()
        .arg("clippy")
        .args(ALL)
        .args(["--all-targets", "--locked", "--", "-D", "warnings"]))
}

/// The documentation in the code, without a link that leads nowhere.
fn docs() -> anyhow::Result<()> {
    run(cargo()
        .arg("doc")
        .args(ALL)
        .args(["--no-deps", "--locked"])
        .env("RUSTDOCFLAGS", "-D warnings"))
}

/// Programs and tests in one go, so that both use the same dependencies.
fn build() -> anyhow::Result<()> {
    run(cargo()
        .arg("build")
        .args(ALL)
        .args(["--all-targets", "--locked"]))
}

/// The tests in Rust; they also write the types of the UI, which must be what is committed.
fn rust() -> anyhow::Result<()> {
    let bindings = top().join(BINDINGS);
    let before = fs::read(&bindings).context(BINDINGS)?;
    run(cargo()
        .arg("test")
        .args(ALL)
        .args(["--all-targets", "--locked"]))?;
    let after = fs::read(&bindings).context(BINDINGS)?;
    ensure!(
        before == after,
        "{BINDINGS} was not up to date; it is now: commit it"
    );
    Ok(())
}

/// The same histories each time, so that a change is what makes them fail; `cargo xtask simulate` by itself
/// looks for new ones.
fn simulate_histories() -> anyhow::Result<()> {
    let histories = simulate::HISTORIES.to_string();
    simulate::histories(&["--histories", &histories, "--seed", "1"])
}

fn ui_check() -> anyhow::Result<()> {
    run(npm("ui").args(["run", "check"]))
}

fn ui() -> anyhow::Result<()> {
    run(npm("ui").arg("test"))
}

/// The binaries against the backends, without a desktop.
fn node() -> anyhow::Result<()> {
    let files = test_files(&["tests/node-backend", "tests/sync"])?;
    run(program("node")
        // One of them watches for a minute: the others go on meanwhile.
        .args(["--test", "--test-concurrency=4", "--test-reporter=spec"])
        .args(files)
        .env("CAMPANA_TARGET", target().join("debug")))
}

/// The app on a virtual desktop.
fn desktop() -> anyhow::Result<()> {
    let files = test_files(&["tests/desktop"])?;
    let driver = setup::tauri_driver()?;
    run(program(top().join("tests/desktop/virtual-desktop"))
        .args([
            "node",
            "--test",
            "--test-concurrency=1",
            "--test-reporter=spec",
        ])
        .args(files)
        .env("CAMPANA_TARGET", target().join("debug"))
        .env("TAURI_DRIVER", driver)
        .env("NOTIFICATIONS", "record")
        .env("SECRETS", "1"))
}

/// What is packed of the build that is there, in a clean system, on a virtual desktop.
fn package() -> anyhow::Result<()> {
    install::test(&test_files(&["tests/package"])?)
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
