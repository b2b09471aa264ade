//! The mark: how much the inbox held when it last said that something is stored. A database that holds
//! less was set back, which SQLite cannot know when its WAL is gone or spoilt, or when an old copy took
//! the file's place.
//!
//! It stands in the lock's file. It is written after the commit, so a crash leaves it too low at most,
//! which accuses nobody; after a power cut it may be gone, which says nothing.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use rusqlite::Connection;

/// Digits of the mark: always as many, so that writing it anew needs no space on the disk.
const DIGITS: usize = 20;

/// The mark of an inbox that is open to receive. Keeps the folder locked.
#[derive(Debug)]
pub(super) struct Mark {
    lock: File,
    held: i64,
}

impl Mark {
    /// The mark that stands in this file; 0 where none can be read.
    pub(super) fn read(mut lock: File) -> Self {
        let mut text = String::new();
        let held = lock
            .read_to_string(&mut text)
            .ok()
            .and_then(|_| text.trim().parse().ok());
        Self {
            lock,
            held: held.unwrap_or(0),
        }
    }

    /// Whether a database that holds this much was set back.
    pub(super) fn accuses(&self, holds: i64) -> bool {
        holds < self.held
    }

    /// The database holds this much now.
    pub(super) fn set(&mut self, holds: i64) {
        if self.held == holds {
            return;
        }
        self.held = holds;
        let written = self
            .lock
            .seek(SeekFrom::Start(0))
            .and_then(|_| self.lock.write_all(format!("{holds:0DIGITS$}").as_bytes()));
        if let Err(error) = written {
            // What is stored is stored; only its loss would go unnoticed.
            tracing::warn!(%error, "the inbox has no mark");
        }
    }
}

impl Drop for Mark {
    fn drop(&mut self) {
        // Closing is not enough: a program that is just being started holds the file too, until it runs.
        if let Err(error) = self.lock.unlock() {
            tracing::warn!(%error, "the inbox's folder may stay locked");
        }
    }
}

/// How much a database holds: the number of its latest change, which only ever grows.
pub(super) fn held_by(connection: &Connection) -> rusqlite::Result<i64> {
    connection
        .prepare_cached("SELECT coalesce(max(number), 0) FROM changes")?
        .query_row([], |row| row.get(0))
}
