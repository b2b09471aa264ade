//! The real inbox on real files, and what a sudden death leaves of them.

use std::fs;
use std::path::{Path, PathBuf};

use campana_sync::inbox::{Inbox, InboxError};
use tempfile::TempDir;

use crate::history::Torn;

const DATABASE: &str = "inbox.sqlite3";
const WAL: &str = "inbox.sqlite3-wal";
const PAGE: usize = 4096;

/// A folder with an inbox that can be torn out in the middle of a write.
#[derive(Debug)]
pub(crate) struct Disk {
    folder: TempDir,
    inbox: Option<Inbox>,
}

/// Both files, byte for byte.
struct Snapshot {
    database: Vec<u8>,
    wal: Vec<u8>,
}

impl Disk {
    /// An empty inbox in a new folder below `place`.
    pub(crate) fn new(place: &Path) -> Result<Self, InboxError> {
        let folder = tempfile::Builder::new()
            .prefix("campana-simulation-")
            .tempdir_in(place)?;
        let inbox = Some(Inbox::open(folder.path())?);
        Ok(Self { folder, inbox })
    }

    /// The inbox, unless Campana is dead.
    pub(crate) fn inbox(&mut self) -> Option<&mut Inbox> {
        self.inbox.as_mut()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn snapshot(&self) -> Result<Snapshot, InboxError> {
        Ok(Snapshot {
            database: fs::read(self.file(DATABASE))?,
            wal: fs::read(self.file(WAL)).unwrap_or_default(),
        })
    }

    /// Dies while `writing` is being done, and leaves as much of it as `torn` says.
    ///
    /// SQLite writes a transaction to the WAL, makes that last, and only then may copy pages to the
    /// database. So a death anywhere in between leaves a beginning of the WAL's new bytes, or all of
    /// them and a beginning of the database's.
    pub(crate) fn die(
        &mut self,
        torn: Torn,
        writing: Option<impl FnOnce(&mut Inbox)>,
    ) -> Result<(), InboxError> {
        let before = self.snapshot()?;
        let left = match (torn, writing, self.inbox.as_mut()) {
            (Torn::NotBegun, _, _) | (_, None, _) | (_, _, None) => before,
            (Torn::Committed, Some(writing), Some(inbox)) => {
                writing(inbox);
                self.snapshot()?
            }
            (Torn::At { part }, Some(writing), Some(inbox)) => {
                writing(inbox);
                torn_between(before, self.snapshot()?, part)
            }
        };
        // Closing tidies up, which a dying program does not: what it leaves is put back afterwards.
        self.inbox = None;
        for name in [WAL, "inbox.sqlite3-shm", "inbox.lock"] {
            let file = self.file(name);
            if file.exists() {
                fs::remove_file(file)?;
            }
        }
        fs::write(self.file(DATABASE), left.database)?;
        if !left.wal.is_empty() {
            fs::write(self.file(WAL), left.wal)?;
        }
        Ok(())
    }

    /// Starts again; true when the inbox was sound.
    pub(crate) fn start(&mut self) -> Result<bool, InboxError> {
        let inbox = Inbox::open(self.folder.path())?;
        let is_sound = inbox.damage().is_none();
        self.inbox = Some(inbox);
        Ok(is_sound)
    }
}

fn torn_between(before: Snapshot, after: Snapshot, part: u16) -> Snapshot {
    let wal = changed(&before.wal, &after.wal);
    let database = changed(&before.database, &after.database);
    let all = wal.len() + database.len();
    let cut = all * usize::from(part) / (usize::from(u16::MAX) + 1);
    if cut < wal.len() {
        return Snapshot {
            wal: written(&before.wal, &after.wal, wal.start, cut),
            database: before.database,
        };
    }
    // Pages go to the database one by one.
    let cut = (cut - wal.len()).next_multiple_of(PAGE).min(database.len());
    Snapshot {
        database: written(&before.database, &after.database, database.start, cut),
        wal: after.wal,
    }
}

/// The bytes that differ.
fn changed(before: &[u8], after: &[u8]) -> std::ops::Range<usize> {
    let same = before.iter().zip(after).take_while(|(b, a)| b == a).count();
    let end = if before.len() == after.len() {
        let tail = before.iter().rev().zip(after.iter().rev());
        after.len() - tail.take_while(|(b, a)| b == a).count()
    } else {
        after.len()
    };
    same..end.max(same)
}

/// `before` with the first `cut` of the changed bytes written.
fn written(before: &[u8], after: &[u8], start: usize, cut: usize) -> Vec<u8> {
    let mut left = before.to_vec();
    let end = (start + cut).min(after.len());
    if left.len() < end {
        left.resize(end, 0);
    }
    left[start..end].copy_from_slice(&after[start..end]);
    left
}
