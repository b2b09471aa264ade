//! Many histories of a shop, in the simulation.

use std::ffi::OsStr;
use std::ops::Range;

use crate::command::{cargo, program, run, target};

/// The seeds of the short checks; about a minute.
pub const SHORT: Range<u64> = 1..2_001;
/// The seeds that the long checks add.
pub const LONG: Range<u64> = 2_001..10_001;

/// Passes `arguments` on to `campana-simulation`.
///
/// # Errors
/// When a property does not hold.
pub fn histories<T: AsRef<OsStr>>(arguments: &[T]) -> anyhow::Result<()> {
    run(cargo()
        .args([
            "run",
            "--quiet",
            "--locked",
            "--package",
            "campana-simulation",
            "--",
        ])
        .args(arguments))
}

/// Runs the histories of these seeds with the program that the step `build` made. The seeds are the same each time,
/// so that a change is what makes a history fail; `cargo xtask simulate` by itself takes new ones.
///
/// # Errors
/// As [`histories`].
pub fn step(seeds: Range<u64>) -> anyhow::Result<()> {
    run(program(target().join("debug/campana-simulation"))
        .args(["--seed", &seeds.start.to_string()])
        .args(["--histories", &(seeds.end - seeds.start).to_string()]))
}
