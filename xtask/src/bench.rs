//! Campana beside what a shop would run instead, and the document that tells of it.

use std::process::Command;

use crate::command::{cargo, npm, program, run as run_program, target, top};
use crate::setup;

const DOCUMENT: &str = "docs/performance.md";

/// What is measured, and the programs that measure.
const PACKAGES: [&str; 4] = ["--package", "campana-sync", "--package", "campana-bench"];

/// Measures everything and writes the table, or only some and writes nothing. `quick` measures less.
///
/// # Errors
/// When something cannot be built or does not start.
pub fn run(quick: bool, only: Option<&str>) -> anyhow::Result<()> {
    setup::run()?;
    run_program(
        cargo()
            .args(["build", "--release", "--locked", "--bins"])
            .args(PACKAGES),
    )?;
    // As `cargo xtask package` builds it; its windows are in it.
    run_program(npm("ui").args(["run", "build"]))?;
    run_program(cargo().args(["build", "--release", "--locked"]).args([
        "--package",
        "campana",
        "--features",
        "custom-protocol",
    ]))?;
    let mut measures = measures();
    if quick {
        measures.arg("--quick");
    }
    match only {
        Some(only) => measures.args(["--only", only]),
        None => measures.arg("--write").arg(top().join(DOCUMENT)),
    };
    run_program(&mut measures)
}

fn measures() -> Command {
    let release = target().join("release");
    let mut command = program(release.join("campana-bench"));
    command
        .arg("--campana-sync")
        .arg(release.join("campana-sync"));
    command.arg("--app").arg(release.join("campana"));
    command
        .arg("--packages")
        .arg(target().join("package/release/bundle/deb"));
    command.arg("--tests").arg(top().join("tests"));
    // On the disk that the project is on: what is in memory elsewhere has no fsync.
    command.arg("--scratch").arg(target().join("bench"));
    command
}
