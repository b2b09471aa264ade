//! Wine with a display of its own.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::Context as _;

use super::COMPILER;
use crate::command::{program, run, top};

const WINE: &str = "/usr/lib/wine/wine64";
const SERVER: &str = "/usr/lib/wine/wineserver64";
const STAND_IN: &str = "xtask/src/windows/bcryptprimitives.c";

/// Runs programs of Windows; what still runs ends with it.
pub struct Wine {
    prefix: PathBuf,
    screen: Child,
    display: String,
}

impl Wine {
    /// With its files in `folder`, and `loader` where every program finds it.
    ///
    /// # Errors
    /// When something of it does not start.
    pub fn start(folder: &Path, loader: &Path) -> anyhow::Result<Self> {
        let mut screen = program("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1024x768x24"])
            .args(["-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Xvfb")?;
        let mut number = String::new();
        let said = screen.stdout.take().context("Xvfb says nothing")?;
        BufReader::new(said)
            .read_line(&mut number)
            .context("Xvfb's display")?;
        let wine = Self {
            prefix: folder.join("wine"),
            screen,
            display: format!(":{}", number.trim()),
        };
        if !wine.prefix.join("system.reg").exists() {
            run(wine.program("wineboot", 300).arg("--init"))?;
            // Until its server has ended the files are not all there.
            run(wine.beside(SERVER).arg("--wait"))?;
        }
        // One that comes and goes with each program may be going when the next one comes.
        run(wine.beside(SERVER).arg("--persistent"))?;
        let system = wine.prefix.join("drive_c/windows/system32");
        run(program(COMPILER)
            .args(["-shared", "-o"])
            .arg(system.join("bcryptprimitives.dll"))
            .arg(top().join(STAND_IN))
            .arg("-ladvapi32"))?;
        fs::copy(loader, system.join("WebView2Loader.dll")).context("WebView2Loader.dll")?;
        Ok(wine)
    }

    /// A program of Windows, which is killed after so many seconds: one that waits for somebody who is not there
    /// would wait for ever.
    pub fn program(&self, path: impl AsRef<std::ffi::OsStr>, seconds: u32) -> Command {
        let mut command = program("timeout");
        command
            .arg("--kill-after=10")
            .arg(seconds.to_string())
            .arg(WINE)
            .arg(path);
        self.set(&mut command);
        command
    }

    /// A program of this system, on the same display.
    pub fn beside(&self, name: &str) -> Command {
        let mut command = program(name);
        self.set(&mut command);
        command
    }

    /// The files of its drive C.
    pub fn drive(&self) -> PathBuf {
        self.prefix.join("drive_c")
    }

    fn set(&self, command: &mut Command) {
        command
            .env("DISPLAY", &self.display)
            .env("WINEPREFIX", &self.prefix)
            .env("WINEDEBUG", "-all")
            // Nothing here needs .NET or Internet Explorer, for which Wine would ask; and the menus stay this user's.
            .env("WINEDLLOVERRIDES", "mscoree=;mshtml=;winemenubuilder.exe=");
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        let _ = run(self.beside(SERVER).arg("--kill"));
        let _ = self.screen.kill();
        let _ = self.screen.wait();
    }
}
