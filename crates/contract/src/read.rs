//! From a JSON value to the members that the counter needs. Nothing in here can fail: what is
//! missing or of another kind is read as absent.

use crate::node::Node;
use crate::order::{
    Customer, Customization, CustomizationAction, CustomizationKind, Delivery, Half, Item,
    Modifier, Order, OrderStatus, OrderType, Payment, PaymentMethod, PaymentStatus,
};
use crate::{Amount, Id, Timestamp};

/// So many items, payments and the like of an order are read; all of them are kept.
const LINES: usize = 1_000;

/// A text that is more than blanks; a number is taken by its digits.
fn letters<'n>(value: Option<&'n Node<'_>>) -> Option<&'n str> {
    match value? {
        Node::Text(text) if !text.trim().is_empty() => Some(text),
        Node::Number(digits) => Some(digits),
        Node::Text(_) | Node::Null | Node::Bool(_) | Node::List(_) | Node::Object(_) => None,
    }
}

/// The same, to keep.
pub(crate) fn text(value: Option<&Node<'_>>) -> Option<String> {
    letters(value).map(str::to_owned)
}

fn amount(value: Option<&Node<'_>>) -> Option<Amount> {
    Amount::from_text(letters(value)?)
}

fn moment(value: Option<&Node<'_>>) -> Option<Timestamp> {
    Timestamp::from_text(letters(value)?)
}

fn whole_number(value: Option<&Node<'_>>) -> Option<i64> {
    let text = letters(value)?;
    text.trim().parse().ok().or_else(|| {
        // `12.0` and `1.2e1` are twelve as well.
        let Amount(hundredths) = Amount::from_text(text)?;
        (hundredths % 100 == 0).then_some(hundredths / 100)
    })
}

fn degrees(value: Option<&Node<'_>>) -> Option<f64> {
    let degrees: f64 = letters(value)?.trim().parse().ok()?;
    (degrees.abs() <= 360.0).then_some(degrees)
}

fn truth(value: Option<&Node<'_>>) -> bool {
    match value {
        Some(Node::Bool(truth)) => *truth,
        other => letters(other)
            .is_some_and(|text| text.trim() == "1" || text.trim().eq_ignore_ascii_case("true")),
    }
}

/// The elements of a list, as many as a counter could read; none if it is no list.
fn list<'n, 'a>(value: Option<&'n Node<'a>>) -> &'n [Node<'a>] {
    match value {
        Some(Node::List(elements)) => elements.get(..LINES).unwrap_or(elements),
        Some(Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::Object(_))
        | None => &[],
    }
}

/// A word of the wire: looked up in capitals, and kept as it came where it is unknown.
fn word<T>(
    value: Option<&Node<'_>>,
    known: impl FnOnce(&str) -> Option<T>,
    other: impl FnOnce(String) -> T,
) -> T {
    let word = letters(value).unwrap_or_default();
    known(word.trim().to_ascii_uppercase().as_str()).unwrap_or_else(|| other(word.to_owned()))
}

/// The order that an element describes.
pub(crate) fn order(id: Id, node: &Node<'_>) -> Order {
    let of = |name| node.member(name);
    Order {
        id,
        shift_order_number: whole_number(of("shiftOrderNumber"))
            .or_else(|| whole_number(of("dailyNumber"))),
        order_type: word(of("orderType"), order_type, OrderType::Other),
        status: word(of("orderStatus"), order_status, OrderStatus::Other),
        subtotal: amount(of("subtotal")),
        total: amount(of("total")),
        created_at: moment(of("createdAt")),
        updated_at: moment(of("updatedAt")),
        estimated_delivery_time: moment(of("estimatedDeliveryTime")),
        scheduled_at: moment(of("scheduledAt")),
        finalized_at: moment(of("finalizedAt")),
        notes: text(of("notes")),
        is_from_whatsapp: truth(of("isFromWhatsApp")),
        table_id: text(of("tableId")),
        customer: of("customer")
            .map(customer)
            .filter(|it| *it != Customer::default()),
        items: list(of("orderItems")).iter().filter_map(item).collect(),
        delivery: of("deliveryInfo")
            .map(delivery)
            .filter(|it| *it != Delivery::default()),
        payments: list(of("payments")).iter().filter_map(payment).collect(),
        body: node.to_json(),
    }
}

fn order_type(word: &str) -> Option<OrderType> {
    Some(match word {
        "DINE_IN" => OrderType::DineIn,
        "TAKE_AWAY" => OrderType::TakeAway,
        "DELIVERY" => OrderType::Delivery,
        _ => return None,
    })
}

fn order_status(word: &str) -> Option<OrderStatus> {
    Some(match word {
        "PENDING" => OrderStatus::Pending,
        "IN_PROGRESS" => OrderStatus::InProgress,
        "IN_PREPARATION" => OrderStatus::InPreparation,
        "READY" => OrderStatus::Ready,
        "IN_DELIVERY" => OrderStatus::InDelivery,
        "DELIVERED" => OrderStatus::Delivered,
        "COMPLETED" => OrderStatus::Completed,
        "CANCELLED" => OrderStatus::Cancelled,
        _ => return None,
    })
}

fn customer(node: &Node<'_>) -> Customer {
    Customer {
        first_name: text(node.member("firstName")),
        last_name: text(node.member("lastName")),
        phone: text(node.member("whatsappPhoneNumber")),
    }
}

/// A line; one that cannot be understood still is a line, so that the counter sees that there is
/// something more.
fn item(node: &Node<'_>) -> Option<Item> {
    if *node == Node::Null {
        return None;
    }
    let of = |name| node.member(name);
    let named = |name| text(of(name).and_then(|it| it.member("name"))).or_else(|| text(of(name)));
    Some(Item {
        product: named("product").or_else(|| text(Some(node))),
        variant: named("productVariant"),
        final_price: amount(of("finalPrice")),
        base_price: amount(of("basePrice")),
        notes: text(of("preparationNotes")),
        modifiers: list(of("productModifiers"))
            .iter()
            .filter_map(modifier)
            .collect(),
        customizations: list(of("selectedPizzaCustomizations"))
            .iter()
            .filter_map(customization)
            .collect(),
    })
}

fn modifier(node: &Node<'_>) -> Option<Modifier> {
    (*node != Node::Null).then(|| Modifier {
        name: text(node.member("name")).or_else(|| text(Some(node))),
        price: amount(node.member("price")),
    })
}

fn customization(node: &Node<'_>) -> Option<Customization> {
    if *node == Node::Null {
        return None;
    }
    let what = node.member("pizzaCustomization");
    let of = |name| what.and_then(|it| it.member(name));
    Some(Customization {
        half: word(node.member("half"), half, Half::Other),
        action: word(node.member("action"), action, CustomizationAction::Other),
        kind: word(of("type"), kind, CustomizationKind::Other),
        name: text(of("name")),
    })
}

fn half(word: &str) -> Option<Half> {
    Some(match word {
        "FULL" => Half::Full,
        "HALF_1" => Half::First,
        "HALF_2" => Half::Second,
        _ => return None,
    })
}

fn action(word: &str) -> Option<CustomizationAction> {
    Some(match word {
        "ADD" => CustomizationAction::Add,
        "REMOVE" => CustomizationAction::Remove,
        _ => return None,
    })
}

fn kind(word: &str) -> Option<CustomizationKind> {
    Some(match word {
        "FLAVOR" => CustomizationKind::Flavor,
        "INGREDIENT" => CustomizationKind::Ingredient,
        _ => return None,
    })
}

fn delivery(node: &Node<'_>) -> Delivery {
    let text = |name| text(node.member(name));
    Delivery {
        name: text("name"),
        full_address: text("fullAddress"),
        street: text("street"),
        number: text("number"),
        interior_number: text("interiorNumber"),
        neighborhood: text("neighborhood"),
        city: text("city"),
        state: text("state"),
        zip_code: text("zipCode"),
        country: text("country"),
        recipient_name: text("recipientName"),
        recipient_phone: text("recipientPhone"),
        instructions: text("deliveryInstructions"),
        latitude: degrees(node.member("latitude")),
        longitude: degrees(node.member("longitude")),
    }
}

fn payment(node: &Node<'_>) -> Option<Payment> {
    (*node != Node::Null).then(|| Payment {
        method: word(
            node.member("paymentMethod"),
            payment_method,
            PaymentMethod::Other,
        ),
        amount: amount(node.member("amount")),
        status: word(node.member("status"), payment_status, PaymentStatus::Other),
    })
}

fn payment_method(word: &str) -> Option<PaymentMethod> {
    Some(match word {
        "CASH" => PaymentMethod::Cash,
        "CREDIT_CARD" => PaymentMethod::CreditCard,
        "DEBIT_CARD" => PaymentMethod::DebitCard,
        "TRANSFER" => PaymentMethod::Transfer,
        "STRIPE" => PaymentMethod::Stripe,
        "PAYPAL" => PaymentMethod::PayPal,
        _ => return None,
    })
}

fn payment_status(word: &str) -> Option<PaymentStatus> {
    Some(match word {
        "PENDING" => PaymentStatus::Pending,
        "PAID" => PaymentStatus::Paid,
        "FAILED" => PaymentStatus::Failed,
        "REFUNDED" => PaymentStatus::Refunded,
        "CANCELLED" => PaymentStatus::Cancelled,
        _ => return None,
    })
}
