//! The history: every order that ever came, page by page, over a connection of its own that only reads.

use std::path::{Path, PathBuf};
use std::time::Duration;

use campana_contract::Timestamp;
use rusqlite::{Connection, OpenFlags, named_params};

use super::aside::{self, Aside, UnreadableOrder};
use super::row::{COLUMNS, OrderRow};
use super::{Copying, InboxError, InboxOrder, files, tickets, words};

/// A page is never longer, whatever is asked for.
const LONGEST_PAGE: u32 = 500;

/// Letters of what was set aside that are shown.
const BEGINNING: u32 = 400;

/// As long as somebody who writes may keep it waiting.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// What to look for; everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// Beginnings of words of customer, phone, number, product, address or note.
    pub text: String,
    /// Made then or later.
    pub from: Option<Timestamp>,
    /// Made before then.
    pub until: Option<Timestamp>,
    /// So many of the newest are left out.
    pub offset: u32,
    /// At most so many.
    pub limit: u32,
}

/// A page of what was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// Newest first, of every source.
    pub orders: Vec<InboxOrder>,
    /// All that was found.
    pub total: u32,
}

/// The inbox, to look things up in beside the one who writes it. Has to be closed before that one is.
#[derive(Debug)]
pub struct Reading {
    pub(super) connection: Connection,
    folder: PathBuf,
}

impl Reading {
    /// Opens the inbox in this folder, which somebody has open to receive.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(folder: &Path) -> Result<Self, InboxError> {
        let connection = Connection::open_with_flags(
            files::database(folder),
            OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;")?;
        Ok(Self {
            connection,
            folder: folder.to_owned(),
        })
    }

    /// Begins a backup of what the inbox holds now.
    ///
    /// # Errors
    /// When it cannot be read, or no file be made.
    pub fn begin_backup(&self, at: Timestamp) -> Result<Copying, InboxError> {
        Copying::begin(&self.connection, &self.folder, at)
    }

    /// Copies some rows; when none are left the backup is made, and has every change up to the number that comes
    /// back: [`Inbox::backed_up`](super::Inbox::backed_up).
    ///
    /// # Errors
    /// [`InboxError::Damaged`] when the inbox is; else when the backup cannot be written. It is to be dropped then.
    pub fn go_on(&self, backup: &mut Copying) -> Result<Option<i64>, InboxError> {
        backup.go_on(&self.connection)
    }

    /// A page of the orders that are searched for. Whatever is typed finds something or nothing.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn search(&mut self, search: &Search) -> Result<Found, InboxError> {
        // Page and number belong together.
        let transaction = self.connection.transaction()?;
        let query = words::query(&search.text);
        let from = search.from.map_or(i64::MIN, |moment| moment.0);
        let until = search.until.map_or(i64::MAX, |moment| moment.0);
        let range = named_params! { ":from": from, ":until": until, ":query": query };
        let total: i64 = transaction
            .prepare_cached(&counting(query.is_some()))?
            .query_row(range, |row| row.get(0))?;
        let mut orders = Vec::new();
        {
            let mut page = transaction.prepare_cached(&paging(query.is_some()))?;
            let mut rows = page.query(named_params! {
                ":from": from, ":until": until, ":query": query,
                ":limit": search.limit.min(LONGEST_PAGE), ":offset": search.offset,
            })?;
            let mut whole = transaction
                .prepare_cached(&format!("SELECT {COLUMNS} FROM orders WHERE row = ?1"))?;
            while let Some(row) = rows.next()? {
                let number: i64 = row.get(0)?;
                let row = whole.query_row([number], OrderRow::read)?;
                orders.extend(tickets::with_order(&transaction, row)?);
            }
        }
        Ok(Found {
            orders,
            total: u32::try_from(total).unwrap_or(u32::MAX),
        })
    }

    /// The order with this source and [`Id::key`](campana_contract::Id::key).
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn order(&self, source: &str, id: &str) -> Result<Option<InboxOrder>, InboxError> {
        match OrderRow::find(&self.connection, source, id)? {
            Some(row) => Ok(tickets::with_order(&self.connection, row)?),
            None => Ok(None),
        }
    }

    /// Everything that is set aside, of every source, oldest first, with its beginning.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn set_aside(&self) -> Result<Vec<Aside>, InboxError> {
        aside::set_aside(&self.connection, BEGINNING)
    }

    /// As [`Inbox::unreadable_orders`](super::Inbox::unreadable_orders).
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn unreadable_orders(
        &self,
        seen_since: Timestamp,
    ) -> Result<Vec<UnreadableOrder>, InboxError> {
        aside::unreadable_orders(&self.connection, seen_since)
    }
}

// Both walk along the index of moments alone: what it leaves out is in no page that is asked for.
// A `+` keeps SQLite from beginning with the words, and sorting what may be every order.

fn paging(by_words: bool) -> String {
    format!(
        "SELECT row FROM orders INDEXED BY orders_made_at {} \
         ORDER BY made_at DESC, row DESC LIMIT :limit OFFSET :offset",
        condition(by_words)
    )
}

fn counting(by_words: bool) -> String {
    format!(
        "SELECT count(*) FROM orders INDEXED BY orders_made_at {}",
        condition(by_words)
    )
}

fn condition(by_words: bool) -> &'static str {
    if by_words {
        "WHERE made_at >= :from AND made_at < :until AND +row IN \
             (SELECT rowid FROM orders_words WHERE orders_words MATCH :query)"
    } else {
        "WHERE made_at >= :from AND made_at < :until AND :query IS NULL"
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::inbox::Inbox;

    /// An inbox of so many orders that were seen, without the work of storing each.
    fn inbox_of(orders: i64) -> (tempfile::TempDir, Inbox) {
        let folder = tempfile::tempdir().unwrap();
        let inbox = Inbox::open(folder.path()).unwrap();
        let body = "x".repeat(2000);
        inbox
            .connection
            .execute_batch(&format!(
                "WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {orders})
                 INSERT INTO orders (source, id, id_token, version, body, body_hash, is_partial, attention,
                     rings_for, changes, received_at, stored_at, seen_version, seen_at, made_at)
                 SELECT 's', n, n, 1, '{body}', '', 0, 'seen', 1, '', n, n, 1, n, n FROM numbers;
                 INSERT INTO orders_words (rowid, words) SELECT row, 'pizza' FROM orders;"
            ))
            .unwrap();
        (folder, inbox)
    }

    /// What the page costs: steps of SQLite's machine, rows that were sorted or read without an index.
    fn cost(inbox: &Inbox, query: Option<&str>, offset: i64) -> (i32, i32, i32) {
        let mut statement = inbox.connection.prepare(&paging(query.is_some())).unwrap();
        let parameters = named_params! {
            ":from": i64::MIN, ":until": i64::MAX, ":query": query, ":limit": 50, ":offset": offset,
        };
        let mut rows = statement.query(parameters).unwrap();
        while rows.next().unwrap().is_some() {}
        drop(rows);
        (
            statement.get_status(StatementStatus::VmStep),
            statement.get_status(StatementStatus::Sort),
            statement.get_status(StatementStatus::FullscanStep),
        )
    }

    fn plan(inbox: &Inbox, by_words: bool) -> String {
        let sql = format!("EXPLAIN QUERY PLAN {}", paging(by_words));
        let mut statement = inbox.connection.prepare(&sql).unwrap();
        let nothing =
            named_params! { ":from": 0, ":until": 1, ":query": "a", ":limit": 1, ":offset": 0 };
        let lines = statement.query_map(nothing, |row| row.get::<_, String>(3));
        lines
            .unwrap()
            .map(Result::unwrap)
            .collect::<Vec<_>>()
            .join("\n")
    }

    #[test]
    fn the_first_page_costs_the_same_however_many_orders_there_are() {
        let (_few, few) = inbox_of(1_000);
        let (_many, many) = inbox_of(20_000);
        let (steps, sorted, _) = cost(&many, None, 0);
        assert_eq!(sorted, 0, "nothing is sorted");
        let (steps_of_few, ..) = cost(&few, None, 0);
        assert!(
            steps <= steps_of_few + steps_of_few / 10,
            "{steps} steps among 20,000 orders, {steps_of_few} among 1,000"
        );
    }

    #[test]
    fn a_page_far_back_walks_over_the_narrow_index_alone() {
        let (_folder, inbox) = inbox_of(5_000);
        for by_words in [false, true] {
            let plan = plan(&inbox, by_words);
            assert!(
                plan.contains("SEARCH orders USING COVERING INDEX orders_made_at"),
                "{plan}"
            );
            assert!(!plan.contains("TEMP B-TREE"), "nothing is sorted: {plan}");
        }
        let (near, ..) = cost(&inbox, None, 0);
        let (far, ..) = cost(&inbox, None, 4_000);
        assert!(
            far - near < 4_000 * 10,
            "{far} steps for 4,000 that are left out, {near} for none"
        );
    }
}
