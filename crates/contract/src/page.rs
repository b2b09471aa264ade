//! The answer to a pull (contract, section 2).

use std::borrow::Cow;

use crate::element::{Element, kept_text, sha256};
use crate::json::{checked, elements, members, text_of};
use crate::{Id, Order};

/// How the list of orders is spelled.
const ORDERS: [&str; 2] = ["pending_orders", "orders"];
/// How the list of customers is spelled.
const CUSTOMERS: [&str; 2] = ["updated_customers", "customers"];

/// The most elements of an answer: two hundred times what a server hands out. Without a bound, an answer
/// of a few megabytes could need gigabytes.
pub(crate) const ELEMENTS: usize = 20_000;

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
    /// SHA-256 in hex of the element, whatever the order of its members, less the chat history.
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
    #[error("the answer holds more than {ELEMENTS} elements")]
    TooMany,
}

impl Page {
    /// Reads the body of an answer.
    ///
    /// # Errors
    /// [`NotUnderstood`] when the body as a whole cannot be read; one bad element never causes it.
    pub fn parse(body: &[u8]) -> Result<Self, NotUnderstood> {
        let text = text_of(body);
        let top = checked(&text).ok_or(NotUnderstood::NotJson)?;
        let places = places(top);
        if lacks_list(&places, ORDERS) || lacks_list(&places, CUSTOMERS) {
            return Err(NotUnderstood::NoList);
        }
        let orders = list(&places, ORDERS)?;
        let customers = list(&places, CUSTOMERS)?;
        if orders.is_none() && customers.is_none() {
            return Err(NotUnderstood::NoList);
        }
        let mut page = Self::default();
        for raw in orders.unwrap_or_default() {
            page.order_elements += 1;
            match Order::parse_checked(raw) {
                Ok(order) => page.orders.push(order),
                Err(reason) => page
                    .set_aside
                    .push(SetAside::new(ElementKind::Order, raw, reason)),
            }
        }
        for raw in customers.unwrap_or_default() {
            page.customer_elements += 1;
            match Element::read_checked(raw) {
                Ok(element) => page.customers.push(CustomerVersion::new(element)),
                Err(reason) => {
                    page.set_aside
                        .push(SetAside::new(ElementKind::Customer, raw, reason));
                }
            }
        }
        Ok(page)
    }
    /// Whether the server may hold more than it could hand out at once.
    pub fn is_full(&self) -> bool {
        self.order_elements >= crate::PAGE_LIMIT || self.customer_elements >= crate::PAGE_LIMIT
    }
}

impl SetAside {
    fn new(kind: ElementKind, raw: &str, reason: String) -> Self {
        Self {
            kind,
            hash: sha256(raw),
            raw: match kind {
                ElementKind::Order => kept_text(raw),
                ElementKind::Customer => None,
            },
            size: raw.len(),
            reason,
        }
    }
}

impl CustomerVersion {
    fn new(mut element: Element<'_>) -> Self {
        element.node.sort();
        Self {
            hash: sha256(&element.node.to_json()),
            id: element.id,
        }
    }
}

/// The objects in which the lists may stand: the answer, and `data` in it.
fn places(top: &str) -> Vec<Vec<(Cow<'_, str>, &str)>> {
    let Some(outer) = members(top) else {
        return Vec::new();
    };
    let inner = last(&outer, "data").and_then(members);
    std::iter::once(outer).chain(inner).collect()
}

fn last<'a>(members: &[(Cow<'a, str>, &'a str)], name: &str) -> Option<&'a str> {
    members
        .iter()
        .rev()
        .find(|(other, _)| other == name)
        .map(|(_, value)| *value)
}

/// Whether there is something under the list's names, and none of it is a list: that is no empty shop. Nothing
/// at all (`null`, `{}`) is an empty list of some servers.
fn lacks_list(places: &[Vec<(Cow<'_, str>, &str)>], spellings: [&str; 2]) -> bool {
    let mut found = spellings
        .iter()
        .flat_map(|name| places.iter().filter_map(|place| last(place, name)))
        .peekable();
    let is_list = |value: &str| {
        value.starts_with('[')
            || value == "null"
            || members(value).is_some_and(|members| members.is_empty())
    };
    found.peek().is_some() && !found.any(is_list)
}

/// The elements of the list, wherever and however often it stands: an order under a second
/// spelling is an order too. `None` if there is no such member; what is no array is empty.
fn list<'a>(
    places: &[Vec<(Cow<'a, str>, &'a str)>],
    spellings: [&str; 2],
) -> Result<Option<Vec<&'a str>>, NotUnderstood> {
    let mut lists: Vec<&str> = Vec::new();
    for place in places {
        for name in spellings {
            if let Some(list) = last(place, name).filter(|list| !lists.contains(list)) {
                lists.push(list);
            }
        }
    }
    if lists.is_empty() {
        return Ok(None);
    }
    let mut found = Vec::new();
    for list in lists {
        found.extend(elements(list, ELEMENTS + 1).unwrap_or_default());
    }
    if found.len() > ELEMENTS {
        return Err(NotUnderstood::TooMany);
    }
    Ok(Some(found))
}
