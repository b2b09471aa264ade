//! Steps that run beside others. Each is a process of its own that writes into a file, so that two steps never mix
//! their lines.

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};

use crate::command::{program, target};

/// The steps that run now.
pub struct Beside {
    /// This program's file. Asked for before the step `build`, which replaces the file; the system then calls the
    /// running one deleted.
    program: PathBuf,
    running: Vec<Running>,
}

struct Running {
    name: &'static str,
    began: Instant,
    process: Child,
    log: PathBuf,
}

impl Beside {
    /// Nothing runs yet.
    ///
    /// # Errors
    /// When the system does not say where this program is.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self {
            program: std::env::current_exe().context("this program's path")?,
            running: Vec::new(),
        })
    }

    /// Starts a step, whose needs have run.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(&mut self, name: &'static str) -> anyhow::Result<()> {
        let folder = target().join("test");
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let log = folder.join(format!("{name}.log"));
        let file = File::create(&log).with_context(|| log.display().to_string())?;
        println!("\n== {name}: started beside the next steps");
        let process = program(&self.program)
            .args(["test", "--built", "--only", name])
            .stdin(Stdio::null())
            .stderr(file.try_clone().context("the log")?)
            .stdout(file)
            .spawn()
            .with_context(|| format!("cannot start the step \"{name}\""))?;
        self.running.push(Running {
            name,
            began: Instant::now(),
            process,
            log,
        });
        Ok(())
    }

    /// Waits for all of them, prints what they wrote, and returns how long each took.
    ///
    /// # Errors
    /// When any of them failed; the message names each.
    pub fn finish(&mut self) -> anyhow::Result<Vec<(&'static str, Duration)>> {
        let mut times = Vec::new();
        let mut failed = Vec::new();
        for mut running in self.running.drain(..) {
            let status = running.process.wait().context("waiting for a step")?;
            let took = took(&running);
            let log = fs::read_to_string(&running.log).unwrap_or_default();
            println!("\n{}", log.trim());
            if !status.success() {
                failed.push(format!("the step \"{}\" failed", running.name));
            }
            times.push((running.name, took));
        }
        ensure!(failed.is_empty(), "{}", failed.join("\n"));
        Ok(times)
    }
}

/// Until the step wrote its last line; it may have ended long before somebody waited.
fn took(running: &Running) -> Duration {
    fs::metadata(&running.log)
        .and_then(|log| log.modified())
        .ok()
        .and_then(|written| written.elapsed().ok())
        .map_or_else(
            || running.began.elapsed(),
            |since| running.began.elapsed().saturating_sub(since),
        )
}
