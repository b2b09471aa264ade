//! The packages that a shop installs: deb and rpm.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use crate::command::{cargo, npm, output, program, run, target, top};
use crate::{licence_texts, linked, setup};

/// Where the package keeps what is not run.
const DOCUMENTS: &str = "/usr/share/doc/campana";
const METAINFO: &str = "/usr/share/metainfo/mx.campana.app.metainfo.xml";

/// Needed, and found by no linker: the authorities that a server's certificate comes from.
const NEEDS: &[&str] = &["ca-certificates"];

/// What a desktop has, or what the alarm, the key and links would miss.
const DEB_LIKES: &[&str] = &[
    "default-dbus-session-bus | dbus-session-bus",
    // A sound server that holds the device is reached by these alone.
    "libasound2-plugins | pipewire-alsa",
    "gnome-keyring | kwalletmanager | keepassxc",
    "notification-daemon",
    "xdg-utils",
];
const RPM_LIKES: &[&str] = &["alsa-plugins-pulseaudio", "gnome-keyring", "xdg-utils"];

/// How the program in a package is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// What a shop gets.
    Release,
    /// What the tests have at hand.
    Debug,
}

impl Build {
    fn folder(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Debug => "debug",
        }
    }
}

/// The files that were made.
#[derive(Debug)]
pub struct Packages {
    /// The program as it is in them.
    pub binary: PathBuf,
    /// For Debian and its kin.
    pub deb: PathBuf,
    /// For Fedora and its kin.
    pub rpm: PathBuf,
}

/// Builds what a shop gets, packs it and says how large it is.
///
/// # Errors
/// When something cannot be built or packed.
pub fn make() -> anyhow::Result<()> {
    ensure!(
        cfg!(target_os = "linux"),
        "deb and rpm are made on Linux alone"
    );
    setup::run()?;
    run(npm("ui").args(["run", "build"]))?;
    run(cargo().args([
        "build",
        "--release",
        "--locked",
        "--package",
        "campana",
        "--features",
        "custom-protocol",
    ]))?;
    let made = pack(Build::Release)?;
    println!();
    for path in [&made.binary, &made.deb, &made.rpm] {
        let bytes = fs::metadata(path).with_context(|| path.display().to_string())?;
        println!("{:>10} bytes  {}", bytes.len(), path.display());
    }
    Ok(())
}

/// Packs the program that is built already. It is compiled no more.
///
/// # Errors
/// When it is not built, or cannot be packed.
pub fn pack(build: Build) -> anyhow::Result<Packages> {
    let stage = target().join("package");
    let folder = stage.join(build.folder());
    let binary = folder.join("campana");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    // Debug information is most of a debug build, and of no use to who installs it.
    run(program("strip")
        .arg("-o")
        .args([&binary, &target().join(build.folder()).join("campana")]))?;
    let bundles = folder.join("bundle");
    if bundles.exists() {
        fs::remove_dir_all(&bundles).with_context(|| bundles.display().to_string())?;
    }
    let settings = stage.join("bundle.json");
    let mut added = additions(&stage.join("files"), &binary)?;
    added["bundle"]["linux"]["rpm"]["compression"] = match build {
        Build::Release => json!({"type": "xz", "level": 9}),
        // Nobody downloads it.
        Build::Debug => json!({"type": "gzip", "level": 1}),
    };
    fs::write(&settings, added.to_string()).with_context(|| settings.display().to_string())?;
    let mut tauri = program(top().join("ui/node_modules/.bin/tauri"));
    tauri
        .args(["bundle", "--ci", "--bundles", "deb,rpm", "--config"])
        .arg(&settings)
        // It looks for the program in Cargo's build folder, and puts the packages beside it.
        .env("CARGO_TARGET_DIR", &stage);
    if build == Build::Debug {
        tauri.arg("--debug");
    }
    run(&mut tauri)?;
    let deb = only_file(&bundles.join("deb"), "deb")?;
    pack_tighter(&deb, &folder.join("deb"), build)?;
    Ok(Packages {
        deb,
        rpm: only_file(&bundles.join("rpm"), "rpm")?,
        binary,
    })
}

/// Packs a deb anew with xz, as Debian packs its own: `tauri bundle` knows gzip alone, by which it is a third larger.
fn pack_tighter(deb: &Path, folder: &Path, build: Build) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    run(program("dpkg-deb").arg("-R").args([deb, folder]))?;
    let level = match build {
        Build::Release => "-z9",
        Build::Debug => "-z1",
    };
    run(program("dpkg-deb")
        .args(["--root-owner-group", "-Zxz", level, "--build"])
        .args([folder, deb]))?;
    fs::remove_dir_all(folder).with_context(|| folder.display().to_string())
}

/// What `tauri.conf.json` cannot know beforehand: the dependencies of this very program, and files that are made.
fn additions(folder: &Path, binary: &Path) -> anyhow::Result<Value> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let version = env!("CARGO_PKG_VERSION");
    let licences = licence_texts::write()?;
    let changes = folder.join("changelog");
    fs::copy(top().join("CHANGELOG.md"), &changes).context("CHANGELOG.md")?;
    run(program("gzip")
        .args(["--force", "--keep", "--best", "--no-name"])
        .args([&licences, &changes]))?;
    let metainfo = folder.join("mx.campana.app.metainfo.xml");
    let template = "src-tauri/package/mx.campana.app.metainfo.xml";
    let text = fs::read_to_string(top().join(template)).context(template)?;
    let date = output(program("git").args(["log", "-1", "--format=%cs"]))?;
    let text = text
        .replace("@VERSION@", version)
        .replace("@DATE@", date.trim());
    fs::write(&metainfo, text).with_context(|| metainfo.display().to_string())?;
    let files = json!({
        METAINFO: metainfo,
        (format!("{DOCUMENTS}/changelog.gz")): folder.join("changelog.gz"),
        (format!("{DOCUMENTS}/third-party-licences.txt.gz")): licences.with_extension("txt.gz"),
    });
    let with = |needed: Vec<String>, more: &[&str]| -> Vec<String> {
        needed
            .into_iter()
            .chain(more.iter().map(|one| (*one).to_owned()))
            .collect()
    };
    Ok(json!({"bundle": {"linux": {
        "deb": {
            "depends": with(linked::debian_packages(binary)?, NEEDS),
            "recommends": DEB_LIKES,
            "files": files,
        },
        "rpm": {
            "depends": with(linked::rpm_capabilities(binary)?, NEEDS),
            "recommends": RPM_LIKES,
            "files": files,
        },
    }}}))
}

fn only_file(folder: &Path, extension: &str) -> anyhow::Result<PathBuf> {
    let entries = fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    let found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|one| one == extension))
        .collect();
    let [one] = found.as_slice() else {
        anyhow::bail!("{} {extension} files in {}", found.len(), folder.display());
    };
    Ok(one.clone())
}
