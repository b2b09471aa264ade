//! Windows, checked on Linux: everything that is shipped is looked at and linked for it, its tests run on Wine, and
//! the app starts there. What Wine does not have is in `docs/platforms.md`.

mod session;
mod wine;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::command::output;
use crate::other_system;
use wine::Wine;

const SYSTEM: &str = "x86_64-pc-windows-gnu";
const COMPILER: &str = "x86_64-w64-mingw32-gcc";

/// The programs of tests that run, and how many seconds each may take: the contract's, the engine's, the shell's, the app's.
const TESTED: &[(&str, u32)] = &[
    ("reading", 300),
    ("campana_sync", 900),
    ("campana_shell", 300),
    ("campana_app", 300),
];

/// A test that does not hold on Wine although it does on Windows.
struct Excluded {
    program: &'static str,
    test: &'static str,
    /// What Wine does not do as Windows does.
    #[allow(dead_code, reason = "for whoever reads this list")]
    reason: &'static str,
}

const EXCLUDED: &[Excluded] = &[Excluded {
    program: "campana_app",
    test: "ticket::tests::a_printer_that_breaks_the_connection_may_have_printed",
    reason: "on Wine a connection that was reset after this side had ended its own half reads as one that ended well",
}];

/// What was built.
struct Programs {
    app: PathBuf,
    command_line: PathBuf,
    tests: Vec<TestProgram>,
    /// `WebView2Loader.dll`, without which no program of the app starts.
    loader: PathBuf,
}

struct TestProgram {
    name: String,
    path: PathBuf,
    /// Where Cargo would run it.
    package: PathBuf,
}

/// Clippy, linking, tests and the app itself.
///
/// # Errors
/// When any of it fails, or what it needs is not there.
pub fn check() -> anyhow::Result<()> {
    other_system::needs_debian()?;
    let programs = build()?;
    let wine = Wine::start(&other_system::folder(), &programs.loader)?;
    for (name, seconds) in TESTED {
        let program = programs
            .tests
            .iter()
            .find(|program| program.name == *name)
            .with_context(|| format!("no tests {name} were built"))?;
        println!("The tests {name} on Wine");
        test(&wine, program, *seconds)?;
    }
    session::of_a_shop(&wine, &programs)?;
    session::of_the_demo(&wine, &programs)
}

fn build() -> anyhow::Result<Programs> {
    let messages = output(
        other_system::cargo("build", SYSTEM)
            .args(["--lib", "--bins", "--tests"])
            .arg("--message-format=json-render-diagnostics")
            .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER", COMPILER)
            .env("CC_x86_64_pc_windows_gnu", COMPILER)
            .env("AR_x86_64_pc_windows_gnu", "x86_64-w64-mingw32-ar"),
    )?;
    let messages: Vec<Value> = messages
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()
        .context("what Cargo built")?;
    programs(&messages).context("Cargo does not say what it built")
}

fn programs(messages: &[Value]) -> Option<Programs> {
    let is_kind = |message: &Value, kind: &str| message["target"]["kind"][0] == kind;
    let is_test = |message: &Value| message["profile"]["test"] == true;
    let program = |name: &str| {
        let message = messages.iter().find(|message| {
            is_kind(message, "bin") && message["target"]["name"] == name && !is_test(message)
        })?;
        Some(message["executable"].as_str()?.into())
    };
    let tests = messages
        .iter()
        .filter(|message| is_test(message))
        .filter(|message| is_kind(message, "lib") || is_kind(message, "test"))
        .filter_map(|message| {
            Some(TestProgram {
                name: message["target"]["name"].as_str()?.to_owned(),
                path: message["executable"].as_str()?.into(),
                package: Path::new(message["manifest_path"].as_str()?)
                    .parent()?
                    .to_owned(),
            })
        });
    let made = messages.iter().find(|message| {
        message["reason"] == "build-script-executed"
            && message["package_id"]
                .as_str()
                .is_some_and(|id| id.contains("webview2-com-sys"))
    })?;
    Some(Programs {
        app: program("campana")?,
        command_line: program("campana-sync")?,
        tests: tests.collect(),
        loader: Path::new(made["out_dir"].as_str()?).join("x64/WebView2Loader.dll"),
    })
}

fn test(wine: &Wine, program: &TestProgram, seconds: u32) -> anyhow::Result<()> {
    let excluded: Vec<&str> = EXCLUDED
        .iter()
        .filter(|excluded| excluded.program == program.name)
        .map(|excluded| excluded.test)
        .collect();
    let list = output(
        wine.program(&program.path, 60)
            .current_dir(&program.package)
            .args(["--list", "--format=terse"]),
    )?;
    for name in &excluded {
        ensure!(
            list.lines()
                .any(|line| line.strip_suffix(": test") == Some(name)),
            "there is no test {name} to exclude"
        );
    }
    let skipped = excluded.iter().flat_map(|name| ["--skip", name]);
    crate::command::run(
        wine.program(&program.path, seconds)
            .current_dir(&program.package)
            .arg("--exact")
            .args(skipped),
    )
}
