//! The files of an inbox and how they are made, moved and locked.
//!
//! A process that has a database open with SQLite opens its files in no other way: closing any descriptor of a
//! file drops all POSIX locks that the process holds on it (<https://sqlite.org/howtocorrupt.html>, 2.2).

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use campana_contract::Timestamp;

use super::InboxError;

/// The database.
pub(super) fn database(folder: &Path) -> PathBuf {
    folder.join("inbox.sqlite3")
}

/// The copy that is made now and then.
pub(super) fn backup(folder: &Path) -> PathBuf {
    folder.join("inbox.backup.sqlite3")
}

/// The copy while it is being made.
pub(super) fn unfinished_backup(folder: &Path) -> PathBuf {
    folder.join("inbox.backup-new.sqlite3")
}

/// What was saved of a damaged database, until it takes its place.
pub(super) fn salvaged(folder: &Path) -> PathBuf {
    folder.join("inbox.salvaged.sqlite3")
}

/// A copy of a damaged database, in which its pages can be rearranged.
pub(super) fn copy_of_damaged(folder: &Path) -> PathBuf {
    folder.join("inbox.damaged-copy.sqlite3")
}

/// The file that SQLite keeps beside a database, with this ending.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(database);
    name.push(ending);
    name.into()
}

/// Which files an open database has: what stands at their paths later may be others.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Places(Vec<Option<(u64, u64)>>);

impl Places {
    /// Those of this database, now.
    pub(super) fn of(database: &Path) -> Self {
        #[cfg(unix)]
        let identity = |file: PathBuf| {
            use std::os::unix::fs::MetadataExt as _;
            let found = fs::metadata(file).ok()?;
            Some((found.dev(), found.ino()))
        };
        // Windows lets nobody move or remove a file that is open.
        #[cfg(not(unix))]
        let identity = |_: PathBuf| None;
        Self(
            ["", "-wal"]
                .map(|ending| identity(beside(database, ending)))
                .into(),
        )
    }
}

/// Makes the folder, for this user alone.
pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Opens a file to write, made for this user alone if it is missing. SQLite gives the files that it
/// makes beside a database the same rights. Not for a database that this process has open.
pub(super) fn make(file: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file)
}

/// The files that must be writable wherever they exist.
pub(crate) const FILES: [&str; 4] = [
    "inbox.sqlite3",
    "inbox.sqlite3-wal",
    "inbox.sqlite3-shm",
    LOCK,
];

/// Fails unless this user may write the file; a missing one passes. Writes nothing and, on Unix, opens nothing.
///
/// # Errors
/// As the system answers.
pub(crate) fn expect_writable(file: &Path) -> io::Result<()> {
    match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error),
        Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(_) => {}
    }
    #[cfg(unix)]
    return Ok(rustix::fs::access(file, rustix::fs::Access::WRITE_OK)?);
    // Windows keeps locks by handle.
    #[cfg(not(unix))]
    return OpenOptions::new().append(true).open(file).map(drop);
}

const LOCK: &str = "inbox.lock";

/// [`is_received_into`] holds the lock for a moment.
const A_MOMENT: Duration = Duration::from_millis(50);

/// Whether some program receives into this folder now. The lock is one of `flock`, which closing another descriptor
/// leaves as it is.
pub(crate) fn is_received_into(folder: &Path) -> bool {
    let Ok(file) = File::open(folder.join(LOCK)) else {
        return false;
    };
    matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock))
}

/// Takes the folder for this process alone, for as long as the file lives.
pub(super) fn lock(folder: &Path) -> Result<File, InboxError> {
    let file = make(&folder.join(LOCK))?;
    let taken = file.try_lock().or_else(|_| {
        std::thread::sleep(A_MOMENT);
        file.try_lock()
    });
    match taken {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(InboxError::InUse(folder.to_owned())),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}

/// Removes a file and what SQLite keeps beside it, as far as they exist.
pub(super) fn remove(database: &Path) -> io::Result<()> {
    remove_one(database)?;
    remove_beside(database)
}

/// Removes what SQLite keeps beside this file.
pub(super) fn remove_beside(database: &Path) -> io::Result<()> {
    ["-wal", "-shm", "-journal"]
        .into_iter()
        .try_for_each(|ending| remove_one(&beside(database, ending)))
}

fn remove_one(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Moves a database with what SQLite keeps beside it. The main file goes last: until then the
/// database is where it was, and moving it can be finished later under the same name.
pub(super) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    for ending in ["-wal", "-shm"] {
        match fs::rename(beside(from, ending), beside(to, ending)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    fs::rename(from, to)
}

/// Makes what was renamed in this folder survive a power cut.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Windows cannot open a folder as a file; its journal keeps renames in order.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// The damaged databases that are kept, the latest first, each with the moment when it was last written.
pub(super) fn damaged(folder: &Path) -> io::Result<Vec<(Timestamp, PathBuf)>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let moment = name.strip_prefix(DAMAGED).unwrap_or_default();
        if moment.starts_with(|first: char| first.is_ascii_digit()) && moment.ends_with("sqlite3") {
            let written = time::OffsetDateTime::from(entry.metadata()?.modified()?);
            let written = written.unix_timestamp().saturating_mul(1000);
            found.push((Timestamp(written), entry.path()));
        }
    }
    found.sort_by(|one, other| other.cmp(one));
    Ok(found)
}

/// What the name of a damaged database begins with.
const DAMAGED: &str = "inbox.damaged-";

/// Where a damaged database is kept, named after the moment when it was last written.
pub(super) fn place_for_damaged(folder: &Path) -> io::Result<PathBuf> {
    let written = time::OffsetDateTime::from(fs::metadata(database(folder))?.modified()?);
    let moment = format!(
        "{:04}{:02}{:02}T{:02}{:02}{:02}Z",
        written.year(),
        u8::from(written.month()),
        written.day(),
        written.hour(),
        written.minute(),
        written.second(),
    );
    let mut name = format!("{DAMAGED}{moment}.sqlite3");
    let mut count = 2_u32;
    while folder.join(&name).exists() {
        name = format!("{DAMAGED}{moment}-{count}.sqlite3");
        count += 1;
    }
    Ok(folder.join(name))
}
