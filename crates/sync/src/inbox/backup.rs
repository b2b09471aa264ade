//! The backup: confirmed orders do not come again from the server, so one damaged file must not
//! be the only place where they are.
//!
//! It holds the rows of the inbox and nothing that can be made anew from them. A backup that is there gets the rows
//! that changed since ([`schema`](super::schema) numbers each change), in one transaction; without a fit one all rows
//! go into a new file, which takes its place when it is whole. Both go step by step, so that whoever reads beside it
//! does not wait for long.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};

use campana_contract::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params, params_from_iter};

use super::row::{COLUMNS, OrderRow};
use super::{Inbox, InboxError, files, mark, open, schema};

/// The least time between two backups, in milliseconds.
const BETWEEN_BACKUPS: i64 = 60_000;

/// The facts that a backup keeps: when it was made, and the number of the last change that it has.
const BACKED_UP_AT: &str = "backed_up_at";
const BACKED_UP_TO: &str = "backed_up_to";

/// Rows of one step: some milliseconds.
const STEP: usize = 100;
/// More changed rows than this are not kept in memory: everything is copied then.
const MOST_CHANGED: usize = 50_000;

/// The tables that go into a backup, and the columns beside their number.
const TABLES: [(&str, &str); 6] = [
    (
        "sources",
        "source, first_contact_began_at, first_contact_ended_at",
    ),
    (
        "orders",
        // Without the number of the row.
        COLUMNS.split_at("row, ".len()).1,
    ),
    ("customers", "source, id, id_token, hash"),
    (
        "set_aside",
        "source, kind, hash, raw, size, reason, received_at, seen_at",
    ),
    ("refused_confirmations", "source, kind, id, refused_at"),
    ("tickets", "source, id, way, begun_at, ended_at"),
];
const ORDERS: usize = 1;

/// What is known about the backup.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct State {
    last: Option<Timestamp>,
    /// The number of the last change that it has; `None` without a fit one.
    until: Option<i64>,
}

impl State {
    /// Of the backup in this folder.
    pub(super) fn read(folder: &Path) -> Self {
        let backup = files::backup(folder);
        Self {
            last: moment_of(&backup),
            until: number_of(&backup),
        }
    }
}

impl Inbox {
    /// Whether it holds what its backup lacks, and that is a minute old.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn is_backup_due(&self, at: Timestamp) -> Result<bool, InboxError> {
        // A clock that was set back must not stop backups until it has caught up.
        let is_old = self
            .backup
            .last
            .is_none_or(|last| at < last || at.0.saturating_sub(last.0) >= BETWEEN_BACKUPS);
        if !is_old {
            return Ok(false);
        }
        Ok(match self.backup.until {
            Some(until) => mark::held_by(&self.connection)? > until,
            // Nothing is lost of an inbox in which nothing was.
            None => {
                let any = "SELECT EXISTS (SELECT 1 FROM orders)";
                self.connection.query_row(any, [], |row| row.get(0))?
            }
        })
    }

    /// Copies to the backup what it lacks, when orders came, were seen or confirmed since the last one and that is a
    /// minute old.
    ///
    /// # Errors
    /// When the backup cannot be written.
    pub fn back_up_if_due(&mut self, at: Timestamp) -> Result<bool, InboxError> {
        if !self.is_backup_due(at)? {
            return Ok(false);
        }
        self.back_up(at)?;
        Ok(true)
    }

    /// Notes that a backup was begun: the next one is not due before its time, however this one ends.
    pub fn backup_begun(&mut self, at: Timestamp) {
        self.backup.last = Some(at);
    }

    /// The backup has every change up to this number: they need not be told again.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn backed_up(&mut self, until: i64) -> Result<(), InboxError> {
        self.backup.until = Some(until);
        // The last of them stays: its number is the mark.
        self.connection
            .prepare_cached("DELETE FROM changes WHERE number < ?1")?
            .execute([until])?;
        Ok(())
    }

    /// That the database is still the file that the next start will open: one that was moved, removed or
    /// replaced takes what is written to it along. What it holds goes into the backup when it is
    /// [closed](Inbox::close_damaged).
    pub(super) fn expect_in_place(&mut self, at: Timestamp) -> Result<(), InboxError> {
        if files::Places::of(&files::database(&self.folder)) == self.places {
            return Ok(());
        }
        self.moved_at = Some(at);
        Err(InboxError::Damaged("its file was moved or replaced".into()))
    }

    /// Saves what is in a file that nobody will find any more.
    pub(super) fn save_moved(&mut self) {
        let Some(at) = self.moved_at.take() else {
            return;
        };
        let saved = files::make_folder(&self.folder)
            .map_err(InboxError::from)
            .and_then(|()| self.back_up(at));
        if let Err(error) = saved {
            tracing::error!(%error, "the inbox was moved and has no new backup");
        }
    }

    fn back_up(&mut self, at: Timestamp) -> Result<(), InboxError> {
        let mut copying = Copying::begin(&self.connection, &self.folder, at)?;
        let until = loop {
            if let Some(until) = copying.go_on(&self.connection)? {
                break until;
            }
        };
        self.backup_begun(at);
        self.backed_up(until)
    }
}

/// A backup on its way. Dropped half done, it leaves the one before as it was.
#[derive(Debug)]
pub struct Copying {
    /// Closed when it is done.
    copy: Option<Connection>,
    folder: PathBuf,
    at: Timestamp,
    /// The number of the last change that it will have.
    until: i64,
    left: Left,
}

/// What is not copied yet.
#[derive(Debug)]
enum Left {
    /// These rows, by table, into the backup that is there.
    Changed(VecDeque<(usize, i64)>),
    /// From this table on, and of it what comes after this row, into a new file.
    Everything { table: usize, after: i64 },
}

impl Copying {
    /// Begins one of what `inbox` holds now.
    ///
    /// # Errors
    /// When the inbox cannot be read, or no file be made.
    pub(super) fn begin(
        inbox: &Connection,
        folder: &Path,
        at: Timestamp,
    ) -> Result<Self, InboxError> {
        let until = mark::held_by(inbox)?;
        let new = |copy, left| Self {
            copy: Some(copy),
            folder: folder.to_owned(),
            at,
            until,
            left,
        };
        let file = files::backup(folder);
        let since = number_of(&file).filter(|since| *since <= until);
        let changed = match since {
            Some(since) => changed(inbox, since, until)?,
            None => None,
        };
        if let Some(changed) = changed
            && let Ok(copy) = open_to_continue(&file)
        {
            return Ok(new(copy, Left::Changed(changed)));
        }
        Ok(new(open_anew(folder)?, Left::EVERYTHING))
    }

    /// Copies some rows, and makes the copy the backup when none are left: then the number of the last change that
    /// it has; `None` before.
    ///
    /// # Errors
    /// [`InboxError::Damaged`] when the inbox is; else when the backup cannot be written. It is to be dropped then.
    pub(super) fn go_on(&mut self, inbox: &Connection) -> Result<Option<i64>, InboxError> {
        let rows = self.next_rows(inbox)?;
        if let Some(rows) = rows {
            for (table, row) in rows {
                let values = read(inbox, table, row)?;
                let put = self.put(table, row, values);
                if !self.is_fit(put)? {
                    return Ok(None);
                }
            }
            return Ok(None);
        }
        let ended = self.end();
        if self.is_fit(ended)? {
            Ok(Some(self.until))
        } else {
            Ok(None)
        }
    }

    /// Those to copy now; `None` when all are.
    fn next_rows(&mut self, inbox: &Connection) -> Result<Option<Vec<(usize, i64)>>, InboxError> {
        match &mut self.left {
            Left::Changed(changed) if changed.is_empty() => Ok(None),
            Left::Changed(changed) => {
                let some = changed.len().min(STEP);
                Ok(Some(changed.drain(..some).collect()))
            }
            Left::Everything { table, after } => {
                let of = *table;
                let Some((name, _)) = TABLES.get(of) else {
                    return Ok(None);
                };
                let rows: Vec<i64> = inbox
                    .prepare_cached(&format!(
                        "SELECT rowid FROM {name} NOT INDEXED WHERE rowid > ?1 ORDER BY rowid LIMIT ?2"
                    ))?
                    .query_map(params![*after, STEP as i64], |row| row.get(0))?
                    .collect::<Result<_, _>>()?;
                match rows.last() {
                    Some(last) => *after = *last,
                    None => (*table, *after) = (of + 1, i64::MIN),
                }
                Ok(Some(rows.into_iter().map(|row| (of, row)).collect()))
            }
        }
    }

    /// Whether what was done with the copy went well. A backup that turns out to be damaged says nothing of the
    /// inbox: one is made anew then.
    fn is_fit(&mut self, done: Result<(), InboxError>) -> Result<bool, InboxError> {
        match (done, &self.left) {
            (Ok(()), _) => Ok(true),
            (Err(InboxError::Damaged(reason)), Left::Changed(_)) => {
                tracing::warn!(reason, "the backup is damaged and made anew");
                self.copy = None;
                self.copy = Some(open_anew(&self.folder)?);
                self.left = Left::EVERYTHING;
                Ok(false)
            }
            (Err(InboxError::Damaged(reason)), Left::Everything { .. }) => {
                Err(InboxError::Unusable(format!("the new backup: {reason}")))
            }
            (Err(error), _) => Err(error),
        }
    }

    fn copy(&self) -> Result<&Connection, InboxError> {
        self.copy
            .as_ref()
            .ok_or_else(|| InboxError::Unusable("the backup is done".into()))
    }

    /// Puts a row in its place, or takes away one that is gone.
    fn put(&self, table: usize, row: i64, values: Option<Vec<Value>>) -> Result<(), InboxError> {
        let (name, columns) = TABLES[table];
        let copy = self.copy()?;
        let Some(values) = values else {
            copy.prepare_cached(&format!("DELETE FROM {name} WHERE rowid = ?1"))?
                .execute([row])?;
            return Ok(());
        };
        let places = ", ?".repeat(values.len());
        let sql = format!("INSERT OR REPLACE INTO {name} (rowid, {columns}) VALUES (?{places})");
        let values = std::iter::once(Value::Integer(row)).chain(values);
        copy.prepare_cached(&sql)?
            .execute(params_from_iter(values))?;
        Ok(())
    }

    /// Makes what was copied the backup.
    fn end(&mut self) -> Result<(), InboxError> {
        {
            let copy = self.copy()?;
            let mut fact =
                copy.prepare("INSERT OR REPLACE INTO facts (name, value) VALUES (?1, ?2)")?;
            fact.execute(params![BACKED_UP_AT, self.at.0.to_string()])?;
            fact.execute(params![BACKED_UP_TO, self.until.to_string()])?;
            copy.execute_batch("COMMIT; PRAGMA incremental_vacuum(200)")?;
        }
        if let Some(copy) = self.copy.take() {
            copy.close().map_err(|(_, error)| error)?;
        }
        if matches!(self.left, Left::Everything { .. }) {
            let unfinished = files::unfinished_backup(&self.folder);
            files::make(&unfinished)?.sync_all()?;
            let backup = files::backup(&self.folder);
            // It would be played back into the file that takes its place.
            files::remove_beside(&backup)?;
            fs::rename(&unfinished, &backup)?;
            files::sync_folder(&self.folder)?;
        }
        Ok(())
    }
}

impl Drop for Copying {
    fn drop(&mut self) {
        if self.copy.take().is_some() && matches!(self.left, Left::Everything { .. }) {
            // A full disk must not stay fuller for the attempt.
            let _ = files::remove(&files::unfinished_backup(&self.folder));
        }
    }
}

impl Left {
    const EVERYTHING: Self = Self::Everything {
        table: 0,
        after: i64::MIN,
    };
}

/// The rows that changed from one number to the other; `None` where that is not known, or all too many did.
fn changed(
    inbox: &Connection,
    since: i64,
    until: i64,
) -> Result<Option<VecDeque<(usize, i64)>>, InboxError> {
    let told_from: Option<i64> =
        inbox.query_row("SELECT min(number) FROM changes", [], |row| row.get(0))?;
    if told_from.is_none_or(|from| from > since.saturating_add(1)) {
        // An old backup took its place.
        return Ok(None);
    }
    let mut changes = inbox.prepare_cached(
        "SELECT DISTINCT kind, changed FROM changes WHERE number > ?1 AND number <= ?2",
    )?;
    let mut rows = changes.query([since, until])?;
    let mut changed = VecDeque::new();
    while let Some(row) = rows.next()? {
        let kind: String = row.get(0)?;
        if let Some(table) = TABLES.iter().position(|(name, _)| *name == kind) {
            changed.push_back((table, row.get(1)?));
        }
        if changed.len() > MOST_CHANGED {
            return Ok(None);
        }
    }
    Ok(Some(changed))
}

/// A row of the inbox without its number; `None` when it is gone. A good one must not give way to a damaged one.
fn read(inbox: &Connection, table: usize, row: i64) -> Result<Option<Vec<Value>>, InboxError> {
    let (name, columns) = TABLES[table];
    let count = columns.split(',').count();
    let values = |row: &Row<'_>| -> rusqlite::Result<Result<Vec<Value>, InboxError>> {
        if table == ORDERS
            && let Err(error) = open::expect_own_text(&OrderRow::read(row)?)
        {
            return Ok(Err(error));
        }
        (1..=count)
            .map(|column| row.get(column))
            .collect::<rusqlite::Result<_>>()
            .map(Ok)
    };
    inbox
        .prepare_cached(&format!(
            "SELECT rowid, {columns} FROM {name} NOT INDEXED WHERE rowid = ?1"
        ))?
        .query_row([row], values)
        .optional()?
        .transpose()
}

fn open_to_continue(backup: &Path) -> Result<Connection, InboxError> {
    let copy = open_to_write(backup)?;
    if schema::version_of(&copy)? != schema::current() {
        return Err(InboxError::Unusable(
            "another version of Campana made the backup".into(),
        ));
    }
    copy.execute_batch("PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; BEGIN IMMEDIATE")?;
    Ok(copy)
}

/// An empty one; what is written to it counts only when it is whole.
fn open_anew(folder: &Path) -> Result<Connection, InboxError> {
    recover(folder);
    let unfinished = files::unfinished_backup(folder);
    files::remove(&unfinished)?;
    let begin = || -> Result<Connection, InboxError> {
        files::make(&unfinished)?;
        let copy = open_to_write(&unfinished)?;
        copy.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
        copy.pragma_update(None, "journal_mode", "OFF")?;
        copy.pragma_update(None, "synchronous", "OFF")?;
        copy.execute_batch("BEGIN IMMEDIATE")?;
        schema::make_backup(&copy)?;
        Ok(copy)
    };
    begin().inspect_err(|_| {
        let _ = files::remove(&unfinished);
    })
}

fn open_to_write(file: &Path) -> Result<Connection, InboxError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let copy = Connection::open_with_flags(file, flags)?;
    copy.execute_batch("PRAGMA secure_delete = ON")?;
    Ok(copy)
}

/// Lets SQLite undo what a crash left half written in the backup: who only reads it cannot.
pub(super) fn recover(folder: &Path) {
    let backup = files::backup(folder);
    if !files::beside(&backup, "-journal").exists() {
        return;
    }
    let undone = open_to_write(&backup)
        .and_then(|copy| Ok(copy.query_row("PRAGMA schema_version", [], |_| Ok(()))?));
    if let Err(error) = undone {
        tracing::warn!(%error, "the backup cannot be brought back to what it was");
    }
}

/// When this backup was made; `None` when there is none or it cannot be read.
pub(super) fn moment_of(backup: &Path) -> Option<Timestamp> {
    fact(backup, BACKED_UP_AT).map(Timestamp)
}

/// The number of the last change that this backup has; `None` when it is none of this Campana's.
pub(super) fn number_of(backup: &Path) -> Option<i64> {
    fact(backup, BACKED_UP_TO)
}

fn fact(backup: &Path, name: &str) -> Option<i64> {
    let connection = Connection::open_with_flags(backup, OpenFlags::SQLITE_OPEN_READ_ONLY).ok()?;
    let value: String = connection
        .query_row("SELECT value FROM facts WHERE name = ?1", [name], |row| {
            row.get(0)
        })
        .optional()
        .ok()??;
    value.parse().ok()
}
