//! Saving what can be read of a damaged inbox, and of its backup.
//!
//! Everything goes into a new file, in one transaction; only when that is complete does the damaged
//! one move aside and the new one take its place. A crash in between is made good at the next start.

mod pages;

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use campana_contract::{Order, Timestamp};
use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{
    Connection, OpenFlags, OptionalExtension, Row, TransactionBehavior, params, params_from_iter,
};

use super::row::{OrderRow, hash};
use super::{AlertKind, Attention, Damage, InboxError, backup, files, open, schema, words};

/// How far beyond the last readable row rows are looked for one by one.
const LOOK_AHEAD: i64 = 20_000;

/// Where the damaged file goes, the fact that makes the saved file a complete one.
const KEPT_AT: &str = "damaged_kept_at";
const MISSING_SINCE: &str = "damaged_missing_since";

const SET_ASIDE: &str = "set_aside";

/// The tables beside `orders`, with the columns that are saved.
const OTHER_TABLES: [(&str, &str); 5] = [
    (
        "sources",
        "source, first_contact_began_at, first_contact_ended_at",
    ),
    ("customers", "source, id, id_token, hash"),
    (
        SET_ASIDE,
        "source, kind, hash, raw, size, reason, received_at, seen_at",
    ),
    ("refused_confirmations", "source, kind, id, refused_at"),
    ("tickets", "row, source, id, way, begun_at, ended_at"),
];

/// The columns of set-aside elements in files before version 7, which counts such elements as seen.
const SET_ASIDE_BEFORE_7: &str =
    "source, kind, hash, raw, size, reason, received_at, received_at AS seen_at";

/// Saves what is readable beside the damaged file; [`finish`] then puts it in its place.
pub(super) fn salvage(folder: &Path) -> Result<(), InboxError> {
    let target = files::salvaged(folder);
    files::remove(&target)?;
    files::make(&target)?;
    let mut into = open::connect(&target)?;
    schema::migrate(&mut into)?;

    let backup = files::backup(folder);
    // What is saved counts as changed since the backup.
    into.execute(
        "UPDATE changes SET number = max(number, ?1)",
        [backup::number_of(&backup).unwrap_or(0)],
    )?;
    let mut orders: HashMap<(String, String), OrderRow> = HashMap::new();
    let mut others: Vec<(usize, Vec<Value>)> = Vec::new();
    for file in [backup.clone(), files::database(folder)] {
        for row in pages::rows(&file, &files::copy_of_damaged(folder), read_order)? {
            gather(&mut orders, row);
        }
        let Ok(from) = open_damaged(&file) else {
            continue;
        };
        for (index, (table, columns)) in OTHER_TABLES.iter().enumerate() {
            let columns = columns_in(&from, table, columns);
            let count = columns.split(',').count();
            let values = |row: &Row<'_>| (0..count).map(|column| row.get(column)).collect();
            let rows = readable_rows(&from, table, columns, values);
            others.extend(rows.into_iter().map(|row| (index, row)));
        }
    }

    let transaction = into.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // The damaged file comes last: where both know a row, it knows better.
    for (index, values) in others {
        let (table, columns) = OTHER_TABLES[index];
        let places = vec!["?"; values.len()].join(", ");
        let sql = if table == SET_ASIDE {
            // Who saw it in one of the files has seen it.
            format!(
                "INSERT INTO {table} ({columns}) VALUES ({places})
                 ON CONFLICT (source, kind, hash)
                 DO UPDATE SET seen_at = coalesce(seen_at, excluded.seen_at)"
            )
        } else {
            format!("INSERT OR REPLACE INTO {table} ({columns}) VALUES ({places})")
        };
        let written = transaction.execute(&sql, params_from_iter(values));
        skip_unfit(written.map(|_| ()))?;
    }
    let mut rows: Vec<OrderRow> = orders.into_values().collect();
    rows.sort_by_key(|row| (row.received_at, row.row));
    for row in rows {
        let order = row.order();
        let written = row.write(&transaction).and_then(|number| match &order {
            Some(order) => words::keep(&transaction, number, order),
            None => Ok(()),
        });
        skip_unfit(written)?;
    }
    // Without its row a backend would be met for the first time again, and late orders would be quiet.
    transaction.execute(
        "INSERT INTO sources (source, first_contact_began_at, first_contact_ended_at)
         SELECT source, min(received_at), min(received_at) FROM orders WHERE true GROUP BY source
         ON CONFLICT (source) DO NOTHING",
        [],
    )?;
    let kept_at = files::place_for_damaged(folder)?;
    let name = kept_at.file_name().unwrap_or_default().to_string_lossy();
    write_fact(&transaction, KEPT_AT, &name)?;
    if let Some(moment) = backup::moment_of(&backup).filter(|_| open::is_sound(&backup)) {
        write_fact(&transaction, MISSING_SINCE, &moment.0.to_string())?;
    }
    transaction.commit()?;
    into.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Puts a complete saved file in the damaged one's place; removes an incomplete one.
pub(super) fn finish(folder: &Path) -> Result<(), InboxError> {
    let saved = files::salvaged(folder);
    if !saved.exists() {
        return Ok(());
    }
    let damage = open::connect(&saved).and_then(|connection| untold(&connection, folder));
    let Ok(Some(damage)) = damage else {
        files::remove(&saved)?;
        return Ok(());
    };
    let database = files::database(folder);
    if database.exists() {
        files::rename(&database, &damage.kept_at)?;
    }
    fs::rename(&saved, &database)?;
    files::sync_folder(folder)?;
    Ok(())
}

/// What was repaired and of which nobody can be sure yet that people were told.
pub(super) fn untold(connection: &Connection, folder: &Path) -> Result<Option<Damage>, InboxError> {
    let Some(name) = read_fact(connection, KEPT_AT)? else {
        return Ok(None);
    };
    let count: i64 = connection.query_row("SELECT count(*) FROM orders", [], |row| row.get(0))?;
    let missing_since = read_fact(connection, MISSING_SINCE)?
        .and_then(|moment| moment.parse().ok())
        .map(Timestamp);
    Ok(Some(Damage {
        kept_at: folder.join(PathBuf::from(name)),
        saved: usize::try_from(count).unwrap_or(0),
        missing_since,
    }))
}

/// People were told.
pub(super) fn told(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute(
        "DELETE FROM facts WHERE name IN (?1, ?2)",
        [KEPT_AT, MISSING_SINCE],
    )?;
    Ok(())
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

/// The columns to read from a file that an earlier version may have written.
fn columns_in(from: &Connection, table: &str, columns: &'static str) -> &'static str {
    if table == SET_ASIDE
        && from
            .prepare("SELECT seen_at FROM set_aside LIMIT 0")
            .is_err()
    {
        SET_ASIDE_BEFORE_7
    } else {
        columns
    }
}

/// Only to read: what is kept aside stays as it was found.
fn open_damaged(file: &Path) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    Ok(connection)
}

/// Reads an order, from its text alone if nothing else of the row makes sense: then it rings.
fn read_order(row: &Row<'_>) -> rusqlite::Result<OrderRow> {
    match OrderRow::read(row) {
        Ok(read) if read.contradictions().is_empty() => Ok(read),
        Ok(mut read) => {
            let body = read.body.take();
            if read.contradictions().is_empty() {
                return Ok(read);
            }
            read.body = body;
            from_text(row)
        }
        Err(_) => from_text(row),
    }
}

/// What an order's own text tells, where its hash says that it is whole.
fn from_text(row: &Row<'_>) -> rusqlite::Result<OrderRow> {
    let (body, body_hash): (String, String) = (row.get("body")?, row.get("body_hash")?);
    let order = Order::parse(&body).ok();
    let order = order.filter(|_| hash(&body) == body_hash);
    let order = order.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let number = |name| row.get::<_, i64>(name);
    let version = number("version").unwrap_or(1).max(1);
    let received_at = number("received_at").or_else(|_| number("stored_at"));
    let received_at = received_at.unwrap_or_else(|_| order.created_at.map_or(0, |made| made.0));
    Ok(OrderRow {
        row: row.get(0)?,
        source: row.get("source")?,
        id: order.id.key().to_owned(),
        id_token: order.id.token().to_owned(),
        version,
        updated_at: order.updated_at.map(|time| time.0),
        body: Some(body),
        body_hash,
        is_partial: row.get("is_partial").unwrap_or(false),
        attention: Attention::Ringing(AlertKind::NewOrder),
        rings_for: version,
        changes: Vec::new(),
        received_at,
        stored_at: received_at,
        seen_version: None,
        seen_at: None,
        confirmed_at: None,
        made_at: order.created_at.map_or(received_at, |made| made.0),
        emptied_at: None,
    })
}

/// Adds a row, unless a newer one of the order is there.
fn gather(orders: &mut HashMap<(String, String), OrderRow>, row: OrderRow) {
    // Of one version, the row that was seen or confirmed is the later one.
    let age = |row: &OrderRow| {
        let confirmed = row.confirmed_at.is_some();
        (
            row.version,
            row.seen_version,
            row.rings_for,
            confirmed,
            row.body.is_some() || row.emptied_at.is_some(),
        )
    };
    let key = (row.source.clone(), row.id.clone());
    let Some(known) = orders.remove(&key) else {
        orders.insert(key, row);
        return;
    };
    let (mut newer, older) = if age(&row) >= age(&known) {
        (row, known)
    } else {
        (known, row)
    };
    if newer.body.is_none() && newer.emptied_at.is_none() {
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
