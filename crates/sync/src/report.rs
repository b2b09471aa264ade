//! What the running engine tells the shell and the command line.

use campana_contract::{ElementKind, Order};

use crate::inbox::{AlertKind, Change, Damage};
use crate::status::Status;

/// One thing that happened.
#[derive(Clone, Debug, PartialEq)]
pub enum Report {
    /// The status changed.
    Status(Status),
    /// An order was stored that is new or updated.
    Order {
        /// Its identifier, as text.
        id: String,
        /// New or updated.
        change: Change,
    },
    /// An order began to ring, or still rings from an earlier run.
    Alert {
        /// Its identifier, as text.
        order_id: String,
        /// Why it rings.
        kind: AlertKind,
        /// It rang in an earlier run already.
        again: bool,
    },
    /// The server accepted these confirmations.
    Confirmed {
        /// Orders, as text.
        orders: Vec<String>,
        /// Customers, as text.
        customers: Vec<String>,
    },
    /// Something was set aside: an unreadable element, or a confirmation that the server refuses.
    SetAside {
        /// What it is.
        kind: ElementKind,
        /// The identifier where there is one, else the content hash.
        what: String,
        /// Why, in technical words.
        reason: String,
    },
    /// An event arrived on the link.
    Hint {
        /// Its name.
        name: String,
    },
    /// The orders that could not be stored: they live in memory, ring, and are not confirmed.
    /// Empty when there are none any more.
    Unstored(Vec<Order>),
    /// The inbox was damaged and was replaced by what could be saved.
    Damaged(Damage),
    /// A round of pulls ended.
    Round {
        /// How many orders it brought that were not known.
        new_orders: usize,
        /// Whether it was complete.
        complete: bool,
        /// Somebody had asked for it (*Sincronizar ahora*).
        asked_for: bool,
    },
}
