//! Whether this computer can keep orders.

use std::io::{self, Write as _};
use std::path::Path;
use std::time::Duration;

use tokio::time::timeout;

use super::Code;
use crate::inbox;

/// A folder on a server that is gone may block for ever.
const AT_MOST: Duration = Duration::from_secs(5);
/// As much is written to see whether it can be: some orders.
const SAMPLE: usize = 64 * 1024;
/// With less, a busy day may fill the disk.
const LOW: u64 = 500 * 1024 * 1024;
/// With less, the next orders may not be kept.
const FULL: u64 = 10 * 1024 * 1024;

/// The code, and the free space or the technical words.
pub(super) async fn examine(
    folder: &Path,
    free_space: fn(&Path) -> io::Result<u64>,
) -> (Code, Option<String>) {
    let folder = folder.to_owned();
    let looking = tokio::task::spawn_blocking(move || look(&folder, free_space));
    match timeout(AT_MOST, looking).await {
        Ok(Ok(Ok((code, free)))) => (code, Some(megabytes(free))),
        Ok(Ok(Err(error))) => (code_of(&error), Some(error.to_string())),
        Ok(Err(_)) => (Code::Unwritable, None),
        Err(_) => (Code::TimedOut, None),
    }
}

fn look(folder: &Path, free_space: fn(&Path) -> io::Result<u64>) -> io::Result<(Code, u64)> {
    // A folder that is still to be made is made where this one is.
    let existing = folder
        .ancestors()
        .find(|folder| folder.exists())
        .unwrap_or(Path::new("/"));
    let free = free_space(existing)?;
    if free < FULL {
        return Ok((Code::Full, free));
    }
    // It has no name, or is removed at once: nothing stays.
    let mut file = tempfile::tempfile_in(existing)?;
    file.write_all(&[0; SAMPLE])?;
    file.sync_all()?;
    for name in inbox::FILES {
        inbox::expect_writable(&existing.join(name))?;
    }
    Ok(match (free < LOW, inbox::is_received_into(folder)) {
        (true, _) => (Code::LowSpace, free),
        (false, true) => (Code::InUse, free),
        (false, false) => (Code::Writable, free),
    })
}

fn code_of(error: &io::Error) -> Code {
    if matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    ) {
        Code::Full
    } else {
        Code::Unwritable
    }
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes / (1024 * 1024 * 1024 / 10);
    if tenths >= 10 {
        format!("{}.{} GB", tenths / 10, tenths % 10)
    } else {
        format!("{} MB", bytes / (1024 * 1024))
    }
}
