//! The backup: confirmed orders do not come again from the server, so one damaged file must not
//! be the only place where they are.

use std::fs;
use std::path::Path;

use campana_contract::Timestamp;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags, OptionalExtension, params};

use super::{Inbox, InboxError, files, open};

/// The least time between two backups, in milliseconds.
const BETWEEN_BACKUPS: i64 = 60_000;

/// The fact that a backup keeps: when it was made.
const BACKED_UP_AT: &str = "backed_up_at";

/// What is known about the backup.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State {
    last: Option<Timestamp>,
    /// Orders came or were seen since.
    pub(super) is_behind: bool,
    /// Changes when another program writes: the command line, that marks orders seen.
    others: i64,
}

impl State {
    /// What an inbox that was just opened lacks in its backup.
    pub(super) fn read(connection: &Connection, folder: &Path) -> Result<Self, InboxError> {
        let last = moment_of(&files::backup(folder));
        let newest: Option<i64> = connection.query_row(
            "SELECT max(max(stored_at, coalesce(seen_at, stored_at))) FROM orders",
            [],
            |row| row.get(0),
        )?;
        let is_behind = match (newest, last) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(newest), Some(last)) => newest >= last.0,
        };
        Ok(Self {
            last,
            is_behind,
            others: writes_of_others(connection)?,
        })
    }

    fn is_due(&self, at: Timestamp) -> bool {
        // A clock that was set back must not stop backups until it has caught up.
        let is_old = self
            .last
            .is_none_or(|last| at < last || at.0.saturating_sub(last.0) >= BETWEEN_BACKUPS);
        self.is_behind && is_old
    }
}

fn writes_of_others(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA data_version", [], |row| row.get(0))
}

impl Inbox {
    /// Copies the inbox to its backup when orders came or were seen since the last one and that is a minute old.
    ///
    /// # Errors
    /// When the backup cannot be written.
    pub fn back_up_if_due(&mut self, at: Timestamp) -> Result<bool, InboxError> {
        let others = writes_of_others(&self.connection)?;
        self.backup.is_behind |= others != self.backup.others;
        self.backup.others = others;
        if !self.backup.is_due(at) {
            return Ok(false);
        }
        self.back_up(at)?;
        Ok(true)
    }

    /// That the database is still the file that the next start will open: one that was moved, removed or
    /// replaced takes what is written to it along. What it holds goes into the backup then.
    pub(super) fn expect_in_place(&mut self, at: Timestamp) -> Result<(), InboxError> {
        if files::Places::of(&files::database(&self.folder)) == self.places {
            return Ok(());
        }
        files::make_folder(&self.folder)?;
        if let Err(error) = self.back_up(at) {
            tracing::error!(%error, "the inbox was moved and has no new backup");
        }
        Err(InboxError::Damaged("its file was moved or replaced".into()))
    }

    fn back_up(&mut self, at: Timestamp) -> Result<(), InboxError> {
        let unfinished = files::unfinished_backup(&self.folder);
        files::remove(&unfinished)?;
        if let Err(error) = self.copy_to(&unfinished, at) {
            // A full disk must not stay fuller for the attempt.
            let _ = files::remove(&unfinished);
            return Err(error);
        }
        fs::rename(&unfinished, files::backup(&self.folder))?;
        files::sync_folder(&self.folder)?;
        self.backup.last = Some(at);
        self.backup.is_behind = false;
        Ok(())
    }

    fn copy_to(&self, file: &Path, at: Timestamp) -> Result<(), InboxError> {
        files::make(file)?;
        let mut copy = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let step = Backup::new(&self.connection, &mut copy)?.step(-1)?;
        if step != StepResult::Done {
            return Err(InboxError::Unusable(format!(
                "the backup stopped: {step:?}"
            )));
        }
        // A good one must not give way to the copy of a damaged file.
        open::check(&copy)?;
        // A backup is one file, complete without a WAL beside it.
        copy.pragma_update(None, "journal_mode", "DELETE")?;
        copy.execute(
            "INSERT OR REPLACE INTO facts (name, value) VALUES (?1, ?2)",
            params![BACKED_UP_AT, at.0.to_string()],
        )?;
        copy.close().map_err(|(_, error)| error)?;
        files::make(file)?.sync_all()?;
        Ok(())
    }
}

/// When this backup was made; `None` when there is none or it cannot be read.
pub(super) fn moment_of(backup: &Path) -> Option<Timestamp> {
    let connection = Connection::open_with_flags(backup, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let value: String = connection
        .query_row(
            "SELECT value FROM facts WHERE name = ?1",
            [BACKED_UP_AT],
            |row| row.get(0),
        )
        .optional()
        .ok()??;
    value.parse().ok().map(Timestamp)
}
