//! Installs what is missing, and only that.

use std::fs;
use std::path::PathBuf;
use std::thread;

use anyhow::{Context as _, bail, ensure};

use crate::command::{self, cargo, npm, output, program, succeeds, target, top};
use crate::packages;

/// The oldest Node that the UI's tools and the tests run on.
const NODE: u32 = 20;

/// Everything that a build and a test need.
///
/// # Errors
/// When something is missing and cannot be installed; the message says what to do.
pub fn run() -> anyhow::Result<()> {
    // Packages are mostly unpacked, npm mostly waits, and only the driver is compiled: none needs another.
    thread::scope(|scope| {
        let together = [
            scope.spawn(debian_packages),
            scope.spawn(|| {
                node()?;
                npm_packages("ui")?;
                npm_packages("tests")
            }),
            scope.spawn(|| tauri_driver().map(drop)),
        ];
        together.into_iter().try_for_each(|part| {
            part.join()
                .unwrap_or_else(|_| bail!("a thread of this program panicked"))
        })
    })
}

/// What [`packages`] names, as far as it is not there.
///
/// # Errors
/// When it cannot be installed; the message says what to do.
pub fn debian_packages() -> anyhow::Result<()> {
    if !succeeds(program("dpkg-query").arg("--version")) {
        println!("No Debian packages here: see xtask/src/packages.rs for what must be there.");
        return Ok(());
    }
    let missing: Vec<&str> = packages::BUILD
        .iter()
        .chain(packages::DISKS)
        .chain(packages::FAULTS)
        .chain(packages::SOUND)
        .chain(packages::DATABASES)
        .chain(packages::COUNTS)
        .chain(packages::PACKAGES)
        .chain(packages::DESKTOP)
        .chain(packages::OTHER_SYSTEMS)
        .copied()
        .filter(|package| !installed(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    println!("Installing {}", missing.join(" "));
    let is_root = output(program("id").arg("-u"))?.trim() == "0";
    if !is_root && !succeeds(program("sudo").arg("--version")) {
        bail!(
            "as root, run: apt-get install -y --no-install-recommends {}",
            missing.join(" ")
        );
    }
    let apt_get = |arguments: &[&str]| {
        let mut command = program(if is_root { "env" } else { "sudo" });
        if !is_root {
            command.arg("env");
        }
        command::run(
            command
                .args(["DEBIAN_FRONTEND=noninteractive", "apt-get"])
                .args(arguments),
        )
    };
    apt_get(&["update"])?;
    apt_get(
        &[
            &["install", "-y", "--no-install-recommends"],
            missing.as_slice(),
        ]
        .concat(),
    )
}

fn installed(package: &str) -> bool {
    program("dpkg-query")
        .args(["-W", "-f=${Status}", package])
        .output()
        .is_ok_and(|output| output.stdout.starts_with(b"install ok installed"))
}

fn node() -> anyhow::Result<()> {
    let version = output(program("node").arg("--version"))
        .with_context(|| format!("Node {NODE} or newer is needed"))?;
    let major = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse().ok());
    ensure!(
        major.is_some_and(|major: u32| major >= NODE),
        "Node {NODE} or newer is needed; this is {version}"
    );
    Ok(())
}

/// `npm ci` where `node_modules` is missing or was made from another lock file.
fn npm_packages(folder: &str) -> anyhow::Result<()> {
    let lock = fs::read(top().join(folder).join("package-lock.json"))
        .with_context(|| format!("{folder}/package-lock.json"))?;
    let made_from = top().join(folder).join("node_modules/.made-from-lock");
    if fs::read(&made_from).is_ok_and(|before| before == lock) {
        return Ok(());
    }
    println!("Installing the npm packages of {folder}");
    command::run(npm(folder).args(["ci", "--no-audit", "--no-fund"]))?;
    fs::write(&made_from, lock).with_context(|| made_from.display().to_string())
}

/// The program that lets WebDriver steer the app; kept in the build folder.
///
/// # Errors
/// When it cannot be built.
pub fn tauri_driver() -> anyhow::Result<PathBuf> {
    let tools = target().join("tools");
    let driver = tools.join("bin/tauri-driver");
    if !driver.exists() {
        println!("Building tauri-driver, once");
        command::run(
            cargo()
                .args([
                    "install",
                    "tauri-driver",
                    "--version",
                    "^2",
                    "--locked",
                    "--root",
                ])
                .arg(&tools)
                .env("CARGO_TARGET_DIR", tools.join("build")),
        )?;
        fs::remove_dir_all(tools.join("build")).context("the build folder of tauri-driver")?;
    }
    Ok(driver)
}
