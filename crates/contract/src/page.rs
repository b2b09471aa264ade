//! The answer to a pull (contract, section 2).

use crate::{Id, Order};

/// An answer, split into elements of which each was read alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The readable orders, as the server sorted them.
    pub orders: Vec<Order>,
    /// The readable customers: identifier and content hash, nothing else is anybody's business.
    pub customers: Vec<CustomerVersion>,
    /// What could not be read.
    pub set_aside: Vec<SetAside>,
    /// How many order elements the answer held, readable or not.
    pub order_elements: usize,
    /// How many customer elements the answer held, readable or not.
    pub customer_elements: usize,
}

/// A customer that changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerVersion {
    /// Its identifier.
    pub id: Id,
    /// SHA-256 in hex of the element.
    pub hash: String,
}

/// What a list held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum ElementKind {
    Order,
    Customer,
}

/// An element without a readable `id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAside {
    /// The list that it stood in.
    pub kind: ElementKind,
    /// SHA-256 in hex of its raw text.
    pub hash: String,
    /// The raw text less chat history; `None` for text that cannot be searched for it, and for customers.
    pub raw: Option<String>,
    /// Bytes of the raw text.
    pub size: usize,
    /// Why, in technical words.
    pub reason: String,
}

/// The answer holds neither list, or is no JSON at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs, reason = "the messages say it")]
pub enum NotUnderstood {
    #[error("the answer is not JSON")]
    NotJson,
    #[error("the answer holds no list of orders or customers")]
    NoList,
}

impl Page {
    /// Reads the body of an answer.
    ///
    /// # Errors
    /// [`NotUnderstood`] when the body as a whole cannot be read; one bad element never causes it.
    pub fn parse(body: &[u8]) -> Result<Self, NotUnderstood> {
        let _ = body;
        Err(NotUnderstood::NotJson)
    }
    /// Whether the server may hold more than it could hand out at once.
    pub fn is_full(&self) -> bool {
        self.order_elements >= crate::PAGE_LIMIT || self.customer_elements >= crate::PAGE_LIMIT
    }
}
