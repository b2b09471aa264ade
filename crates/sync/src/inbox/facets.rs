//! Which parts of an order differ in a way that matters to the shop. Shift number, customer
//! statistics, progress of the kitchen and `updatedAt` alone never do.

use campana_contract::{Item, Order, OrderType};

use super::Facet;

/// Every facet with the word that stands for it in the database, in the order in which they are told.
const WORDS: [(Facet, &str); 7] = [
    (Facet::Type, "type"),
    (Facet::Items, "items"),
    (Facet::Total, "total"),
    (Facet::Notes, "notes"),
    (Facet::Address, "address"),
    (Facet::ScheduledTime, "scheduled_time"),
    (Facet::Cancelled, "cancelled"),
];

/// What differs between two whole versions of an order.
pub(super) fn between(earlier: &Order, incoming: &Order) -> Vec<Facet> {
    let differs = |facet| match facet {
        Facet::Type => earlier.order_type != incoming.order_type,
        Facet::Items => !same_items(&earlier.items, &incoming.items),
        Facet::Total => earlier.total != incoming.total,
        Facet::Notes => text(&earlier.notes) != text(&incoming.notes),
        Facet::Address => address(earlier) != address(incoming),
        Facet::ScheduledTime => earlier.scheduled_at != incoming.scheduled_at,
        Facet::Cancelled => earlier.is_cancelled() != incoming.is_cancelled(),
    };
    every(differs)
}

/// Whether two whole versions of an order differ in a way that matters.
pub(crate) fn is_change(earlier: &Order, incoming: &Order) -> bool {
    !between(earlier, incoming).is_empty()
}

/// Whether what a pull brings differs in a way that matters from what a row of `orders:pending` told of the order.
pub(crate) fn is_change_of_partial(partial: &Order, incoming: &Order) -> bool {
    !from_partial(partial, incoming).is_empty()
}

/// What differs from what a partial order told. What it left out is not known, and so differs in nothing.
pub(super) fn from_partial(partial: &Order, incoming: &Order) -> Vec<Facet> {
    let told_type = match &partial.order_type {
        OrderType::Other(word) => !word.is_empty(),
        OrderType::DineIn | OrderType::TakeAway | OrderType::Delivery => true,
    };
    let differs = |facet| match facet {
        Facet::Type => told_type && partial.order_type != incoming.order_type,
        Facet::Items | Facet::Address => false,
        Facet::Total => partial.total.is_some() && partial.total != incoming.total,
        Facet::Notes => {
            text(&partial.notes).is_some() && text(&partial.notes) != text(&incoming.notes)
        }
        Facet::ScheduledTime => {
            partial.scheduled_at.is_some() && partial.scheduled_at != incoming.scheduled_at
        }
        Facet::Cancelled => partial.is_cancelled() != incoming.is_cancelled(),
    };
    every(differs)
}

/// Both lists together, each facet once.
pub(super) fn union(one: &[Facet], other: &[Facet]) -> Vec<Facet> {
    every(|facet| one.contains(&facet) || other.contains(&facet))
}

/// The facets as the database keeps them.
pub(super) fn to_text(facets: &[Facet]) -> String {
    let words: Vec<&str> = WORDS
        .iter()
        .filter(|(facet, _)| facets.contains(facet))
        .map(|(_, word)| *word)
        .collect();
    words.join(",")
}

/// The facets from the database's text; unknown words are left out.
pub(super) fn from_text(text: &str) -> Vec<Facet> {
    every(|facet| text.split(',').any(|word| WORDS.contains(&(facet, word))))
}

fn every(holds: impl Fn(Facet) -> bool) -> Vec<Facet> {
    WORDS
        .iter()
        .map(|(facet, _)| *facet)
        .filter(|facet| holds(*facet))
        .collect()
}

/// Text as people read it: an empty note is no note.
fn text(value: &Option<String>) -> Option<&str> {
    value
        .as_deref()
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// Whether the same things are ordered; the order of the lines says nothing.
fn same_items(one: &[Item], other: &[Item]) -> bool {
    let sorted = |items: &[Item]| {
        let mut lines: Vec<String> = items.iter().map(line).collect();
        lines.sort_unstable();
        lines
    };
    sorted(one) == sorted(other)
}

/// One line of the order as comparable text; modifiers and customizations in any order are the same.
fn line(item: &Item) -> String {
    let mut modifiers: Vec<String> = item
        .modifiers
        .iter()
        .map(|modifier| format!("{:?} {:?}", text(&modifier.name), modifier.price))
        .collect();
    modifiers.sort_unstable();
    let mut customizations: Vec<String> = item
        .customizations
        .iter()
        .map(|custom| {
            let (half, action, kind) = (&custom.half, &custom.action, &custom.kind);
            format!("{half:?} {action:?} {kind:?} {:?}", text(&custom.name))
        })
        .collect();
    customizations.sort_unstable();
    format!(
        "{:?} {:?} {:?} {:?} {:?} {modifiers:?} {customizations:?}",
        text(&item.product),
        text(&item.variant),
        item.final_price,
        item.base_price,
        text(&item.notes),
    )
}

/// Where the order goes and to whom, part by part; nothing where no part is told, for an order
/// without an address may still have an empty delivery.
fn address(order: &Order) -> Vec<Option<&str>> {
    let Some(delivery) = &order.delivery else {
        return Vec::new();
    };
    // Coordinates are left out: a server may find them later for an address that stays the same.
    let parts = [
        &delivery.name,
        &delivery.full_address,
        &delivery.street,
        &delivery.number,
        &delivery.interior_number,
        &delivery.neighborhood,
        &delivery.city,
        &delivery.state,
        &delivery.zip_code,
        &delivery.country,
        &delivery.recipient_name,
        &delivery.recipient_phone,
        &delivery.instructions,
    ]
    .map(text);
    if parts.iter().any(Option::is_some) {
        parts.to_vec()
    } else {
        Vec::new()
    }
}
