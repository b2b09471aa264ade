//! The same tables in PostgreSQL, where several processes may make them at once.

use sqlx::Executor as _;
use sqlx::postgres::PgPool;

use super::super::StoreError;
use super::super::schema::missing;

/// Which lock of the database keeps two processes from making the tables at once; any number of our own.
const SCHEMA_LOCK: i64 = 0x6361_6d70_616e_6101;

/// For PostgreSQL; the number of steps that were applied is in `campana_schema`.
const POSTGRES: &[&str] = &["CREATE TABLE orders (
         sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         shop TEXT NOT NULL,
         id TEXT NOT NULL,
         body TEXT NOT NULL,
         pending BOOLEAN NOT NULL DEFAULT TRUE,
         version BIGINT NOT NULL DEFAULT 1,
         handed_out BIGINT,
         announce_at BIGINT,
         announced BIGINT NOT NULL DEFAULT 0,
         news_at BIGINT NOT NULL,
         UNIQUE (shop, id)
     );
     CREATE TABLE customers (
         sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
         shop TEXT NOT NULL,
         id TEXT NOT NULL,
         body TEXT NOT NULL,
         pending BOOLEAN NOT NULL DEFAULT TRUE,
         version BIGINT NOT NULL DEFAULT 1,
         handed_out BIGINT,
         UNIQUE (shop, id)
     );
     CREATE INDEX orders_pending ON orders (shop, sequence) WHERE pending;
     CREATE INDEX customers_pending ON customers (shop, sequence) WHERE pending;
     CREATE INDEX orders_news ON orders (news_at);
     CREATE INDEX orders_to_announce ON orders (announce_at) WHERE announce_at IS NOT NULL;"];

/// Applies what is missing. Several processes may do so at once.
pub(super) async fn bring_up_to_date(pool: &PgPool) -> Result<(), StoreError> {
    let mut transaction = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(SCHEMA_LOCK)
        .execute(&mut *transaction)
        .await?;
    transaction
        .execute("CREATE TABLE IF NOT EXISTS campana_schema (applied BIGINT NOT NULL)")
        .await?;
    let applied: Option<i64> = sqlx::query_scalar("SELECT applied FROM campana_schema")
        .fetch_optional(&mut *transaction)
        .await?;
    let known = i64::try_from(POSTGRES.len()).unwrap_or(i64::MAX);
    for step in missing(POSTGRES, applied.unwrap_or_default())? {
        transaction.execute(*step).await?;
    }
    transaction.execute("DELETE FROM campana_schema").await?;
    sqlx::query("INSERT INTO campana_schema (applied) VALUES ($1)")
        .bind(known)
        .execute(&mut *transaction)
        .await?;
    transaction.commit().await?;
    Ok(())
}
