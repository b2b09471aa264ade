//! The tables, and the way forward from each earlier shape of them. There is no way back.

use rusqlite::{Connection, TransactionBehavior};

use super::{InboxError, words};

/// One step per version: the first makes version 1. A step that was released is never edited.
pub(super) const STEPS: [&str; 7] = [
    VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5, VERSION_6, VERSION_7,
];

/// The version from which on orders know when they were made, and their words can be searched.
const SEARCHABLE: usize = 4;

/// From here on a version was never written by any Campana.
const BELIEVABLE: i64 = 10_000;

/// `rings_for` is the version whose content last mattered: who saw that one or a later one has seen
/// everything. `changes` are facets by name. `stored_at` is when the present version came, by the
/// server's clock if it told its time.
pub(super) const VERSION_1: &str = "
CREATE TABLE sources (
    source TEXT NOT NULL PRIMARY KEY,
    first_contact_began_at INTEGER NOT NULL,
    first_contact_ended_at INTEGER
) STRICT;
CREATE TABLE orders (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    id_token TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    updated_at INTEGER,
    body TEXT,
    body_hash TEXT NOT NULL,
    is_partial INTEGER NOT NULL CHECK (is_partial IN (0, 1)),
    attention TEXT NOT NULL
        CHECK (attention IN ('new_order', 'changed', 'cancelled', 'from_before', 'seen')),
    rings_for INTEGER NOT NULL CHECK (rings_for BETWEEN 1 AND version),
    changes TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    stored_at INTEGER NOT NULL,
    seen_version INTEGER CHECK (seen_version BETWEEN 1 AND version),
    seen_at INTEGER,
    confirmed_at INTEGER,
    UNIQUE (source, id)
) STRICT;
CREATE INDEX orders_unseen ON orders (attention) WHERE attention <> 'seen';
CREATE INDEX orders_seen_at ON orders (seen_at);
CREATE TABLE customers (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    id_token TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (source, id)
) STRICT;
CREATE TABLE set_aside (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('order', 'customer')),
    hash TEXT NOT NULL,
    raw TEXT,
    size INTEGER NOT NULL,
    reason TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    UNIQUE (source, kind, hash)
) STRICT;
CREATE TABLE facts (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
";

/// What the server would not let be confirmed, for people to read.
const VERSION_2: &str = "
CREATE TABLE refused_confirmations (
    source TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('order', 'customer')),
    id TEXT NOT NULL,
    refused_at INTEGER NOT NULL,
    PRIMARY KEY (source, kind, id)
) STRICT;
";

/// The event log. `went_well` is the outcome.
const VERSION_3: &str = "
CREATE TABLE activity (
    row INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    kind TEXT NOT NULL,
    went_well INTEGER NOT NULL CHECK (went_well IN (0, 1)),
    detail TEXT,
    bytes INTEGER,
    milliseconds INTEGER,
    number INTEGER
) STRICT;
";

/// The history: `made_at` is when the server made the order, else when it arrived; `emptied_at` is when
/// retention removed the body. The words have no copy of what they were taken from. A ticket without an
/// end was begun, and nothing tells whether it was printed.
const VERSION_4: &str = "
ALTER TABLE orders ADD COLUMN made_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE orders ADD COLUMN emptied_at INTEGER;
CREATE INDEX orders_made_at ON orders (made_at);
CREATE INDEX orders_full ON orders (stored_at, seen_at, confirmed_at, source)
    WHERE body IS NOT NULL AND attention = 'seen';
CREATE VIRTUAL TABLE orders_words USING fts5 (
    words, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE tickets (
    row INTEGER PRIMARY KEY,
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    way TEXT NOT NULL CHECK (way IN ('automatic', 'printer', 'dialog')),
    begun_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX tickets_of ON tickets (source, id);
";

/// Notes each change of a table, by the number of its row.
macro_rules! noted {
    ($($table:literal),*) => {
        concat!($(
            "CREATE TRIGGER ", $table, "_added AFTER INSERT ON ", $table,
            " BEGIN INSERT INTO changes (kind, changed) VALUES ('", $table, "', new.rowid); END;\n",
            "CREATE TRIGGER ", $table, "_altered AFTER UPDATE ON ", $table,
            " BEGIN INSERT INTO changes (kind, changed) VALUES ('", $table, "', new.rowid); END;\n",
            "CREATE TRIGGER ", $table, "_removed AFTER DELETE ON ", $table,
            " BEGIN INSERT INTO changes (kind, changed) VALUES ('", $table, "', old.rowid); END;\n",
        )*)
    };
}

/// What the backup lacks: whoever writes, each change gets a number, which only ever grow. Those that the backup
/// has are removed but for the last, whose number says how much the inbox has seen.
const VERSION_5: &str = concat!(
    "
CREATE TABLE changes (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    changed INTEGER NOT NULL
) STRICT;
INSERT INTO changes (number, kind, changed)
    SELECT 1 + coalesce(sum(version), 0) + coalesce(sum(seen_version), 0), 'orders', 0 FROM orders;
",
    noted!(
        "sources",
        "orders",
        "customers",
        "set_aside",
        "refused_confirmations",
        "tickets"
    )
);

/// Orders whose words are not kept yet, or are those of an earlier version. An order that nobody has seen is written
/// to one index less.
const VERSION_6: &str = "
CREATE TABLE orders_without_words (
    row INTEGER PRIMARY KEY
) STRICT;
DROP INDEX orders_seen_at;
CREATE INDEX orders_seen_at ON orders (seen_at) WHERE seen_at IS NOT NULL;
";

/// Moment when somebody saw an element that cannot be read. Earlier versions told of their elements without ringing, so
/// those count as seen.
const VERSION_7: &str = "
ALTER TABLE set_aside ADD COLUMN seen_at INTEGER;
UPDATE set_aside SET seen_at = received_at;
CREATE INDEX set_aside_seen ON set_aside (kind, seen_at, hash);
";

/// The version that this program writes.
pub(super) fn current() -> i64 {
    i64::try_from(STEPS.len()).unwrap_or(i64::MAX)
}

/// The version of a database; 0 is an empty one.
pub(super) fn version_of(connection: &Connection) -> rusqlite::Result<i64> {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0))
}

/// Refuses what a newer Campana wrote, and what none did; touches nothing.
pub(super) fn refuse_newer(connection: &Connection) -> Result<i64, InboxError> {
    let version = version_of(connection)?;
    if !(0..BELIEVABLE).contains(&version) {
        return Err(InboxError::Damaged("its version is none".into()));
    }
    if version <= current() {
        return Ok(version);
    }
    // A newer Campana has other tables.
    match expect_whole(connection) {
        Ok(()) => Err(InboxError::Damaged("its version is none".into())),
        Err(_) => Err(InboxError::Newer(version)),
    }
}

/// That tables and indices are those that [`migrate`] makes.
pub(super) fn expect_whole(connection: &Connection) -> Result<(), InboxError> {
    let shape = |connection: &Connection| -> rusqlite::Result<Vec<(String, Option<String>)>> {
        connection
            .prepare("SELECT name, sql FROM sqlite_schema ORDER BY name")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect()
    };
    let mut fresh = Connection::open_in_memory()?;
    migrate(&mut fresh)?;
    if shape(connection)? == shape(&fresh)? {
        Ok(())
    } else {
        Err(InboxError::Damaged("its tables are not its own".into()))
    }
}

/// Makes the tables that a backup has in an empty database: without what can be made anew from them.
pub(super) fn make_backup(copy: &Connection) -> rusqlite::Result<()> {
    for step in STEPS {
        copy.execute_batch(step)?;
    }
    let left_out = copy
        .prepare(
            "SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema
             WHERE sql IS NOT NULL AND type IN ('trigger', 'index')",
        )?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    for part in left_out {
        copy.execute_batch(&part)?;
    }
    copy.execute_batch(
        "DROP TABLE orders_words; DROP TABLE orders_without_words; DROP TABLE changes;
         DROP TABLE activity",
    )?;
    copy.pragma_update(None, "user_version", current())
}

/// Brings the database to the present shape, in one transaction.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), InboxError> {
    let version = refuse_newer(connection)?;
    if version == current() {
        return Ok(());
    }
    let done = usize::try_from(version)
        .map_err(|_| InboxError::Damaged("its version is negative".into()))?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in STEPS.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    if done < SEARCHABLE {
        words::fill(&transaction)?;
    }
    transaction.pragma_update(None, "user_version", current())?;
    transaction.commit()?;
    Ok(())
}
