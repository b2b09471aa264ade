//! The store in PostgreSQL, which several processes share.

mod schema;

use std::collections::HashSet;
use std::str::FromStr as _;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Map, Value};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{PgConnection, Row as _};
use time::OffsetDateTime;

use super::sqlite::each_once;
use super::{
    DUE_LIMIT, FIRST_PAUSE, LONGEST_PAUSE, News, Page, StoreError, milliseconds, page_limit,
};
use crate::confirmation::{Confirmation, ConfirmedOrder, Kind, NotConfirmed};
use crate::intake::{Change, Changed, CustomerBody, NewOrder};
use crate::keys::Shop;

/// Connections of one process.
const CONNECTIONS: u32 = 10;
/// How long to wait for one; a database that is started again meanwhile is not noticed.
const ACQUIRE: Duration = Duration::from_secs(3);
/// How often to try again what collided with another process.
const TRIES: usize = 3;

/// Connections to the database.
#[derive(Clone, Debug)]
pub(crate) struct Postgres {
    pool: PgPool,
}

/// Whether another process was in the way (serialization failure, deadlock), so that the same may work now.
fn collided(error: &StoreError) -> bool {
    let StoreError::Postgres(sqlx::Error::Database(error)) = error else {
        return false;
    };
    matches!(error.code().as_deref(), Some("40001" | "40P01"))
}

/// A transaction, again where it collided.
macro_rules! transaction {
    ($pool:expr, |$connection:ident| $work:expr) => {{
        let mut tries = 0;
        loop {
            tries += 1;
            let done = async {
                let mut transaction = $pool.begin().await?;
                let $connection = &mut *transaction;
                let done = $work;
                transaction.commit().await?;
                Ok(done)
            }
            .await;
            match done {
                Err(error) if tries < TRIES && collided(&error) => {}
                done => break done,
            }
        }
    }};
}

impl Postgres {
    /// Connects, and makes the tables.
    pub(super) async fn open(url: &SecretString) -> Result<Self, StoreError> {
        let options = PgConnectOptions::from_str(url.expose_secret())?.application_name("campana");
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE)
            .connect_with(options)
            .await?;
        schema::bring_up_to_date(&pool).await?;
        Ok(Self { pool })
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    pub(super) async fn add(
        &self,
        shop: &Shop,
        orders: &[NewOrder],
        now: &OffsetDateTime,
    ) -> Result<(), StoreError> {
        transaction!(self.pool, |connection| {
            add(connection, shop, orders, *now).await?
        })
    }

    pub(super) async fn edit(
        &self,
        shop: &Shop,
        id: &str,
        change: &Change,
        now: &OffsetDateTime,
    ) -> Result<Option<bool>, StoreError> {
        transaction!(self.pool, |connection| {
            edit(connection, shop, id, change.clone(), *now).await?
        })
    }

    pub(super) async fn confirm(
        &self,
        shop: &Shop,
        confirmation: &Confirmation,
        strict: &bool,
    ) -> Result<Vec<NotConfirmed>, StoreError> {
        transaction!(self.pool, |connection| {
            confirm(connection, shop, confirmation, *strict).await?
        })
    }

    pub(super) async fn hand_out(&self, shop: &Shop) -> Result<Page, StoreError> {
        transaction!(self.pool, |connection| {
            Page {
                orders: hand_out(&mut *connection, shop, &ORDERS).await?,
                customers: hand_out(connection, shop, &CUSTOMERS).await?,
                ..Page::default()
            }
        })
    }

    pub(super) async fn pending(&self, shop: &Shop) -> Result<Vec<String>, StoreError> {
        Ok(sqlx::query_scalar(
            "SELECT body FROM orders WHERE shop = $1 AND pending ORDER BY sequence",
        )
        .bind(shop.name())
        .fetch_all(&self.pool)
        .await?)
    }

    pub(super) async fn take_due(&self, now: &OffsetDateTime) -> Result<Vec<Shop>, StoreError> {
        let shops = sqlx::query_scalar(
            "WITH due AS (
                 SELECT sequence FROM orders WHERE announce_at <= $1
                 ORDER BY announce_at LIMIT $4 FOR UPDATE SKIP LOCKED
             )
             UPDATE orders SET announced = announced + 1, announce_at = $1 + $2 * least(announced + 2, $3), news_at = $1
             FROM due WHERE orders.sequence = due.sequence RETURNING shop",
        )
        .bind(milliseconds(*now))
        .bind(FIRST_PAUSE)
        .bind(LONGEST_PAUSE)
        .bind(DUE_LIMIT)
        .fetch_all(&self.pool)
        .await?;
        Ok(each_once(shops))
    }

    pub(super) async fn news_since(&self, since: &OffsetDateTime) -> Result<Vec<News>, StoreError> {
        let rows = sqlx::query("SELECT shop, sequence, version FROM orders WHERE news_at >= $1")
            .bind(milliseconds(*since))
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                Ok(News {
                    shop: Shop::stored(row.try_get("shop")?),
                    sequence: row.try_get("sequence")?,
                    version: row.try_get("version")?,
                })
            })
            .collect()
    }

    pub(super) async fn count_pending(&self) -> Result<i64, StoreError> {
        Ok(
            sqlx::query_scalar("SELECT count(*) FROM orders WHERE pending")
                .fetch_one(&self.pool)
                .await?,
        )
    }
}

async fn add(
    connection: &mut PgConnection,
    shop: &Shop,
    orders: &[NewOrder],
    now: OffsetDateTime,
) -> Result<(), StoreError> {
    let now = milliseconds(now);
    for order in orders {
        let inserted = sqlx::query(
            "INSERT INTO orders (shop, id, body, news_at, announce_at) VALUES ($1, $2, $3, $4, $5)
             ON CONFLICT DO NOTHING",
        )
        .bind(shop.name())
        .bind(&order.id)
        .bind(&order.body)
        .bind(now)
        .bind(now.saturating_add(FIRST_PAUSE))
        .execute(&mut *connection)
        .await?;
        if inserted.rows_affected() == 0 {
            return Err(StoreError::Taken(order.id.clone()));
        }
        if let Some(customer) = &order.customer {
            update_customer(connection, shop, customer).await?;
        }
    }
    Ok(())
}

/// An order's customer counts as updated until it is confirmed.
async fn update_customer(
    connection: &mut PgConnection,
    shop: &Shop,
    customer: &CustomerBody,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO customers (shop, id, body) VALUES ($1, $2, $3) ON CONFLICT (shop, id) DO UPDATE
         SET body = excluded.body, pending = TRUE, version = customers.version + 1",
    )
    .bind(shop.name())
    .bind(&customer.id)
    .bind(&customer.body)
    .execute(connection)
    .await?;
    Ok(())
}

/// The body of an order, which nobody else changes until the transaction ends.
async fn body_of(
    connection: &mut PgConnection,
    shop: &Shop,
    id: &str,
) -> Result<Option<Map<String, Value>>, StoreError> {
    let body: Option<String> =
        sqlx::query_scalar("SELECT body FROM orders WHERE shop = $1 AND id = $2 FOR UPDATE")
            .bind(shop.name())
            .bind(id)
            .fetch_optional(connection)
            .await?;
    Ok(body.map(|body| serde_json::from_str(&body)).transpose()?)
}

async fn edit(
    connection: &mut PgConnection,
    shop: &Shop,
    id: &str,
    change: Change,
    now: OffsetDateTime,
) -> Result<Option<bool>, StoreError> {
    let Some(before) = body_of(connection, shop, id).await? else {
        return Ok(None);
    };
    let (order, customer) = match change.of(before, now) {
        Changed::Nothing => return Ok(Some(false)),
        Changed::TooLate => return Err(StoreError::TooLate),
        Changed::To(order, customer) => (order, customer),
    };
    if let Some(customer) = customer {
        update_customer(connection, shop, &customer).await?;
    }
    let now = milliseconds(now);
    sqlx::query(
        "UPDATE orders SET body = $3, pending = TRUE, version = version + 1, news_at = $4, announce_at = $5,
             announced = 0
         WHERE shop = $1 AND id = $2",
    )
    .bind(shop.name())
    .bind(id)
    .bind(Value::Object(order).to_string())
    .bind(now)
    .bind(now.saturating_add(FIRST_PAUSE))
    .execute(connection)
    .await?;
    Ok(Some(true))
}

/// The statements of one table. Rows are locked in the order of their sequence, so that two processes never wait
/// for each other.
struct Table {
    lock: &'static str,
    clear: &'static str,
    page: &'static str,
    remember: &'static str,
}

const ORDERS: Table = Table {
    lock: "SELECT id FROM orders WHERE shop = $1 AND id = ANY($2) ORDER BY sequence FOR UPDATE",
    clear: "UPDATE orders SET pending = pending AND (handed_out IS DISTINCT FROM version)
            WHERE shop = $1 AND id = ANY($2)",
    page: "SELECT sequence, body, version, handed_out IS DISTINCT FROM version AS is_new FROM orders
           WHERE shop = $1 AND pending ORDER BY sequence LIMIT $2",
    remember: "UPDATE orders SET handed_out = given.version,
                   announce_at = CASE WHEN orders.version = given.version THEN NULL ELSE announce_at END
               FROM unnest($1::bigint[], $2::bigint[]) AS given(sequence, version)
               WHERE orders.sequence = given.sequence AND orders.handed_out IS DISTINCT FROM orders.version",
};
const CUSTOMERS: Table = Table {
    lock: "SELECT id FROM customers WHERE shop = $1 AND id = ANY($2) ORDER BY sequence FOR UPDATE",
    clear: "UPDATE customers SET pending = pending AND (handed_out IS DISTINCT FROM version)
            WHERE shop = $1 AND id = ANY($2)",
    page: "SELECT sequence, body, version, handed_out IS DISTINCT FROM version AS is_new FROM customers
           WHERE shop = $1 AND pending ORDER BY sequence LIMIT $2",
    remember: "UPDATE customers SET handed_out = given.version
               FROM unnest($1::bigint[], $2::bigint[]) AS given(sequence, version)
               WHERE customers.sequence = given.sequence AND customers.handed_out IS DISTINCT FROM customers.version",
};

async fn confirm(
    connection: &mut PgConnection,
    shop: &Shop,
    confirmation: &Confirmation,
    strict: bool,
) -> Result<Vec<NotConfirmed>, StoreError> {
    let mut not_confirmed = confirmation.unreadable.clone();
    let ids: Vec<&str> = confirmation
        .orders
        .iter()
        .map(|order| order.id.as_str())
        .collect();
    let known = clear_flags(connection, shop, &ORDERS, &ids).await?;
    for order in &confirmation.orders {
        if known.contains(&order.id) {
            set_number(connection, shop, order).await?;
        } else {
            not_confirmed.push(NotConfirmed::unknown(Kind::Order, &order.id));
        }
    }
    let ids: Vec<&str> = confirmation.customers.iter().map(String::as_str).collect();
    let known = clear_flags(connection, shop, &CUSTOMERS, &ids).await?;
    for id in &confirmation.customers {
        if !known.contains(id) {
            not_confirmed.push(NotConfirmed::unknown(Kind::Customer, id));
        }
    }
    if strict && !not_confirmed.is_empty() {
        return Err(StoreError::CannotConfirm(not_confirmed));
    }
    Ok(not_confirmed)
}

/// Which of these there are.
async fn clear_flags(
    connection: &mut PgConnection,
    shop: &Shop,
    table: &Table,
    ids: &[&str],
) -> Result<HashSet<String>, StoreError> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let known: Vec<String> = sqlx::query_scalar(table.lock)
        .bind(shop.name())
        .bind(ids)
        .fetch_all(&mut *connection)
        .await?;
    sqlx::query(table.clear)
        .bind(shop.name())
        .bind(&known)
        .execute(connection)
        .await?;
    Ok(known.into_iter().collect())
}

async fn set_number(
    connection: &mut PgConnection,
    shop: &Shop,
    confirmed: &ConfirmedOrder,
) -> Result<(), StoreError> {
    let Some(number) = confirmed.number else {
        return Ok(());
    };
    if let Some(mut order) = body_of(connection, shop, &confirmed.id).await? {
        order.insert("shiftOrderNumber".into(), number.into());
        sqlx::query("UPDATE orders SET body = $3 WHERE shop = $1 AND id = $2")
            .bind(shop.name())
            .bind(&confirmed.id)
            .bind(Value::Object(order).to_string())
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// The oldest pending bodies; remembers which version it gave, and writes only where that is another one.
async fn hand_out(
    connection: &mut PgConnection,
    shop: &Shop,
    table: &Table,
) -> Result<Vec<String>, StoreError> {
    let rows = sqlx::query(table.page)
        .bind(shop.name())
        .bind(page_limit())
        .fetch_all(&mut *connection)
        .await?;
    let mut bodies = Vec::with_capacity(rows.len());
    let (mut sequences, mut versions) = (Vec::<i64>::new(), Vec::<i64>::new());
    for row in rows {
        bodies.push(row.try_get("body")?);
        if row.try_get("is_new")? {
            sequences.push(row.try_get("sequence")?);
            versions.push(row.try_get("version")?);
        }
    }
    if !sequences.is_empty() {
        sqlx::query(table.remember)
            .bind(sequences)
            .bind(versions)
            .execute(connection)
            .await?;
    }
    Ok(bodies)
}
