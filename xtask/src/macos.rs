//! macOS, checked on Linux: everything that is shipped is looked at for it. Nothing is linked and nothing runs; that
//! takes a Mac.

use std::fs;
use std::path::PathBuf;

use anyhow::Context as _;

use crate::command::run;
use crate::other_system;

const SYSTEM: &str = "aarch64-apple-darwin";

/// Stands in for a C compiler: some packages bring a file in Objective-C, which nobody needs to look at Rust. It
/// says that it is Clang, and writes an empty object where it is told to.
const STAND_IN: &str = r#"#!/bin/sh
while [ $# -gt 0 ]; do
  case "$1" in
    -E) echo '"clang"' ;;
    '-?') exit 1 ;;
    -o) shift; : > "$1" ;;
    -o*) : > "${1#-o}" ;;
  esac
  shift
done
"#;

/// Clippy.
///
/// # Errors
/// When it finds anything, or what it needs is not there.
pub fn check() -> anyhow::Result<()> {
    other_system::needs_debian()?;
    let compiler = stand_in().context("the stand-in for a C compiler")?;
    run(other_system::cargo("check", SYSTEM)
        .args(["--lib", "--bins", "--tests"])
        .env("CC_aarch64_apple_darwin", &compiler)
        .env("CXX_aarch64_apple_darwin", &compiler)
        .env("AR_aarch64_apple_darwin", "/usr/bin/ar"))
}

fn stand_in() -> std::io::Result<PathBuf> {
    let folder = other_system::folder();
    fs::create_dir_all(&folder)?;
    let path = folder.join("no-compiler");
    // A new date would have everything that used it built again.
    if fs::read_to_string(&path).is_ok_and(|present| present == STAND_IN) {
        return Ok(path);
    }
    fs::write(&path, STAND_IN)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
    }
    Ok(path)
}
