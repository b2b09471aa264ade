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
    /// An element of an answer could not be read, or not be stored, and was set aside. An order rings like any other
    /// until somebody has seen it.
    Unreadable {
        /// The list that it stood in.
        kind: ElementKind,
        /// SHA-256 in hex of its raw text.
        hash: String,
        /// Why, in technical words.
        reason: String,
        /// It came in an earlier run already.
        again: bool,
    },
    /// The server refuses the confirmation of something that is stored.
    ConfirmationRefused {
        /// The list that it stood in.
        kind: ElementKind,
        /// Its identifier, as text.
        id: String,
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
