//! Saving what can be read of a damaged inbox, and of its backup.
//!
//! Everything goes into a new file, in one transaction; only when that is complete does the damaged
//! one move aside and the new one take its place. A crash in between is made good at the next start.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use campana_contract::Timestamp;
use rusqlite::types::Value;
use rusqlite::{
    Connection, OpenFlags, OptionalExtension, Row, TransactionBehavior, params, params_from_iter,
};

use super::row::{COLUMNS, OrderRow};
use super::{Damage, InboxError, backup, files, open, schema};

/// How far beyond the last readable row rows are looked for one by one.
const LOOK_AHEAD: i64 = 20_000;

/// Where the damaged file goes, the fact that makes the saved file a complete one.
const KEPT_AT: &str = "damaged_kept_at";
const MISSING_SINCE: &str = "damaged_missing_since";

/// The tables beside `orders`, with the columns that are saved.
const OTHER_TABLES: [(&str, &str); 4] = [
    (
        "sources",
        "source, first_contact_began_at, first_contact_ended_at",
    ),
    ("customers", "source, id, id_token, hash"),
    (
        "set_aside",
        "source, kind, hash, raw, size, reason, received_at",
    ),
    ("refused_confirmations", "source, kind, id, refused_at"),
];

/// Saves what is readable beside the damaged file; [`finish`] then puts it in its place.
pub(super) fn salvage(folder: &Path) -> Result<(), InboxError> {
    let target = files::salvaged(folder);
    files::remove(&target)?;
    files::make(&target)?;
    let mut into = open::connect(&target)?;
    schema::migrate(&mut into)?;

    let backup = files::backup(folder);
    let mut orders: HashMap<(String, String), OrderRow> = HashMap::new();
    let mut others: Vec<(usize, Vec<Value>)> = Vec::new();
    // The damaged file comes last: where both know a row, it knows better.
    for file in [backup.clone(), files::database(folder)] {
        let Ok(from) = open_damaged(&file) else {
            continue;
        };
        for row in readable_rows(&from, "orders", COLUMNS, OrderRow::read) {
            gather(&mut orders, row);
        }
        for (index, (table, columns)) in OTHER_TABLES.iter().enumerate() {
            let count = columns.split(',').count();
            let values = |row: &Row<'_>| (0..count).map(|column| row.get(column)).collect();
            let rows = readable_rows(&from, table, columns, values);
            others.extend(rows.into_iter().map(|row| (index, row)));
        }
    }

    let transaction = into.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let mut rows: Vec<OrderRow> = orders.into_values().collect();
    rows.sort_by_key(|row| (row.received_at, row.row));
    for row in rows {
        skip_unfit(row.write(&transaction))?;
    }
    for (index, values) in others {
        let (table, columns) = OTHER_TABLES[index];
        let places = vec!["?"; values.len()].join(", ");
        let sql = format!("INSERT OR REPLACE INTO {table} ({columns}) VALUES ({places})");
        let written = transaction.execute(&sql, params_from_iter(values));
        skip_unfit(written.map(|_| ()))?;
    }
    let kept_at = files::place_for_damaged(folder)?;
    let name = kept_at.file_name().unwrap_or_default().to_string_lossy();
    write_fact(&transaction, KEPT_AT, &name)?;
    if let Some(moment) = backup::moment_of(&backup) {
        write_fact(&transaction, MISSING_SINCE, &moment.0.to_string())?;
    }
    transaction.commit()?;
    into.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Puts a complete saved file in the damaged one's place and tells of it; removes an incomplete one.
/// `None` when there is nothing to finish.
pub(super) fn finish(folder: &Path) -> Result<Option<Damage>, InboxError> {
    let saved = files::salvaged(folder);
    if !saved.exists() {
        return Ok(None);
    }
    let Ok(damage) = read_damage(folder, &saved) else {
        files::remove(&saved)?;
        return Ok(None);
    };
    let database = files::database(folder);
    if database.exists() {
        files::rename(&database, &damage.kept_at)?;
    }
    fs::rename(&saved, &database)?;
    files::sync_folder(folder)?;
    Ok(Some(damage))
}

fn read_damage(folder: &Path, saved: &Path) -> Result<Damage, InboxError> {
    let connection = open::connect(saved)?;
    let name = read_fact(&connection, KEPT_AT)?
        .ok_or_else(|| InboxError::Damaged("the saved file is incomplete".into()))?;
    let count: i64 = connection.query_row("SELECT count(*) FROM orders", [], |row| row.get(0))?;
    let missing_since = read_fact(&connection, MISSING_SINCE)?
        .and_then(|moment| moment.parse().ok())
        .map(Timestamp);
    Ok(Damage {
        kept_at: folder.join(PathBuf::from(name)),
        saved: usize::try_from(count).unwrap_or(0),
        missing_since,
    })
}

fn write_fact(connection: &Connection, name: &str, value: &str) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO facts (name, value) VALUES (?1, ?2)",
        params![name, value],
    )?;
    Ok(())
}

fn read_fact(connection: &Connection, name: &str) -> rusqlite::Result<Option<String>> {
    connection
        .query_row("SELECT value FROM facts WHERE name = ?1", [name], |row| {
            row.get(0)
        })
        .optional()
}

/// Only to read: what is kept aside stays as it was found.
fn open_damaged(file: &Path) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// Adds a row, unless a newer version of the order is there; takes only a body that is whole.
fn gather(orders: &mut HashMap<(String, String), OrderRow>, mut row: OrderRow) {
    let is_whole = |row: &OrderRow| row.contradictions().is_empty();
    if !is_whole(&row) {
        row.body = None;
        if !is_whole(&row) {
            return;
        }
    }
    let key = (row.source.clone(), row.id.clone());
    let Some(known) = orders.remove(&key) else {
        orders.insert(key, row);
        return;
    };
    let (mut newer, older) = if row.version >= known.version {
        (row, known)
    } else {
        (known, row)
    };
    if newer.body.is_none() {
        // An earlier text is better than none; its own hash lets the server's next one count as new.
        newer.body = older.body;
        newer.body_hash = older.body_hash;
    }
    orders.insert(key, newer);
}

/// A row that the tables refuse is one of the damaged ones; anything else ends the salvage.
fn skip_unfit(written: rusqlite::Result<()>) -> Result<(), InboxError> {
    match written {
        Err(error) if super::error::is_about_element(&error) => Ok(()),
        other => Ok(other?),
    }
}

/// Every row that can still be read: from the front up to the damage, from the back down to it, and
/// what lies between one by one.
fn readable_rows<T>(
    from: &Connection,
    table: &str,
    columns: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Vec<T> {
    let select = format!("SELECT rowid, {columns} FROM {table} NOT INDEXED");
    // `read` counts its columns from 0, so the number comes from a query of its own where needed.
    let plain = format!("SELECT {columns} FROM {table} NOT INDEXED WHERE rowid = ?1");
    let numbers = |order: &str| -> (Vec<i64>, bool) {
        let mut found = Vec::new();
        let sql = format!("{select} ORDER BY rowid {order}");
        let Ok(mut statement) = from.prepare(&sql) else {
            return (found, false);
        };
        let Ok(mut rows) = statement.query([]) else {
            return (found, false);
        };
        loop {
            match rows.next() {
                Ok(Some(row)) => found.extend(row.get::<_, i64>(0).ok()),
                Ok(None) => return (found, true),
                Err(_) => return (found, false),
            }
        }
    };
    let (mut found, is_complete) = numbers("ASC");
    if !is_complete {
        let (back, _) = numbers("DESC");
        let first = found.last().map_or(1, |last| last.saturating_add(1));
        let end = first.saturating_add(LOOK_AHEAD);
        let last = back.last().map_or(end, |lowest| (*lowest).min(end));
        found.extend(first..last);
        found.extend(back.into_iter().rev().filter(|number| *number >= last));
    }
    let Ok(mut statement) = from.prepare(&plain) else {
        return Vec::new();
    };
    found
        .into_iter()
        .filter_map(|number| statement.query_row([number], &read).ok())
        .collect()
}
