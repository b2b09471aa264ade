//! An order as a row of the database.

use std::sync::LazyLock;

use campana_contract::{Id, Order, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use sha2::{Digest, Sha256};

use super::{AlertKind, Attention, Facet, InboxOrder, Tickets, facets};

/// The columns that [`OrderRow::read`] expects, in its order.
pub(super) const COLUMNS: &str = "row, source, id, id_token, version, updated_at, body, body_hash, \
     is_partial, attention, rings_for, changes, received_at, stored_at, seen_version, seen_at, \
     confirmed_at, made_at, emptied_at";

/// A row of `orders`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OrderRow {
    pub row: i64,
    pub source: String,
    pub id: String,
    pub id_token: String,
    pub version: i64,
    pub updated_at: Option<i64>,
    pub body: Option<String>,
    pub body_hash: String,
    pub is_partial: bool,
    pub attention: Attention,
    pub rings_for: i64,
    pub changes: Vec<Facet>,
    pub received_at: i64,
    pub stored_at: i64,
    pub seen_version: Option<i64>,
    pub seen_at: Option<i64>,
    pub confirmed_at: Option<i64>,
    pub made_at: i64,
    pub emptied_at: Option<i64>,
}

impl OrderRow {
    /// Reads a row of [`COLUMNS`].
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let attention: String = row.get(9)?;
        let changes: String = row.get(11)?;
        Ok(Self {
            row: row.get(0)?,
            source: row.get(1)?,
            id: row.get(2)?,
            id_token: row.get(3)?,
            version: row.get(4)?,
            updated_at: row.get(5)?,
            body: row.get(6)?,
            body_hash: row.get(7)?,
            is_partial: row.get(8)?,
            attention: attention_from(&attention).ok_or(rusqlite::Error::InvalidColumnType(
                9,
                "attention".into(),
                rusqlite::types::Type::Text,
            ))?,
            rings_for: row.get(10)?,
            changes: facets::from_text(&changes),
            received_at: row.get(12)?,
            // A page of a damaged file may be from before there was one.
            made_at: row
                .get::<_, Option<i64>>(17)?
                .map_or_else(|| row.get(12), Ok)?,
            stored_at: row.get(13)?,
            seen_version: row.get(14)?,
            seen_at: row.get(15)?,
            confirmed_at: row.get(16)?,
            emptied_at: row.get(18)?,
        })
    }

    /// The row of this order, if it is known.
    pub(super) fn find(
        connection: &Connection,
        source: &str,
        id: &str,
    ) -> rusqlite::Result<Option<Self>> {
        static FIND: LazyLock<String> =
            LazyLock::new(|| format!("SELECT {COLUMNS} FROM orders WHERE source = ?1 AND id = ?2"));
        connection
            .prepare_cached(&FIND)?
            .query_row([source, id], Self::read)
            .optional()
    }

    /// Writes the row over the one with the same source and id, or as a new one; its number.
    pub(super) fn write(&self, connection: &Connection) -> rusqlite::Result<i64> {
        connection
            .prepare_cached(
                "INSERT INTO orders (source, id, id_token, version, updated_at, body, body_hash,
                     is_partial, attention, rings_for, changes, received_at, stored_at,
                     seen_version, seen_at, confirmed_at, made_at, emptied_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
                 ON CONFLICT (source, id) DO UPDATE SET
                     id_token = excluded.id_token, version = excluded.version,
                     updated_at = excluded.updated_at, body = excluded.body,
                     body_hash = excluded.body_hash, is_partial = excluded.is_partial,
                     attention = excluded.attention, rings_for = excluded.rings_for,
                     changes = excluded.changes, received_at = excluded.received_at,
                     stored_at = excluded.stored_at, seen_version = excluded.seen_version,
                     seen_at = excluded.seen_at, confirmed_at = excluded.confirmed_at,
                     made_at = excluded.made_at, emptied_at = excluded.emptied_at
                 RETURNING row",
            )?
            .query_row(
                params![
                    self.source,
                    self.id,
                    self.id_token,
                    self.version,
                    self.updated_at,
                    self.body,
                    self.body_hash,
                    self.is_partial,
                    attention_word(self.attention),
                    self.rings_for,
                    facets::to_text(&self.changes),
                    self.received_at,
                    self.stored_at,
                    self.seen_version,
                    self.seen_at,
                    self.confirmed_at,
                    self.made_at,
                    self.emptied_at,
                ],
                |row| row.get(0),
            )
    }

    /// The stored version, unless its body is gone.
    pub(super) fn order(&self) -> Option<Order> {
        self.body
            .as_deref()
            .and_then(|body| Order::parse(body).ok())
    }

    /// The row as the rest of Campana sees it; `None` when its identifier cannot be read.
    pub(super) fn into_inbox_order(self) -> Option<InboxOrder> {
        Some(InboxOrder {
            id: Id::from_token(&self.id_token)?,
            order: self.order(),
            source: self.source,
            version: self.version,
            attention: self.attention,
            changes: self.changes,
            received_at: Timestamp(self.received_at),
            seen_at: self.seen_at.map(Timestamp),
            confirmed_at: self.confirmed_at.map(Timestamp),
            made_at: Timestamp(self.made_at),
            tickets: Tickets::default(),
        })
    }

    /// What contradicts itself in the row; empty means sound.
    pub(super) fn contradictions(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        let mut expect = |holds: bool, otherwise| {
            if !holds {
                found.push(otherwise);
            }
        };
        expect(self.version >= 1, "its version is below 1");
        expect(
            Id::from_token(&self.id_token).is_some_and(|id| id.key() == self.id),
            "its identifier and the token of it differ",
        );
        expect(
            self.body
                .as_deref()
                .is_none_or(|body| hash(body) == self.body_hash),
            "its body is not the one that was stored",
        );
        expect(
            self.body.is_none() || self.order().is_some_and(|order| order.id.key() == self.id),
            "its body is not that of this order",
        );
        expect(
            self.emptied_at.is_none() || self.body.is_none(),
            "it counts as emptied although its body is there",
        );
        expect(
            self.seen_version.is_some() == self.seen_at.is_some(),
            "it was seen at no time, or at a time without a version",
        );
        match self.attention {
            Attention::Seen => expect(
                self.seen_version == Some(self.version),
                "it counts as seen although nobody saw its present version",
            ),
            Attention::Ringing(_) => expect(
                self.seen_version.is_none_or(|seen| seen < self.rings_for),
                "it rings although somebody saw what it rings for",
            ),
            Attention::FromBefore => expect(
                self.seen_version.is_none(),
                "it is from before although somebody saw it",
            ),
        }
        found
    }
}

/// SHA-256 in hex.
pub(super) fn hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    let halves = digest.iter().flat_map(|byte| [byte >> 4, byte & 0xF]);
    halves
        .filter_map(|half| char::from_digit(half.into(), 16))
        .collect()
}

pub(super) fn attention_word(attention: Attention) -> &'static str {
    match attention {
        Attention::Ringing(AlertKind::NewOrder) => "new_order",
        Attention::Ringing(AlertKind::Changed) => "changed",
        Attention::Ringing(AlertKind::Cancelled) => "cancelled",
        Attention::FromBefore => "from_before",
        Attention::Seen => "seen",
    }
}

fn attention_from(word: &str) -> Option<Attention> {
    match word {
        "new_order" => Some(Attention::Ringing(AlertKind::NewOrder)),
        "changed" => Some(Attention::Ringing(AlertKind::Changed)),
        "cancelled" => Some(Attention::Ringing(AlertKind::Cancelled)),
        "from_before" => Some(Attention::FromBefore),
        "seen" => Some(Attention::Seen),
        _ => None,
    }
}
