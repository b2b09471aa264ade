//! Orders and customers in SQLite, and which of them are not yet confirmed.

use std::fmt::Write as _;
use std::path::Path;

use campana_contract::PAGE_LIMIT;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use serde_json::{Map, Value};
use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, UtcOffset};
use uuid::Uuid;

/// `version` counts edits; `handed_out` is the version that the last page held.
const SCHEMA: &str = "
CREATE TABLE IF NOT EXISTS orders (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    pending INTEGER NOT NULL DEFAULT 1,
    version INTEGER NOT NULL DEFAULT 1,
    handed_out INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS pending_orders ON orders (sequence) WHERE pending;
CREATE TABLE IF NOT EXISTS customers (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL,
    pending INTEGER NOT NULL DEFAULT 1,
    version INTEGER NOT NULL DEFAULT 1,
    handed_out INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS pending_customers ON customers (sequence) WHERE pending;
";

/// Members of an order that the answer to `sync:orders` leaves out.
const NOT_IN_ROWS: [&str; 4] = ["customer", "orderItems", "deliveryInfo", "payments"];

/// What the store cannot do.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("there is an order with that id already")]
    Taken,
    #[error("{0}")]
    NotAnOrder(String),
    #[error("{0}")]
    CannotConfirm(String),
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
}

/// What a call confirms: the two lists as they came.
#[derive(Debug, Default)]
pub(crate) struct Confirmed {
    pub(crate) orders: Vec<Value>,
    pub(crate) customers: Vec<Value>,
}

/// The backend's memory.
#[derive(Debug)]
pub(crate) struct Store {
    connection: Connection,
}

/// A moment as the wire spells it: UTC, with milliseconds.
pub(crate) fn wire_time(at: OffsetDateTime) -> String {
    let shape =
        format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
    at.to_offset(UtcOffset::UTC)
        .format(shape)
        .unwrap_or_default()
}

impl Store {
    /// Opens the file, or a database in memory.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self, rusqlite::Error> {
        let connection = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection })
    }

    /// Takes new orders, all or none, and their customers; the orders' ids. Members that are missing are filled in.
    pub(crate) fn add(
        &mut self,
        orders: Vec<Value>,
        now: OffsetDateTime,
    ) -> Result<Vec<String>, StoreError> {
        let transaction = self.connection.transaction()?;
        let mut ids = Vec::with_capacity(orders.len());
        for order in orders {
            let Value::Object(mut order) = order else {
                return Err(StoreError::NotAnOrder("an order is a JSON object".into()));
            };
            let at = Value::from(wire_time(now));
            for (name, value) in [
                ("id", Value::from(Uuid::new_v4().to_string())),
                ("orderStatus", Value::from("PENDING")),
                ("createdAt", at.clone()),
                ("updatedAt", at),
            ] {
                order.entry(name).or_insert(value);
            }
            let id = match order.get("id").and_then(Value::as_str) {
                Some(id) if !id.is_empty() => id.to_owned(),
                Some(_) | None => {
                    return Err(StoreError::NotAnOrder(
                        "the id of an order is a text".into(),
                    ));
                }
            };
            let inserted = transaction
                .prepare_cached("INSERT OR IGNORE INTO orders (id, body) VALUES (?1, ?2)")?
                .execute(params![id, Value::Object(order.clone()).to_string()])?;
            if inserted == 0 {
                return Err(StoreError::Taken);
            }
            update_customer(&transaction, order.get("customer"))?;
            ids.push(id);
        }
        transaction.commit()?;
        Ok(ids)
    }

    /// Changes members of an order: a later `updatedAt`, pending again. `false` if there is no such order.
    pub(crate) fn edit(
        &mut self,
        id: &str,
        change: Map<String, Value>,
        now: OffsetDateTime,
    ) -> Result<bool, StoreError> {
        let transaction = self.connection.transaction()?;
        let Some(mut order) = body_of(&transaction, id)? else {
            return Ok(false);
        };
        let before = order
            .get("updatedAt")
            .and_then(Value::as_str)
            .and_then(|text| OffsetDateTime::parse(text, &Rfc3339).ok());
        let at = before
            .and_then(|before| before.checked_add(Duration::MILLISECOND))
            .map_or(now, |after| after.max(now));
        order.insert("updatedAt".into(), wire_time(at).into());
        order.extend(change);
        order.insert("id".into(), id.into());
        transaction.execute(
            "UPDATE orders SET body = ?2, pending = 1, version = version + 1 WHERE id = ?1",
            params![id, Value::Object(order).to_string()],
        )?;
        transaction.commit()?;
        Ok(true)
    }

    /// Applies a confirmation, all or none. What was edited since it was last handed out stays pending.
    pub(crate) fn confirm(&mut self, confirmed: &Confirmed) -> Result<(), StoreError> {
        if confirmed.orders.is_empty() && confirmed.customers.is_empty() {
            return Ok(());
        }
        let transaction = self.connection.transaction()?;
        for order in &confirmed.orders {
            confirm_order(&transaction, order)?;
        }
        for id in &confirmed.customers {
            clear_flag(&transaction, "customers", id)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// The pending page as JSON text: at most [`PAGE_LIMIT`] of each, oldest first.
    pub(crate) fn page(&mut self) -> Result<String, StoreError> {
        let transaction = self.connection.transaction()?;
        let orders = hand_out(&transaction, "orders")?;
        let customers = hand_out(&transaction, "customers")?;
        transaction.commit()?;
        let mut page = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            page,
            r#"{{"pending_orders":[{orders}],"updated_customers":[{customers}]}}"#
        );
        Ok(page)
    }

    /// All pending orders without customer, items, delivery and payments, oldest first.
    pub(crate) fn rows(&self) -> Result<Vec<Value>, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT body FROM orders WHERE pending ORDER BY sequence")?;
        let bodies = statement.query_map([], |row| row.get::<_, String>(0))?;
        let mut rows = Vec::new();
        for body in bodies {
            let mut order = object_in(&body?)?;
            order.retain(|name, _| !NOT_IN_ROWS.contains(&name.as_str()));
            order.insert("deletedAt".into(), Value::Null);
            rows.push(Value::Object(order));
        }
        Ok(rows)
    }

    /// Whether any of these orders is not yet confirmed.
    pub(crate) fn any_pending(&self, ids: &[String]) -> Result<bool, StoreError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM orders WHERE id = ?1 AND pending)")?;
        for id in ids {
            if statement.query_row([id], |row| row.get(0))? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Fails when the database cannot be read.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let _: i64 =
            self.connection
                .query_row("SELECT count(*) FROM orders WHERE pending", [], |row| {
                    row.get(0)
                })?;
        Ok(())
    }
}

fn object_in(body: &str) -> Result<Map<String, Value>, rusqlite::Error> {
    serde_json::from_str(body).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })
}

fn body_of(
    transaction: &Transaction<'_>,
    id: &str,
) -> Result<Option<Map<String, Value>>, StoreError> {
    let body: Option<String> = transaction
        .prepare_cached("SELECT body FROM orders WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    Ok(body.map(|body| object_in(&body)).transpose()?)
}

/// An order's customer counts as updated until it is confirmed.
fn update_customer(
    transaction: &Transaction<'_>,
    customer: Option<&Value>,
) -> Result<(), StoreError> {
    let Some(customer) = customer else {
        return Ok(());
    };
    if let Some(id) = customer.get("id").and_then(Value::as_str) {
        transaction
            .prepare_cached(
                "INSERT INTO customers (id, body) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE
                 SET body = excluded.body, pending = 1, version = version + 1",
            )?
            .execute(params![id, customer.to_string()])?;
    }
    Ok(())
}

fn confirm_order(transaction: &Transaction<'_>, confirmed: &Value) -> Result<(), StoreError> {
    let Some(id) = confirmed.get("orderId").filter(|id| id.is_string()) else {
        let reason = "a confirmed order is an object with the order's id";
        return Err(StoreError::CannotConfirm(reason.into()));
    };
    clear_flag(transaction, "orders", id)?;
    let number = confirmed
        .get("shiftOrderNumber")
        .or_else(|| confirmed.get("dailyNumber"));
    let (Some(number), Some(id)) = (number, id.as_str()) else {
        return Ok(());
    };
    if !number.is_null() && !number.is_i64() {
        let reason = "the number of an order is a whole number";
        return Err(StoreError::CannotConfirm(reason.into()));
    }
    if let Some(mut order) = body_of(transaction, id)? {
        order.insert("shiftOrderNumber".into(), number.clone());
        transaction
            .prepare_cached("UPDATE orders SET body = ?2 WHERE id = ?1")?
            .execute(params![id, Value::Object(order).to_string()])?;
    }
    Ok(())
}

fn clear_flag(transaction: &Transaction<'_>, table: &str, id: &Value) -> Result<(), StoreError> {
    let unknown = || StoreError::CannotConfirm(format!("{table}: there is none with the id {id}"));
    let key = id.as_str().ok_or_else(unknown)?;
    let known = transaction
        .prepare_cached(&format!(
            "UPDATE {table} SET pending = pending AND (handed_out IS NOT version) WHERE id = ?1"
        ))?
        .execute([key])?;
    if known == 0 {
        return Err(unknown());
    }
    Ok(())
}

/// The oldest pending bodies, joined by commas; remembers which version it gave.
fn hand_out(transaction: &Transaction<'_>, table: &str) -> Result<String, StoreError> {
    let mut statement = transaction.prepare_cached(&format!(
        "UPDATE {table} SET handed_out = version WHERE sequence IN
           (SELECT sequence FROM {table} WHERE pending ORDER BY sequence LIMIT ?1)
         RETURNING sequence, body"
    ))?;
    let limit = i64::try_from(PAGE_LIMIT).unwrap_or(i64::MAX);
    let mut bodies = statement
        .query_map([limit], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<Vec<(i64, String)>, _>>()?;
    // RETURNING promises no order.
    bodies.sort_unstable_by_key(|(sequence, _)| *sequence);
    let bodies: Vec<String> = bodies.into_iter().map(|(_, body)| body).collect();
    Ok(bodies.join(","))
}
