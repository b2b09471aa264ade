//! *Historial* and *Actividad*: what the windows ask for and get, apart from the view.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AttentionView, OrderTypeView};

/// What to look for in the history; everything given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct HistoryQuery {
    /// Beginnings of words of customer, phone, number, product, street or note; accents do not matter.
    pub text: String,
    /// Made at this moment or later.
    #[ts(type = "number | null")]
    pub from: Option<i64>,
    /// Made before this moment.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
    /// So many of the newest are left out.
    pub offset: u32,
    /// At most so many.
    pub limit: u32,
}

/// A part of what was found, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct HistoryPage {
    /// The part.
    pub rows: Vec<HistoryRow>,
    /// All that was found.
    pub total: u32,
}

/// An order in the history. Moments are milliseconds since 1970, amounts are hundredths.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct HistoryRow {
    /// [`super::OrderView::id`].
    pub id: String,
    /// [`super::OrderView::number`].
    pub number: String,
    /// The customer's or recipient's name.
    pub customer: Option<String>,
    /// Delivery, take away or table.
    pub order_type: OrderTypeView,
    /// Was cancelled.
    pub cancelled: bool,
    /// What the customer pays.
    #[ts(type = "number | null")]
    pub total: Option<i64>,
    /// When the server made it, else when it arrived.
    #[ts(type = "number")]
    pub created_at: i64,
    /// How it stands.
    pub attention: AttentionView,
    /// The server accepted its confirmation.
    pub confirmed: bool,
    /// Retention removed what was in it.
    pub emptied: bool,
}

/// What a browser can show of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub enum LinkKind {
    /// Where it goes.
    Map,
    /// A chat with whom it is for.
    Whatsapp,
}

/// What happened lately, and what could not be taken.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct ActivityPage {
    /// Newest first.
    pub activities: Vec<ActivityView>,
    /// Elements of answers that are no orders or customers, newest first.
    pub set_aside: Vec<SetAsideView>,
    /// Confirmations that the server would not take, newest first.
    pub refused: Vec<RefusedView>,
}

/// An event of the link, a pull or a confirmation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct ActivityView {
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// What, by the codes of `campana_sync::activity`; its sentence is the catalogue's `activity-<kind>`.
    pub kind: String,
    /// How it ended.
    pub went_well: bool,
    /// A code or technical words.
    pub detail: Option<String>,
    /// Bytes that came.
    #[ts(type = "number | null")]
    pub bytes: Option<i64>,
    /// How long it took.
    #[ts(type = "number | null")]
    pub milliseconds: Option<i64>,
    /// Orders, hints or confirmations.
    #[ts(type = "number | null")]
    pub number: Option<i64>,
}

/// An element of an answer that is no order or customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct SetAsideView {
    /// When it first came.
    #[ts(type = "number")]
    pub at: i64,
    /// `order` or `customer`.
    pub kind: String,
    /// Why, in technical words.
    pub reason: String,
    /// Its beginning.
    pub raw: Option<String>,
}

/// A confirmation that the server would not take; it is tried again when the order changes, and daily.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct RefusedView {
    /// When it was last refused.
    #[ts(type = "number")]
    pub at: i64,
    /// `order` or `customer`.
    pub kind: String,
    /// Its identifier.
    pub id: String,
}

/// How a ticket was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct PrintedView {
    /// It was printed before, or may have been, so this one is marked.
    pub duplicate: bool,
    /// When.
    #[ts(type = "number")]
    pub at: i64,
}
