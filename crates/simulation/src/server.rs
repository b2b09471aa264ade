//! A shop's backend: what is pending, how it hands it out and what a confirmation does to it.

use std::collections::{HashMap, VecDeque};
use std::fmt::Write as _;

use campana_contract::{Confirmation, PAGE_LIMIT, Page, PendingOrders};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::history::Shop;

/// Thirteen hours: what is as old at the first contact does not ring.
const OLD: i64 = 13 * 60 * 60 * 1000;
const CUSTOMERS: usize = 7;
/// An answer from before is that many pages old.
const LAG: usize = 4;

/// The backend of one shop.
#[derive(Debug)]
pub(crate) struct Server {
    shop: Shop,
    prefix: char,
    orders: Vec<PlacedOrder>,
    customers: HashMap<String, Customer>,
    bad_elements: u32,
    /// The latest, oldest first: a replica may lag by some.
    earlier_pages: VecDeque<String>,
    answers_from_before: bool,
}

/// An order as the server has it.
#[derive(Debug)]
pub(crate) struct PlacedOrder {
    pub(crate) id: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
    pub(crate) pending: bool,
    /// Its confirmation came for a version that its sender had not received: the wire lost this edit.
    pub(crate) lost_edit: bool,
    version: u32,
    handed_out: Option<u32>,
    note: u32,
    shift_number: u32,
    cancelled: bool,
    poisoned: bool,
}

#[derive(Debug)]
struct Customer {
    orders: u32,
    pending: bool,
    handed_out: u32,
}

impl Server {
    /// A backend whose identifiers begin with `prefix`; half of what is pending at first is old.
    pub(crate) fn new(shop: Shop, prefix: char, now: i64) -> Self {
        let mut server = Self {
            shop,
            prefix,
            orders: Vec::new(),
            customers: HashMap::new(),
            bad_elements: 0,
            earlier_pages: VecDeque::new(),
            answers_from_before: false,
        };
        for number in 0..shop.pending_at_first {
            let age = if number % 2 == 0 { OLD } else { 60_000 };
            server.place(now - age);
        }
        server
    }

    /// A customer orders; the order's id.
    pub(crate) fn place(&mut self, now: i64) -> String {
        let number = self.orders.len();
        let id = format!("{}{number}", self.prefix);
        self.orders.push(PlacedOrder {
            id: id.clone(),
            created_at: now,
            updated_at: now,
            pending: true,
            lost_edit: false,
            version: 1,
            handed_out: None,
            note: 0,
            shift_number: 0,
            cancelled: false,
            poisoned: false,
        });
        let customer = self
            .customers
            .entry(self.customer(number))
            .or_insert(Customer {
                orders: 0,
                pending: true,
                handed_out: 0,
            });
        customer.orders += 1;
        customer.pending = true;
        id
    }

    fn customer(&self, number: usize) -> String {
        format!("{}c{}", self.prefix, number % CUSTOMERS)
    }

    fn edited(&mut self, order: u32, now: i64) -> Option<&mut PlacedOrder> {
        let count = self.orders.len();
        let index = usize::try_from(order).ok()?.checked_rem(count)?;
        let order = self.orders.get_mut(index)?;
        order.updated_at = now.max(order.updated_at + 1);
        order.version += 1;
        order.pending = true;
        order.lost_edit = false;
        Some(order)
    }

    /// An order changes. False when there is none.
    pub(crate) fn edit(&mut self, order: u32, matters: bool, now: i64) -> bool {
        self.edited(order, now)
            .map(|order| {
                if matters {
                    order.note += 1;
                } else {
                    order.shift_number += 1;
                }
            })
            .is_some()
    }

    /// An order is cancelled. False when there is none.
    pub(crate) fn cancel(&mut self, order: u32, now: i64) -> bool {
        self.edited(order, now)
            .map(|order| order.cancelled = true)
            .is_some()
    }

    /// Another program confirms the oldest pending orders; their ids.
    pub(crate) fn others_confirm(&mut self, count: u16) -> Vec<String> {
        self.orders
            .iter_mut()
            .filter(|order| order.pending)
            .take(usize::from(count))
            .map(|order| {
                order.pending = false;
                order.id.clone()
            })
            .collect()
    }

    /// Holds one more element without an id.
    pub(crate) fn add_bad_element(&mut self) {
        self.bad_elements += 1;
    }

    /// Refuses every confirmation that names this order.
    pub(crate) fn poison(&mut self, order: u32) {
        let count = self.orders.len();
        let index = usize::try_from(order)
            .ok()
            .and_then(|n| n.checked_rem(count));
        if let Some(order) = index.and_then(|index| self.orders.get_mut(index)) {
            order.poisoned = true;
        }
    }

    /// The next answer is one from before.
    pub(crate) fn answer_from_before(&mut self) {
        self.answers_from_before = true;
    }

    /// Answers with what is true from now on.
    pub(crate) fn answer_truly(&mut self) {
        self.answers_from_before = false;
    }

    /// Applies a confirmation, all or none; false when it is refused. `known` is the newest version
    /// (`updatedAt`) of an order that its sender has received.
    pub(crate) fn confirm(
        &mut self,
        confirmation: &Confirmation,
        known: impl Fn(&str) -> Option<i64>,
    ) -> bool {
        let named = |order: &PlacedOrder| {
            confirmation
                .orders
                .iter()
                .any(|confirmed| confirmed.id.key() == order.id)
        };
        if self
            .orders
            .iter()
            .any(|order| order.poisoned && named(order))
        {
            return false;
        }
        let guards = self.shop.guards_versions;
        for order in self.orders.iter_mut().filter(|order| named(order)) {
            if order.pending && (!guards || order.handed_out == Some(order.version)) {
                order.pending = false;
                order.lost_edit = known(&order.id).is_none_or(|known| known < order.updated_at);
            }
        }
        for id in &confirmation.customers {
            if let Some(customer) = self.customers.get_mut(id.key()) {
                customer.pending &= customer.handed_out != customer.orders;
            }
        }
        true
    }

    /// The next page, as text; notes what it hands out.
    pub(crate) fn page(&mut self) -> String {
        if std::mem::take(&mut self.answers_from_before)
            && let Some(page) = self.earlier_pages.front()
        {
            return page.clone();
        }
        let mut elements: Vec<String> = Vec::new();
        for number in 0..self.bad_elements {
            elements.push(format!(r#"{{"number":{number}}}"#));
        }
        elements.truncate(PAGE_LIMIT);
        let room = PAGE_LIMIT - elements.len();
        let prefix = self.prefix;
        let pending = self.orders.iter_mut().enumerate();
        for (number, order) in pending.filter(|(_, order)| order.pending).take(room) {
            order.handed_out = Some(order.version);
            elements.push(order.element(prefix, number).to_string());
        }
        let mut customers = Vec::new();
        for number in 0..CUSTOMERS {
            let id = format!("{prefix}c{number}");
            if let Some(customer) = self.customers.get_mut(&id)
                && customer.pending
            {
                customer.handed_out = customer.orders;
                customers.push(format!(
                    r#"{{"id":"{id}","totalOrders":{}}}"#,
                    customer.orders
                ));
            }
        }
        let mut page = String::new();
        // Writing to a String cannot fail.
        let _ = write!(
            page,
            r#"{{"pending_orders":[{}],"updated_customers":[{}]}}"#,
            elements.join(","),
            customers.join(",")
        );
        if self.earlier_pages.len() == LAG {
            self.earlier_pages.pop_front();
        }
        self.earlier_pages.push_back(page.clone());
        page
    }

    /// The answer to `sync:orders`.
    pub(crate) fn rows(&self) -> PendingOrders {
        let rows: Vec<Value> = self.pending().map(|order| order.row()).collect();
        PendingOrders::parse(&json!({ "count": rows.len(), "orders": rows }))
    }

    /// What is pending, oldest first.
    pub(crate) fn pending(&self) -> impl Iterator<Item = &PlacedOrder> {
        self.orders.iter().filter(|order| order.pending)
    }

    /// Every order that was ever made.
    pub(crate) fn orders(&self) -> &[PlacedOrder] {
        &self.orders
    }

    /// Whether a page cannot hold everything that is pending.
    pub(crate) fn overflows(&self) -> bool {
        let bad = usize::try_from(self.bad_elements).unwrap_or(usize::MAX);
        self.pending().count().saturating_add(bad) >= PAGE_LIMIT
    }

    /// Whether the order is on the first page.
    pub(crate) fn is_on_first_page(&self, id: &str) -> bool {
        let bad = usize::try_from(self.bad_elements).unwrap_or(usize::MAX);
        self.pending()
            .take(PAGE_LIMIT.saturating_sub(bad))
            .any(|order| order.id == id)
    }
}

impl PlacedOrder {
    fn row(&self) -> Value {
        json!({
            "id": self.id,
            "shiftOrderNumber": self.shift_number,
            "orderType": "DELIVERY",
            "orderStatus": if self.cancelled { "CANCELLED" } else { "PENDING" },
            "total": 100,
            "notes": format!("nota {}", self.note),
            "createdAt": wire_time(self.created_at),
            "updatedAt": wire_time(self.updated_at),
        })
    }

    fn element(&self, prefix: char, number: usize) -> Value {
        let mut element = self.row();
        element["customer"] = json!({ "id": format!("{prefix}c{}", number % CUSTOMERS) });
        element["orderItems"] = json!([{ "id": "1", "product": { "name": "Pizza" } }]);
        element
    }
}

/// Reads a page as the client does; the simulated server writes none that cannot be read.
pub(crate) fn read(page: &str) -> Page {
    Page::parse(page.as_bytes()).unwrap_or_default()
}

fn wire_time(at: i64) -> String {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at) * 1_000_000)
        .ok()
        .and_then(|at| at.format(&Rfc3339).ok())
        .unwrap_or_default()
}
