//! What was set aside, for people to read: unreadable elements, and confirmations that the server refuses.

use std::path::Path;

use campana_contract::{ElementKind, Id, Timestamp};
use rusqlite::{Connection, TransactionBehavior, params};

use super::{Inbox, InboxError, StoredAside, files};

/// As many unreadable elements are kept, the newest of them.
const MOST: i64 = 500;
/// Damaged databases that are kept.
const MOST_DAMAGED: usize = 3;
/// Letters of an unreadable order that are shown.
const SHOWN_LETTERS: u32 = 2000;
/// Neither is kept for longer, in milliseconds: 90 days.
const LONGEST: i64 = 90 * 24 * 60 * 60 * 1000;

/// Something that was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aside {
    /// The backend that it came from.
    pub source: String,
    /// Order or customer.
    pub kind: ElementKind,
    /// Why.
    pub reason: AsideReason,
    /// When: it came, or its confirmation was last refused.
    pub at: Timestamp,
}

/// Why something was set aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AsideReason {
    /// It could not be read, or not be stored.
    Unreadable {
        /// SHA-256 in hex of its raw text.
        hash: String,
        /// Bytes of its raw text.
        size: u64,
        /// Technical words, without what stood in it.
        words: String,
        /// Its beginning, where it was kept and asked for.
        beginning: Option<String>,
        /// When somebody saw it; of a customer only what an earlier version set aside.
        seen_at: Option<Timestamp>,
    },
    /// It is stored, but the server refuses its confirmation.
    NotConfirmable {
        /// Its identifier, as text.
        id: String,
    },
}

/// An order of an answer that could not be read, or not be stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableOrder {
    /// SHA-256 in hex of its raw text.
    pub hash: String,
    /// When it came first.
    pub received_at: Timestamp,
    /// When somebody saw it.
    pub seen_at: Option<Timestamp>,
    /// The beginning of its text, at most 2,000 letters; `None` where the text was not kept.
    pub text: Option<String>,
}

impl Inbox {
    /// Everything that is set aside, of every source, oldest first.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn set_aside(&self) -> Result<Vec<Aside>, InboxError> {
        set_aside(&self.connection, 0)
    }

    /// Unreadable orders that nobody has seen, and those seen at or after `seen_since`; newest first. An order that
    /// came from several sources is one entry, unseen until it was seen in each.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn unreadable_orders(
        &self,
        seen_since: Timestamp,
    ) -> Result<Vec<UnreadableOrder>, InboxError> {
        unreadable_orders(&self.connection, seen_since)
    }

    /// Marks unreadable orders seen in every source, all or none. Unknown hashes are ignored, and an order that was
    /// seen before keeps its moment. Returns how many of these orders were unseen.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn mark_unreadable_seen(
        &mut self,
        hashes: &[String],
        at: Timestamp,
    ) -> Result<usize, InboxError> {
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut marked = 0;
        {
            let mut mark = transaction.prepare_cached(
                "UPDATE set_aside SET seen_at = ?2
                 WHERE kind = 'order' AND seen_at IS NULL AND hash = ?1",
            )?;
            for hash in hashes {
                marked += usize::from(mark.execute(params![hash, at.0])? > 0);
            }
        }
        transaction.commit()?;
        self.note_held()?;
        Ok(marked)
    }

    /// Unreadable orders that nobody has seen, with the reason, oldest first.
    pub(crate) fn unseen_unreadable(&self) -> Result<Vec<StoredAside>, InboxError> {
        let mut select = self.connection.prepare(
            "SELECT hash, reason FROM set_aside WHERE kind = 'order' AND seen_at IS NULL
             GROUP BY hash ORDER BY min(row)",
        )?;
        let unseen = select.query_map([], |row| {
            Ok(StoredAside {
                kind: ElementKind::Order,
                hash: row.get(0)?,
                reason: row.get(1)?,
            })
        })?;
        Ok(unseen.collect::<Result<_, _>>()?)
    }

    /// Notes that the server refuses this confirmation; it is forgotten as soon as one is accepted.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn confirmation_refused(
        &mut self,
        source: &str,
        kind: ElementKind,
        id: &str,
        at: Timestamp,
    ) -> Result<(), InboxError> {
        self.connection.execute(
            "INSERT OR REPLACE INTO refused_confirmations (source, kind, id, refused_at)
             VALUES (?1, ?2, ?3, ?4)",
            params![source, kind_word(kind), id, at.0],
        )?;
        Ok(())
    }
}

/// Removes unreadable elements beyond [`MOST`].
pub(super) fn keep_newest(connection: &Connection) -> rusqlite::Result<()> {
    connection
        .prepare_cached("DELETE FROM set_aside WHERE row <= (SELECT max(row) FROM set_aside) - ?1")?
        .execute([MOST])?;
    Ok(())
}

/// Removes what was set aside long before the newest order was made, by the server's time, and damaged databases
/// that are old or too many; never an unreadable order that nobody has seen, nor the one at `untold`, of which people are still to be told.
pub(super) fn let_old_go(
    connection: &Connection,
    folder: &Path,
    untold: Option<&Path>,
) -> Result<(), InboxError> {
    let newest: Option<i64> =
        connection.query_row("SELECT max(made_at) FROM orders", [], |row| row.get(0))?;
    let until = newest.map_or(i64::MIN, |newest| newest.saturating_sub(LONGEST));
    connection.execute(
        "DELETE FROM set_aside
         WHERE received_at < ?1 AND (kind <> 'order' OR seen_at IS NOT NULL)",
        [until],
    )?;
    // One that the server still refuses is refused again each day.
    connection.execute(
        "DELETE FROM refused_confirmations WHERE refused_at < ?1",
        [until],
    )?;
    keep_newest(connection)?;
    let damaged = files::damaged(folder)?;
    for (index, (written, file)) in damaged.into_iter().enumerate() {
        if (index >= MOST_DAMAGED || written.0 < until) && untold != Some(file.as_path()) {
            files::remove(&file)?;
        }
    }
    Ok(())
}

/// The server accepted these.
pub(super) fn forget_refusals<'a>(
    connection: &Connection,
    source: &str,
    kind: ElementKind,
    ids: impl Iterator<Item = &'a Id>,
) -> rusqlite::Result<()> {
    let mut delete = connection.prepare_cached(
        "DELETE FROM refused_confirmations WHERE source = ?1 AND kind = ?2 AND id = ?3",
    )?;
    for id in ids {
        delete.execute([source, kind_word(kind), id.key()])?;
    }
    Ok(())
}

pub(super) fn kind_word(kind: ElementKind) -> &'static str {
    match kind {
        ElementKind::Order => "order",
        ElementKind::Customer => "customer",
    }
}

/// With the beginnings of what could not be read, at most so many letters.
pub(super) fn set_aside(connection: &Connection, letters: u32) -> Result<Vec<Aside>, InboxError> {
    let mut select = connection.prepare(
        "SELECT source, kind, hash, size, reason, received_at AS at,
                nullif(substr(raw, 1, ?1), ''), seen_at FROM set_aside
         UNION ALL
         SELECT source, kind, id, NULL, NULL, refused_at, NULL, NULL FROM refused_confirmations
         ORDER BY at",
    )?;
    let found = select.query_map([letters], |row| {
        let kind: String = row.get(1)?;
        let what: String = row.get(2)?;
        let words: Option<String> = row.get(4)?;
        Ok(Aside {
            source: row.get(0)?,
            kind: if kind == kind_word(ElementKind::Order) {
                ElementKind::Order
            } else {
                ElementKind::Customer
            },
            reason: match words {
                Some(words) => AsideReason::Unreadable {
                    hash: what,
                    size: row.get::<_, i64>(3)?.try_into().unwrap_or_default(),
                    words,
                    beginning: row.get(6)?,
                    seen_at: row.get::<_, Option<i64>>(7)?.map(Timestamp),
                },
                None => AsideReason::NotConfirmable { id: what },
            },
            at: Timestamp(row.get(5)?),
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// See [`Inbox::unreadable_orders`].
pub(super) fn unreadable_orders(
    connection: &Connection,
    seen_since: Timestamp,
) -> Result<Vec<UnreadableOrder>, InboxError> {
    // The hashes come from an index: the texts of the others are not read.
    let mut select = connection.prepare(
        "SELECT hash, min(received_at) AS at,
                CASE WHEN count(seen_at) = count(*) THEN max(seen_at) END,
                nullif(substr(max(raw), 1, ?2), '')
         FROM set_aside WHERE kind = 'order' AND hash IN
             (SELECT hash FROM set_aside WHERE kind = 'order' AND seen_at IS NULL
              UNION SELECT hash FROM set_aside WHERE kind = 'order' AND seen_at >= ?1)
         GROUP BY hash ORDER BY at DESC, max(row) DESC",
    )?;
    let found = select.query_map(params![seen_since.0, SHOWN_LETTERS], |row| {
        Ok(UnreadableOrder {
            hash: row.get(0)?,
            received_at: Timestamp(row.get(1)?),
            seen_at: row.get::<_, Option<i64>>(2)?.map(Timestamp),
            text: row.get(3)?,
        })
    })?;
    Ok(found.collect::<Result<_, _>>()?)
}
