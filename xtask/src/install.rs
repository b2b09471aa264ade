//! Installs the packages into a clean system, as a shop's computer would.

use std::ffi::OsStr;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, ensure};

use crate::command::{output, program, run, target, top};
use crate::package::{self, Build};

/// Packs the debug build, makes a clean system unless there is one, and runs these tests with both.
///
/// # Errors
/// When a part of it fails.
pub fn test(files: &[String]) -> anyhow::Result<()> {
    let packages = package::pack(Build::Debug)?;
    let system = clean_system()?;
    // What the tests mount is gone with the last of their processes.
    run(as_root("unshare")?
        .args(["--mount", "--propagation", "private", "--"])
        .arg(top().join("tests/desktop/virtual-desktop"))
        .args([
            "node",
            "--test",
            "--test-concurrency=1",
            "--test-reporter=spec",
        ])
        .args(files)
        .env("CAMPANA_TARGET", target().join("debug"))
        .env("CAMPANA_DEB", packages.deb)
        .env("CAMPANA_RPM", packages.rpm)
        .env("CAMPANA_CLEAN_SYSTEM", system)
        // The app runs there as another user than the tests.
        .env("OTHER_USERS", "1")
        .env("NOTIFICATIONS", "record"))
}

/// A folder with the least that Debian consists of: this computer's release, from where its apt fetches it.
fn clean_system() -> anyhow::Result<PathBuf> {
    let sources = sources()?;
    let made = target().join("package/clean-system");
    let stamp = target().join("package/clean-system.made-from");
    let wanted = format!("{sources:?}");
    if made.exists() && fs::read_to_string(&stamp).is_ok_and(|before| before == wanted) {
        return Ok(made);
    }
    println!("Fetching a clean Debian, once");
    run(as_root("rm")?.arg("-rf").arg(&made))?;
    let (release, mirror) = &sources[0];
    let proxy = proxy()?;
    let mut fetch = as_root("/usr/sbin/debootstrap")?;
    fetch
        .args(["--variant=minbase", release])
        .arg(&made)
        .arg(mirror);
    if mirror.starts_with("https:") {
        fetch.arg("--include=ca-certificates");
    }
    for (scheme, address) in &proxy {
        fetch.env(format!("{scheme}_proxy"), address);
    }
    run(&mut fetch)?;
    let lines = |all: Vec<String>| all.into_iter().map(|line| line + "\n").collect::<String>();
    let apt = [
        (
            "etc/apt/sources.list",
            lines(
                sources
                    .iter()
                    .map(|(release, mirror)| format!("deb {mirror} {release} main"))
                    .collect(),
            ),
        ),
        (
            "etc/apt/apt.conf.d/proxy",
            lines(
                proxy
                    .iter()
                    .map(|(scheme, address)| format!("Acquire::{scheme}::Proxy \"{address}\";"))
                    .collect(),
            ),
        ),
        // It need not survive a power cut.
        ("etc/dpkg/dpkg.cfg.d/fast", "force-unsafe-io\n".to_owned()),
    ];
    for (path, text) in apt {
        let written = target().join("package/written");
        fs::write(&written, text).context(path)?;
        run(as_root("install")?
            .args(["-m", "644"])
            .arg(&written)
            .arg(made.join(path)))?;
    }
    run(as_root("chroot")?
        .arg(&made)
        .args(["apt-get", "-qq", "update"]))?;
    fs::write(&stamp, wanted).context("the stamp of the clean system")?;
    Ok(made)
}

/// Debian's releases that this computer's apt knows, with their mirrors: the release itself, then its updates.
fn sources() -> anyhow::Result<Vec<(String, String)>> {
    let system = fs::read_to_string("/etc/os-release").context("/etc/os-release")?;
    let release = system
        .lines()
        .find_map(|line| line.strip_prefix("VERSION_CODENAME="))
        .context("/etc/os-release names no release")?;
    let known = output(program("apt-get").args([
        "indextargets",
        "--format",
        "$(COMPONENT) $(RELEASE) $(REPO_URI)",
        "Created-By: Packages",
    ]))?;
    let mut found = Vec::new();
    for line in known.lines() {
        if let ["main", name, mirror] = line.split(' ').collect::<Vec<_>>().as_slice()
            && (*name == release || name.starts_with(&format!("{release}-")))
            && !found.iter().any(|(known, _)| known == name)
        {
            found.push(((*name).to_owned(), (*mirror).to_owned()));
        }
    }
    found.sort();
    ensure!(
        found.first().is_some_and(|(name, _)| name == release),
        "apt knows no mirror of {release}: {known}"
    );
    Ok(found)
}

/// How apt reaches its mirrors, by scheme, where it is told.
fn proxy() -> anyhow::Result<Vec<(&'static str, String)>> {
    let mut found = Vec::new();
    for scheme in ["http", "https"] {
        let setting = format!("Acquire::{scheme}::Proxy");
        let told = output(program("apt-config").args(["shell", "ADDRESS", &setting]))?;
        let address = told
            .trim()
            .trim_start_matches("ADDRESS=")
            .trim_matches('\'');
        if !address.is_empty() {
            found.push((scheme, address.to_owned()));
        }
    }
    Ok(found)
}

/// A program with every right on this computer, and with this environment.
fn as_root(name: impl AsRef<OsStr>) -> anyhow::Result<Command> {
    if output(program("id").arg("-u"))?.trim() == "0" {
        return Ok(program(name));
    }
    let path = std::env::var("PATH").context("PATH")?;
    let mut command = program("sudo");
    command
        .args(["--non-interactive", "--preserve-env", "env"])
        .arg(format!("PATH={path}"))
        .arg(name);
    Ok(command)
}
