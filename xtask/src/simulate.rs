//! Many histories of a shop, in the simulation.

use std::ffi::OsStr;

use crate::command::{cargo, run};

/// What a test of the whole project lives through.
pub const HISTORIES: u64 = 10_000;

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
