//! PostgreSQL. It refuses to run as root: then it runs as the user `postgres` of Debian's package.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, bail, ensure};
use tempfile::TempDir;

use crate::{free_port, not_there, wait_until_ready};

/// Where Debian has the programs of each version.
const VERSIONS: &str = "/usr/lib/postgresql";
/// Who owns the databases; no password is asked at 127.0.0.1.
const OWNER: &str = "campana";

/// How often to look whether something has come to pass.
const LOOKS: u32 = 50;

/// A running PostgreSQL.
#[derive(Debug)]
pub struct Postgres {
    child: Child,
    port: u16,
    folder: TempDir,
    databases: Mutex<u32>,
}

/// The folder with the programs of the newest version.
fn programs() -> anyhow::Result<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir(VERSIONS)
        .map_err(|error| not_there("PostgreSQL", &error))?
        .filter_map(|entry| {
            let version = entry.ok()?.file_name().to_str()?.parse().ok()?;
            Some((version, Path::new(VERSIONS).join(format!("{version}/bin"))))
        })
        .filter(|(_, folder)| folder.join("initdb").exists())
        .collect();
    versions.sort();
    let (_, newest) = versions
        .pop()
        .context("PostgreSQL is not installed: run \"cargo xtask setup\"")?;
    Ok(newest)
}

fn is_root() -> anyhow::Result<bool> {
    let output = Command::new("id").arg("-u").output()?;
    Ok(output.stdout.trim_ascii() == b"0")
}

/// One of its programs, run by somebody who is not root.
fn program(name: &str) -> anyhow::Result<Command> {
    let path = programs()?.join(name);
    let mut command = if is_root()? {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]);
        command.arg(path);
        command
    } else {
        Command::new(path)
    };
    // The folder in which this runs may be closed to that user.
    command.current_dir("/").stdin(Stdio::null());
    Ok(command)
}

fn finished(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| not_there(&name, &error))?;
    ensure!(
        output.status.success(),
        "{name}: {}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(())
}

fn spawn(port: u16, folder: &TempDir) -> anyhow::Result<Child> {
    let mut child = program("postgres")?
        .arg("-D")
        .arg(folder.path().join("data"))
        .args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"])
        .args(["-c", "unix_socket_directories=", "-c", "fsync=off"])
        .args(["-c", "max_connections=60", "-c", "shared_buffers=64MB"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| not_there("postgres", &error))?;
    let mut is_ready = program("pg_isready")?;
    is_ready
        .args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])
        .stdout(Stdio::null());
    wait_until_ready("postgres", &mut child, || {
        is_ready.status().is_ok_and(|status| status.success())
    })?;
    Ok(child)
}

impl Postgres {
    /// Starts one.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        if is_root()? {
            finished(Command::new("chown").arg("postgres:").arg(folder.path()))?;
        }
        finished(
            program("initdb")?
                .arg("-D")
                .arg(folder.path().join("data"))
                .args(["-U", OWNER, "--auth=trust", "--no-sync", "-E", "UTF8"])
                .arg("--locale=C"),
        )?;
        let port = free_port()?;
        Ok(Self {
            child: spawn(port, &folder)?,
            port,
            folder,
            databases: Mutex::new(0),
        })
    }

    /// Makes a database of its own in it; its URL.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new_database(&self) -> anyhow::Result<String> {
        let mut databases = self
            .databases
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *databases = databases.saturating_add(1);
        let name = format!("shop{databases}");
        let port = self.port;
        finished(
            program("createdb")?
                .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-U", OWNER])
                .arg(&name),
        )?;
        Ok(format!("postgres://{OWNER}@127.0.0.1:{port}/{name}"))
    }

    /// The identifier of its first process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Kills it with signal 9, and the processes that it started: by themselves they end only when they have answered
    /// what they were asked.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(&mut self) -> std::io::Result<()> {
        let first = self.child.id();
        let others = std::fs::read_to_string(format!("/proc/{first}/task/{first}/children"))?;
        self.child.kill()?;
        self.child.wait()?;
        let others: Vec<&str> = others.split_whitespace().collect();
        Command::new("kill")
            .arg("-KILL")
            .args(&others)
            .stderr(Stdio::null())
            .status()?;
        for _ in 0..LOOKS {
            if !others.iter().any(|other| runs(other)) {
                return Ok(());
            }
            std::thread::sleep(crate::LOOK);
        }
        Err(std::io::Error::other("its processes do not end"))
    }

    /// Starts it again after [`Self::kill`], at the same port, with what it held.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        // What is left of the old one may still have its memory.
        for _ in 0..LOOKS {
            if let Ok(child) = spawn(self.port, &self.folder) {
                self.child = child;
                return Ok(());
            }
            std::thread::sleep(crate::LOOK);
        }
        bail!("postgres does not start again")
    }
}

/// Whether the process with this number runs; one that nobody has buried yet does not.
fn runs(process: &str) -> bool {
    let words = Path::new("/proc").join(process).join("cmdline");
    std::fs::read(words).is_ok_and(|words| !words.is_empty())
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // At once, but with all of its processes; it may have ended already.
        let _ = Command::new("kill")
            .args(["-QUIT", &self.child.id().to_string()])
            .stderr(Stdio::null())
            .status();
        let _ = self.child.wait();
    }
}
