//! Programs that this one starts, always from the top of the project.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

/// The Cargo arguments that every build takes, so that all of them share one build of the
/// dependencies: the windows come from the binary in each.
pub const ALL: &[&str] = &["--workspace", "--features", "campana/custom-protocol"];

/// The top of the project.
pub fn top() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// Cargo's build folder.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| top().join("target"), |set| top().join(set))
}

/// A program that is about to be started.
pub fn program(name: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(top());
    command
}

/// The Cargo that started this program.
pub fn cargo() -> Command {
    program(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Cargo with a command that compiles, for every package. Clippy's driver compiles the project's own packages: it
/// checks and produces code in one pass, where `cargo clippy` and `cargo build` would each compile everything.
/// Every warning is an error.
///
/// # Errors
/// When the compiler does not say where it is.
pub fn cargo_with_clippy(command: &str) -> anyhow::Result<Command> {
    let sysroot = output(program("rustc").args(["--print", "sysroot"]))?;
    let driver = Path::new(sysroot.trim()).join("bin/clippy-driver");
    ensure!(
        driver.exists(),
        "Clippy is missing: rustup component add clippy"
    );
    let mut cargo = cargo();
    checked_by(&mut cargo, &driver)
        .arg(command)
        .args(ALL)
        .arg("--locked");
    Ok(cargo)
}

/// Sets what Cargo needs to compile the project's own packages by this driver of Clippy.
pub fn checked_by<'a>(cargo: &'a mut Command, driver: &Path) -> &'a mut Command {
    // The driver splits its arguments at this word.
    const AND: &str = "__CLIPPY_HACKERY__";
    cargo
        .env("RUSTC_WORKSPACE_WRAPPER", driver)
        .env("CLIPPY_ARGS", format!("-D{AND}warnings{AND}"))
}

/// npm, in this folder of the project.
pub fn npm(folder: &str) -> Command {
    let mut command = program("npm");
    command.current_dir(top().join(folder));
    command
}

/// Runs it to its end.
///
/// # Errors
/// When it cannot be started, or says that it failed.
pub fn run(command: &mut Command) -> anyhow::Result<()> {
    let told = words(command);
    let status = command
        .status()
        .with_context(|| format!("cannot start {told}"))?;
    ensure!(status.success(), "{told}: {status}");
    Ok(())
}

/// Whether it runs and says that all is well; nothing of it is shown.
pub fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// What it prints on its standard output.
///
/// # Errors
/// When it cannot be started, or says that it failed.
pub fn output(command: &mut Command) -> anyhow::Result<String> {
    let told = words(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {told}"))?;
    ensure!(output.status.success(), "{told}: {}", output.status);
    String::from_utf8(output.stdout).with_context(|| format!("{told}: not UTF-8"))
}

fn words(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}
