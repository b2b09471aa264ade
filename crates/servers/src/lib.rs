//! A real Redis and a real PostgreSQL, from Debian's packages, on free ports and in temporary folders. They end when
//! they are dropped.

mod postgres;
mod redis;

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

pub use postgres::Postgres;
pub use redis::Redis;

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(60);
/// From one look whether it has to the next.
const LOOK: Duration = Duration::from_millis(20);

/// A port that was free a moment ago.
fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port")?;
    Ok(listener.local_addr()?.port())
}

/// Waits until `is_ready` says so; fails when the server ends before, or takes too long.
fn wait_until_ready(
    name: &str,
    child: &mut Child,
    mut is_ready: impl FnMut() -> bool,
) -> anyhow::Result<()> {
    let deadline = Instant::now().checked_add(PATIENCE);
    while !is_ready() {
        if let Some(status) = child.try_wait()? {
            bail!("{name} ended: {status}");
        }
        if deadline.is_none_or(|deadline| Instant::now() > deadline) {
            bail!("{name} did not start within {} s", PATIENCE.as_secs());
        }
        std::thread::sleep(LOOK);
    }
    Ok(())
}

/// Whether something listens there.
fn listens(port: u16) -> bool {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// A program that is not there, in words that say what to do.
fn not_there(name: &str, error: &std::io::Error) -> anyhow::Error {
    if error.kind() == ErrorKind::NotFound {
        anyhow::anyhow!("{name} is not installed: run \"cargo xtask setup\"")
    } else {
        anyhow::anyhow!("{name} does not start: {error}")
    }
}
