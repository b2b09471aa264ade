//! Real faults on real sockets, and the document that tells of them.

use std::process::Command;

use crate::command::{ALL, cargo, program, run as run_program, target};
use crate::setup;

const DOCUMENT: &str = "docs/reliability.md";

/// Tries every fault and writes the document, or only some and writes nothing.
///
/// # Errors
/// When something cannot be built, an order is lost or the status lies.
pub fn run(only: Option<&str>) -> anyhow::Result<()> {
    setup::run()?;
    build()?;
    match only {
        Some(only) => run_program(faults().args(["--only", only])),
        None => run_program(faults().args(["--write", DOCUMENT])),
    }
}

/// Tries every fault with the programs that the tests have built. The document stays as it is, since it would differ
/// in its times; it must name each fault.
///
/// # Errors
/// As [`run`], and when the document lacks a fault.
pub fn check() -> anyhow::Result<()> {
    run_program(faults().args(["--check", DOCUMENT]))
}

/// The faults themselves, and the programs that they happen to.
fn build() -> anyhow::Result<()> {
    run_program(
        cargo()
            .arg("build")
            .args(ALL)
            .args(["--bin", "campana-sync", "--bin", "campana-reliability"])
            .arg("--locked"),
    )
}

fn faults() -> Command {
    program(target().join("debug/campana-reliability"))
}
