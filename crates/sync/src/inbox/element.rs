//! Storing one element, within its savepoint.

use campana_contract::{CustomerVersion, Id, Order, Timestamp};
use rusqlite::Connection;

use super::arrival::{Earlier, Verdict, judge};
use super::row::{OrderRow, hash};
use super::{Arrival, Attention, StoredOrder, words};

/// Stores what the order changes, as [`judge`] says; with its row, whose words are to be kept then.
pub(super) fn store_order(
    connection: &Connection,
    source: &str,
    arrival: Arrival,
    order: &Order,
    is_partial: bool,
    is_first_contact: bool,
) -> rusqlite::Result<(StoredOrder, Option<i64>)> {
    let known = OrderRow::find(connection, source, order.id.key())?;
    let body_hash = hash(&order.body);
    let known_order = known.as_ref().and_then(OrderRow::order);
    let earlier = known.as_ref().map(|row| Earlier {
        order: known_order.as_ref(),
        body_hash: &row.body_hash,
        updated_at: row.updated_at.map(Timestamp),
        is_partial: row.is_partial,
        is_emptied: row.emptied_at.is_some(),
        attention: row.attention,
        changes: &row.changes,
        was_seen: row.seen_version.is_some(),
    });
    let verdict = judge(
        earlier.as_ref(),
        order,
        &body_hash,
        arrival,
        is_first_contact,
    );
    let row = if verdict.change.is_news() {
        let row = next_row(
            known, source, arrival, order, body_hash, is_partial, &verdict,
        );
        let row = row.write(connection)?;
        words::note_missing(connection, row)?;
        Some(row)
    } else {
        None
    };
    let stored = StoredOrder {
        id: order.id.clone(),
        shift_order_number: order.shift_order_number,
        change: verdict.change,
        alert: verdict.alert,
    };
    Ok((stored, row))
}

fn next_row(
    known: Option<OrderRow>,
    source: &str,
    arrival: Arrival,
    order: &Order,
    body_hash: String,
    is_partial: bool,
    verdict: &Verdict,
) -> OrderRow {
    let at = arrival.received_at.0;
    // Retention counts by it: the computer's clock may be years off.
    let at_server = arrival.server_time.map_or(at, |time| time.0);
    let version = known
        .as_ref()
        .map_or(1, |row| row.version.saturating_add(1));
    let is_seen = verdict.attention == Attention::Seen;
    let known = known.as_ref();
    OrderRow {
        row: 0,
        source: source.to_owned(),
        id: order.id.key().to_owned(),
        id_token: order.id.token().to_owned(),
        version,
        // A version that tells no time must not let an older one in after it.
        updated_at: order
            .updated_at
            .map(|time| time.0)
            .or(known.and_then(|row| row.updated_at)),
        body: Some(order.body.clone()),
        body_hash,
        is_partial,
        attention: verdict.attention,
        rings_for: match known {
            Some(row) if verdict.alert.is_none() => row.rings_for,
            Some(_) | None => version,
        },
        changes: verdict.changes.clone(),
        received_at: known.map_or(at, |row| row.received_at),
        stored_at: at_server,
        // What was seen stays seen when nothing that matters changed.
        seen_version: known
            .and_then(|row| row.seen_version)
            .map(|seen| if is_seen { version } else { seen }),
        seen_at: known.and_then(|row| row.seen_at),
        confirmed_at: None,
        made_at: match (order.created_at, known) {
            (Some(made), _) => made.0,
            (None, Some(row)) => row.made_at,
            (None, None) => at_server,
        },
        emptied_at: None,
    }
}

/// Whether identifier and hash were not known before.
pub(super) fn store_customer(
    connection: &Connection,
    source: &str,
    customer: &CustomerVersion,
) -> rusqlite::Result<bool> {
    let id: &Id = &customer.id;
    let changed = connection
        .prepare_cached(
            "INSERT INTO customers (source, id, id_token, hash) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (source, id) DO UPDATE SET id_token = excluded.id_token,
                 hash = excluded.hash
             WHERE hash <> excluded.hash",
        )?
        .execute([source, id.key(), id.token(), &customer.hash])?;
    Ok(changed > 0)
}
