//! An order as the windows show it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An order as the counter needs it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct OrderView {
    /// Its identifier.
    pub id: String,
    /// What *Visto* marks.
    #[ts(type = "number")]
    pub version: i64,
    /// The shop's number within the shift, or the last four characters of the identifier.
    pub number: String,
    /// How it stands.
    pub attention: AttentionView,
    /// What the newest version changed: `type`, `items`, `total`, `notes`, `address`, `scheduled_time`, `cancelled`.
    pub changes: Vec<String>,
    /// Delivery, take away or table.
    pub order_type: OrderTypeView,
    /// The table, in the shop.
    pub table: Option<String>,
    /// Was cancelled.
    pub cancelled: bool,
    /// The customer's or recipient's name.
    pub customer: Option<String>,
    /// The customer's or recipient's phone.
    pub phone: Option<String>,
    /// The lines, equal ones counted together.
    pub items: Vec<ItemView>,
    /// Pieces in all lines.
    pub item_count: u32,
    /// What the customer pays.
    #[ts(type = "number | null")]
    pub total: Option<i64>,
    /// Total less the lines: delivery and the like; `None` when nothing remains or something is missing.
    #[ts(type = "number | null")]
    pub other_charges: Option<i64>,
    /// The customer's note.
    pub notes: Option<String>,
    /// Where it goes.
    pub address: Option<AddressView>,
    /// How it is paid.
    pub payment: Option<PaymentView>,
    /// When the server made it, else when it arrived.
    #[ts(type = "number")]
    pub created_at: i64,
    /// When it arrived here.
    #[ts(type = "number")]
    pub received_at: i64,
    /// When it should be there or ready.
    #[ts(type = "number | null")]
    pub due_at: Option<i64>,
    /// The customer asked for that time.
    pub scheduled: bool,
    /// When it was marked seen.
    #[ts(type = "number | null")]
    pub seen_at: Option<i64>,
    /// The server accepted its confirmation.
    pub confirmed: bool,
    /// Could not be stored yet: lives in memory only.
    pub unstored: bool,
    /// How often its ticket was printed.
    pub printed: u32,
    /// A ticket was begun, and nothing tells whether it is on paper.
    pub maybe_printed: bool,
    /// Retention removed what was in it.
    pub emptied: bool,
    /// It cannot be read: the beginning of its text as the server wrote it, empty where that was not kept. Nothing else
    /// is known of it then.
    pub unreadable: Option<String>,
}

/// How an order stands towards the people of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
#[allow(missing_docs, reason = "the names say it")]
pub enum AttentionView {
    New,
    Changed,
    Cancelled,
    FromBefore,
    Seen,
}

/// Delivery, take away or table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
#[allow(missing_docs, reason = "the names say it")]
pub enum OrderTypeView {
    DineIn,
    TakeAway,
    Delivery,
    Unknown,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct ItemView {
    /// Equal pieces.
    pub quantity: u32,
    /// Product and variant.
    pub name: Option<String>,
    /// Price of all pieces.
    #[ts(type = "number | null")]
    pub price: Option<i64>,
    /// Flavours: one is the whole, two are the halves, with what is added to or left out of each.
    pub parts: Vec<PartView>,
    /// Modifiers.
    pub modifiers: Vec<String>,
    /// The note for the kitchen.
    pub notes: Option<String>,
}

/// The whole or a half of a pizza.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct PartView {
    /// It is a half.
    pub half: bool,
    /// Its flavours.
    pub flavors: Vec<String>,
    /// What is added.
    pub added: Vec<String>,
    /// What is left out.
    pub left_out: Vec<String>,
}

/// A version of an order as a window showed it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct ShownOrder {
    /// [`OrderView::id`].
    pub id: String,
    /// [`OrderView::version`].
    #[ts(type = "number")]
    pub version: i64,
}

/// Where an order goes.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct AddressView {
    /// Street, number, interior.
    pub street: String,
    /// Neighbourhood and city.
    pub area: Option<String>,
    /// What the driver should know.
    pub instructions: Option<String>,
}

/// How an order is paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct PaymentView {
    /// `cash`, `card`, `transfer`, `online`, `other`.
    pub method: String,
    /// Nothing remains to be collected.
    pub paid: bool,
}
