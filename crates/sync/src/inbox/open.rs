//! Opening: the lock, the pragmas, the check, and what happens to a damaged file.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, MAIN_DB, OpenFlags};

use super::mark::{self, Mark};
use super::row::{COLUMNS, OrderRow, hash};
use super::{Damage, Inbox, InboxError, aside, backup, behind, files, salvage, schema, words};

/// Up to this size, in bytes, a database is read through before anything is done with it: a tenth of a second.
const READ_THROUGH: u64 = 32 * 1024 * 1024;

/// How long a statement waits for a command line that is just marking something seen.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

impl Inbox {
    /// Opens `inbox.sqlite3` in this folder to receive into it, alone: takes the folder's lock, migrates,
    /// checks, and salvages a damaged file.
    ///
    /// # Errors
    /// [`InboxError::InUse`] and the others.
    pub fn open(folder: &Path) -> Result<Self, InboxError> {
        Self::open_to(folder, true)
    }

    /// As [`Inbox::open`], but reads a large one not through: nobody waits for its orders while that goes on. What
    /// is not [checked](Inbox::is_checked) then is to be, beside what comes ([`Reading::check_some`]).
    ///
    /// [`Reading::check_some`]: super::Reading::check_some
    ///
    /// # Errors
    /// As [`Inbox::open`].
    pub fn open_at_start(folder: &Path) -> Result<Self, InboxError> {
        let size = |ending| fs::metadata(files::beside(&files::database(folder), ending));
        let size = ["", "-wal"].map(|ending| size(ending).map_or(0, |found| found.len()));
        Self::open_to(folder, size.iter().sum::<u64>() <= READ_THROUGH)
    }

    /// Whether opening read all of it.
    pub fn is_checked(&self) -> bool {
        self.is_checked
    }

    /// Reads it through or not.
    pub(crate) fn open_to(folder: &Path, is_checked: bool) -> Result<Self, InboxError> {
        files::make_folder(folder)?;
        let mut mark = Mark::read(files::lock(folder)?);
        salvage::finish(folder)?;
        backup::recover(folder);
        let (connection, is_checked) = match open_to_receive(folder, &mark, is_checked) {
            Err(InboxError::Damaged(reason)) => {
                tracing::error!(reason, "the inbox is damaged");
                salvage::salvage(folder)?;
                salvage::finish(folder)?;
                (open_to_receive(folder, &mark, true)?, true)
            }
            other => (other?, is_checked),
        };
        mark.set(mark::held_by(&connection)?);
        let damage = salvage::untold(&connection, folder)?;
        let untold = damage.as_ref().map(|damage| damage.kept_at.as_path());
        if let Err(error) = aside::let_old_go(&connection, folder, untold) {
            tracing::warn!(%error, "what was set aside long ago is not removed");
        }
        Ok(Self {
            connection,
            folder: folder.to_owned(),
            damage,
            backup: backup::State::read(folder),
            places: files::Places::of(&files::database(folder)),
            is_checked,
            moved_at: None,
            without_words: behind::WithoutWords::new(),
            mark: Some(mark),
        })
    }

    /// Opens it beside a running Campana, to list, to mark seen and to check; takes no lock and creates nothing.
    ///
    /// # Errors
    /// As [`Inbox::open`]; a missing inbox is [`InboxError::Unusable`].
    pub fn open_beside(folder: &Path) -> Result<Self, InboxError> {
        let file = files::database(folder);
        if !fs::metadata(&file).is_ok_and(|found| found.is_file() && found.len() > 0) {
            return Err(InboxError::Unusable(format!(
                "there is none in {}",
                folder.display()
            )));
        }
        let connection = connect(&file)?;
        if schema::refuse_newer(&connection)? < schema::current() {
            return Err(InboxError::Unusable(
                "an older Campana wrote it: start Campana once".into(),
            ));
        }
        Ok(Self {
            connection,
            folder: folder.to_owned(),
            damage: None,
            backup: backup::State::default(),
            places: files::Places::of(&file),
            is_checked: false,
            moved_at: None,
            without_words: behind::WithoutWords::new(),
            mark: None,
        })
    }

    /// Closes it and leaves its files as they are, for the next opening to save what it can: a checkpoint
    /// would write what is damaged in the WAL over what is whole in the file. What is in a file that was moved goes
    /// into the backup before.
    pub(crate) fn close_damaged(mut self) {
        self.save_moved();
        let kept = self
            .connection
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        if let Err(error) = kept {
            tracing::warn!(%error, "closing the damaged inbox may change its files");
        }
    }

    /// The folder that it is in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What opening had to repair, this time or before; nothing any more once a page was stored since.
    pub fn damage(&self) -> Option<&Damage> {
        self.damage.as_ref()
    }
}

/// Opens the database in this folder, made if it is missing, migrated and, if it `is_to_be_checked`, read through.
fn open_to_receive(
    folder: &Path,
    mark: &Mark,
    is_to_be_checked: bool,
) -> Result<Connection, InboxError> {
    let file = files::database(folder);
    let is_empty = match fs::metadata(&file) {
        Ok(found) => found.len() == 0,
        Err(_) => {
            files::make(&file)?;
            true
        }
    };
    if is_empty && files::backup(folder).exists() {
        return Err(InboxError::Damaged("it is gone, its backup is not".into()));
    }
    let mut connection = connect(&file)?;
    schema::refuse_newer(&connection)?;
    // A damaged write version in the header is no error to SQLite: the database can be read and never written
    // (https://sqlite.org/fileformat2.html, 1.3.3).
    if connection.is_readonly(MAIN_DB)? && files::expect_writable(&file).is_ok() {
        return Err(InboxError::Damaged("its header forbids writing".into()));
    }
    connection.pragma_update(None, "journal_mode", "WAL")?;
    let words = if is_to_be_checked {
        check_pages(&connection)?
    } else {
        WordsState::Sound
    };
    schema::migrate(&mut connection)?;
    schema::expect_whole(&connection)?;
    if words == WordsState::AtFault {
        words::mend(&mut connection)?;
    }
    if is_to_be_checked {
        check_orders(&connection)?;
    }
    // What was salvaged may be less.
    let is_salvaged = salvage::untold(&connection, folder)?.is_some();
    if !is_salvaged && mark.accuses(mark::held_by(&connection)?) {
        return Err(InboxError::Damaged("it was set back".into()));
    }
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    Ok(connection)
}

/// Opens an existing file with everything that makes a commit last.
pub(super) fn connect(file: &Path) -> Result<Connection, InboxError> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    if fs::metadata(file).is_ok_and(|found| found.len() == 0) {
        // In a file that holds something already, this would write each time.
        connection.pragma_update(None, "auto_vacuum", "INCREMENTAL")?;
    }
    // Closing would throw away a WAL that cannot be read, and with it what can be saved of it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    // Mostly it is done behind the pages, where no confirmation waits for it.
    connection.pragma_update(None, "wal_autocheckpoint", behind::LONGEST_WAL)?;
    connection.execute_batch(
        // The cache, in KiB: at SQLite's own 2 MiB a backlog reads the same pages again and again.
        "PRAGMA cache_size = -8192;
         PRAGMA secure_delete = ON;
         PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;",
    )?;
    Ok(connection)
}

/// Whether nothing contradicts itself in the pages of this file.
pub(super) fn is_sound(file: &Path) -> bool {
    let opened = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY);
    opened.is_ok_and(|connection| check(&connection).is_ok())
}

/// That nothing contradicts itself in the pages, and that each order is what came.
pub(super) fn check(connection: &Connection) -> Result<(), InboxError> {
    check_pages(connection)?;
    check_orders(connection)
}

/// What a check says of the index of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum WordsState {
    Sound,
    /// It contradicts itself, in pages that are sound.
    AtFault,
}

fn check_pages(connection: &Connection) -> Result<WordsState, InboxError> {
    // The quick one leaves out the indices, which decide what rings and what is known.
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let mut rows = statement.query([])?;
    let mut words = WordsState::Sound;
    while let Some(row) = rows.next()? {
        let line: String = row.get(0)?;
        // So it speaks of the index's content; of its pages it speaks as of any others.
        if line.starts_with("fts5:") || line.contains("FTS5 table") {
            words = WordsState::AtFault;
        } else if line != "ok" {
            return Err(InboxError::Damaged(line));
        }
    }
    Ok(words)
}

/// That each order can be read, and has no other text than the one that came.
fn check_orders(connection: &Connection) -> Result<(), InboxError> {
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM orders"))?;
    for order in statement.query_map([], OrderRow::read)? {
        expect_own_text(&order?)?;
    }
    Ok(())
}

/// That an order has no other text than the one that came.
pub(super) fn expect_own_text(order: &OrderRow) -> Result<(), InboxError> {
    let body = order.body.as_deref();
    if body.is_none_or(|body| hash(body) == order.body_hash) {
        Ok(())
    } else {
        Err(InboxError::Damaged(
            "an order has another text than it had".into(),
        ))
    }
}
