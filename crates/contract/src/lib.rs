//! The wire contract between a shop's backend and Campana: names, shapes and how tolerant
//! reading is. No I/O, no clock.

mod confirmation;
mod element;
mod error_body;
pub mod event;
mod id;
mod json;
mod node;
mod order;
mod page;
mod pending;
mod read;
mod refusal;
mod value;

pub use confirmation::{Confirmation, ConfirmedOrder, OrderNumber};
pub use error_body::ErrorBody;
pub use id::Id;
pub use order::{
    Customer, Customization, CustomizationAction, CustomizationKind, Delivery, Half, Item,
    Modifier, Order, OrderStatus, OrderType, Payment, PaymentMethod, PaymentStatus,
};
pub use page::{CustomerVersion, ElementKind, NotUnderstood, Page, SetAside};
pub use pending::PendingOrders;
pub use refusal::Refusal;
pub use value::{Amount, Timestamp};

/// The most orders, and the most customers, that a server hands out in one answer.
pub const PAGE_LIMIT: usize = 100;
