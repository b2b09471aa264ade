//! Why the inbox did not do it, in words that name no order.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why the inbox did not do it.
#[derive(Debug, thiserror::Error)]
pub enum InboxError {
    /// Another program of Campana receives into this folder.
    #[error("{0} is in use by another Campana")]
    InUse(PathBuf),
    /// The disk is full.
    #[error("the disk is full")]
    DiskFull,
    /// The file is no database, or its pages contradict each other.
    #[error("the inbox is damaged: {0}")]
    Damaged(String),
    /// It was written by a newer Campana.
    #[error("the inbox was written by a newer Campana (version {0})")]
    Newer(i64),
    /// Anything else that the disk or SQLite says.
    #[error("the inbox cannot be used: {0}")]
    Unusable(String),
}

/// `SQLITE_IOERR_SHMSIZE`: SQLite could not extend the file beside the WAL, which only a full disk explains.
const CANNOT_EXTEND_SHARED_MEMORY: i32 = 10 | (19 << 8);

impl From<rusqlite::Error> for InboxError {
    fn from(error: rusqlite::Error) -> Self {
        let Some(sqlite) = error.sqlite_error() else {
            let words = without_values(&error).to_owned();
            return if is_damage(&error) {
                Self::Damaged(words)
            } else {
                Self::Unusable(words)
            };
        };
        // Only the code: SQLite's own message may quote what was stored.
        if sqlite.extended_code == rusqlite::ffi::SQLITE_CORRUPT_VTAB {
            return Self::Damaged(super::words::AT_FAULT.into());
        }
        let text = || {
            let code = sqlite.extended_code;
            format!("SQLite says {:?} ({code})", sqlite.code)
        };
        if sqlite.code == ErrorCode::DiskFull || sqlite.extended_code == CANNOT_EXTEND_SHARED_MEMORY
        {
            Self::DiskFull
        } else if is_damage(&error) {
            Self::Damaged(text())
        } else {
            Self::Unusable(text())
        }
    }
}

impl From<io::Error> for InboxError {
    fn from(error: io::Error) -> Self {
        if matches!(
            error.kind(),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
        ) {
            Self::DiskFull
        } else {
            Self::Unusable(error.to_string())
        }
    }
}

/// Whether the file itself is at fault. Our statements never change: one that does not fit the tables
/// shows that they did, and so does a value that is not what was written.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error, rusqlite::Error::SqlInputError { .. })
        || is_about_value(error)
        || error.sqlite_error().is_some_and(|error| {
            error.extended_code == rusqlite::ffi::SQLITE_ERROR
                // The file ends before its pages do.
                || error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ
                || matches!(
                    error.code,
                    ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase
                )
        })
}

/// Whether only the element that was being stored is at fault, and neither the disk nor the file.
pub(super) fn is_about_element(error: &rusqlite::Error) -> bool {
    match error.sqlite_error_code() {
        _ if is_damage(error) => false,
        Some(code) => matches!(
            code,
            ErrorCode::ConstraintViolation
                | ErrorCode::TooBig
                | ErrorCode::TypeMismatch
                | ErrorCode::ParameterOutOfRange
        ),
        None => true,
    }
}

/// What rusqlite itself objects to, without the value that it objects to.
pub(super) fn without_values(error: &rusqlite::Error) -> &'static str {
    if is_about_value(error) {
        "a stored value cannot be read"
    } else {
        "SQLite was asked for something it cannot do"
    }
}

fn is_about_value(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::Utf8Error(..)
    )
}
