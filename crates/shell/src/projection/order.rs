//! An order of the wire as the counter needs it.

use campana_contract::{
    Amount, Customization, CustomizationAction, CustomizationKind, Delivery, Half, Item, Order,
    OrderType, Payment, PaymentMethod, PaymentStatus,
};
use campana_sync::inbox::{Facet, InboxOrder, UnreadableOrder};

use super::{Unstored, attention, unreadable_id, view_id};
use crate::view::{
    AddressView, AttentionView, ItemView, OrderTypeView, OrderView, PartView, PaymentView,
};

/// A longer name of a table is an identifier that says nothing to people.
const LONGEST_TABLE: usize = 12;

/// An order of the inbox.
pub(super) fn of_inbox(stored: &InboxOrder, present: Option<&str>) -> OrderView {
    let changes = stored.changes.iter().map(|facet| facet_name(*facet));
    OrderView {
        id: view_id(&stored.source, stored.id.key(), present),
        version: stored.version,
        attention: attention(stored.attention),
        changes: changes.map(str::to_owned).collect(),
        seen_at: stored.seen_at.map(|moment| moment.0),
        confirmed: stored.confirmed_at.is_some(),
        created_at: stored.made_at.0,
        emptied: stored.order.is_none(),
        printed: stored.tickets.printed,
        maybe_printed: stored.tickets.unsure,
        ..content(stored.id.key(), stored.order.as_ref(), stored.received_at.0)
    }
}

/// An order that lives in memory; `known` when the inbox holds an earlier version.
pub(super) fn of_memory(unstored: &Unstored, known: bool) -> OrderView {
    let order = &unstored.order;
    let attention = if unstored.seen_at.is_some() {
        AttentionView::Seen
    } else if known && order.is_cancelled() {
        AttentionView::Cancelled
    } else if known {
        AttentionView::Changed
    } else if order.is_finished() {
        AttentionView::FromBefore
    } else {
        AttentionView::New
    };
    OrderView {
        attention,
        seen_at: unstored.seen_at.map(|moment| moment.0),
        unstored: true,
        ..content(order.id.key(), Some(order), unstored.received_at.0)
    }
}

/// What the order itself says. Without a body only its identifier is known.
fn content(id: &str, order: Option<&Order>, received_at: i64) -> OrderView {
    let delivery = order.and_then(|order| order.delivery.as_ref());
    let items = order.map_or(&[][..], |order| order.items.as_slice());
    let scheduled_at = order.and_then(|order| order.scheduled_at);
    let estimated = order.and_then(|order| order.estimated_delivery_time);
    OrderView {
        id: id.to_owned(),
        version: 0,
        number: number(id, order.and_then(|order| order.shift_order_number)),
        attention: AttentionView::Seen,
        changes: Vec::new(),
        order_type: order.map_or(OrderTypeView::Unknown, |order| {
            order_type(&order.order_type)
        }),
        table: order.and_then(table),
        cancelled: order.is_some_and(Order::is_cancelled),
        customer: order
            .and_then(customer_name)
            .or_else(|| delivery.and_then(|delivery| text(&delivery.recipient_name))),
        phone: order.and_then(phone),
        items: grouped(items),
        item_count: u32::try_from(items.len()).unwrap_or(u32::MAX),
        total: order.and_then(|order| order.total).map(|total| total.0),
        other_charges: order.and_then(other_charges),
        notes: order.and_then(|order| text(&order.notes)),
        address: delivery.and_then(address),
        payment: order.and_then(|order| payment(&order.payments, order.total)),
        created_at: order
            .and_then(|order| order.created_at)
            .map_or(received_at, |moment| moment.0),
        received_at,
        due_at: scheduled_at.or(estimated).map(|moment| moment.0),
        scheduled: scheduled_at.is_some(),
        seen_at: None,
        confirmed: false,
        unstored: false,
        emptied: false,
        unreadable: None,
        printed: 0,
        maybe_printed: false,
    }
}

/// An order that cannot be read.
pub(super) fn of_unreadable(order: &UnreadableOrder) -> OrderView {
    OrderView {
        id: unreadable_id(&order.hash),
        number: "?".to_owned(),
        attention: match order.seen_at {
            Some(_) => AttentionView::Seen,
            None => AttentionView::New,
        },
        seen_at: order.seen_at.map(|moment| moment.0),
        unreadable: Some(order.text.clone().unwrap_or_default()),
        ..content("", None, order.received_at.0)
    }
}

/// A text that says something.
fn text(value: &Option<String>) -> Option<String> {
    let value = value.as_deref()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

fn joined<const N: usize>(parts: [Option<String>; N], between: &str) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(between))
}

fn number(id: &str, shift_order_number: Option<i64>) -> String {
    shift_order_number.map_or_else(
        || {
            let skipped = id.chars().count().saturating_sub(4);
            id.chars().skip(skipped).collect()
        },
        |number| number.to_string(),
    )
}

fn facet_name(facet: Facet) -> &'static str {
    match facet {
        Facet::Type => "type",
        Facet::Items => "items",
        Facet::Total => "total",
        Facet::Notes => "notes",
        Facet::Address => "address",
        Facet::ScheduledTime => "scheduled_time",
        Facet::Cancelled => "cancelled",
    }
}

fn order_type(order_type: &OrderType) -> OrderTypeView {
    match order_type {
        OrderType::DineIn => OrderTypeView::DineIn,
        OrderType::TakeAway => OrderTypeView::TakeAway,
        OrderType::Delivery => OrderTypeView::Delivery,
        OrderType::Other(_) => OrderTypeView::Unknown,
    }
}

fn table(order: &Order) -> Option<String> {
    if order.order_type != OrderType::DineIn {
        return None;
    }
    text(&order.table_id).filter(|table| table.chars().count() <= LONGEST_TABLE)
}

/// The customer's phone, else the recipient's.
pub fn phone(order: &Order) -> Option<String> {
    let customer = order.customer.as_ref();
    let delivery = order.delivery.as_ref();
    customer
        .and_then(|customer| text(&customer.phone))
        .or_else(|| delivery.and_then(|delivery| text(&delivery.recipient_phone)))
}

fn customer_name(order: &Order) -> Option<String> {
    let customer = order.customer.as_ref()?;
    joined([text(&customer.first_name), text(&customer.last_name)], " ")
}

/// Equal pieces counted together, in the order in which they first stand.
fn grouped(items: &[Item]) -> Vec<ItemView> {
    let mut lines: Vec<(ItemView, Option<i64>)> = Vec::new();
    for item in items {
        let piece = piece(item);
        let unit = piece.price;
        let known = lines.iter_mut().find(|(line, line_unit)| {
            *line_unit == unit
                && line.name == piece.name
                && line.parts == piece.parts
                && line.modifiers == piece.modifiers
                && line.notes == piece.notes
        });
        match known {
            Some((line, _)) => {
                line.quantity = line.quantity.saturating_add(1);
                line.price = line
                    .price
                    .zip(unit)
                    .map(|(all, one)| all.saturating_add(one));
            }
            None => lines.push((piece, unit)),
        }
    }
    lines.into_iter().map(|(line, _)| line).collect()
}

fn piece(item: &Item) -> ItemView {
    ItemView {
        quantity: 1,
        name: joined([text(&item.product), text(&item.variant)], " "),
        price: item.final_price.map(|price| price.0),
        parts: parts(&item.customizations),
        modifiers: item
            .modifiers
            .iter()
            .filter_map(|modifier| text(&modifier.name))
            .collect(),
        notes: text(&item.notes),
    }
}

/// The whole first, then the halves; a word that is not known means the whole.
fn parts(customizations: &[Customization]) -> Vec<PartView> {
    let rank = |half: &Half| match half {
        Half::Full | Half::Other(_) => 0_u8,
        Half::First => 1,
        Half::Second => 2,
    };
    (0..=2)
        .filter_map(|wanted| {
            let of_part = customizations
                .iter()
                .filter(|one| rank(&one.half) == wanted);
            let mut part = PartView {
                half: wanted > 0,
                flavors: Vec::new(),
                added: Vec::new(),
                left_out: Vec::new(),
            };
            let mut is_empty = true;
            for customization in of_part {
                let Some(name) = text(&customization.name) else {
                    continue;
                };
                is_empty = false;
                match (&customization.action, &customization.kind) {
                    (CustomizationAction::Remove, _) => part.left_out.push(name),
                    (
                        CustomizationAction::Add | CustomizationAction::Other(_),
                        CustomizationKind::Flavor,
                    ) => part.flavors.push(name),
                    (
                        CustomizationAction::Add | CustomizationAction::Other(_),
                        CustomizationKind::Ingredient | CustomizationKind::Other(_),
                    ) => part.added.push(name),
                }
            }
            (!is_empty).then_some(part)
        })
        .collect()
}

/// So that the lines add up to the total.
fn other_charges(order: &Order) -> Option<i64> {
    let total = order.total?.0;
    let mut lines = 0_i64;
    for item in &order.items {
        lines = lines.checked_add(item.final_price?.0)?;
    }
    let rest = total.checked_sub(lines)?;
    (rest != 0 && !order.items.is_empty()).then_some(rest)
}

fn address(delivery: &Delivery) -> Option<AddressView> {
    let street = joined(
        [
            joined([text(&delivery.street), text(&delivery.number)], " "),
            text(&delivery.interior_number).map(|interior| format!("int. {interior}")),
        ],
        ", ",
    );
    let street = text(&delivery.street)
        .and(street)
        .or_else(|| text(&delivery.full_address));
    let area = joined([text(&delivery.neighborhood), text(&delivery.city)], ", ");
    let instructions = text(&delivery.instructions);
    if street.is_none() && area.is_none() && instructions.is_none() {
        return None;
    }
    Some(AddressView {
        street: street.unwrap_or_default(),
        area,
        instructions,
    })
}

/// Of several payments the one that is still to be collected gives the method.
fn payment(payments: &[Payment], total: Option<Amount>) -> Option<PaymentView> {
    let counts = |payment: &&Payment| match payment.status {
        PaymentStatus::Pending | PaymentStatus::Paid | PaymentStatus::Other(_) => true,
        PaymentStatus::Failed | PaymentStatus::Refunded | PaymentStatus::Cancelled => false,
    };
    let is_paid = |payment: &&Payment| payment.status == PaymentStatus::Paid;
    let valid: Vec<&Payment> = payments.iter().filter(counts).collect();
    let open = valid.iter().find(|payment| !is_paid(payment));
    let shown = open.or_else(|| valid.first())?;
    let collected: i64 = valid
        .iter()
        .copied()
        .filter(is_paid)
        .filter_map(|payment| payment.amount)
        .fold(0, |sum, amount| sum.saturating_add(amount.0));
    // Half of it paid by card leaves the other half to be collected, also where nobody noted that.
    let amounts_known = valid.iter().all(|payment| payment.amount.is_some());
    let covers = !amounts_known || total.is_none_or(|total| collected >= total.0);
    Some(PaymentView {
        method: method(&shown.method).to_owned(),
        paid: open.is_none() && covers,
    })
}

fn method(method: &PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::Cash => "cash",
        PaymentMethod::CreditCard | PaymentMethod::DebitCard => "card",
        PaymentMethod::Transfer => "transfer",
        PaymentMethod::Stripe | PaymentMethod::PayPal => "online",
        PaymentMethod::Other(_) => "other",
    }
}
