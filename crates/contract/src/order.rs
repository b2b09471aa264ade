//! An order as a pull brings it (contract, section 5). Every member but `id` may be missing,
//! of another type or unknown.

use crate::element::Element;
use crate::read::order;
use crate::{Amount, Id, Timestamp};

/// An order. `body` holds everything that came, less the chat history.
#[derive(Clone, Debug, PartialEq)]
pub struct Order {
    /// Its identifier.
    pub id: Id,
    /// The number that the shop gives it within its shift (`shiftOrderNumber`, older `dailyNumber`).
    pub shift_order_number: Option<i64>,
    /// Delivery, take away or table.
    pub order_type: OrderType,
    /// How far it is.
    pub status: OrderStatus,
    /// Items without delivery fee and the like.
    pub subtotal: Option<Amount>,
    /// What the customer pays.
    pub total: Option<Amount>,
    /// When the server made it.
    pub created_at: Option<Timestamp>,
    /// When the server last changed it.
    pub updated_at: Option<Timestamp>,
    /// When it should be there, as the server estimates.
    pub estimated_delivery_time: Option<Timestamp>,
    /// When the customer wants it.
    pub scheduled_at: Option<Timestamp>,
    /// When it was finished.
    pub finalized_at: Option<Timestamp>,
    /// The customer's note.
    pub notes: Option<String>,
    /// Came by WhatsApp.
    pub is_from_whatsapp: bool,
    /// The table, for one that is eaten in the shop.
    pub table_id: Option<String>,
    /// Who ordered.
    pub customer: Option<Customer>,
    /// What was ordered.
    pub items: Vec<Item>,
    /// Where it goes.
    pub delivery: Option<Delivery>,
    /// How it is paid.
    pub payments: Vec<Payment>,
    /// The whole element as JSON text, unknown members included, chat history removed.
    pub body: String,
}

/// `orderType`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderType {
    /// Eaten in the shop.
    DineIn,
    /// Fetched.
    TakeAway,
    /// Brought.
    Delivery,
    /// Another word, or none.
    Other(String),
}

/// `orderStatus`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub enum OrderStatus {
    Pending,
    InProgress,
    InPreparation,
    Ready,
    InDelivery,
    Delivered,
    Completed,
    Cancelled,
    Other(String),
}

/// Who ordered; only what the counter needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub struct Customer {
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub phone: Option<String>,
}

/// One line of the order. The wire has no quantity: each piece is a line of its own.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub struct Item {
    pub product: Option<String>,
    pub variant: Option<String>,
    pub final_price: Option<Amount>,
    pub base_price: Option<Amount>,
    pub notes: Option<String>,
    pub modifiers: Vec<Modifier>,
    pub customizations: Vec<Customization>,
}

/// Something added to an item for a price.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub struct Modifier {
    pub name: Option<String>,
    pub price: Option<Amount>,
}

/// A flavour or ingredient put on, or left out of, a pizza or its half.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub struct Customization {
    pub half: Half,
    pub action: CustomizationAction,
    pub kind: CustomizationKind,
    pub name: Option<String>,
}

/// Which part of the pizza.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub enum Half {
    Full,
    First,
    Second,
    Other(String),
}

/// Put on or left out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub enum CustomizationAction {
    Add,
    Remove,
    Other(String),
}

/// A whole flavour or one ingredient.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub enum CustomizationKind {
    Flavor,
    Ingredient,
    Other(String),
}

/// Where an order goes; without an address only the recipient may be there.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub struct Delivery {
    pub name: Option<String>,
    pub full_address: Option<String>,
    pub street: Option<String>,
    pub number: Option<String>,
    pub interior_number: Option<String>,
    pub neighborhood: Option<String>,
    pub city: Option<String>,
    pub state: Option<String>,
    pub zip_code: Option<String>,
    pub country: Option<String>,
    pub recipient_name: Option<String>,
    pub recipient_phone: Option<String>,
    pub instructions: Option<String>,
    pub latitude: Option<f64>,
    pub longitude: Option<f64>,
}

/// A payment.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub struct Payment {
    pub method: PaymentMethod,
    pub amount: Option<Amount>,
    pub status: PaymentStatus,
}

/// `paymentMethod`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub enum PaymentMethod {
    Cash,
    CreditCard,
    DebitCard,
    Transfer,
    Stripe,
    PayPal,
    Other(String),
}

/// `status` of a payment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the wire's own words")]
pub enum PaymentStatus {
    Pending,
    Paid,
    Failed,
    Refunded,
    Cancelled,
    Other(String),
}

impl Order {
    /// Reads one raw JSON element, tolerantly: an order whose `id` is readable is never dropped.
    ///
    /// # Errors
    /// The reason in words, when there is no readable `id`.
    pub fn parse(raw: &str) -> Result<Self, String> {
        let element = Element::read(raw)?;
        Ok(order(element.id, &element.node))
    }
    /// As [`Order::parse`], of text whose grammar is known to be right.
    pub(crate) fn parse_checked(raw: &str) -> Result<Self, String> {
        let element = Element::read_checked(raw)?;
        Ok(order(element.id, &element.node))
    }
    /// Whether the order was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.status == OrderStatus::Cancelled
    }
    /// Whether nothing remains to be done: delivered, completed, cancelled or finalised.
    pub fn is_finished(&self) -> bool {
        matches!(
            self.status,
            OrderStatus::Delivered | OrderStatus::Completed | OrderStatus::Cancelled
        ) || self.finalized_at.is_some()
    }
}
