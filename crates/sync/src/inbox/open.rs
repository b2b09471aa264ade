//! Opening: the lock, the pragmas, the check, and what happens to a damaged file.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::{Damage, Inbox, InboxError, backup, files, salvage, schema};

/// How long a statement waits for a command line that is just marking something seen.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

impl Inbox {
    /// Opens `inbox.sqlite3` in this folder to receive into it, alone: takes the folder's lock, migrates,
    /// checks, and salvages a damaged file.
    ///
    /// # Errors
    /// [`InboxError::InUse`] and the others.
    pub fn open(folder: &Path) -> Result<Self, InboxError> {
        files::make_folder(folder)?;
        let lock = files::lock(folder)?;
        let mut damage = salvage::finish(folder)?;
        let connection = match open_to_receive(folder) {
            Err(InboxError::Damaged(reason)) if damage.is_none() => {
                tracing::error!(reason, "the inbox is damaged");
                salvage::salvage(folder)?;
                damage = salvage::finish(folder)?;
                open_to_receive(folder)?
            }
            other => other?,
        };
        let backup = backup::State::read(&connection, folder)?;
        Ok(Self {
            connection,
            folder: folder.to_owned(),
            damage,
            backup,
            _lock: Some(lock),
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
            _lock: None,
        })
    }

    /// The folder that it is in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// What opening had to repair.
    pub fn damage(&self) -> Option<&Damage> {
        self.damage.as_ref()
    }
}

/// Opens the database in this folder, made if it is missing, migrated and checked.
fn open_to_receive(folder: &Path) -> Result<Connection, InboxError> {
    let file = files::database(folder);
    let is_empty = files::make(&file)?.metadata()?.len() == 0;
    if is_empty && files::backup(folder).exists() {
        return Err(InboxError::Damaged("it is gone, its backup is not".into()));
    }
    let mut connection = connect(&file)?;
    schema::refuse_newer(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    quick_check(&connection)?;
    schema::migrate(&mut connection)?;
    Ok(connection)
}

/// Opens an existing file with everything that makes a commit last.
pub(super) fn connect(file: &Path) -> Result<Connection, InboxError> {
    let connection = Connection::open_with_flags(
        file,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.execute_batch(
        "PRAGMA synchronous = FULL;
         PRAGMA fullfsync = ON;
         PRAGMA checkpoint_fullfsync = ON;
         PRAGMA foreign_keys = ON;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;",
    )?;
    Ok(connection)
}

fn quick_check(connection: &Connection) -> Result<(), InboxError> {
    let answer: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if answer == "ok" {
        Ok(())
    } else {
        Err(InboxError::Damaged(answer))
    }
}
