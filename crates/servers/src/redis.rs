//! Redis.

use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::{free_port, listens, not_there, wait_until_ready};

/// A running Redis, which keeps nothing.
#[derive(Debug)]
pub struct Redis {
    child: Child,
    port: u16,
    folder: TempDir,
}

fn spawn(port: u16, folder: &TempDir) -> anyhow::Result<Child> {
    let mut child = Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string()])
        .args(["--save", "", "--appendonly", "no", "--dir"])
        .arg(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| not_there("redis-server", &error))?;
    wait_until_ready("redis-server", &mut child, || listens(port))?;
    Ok(child)
}

impl Redis {
    /// Starts one.
    ///
    /// # Errors
    /// When it is not installed or does not start.
    pub fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let port = free_port()?;
        Ok(Self {
            child: spawn(port, &folder)?,
            port,
            folder,
        })
    }

    /// Where it listens, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The identifier of its process.
    pub fn process(&self) -> u32 {
        self.child.id()
    }

    /// Kills it with signal 9.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub fn kill(&mut self) -> std::io::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Starts it again after [`Self::kill`], at the same port, empty.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_again(&mut self) -> anyhow::Result<()> {
        self.child = spawn(self.port, &self.folder)?;
        Ok(())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.kill();
    }
}
