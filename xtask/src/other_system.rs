//! Compiling for a system that is not this one. Debian's own newer Rust does it: it comes with the source of the
//! standard library, which is built along. rustup's Rust stays as it is.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::ensure;

use crate::command::{checked_by, output, program, target};
use crate::packages;

/// What the app ships, and what it is made of.
const SHIPPED: &[&str] = &[
    "--package=campana-contract",
    "--package=campana-sync",
    "--package=campana-shell",
    "--package=campana-backend",
    "--package=campana",
    "--features=campana/custom-protocol",
];

/// What the Cargo and the rustup that started this program may have set.
const OF_THE_OTHER_RUST: &[&str] = &[
    "RUSTUP_TOOLCHAIN",
    "RUSTUP_HOME",
    "RUST_RECURSION_COUNT",
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "RUSTC_WRAPPER",
    "LD_LIBRARY_PATH",
];

/// Whether this computer is one that the checks for other systems are made for.
///
/// # Errors
/// When it is not.
pub fn needs_debian() -> anyhow::Result<()> {
    ensure!(
        cfg!(target_os = "linux") && PathBuf::from("/usr/bin/clippy-driver").exists(),
        "this needs Debian's packages of Rust: see xtask/src/packages.rs"
    );
    // A Debian without its security archive has an older one; an installed one is brought up to date by nobody here.
    let least = env!("CARGO_PKG_RUST_VERSION");
    let version = output(program("/usr/bin/rustc").arg("--version"))?;
    ensure!(
        version
            .split_whitespace()
            .nth(1)
            .is_some_and(|version| numbers(version) >= numbers(least)),
        "this needs Rust {least} from Debian's packages, and there is {}: with Debian's security archive among the \
         sources of apt, run apt-get update and apt-get install {}",
        version.trim(),
        packages::OTHER_SYSTEMS.join(" ")
    );
    Ok(())
}

/// The numbers of a version, the most important first; what is none ends them.
fn numbers(version: &str) -> Vec<u32> {
    version
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect()
}

/// The build folder of every other system: what runs on this one meanwhile is the same for all.
pub fn folder() -> PathBuf {
    target().join("windows")
}

/// Cargo, for `system`, checked as by [`crate::command::cargo_with_clippy`].
pub fn cargo(command: &str, system: &str) -> Command {
    let mut cargo = program("/usr/bin/cargo");
    for name in OF_THE_OTHER_RUST {
        cargo.env_remove(name);
    }
    checked_by(&mut cargo, Path::new("/usr/bin/clippy-driver"))
        .env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin")
        .env("CARGO", "/usr/bin/cargo")
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTDOC", "/usr/bin/rustdoc")
        // The standard library is built only by a Rust that thinks it is not stable.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", folder())
        .env("CARGO_INCREMENTAL", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0")
        .args([command, "--locked", "-Zbuild-std=std,panic_unwind"])
        .args(["--target", system])
        .args(SHIPPED);
    cargo
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(numbers("1.100.0") > numbers("1.95"));
        assert!(numbers("1.95.0") >= numbers("1.95"));
        assert!(numbers("1.85.0") < numbers("1.95"));
        assert!(numbers("1.96.0-nightly") > numbers("1.95"));
    }
}
