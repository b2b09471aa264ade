//! Believable orders of a Mexican pizza shop.

use rand::RngExt;
use rand::seq::IndexedRandom;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};
use uuid::Builder;

use crate::intake::wire_time;

const NAMES: [(&str, &str); 12] = [
    ("Lucía", "Núñez"),
    ("Ramón", "Íñiguez"),
    ("María José", "Peña"),
    ("Ángel", "Gutiérrez"),
    ("Itzel", "Muñoz"),
    ("Óscar", "Zúñiga"),
    ("Sofía", "Ibáñez"),
    ("Julián", "Ordóñez"),
    ("Begoña", "Ávila"),
    ("Martín", "Güemes"),
    ("Ximena", "Castañeda"),
    ("Raúl", "Echeverría"),
];
const STREETS: [(&str, &str); 6] = [
    ("Av. Hidalgo", "Centro"),
    ("Calle Niños Héroes", "San José"),
    ("Priv. de los Ángeles", "El Mirador"),
    ("Calz. Independencia", "La Purísima"),
    ("Calle Ramón Corona", "Santa Mónica"),
    ("Blvd. López Mateos", "Los Álamos"),
];
const INSTRUCTIONS: [Option<&str>; 5] = [
    Some("Portón verde"),
    Some("Frente a la tortillería"),
    Some("Casa de dos pisos, zaguán café"),
    Some("Llamar al llegar"),
    None,
];
const NOTES: [Option<&str>; 5] = [
    Some("Tocar el timbre dos veces"),
    Some("Sin cubiertos, por favor"),
    Some("Traer cambio de $500"),
    None,
    None,
];
const FLAVORS: [(&str, &str); 6] = [
    ("Mexicana", "chorizo, jalapeño, cebolla"),
    ("Hawaiana", "jamón, piña"),
    ("Pepperoni", "pepperoni, queso"),
    ("Carnes frías", "jamón, salami, tocino"),
    ("Champiñones", "champiñones, queso"),
    ("Azteca", "elote, rajas, frijol"),
];
/// Identifier, name, price in pesos.
const SIZES: [(&str, &str, u32); 4] = [
    ("PV-1", "Chica", 139),
    ("PV-2", "Mediana", 189),
    ("PV-3", "Grande", 249),
    ("PV-4", "Familiar", 299),
];
const SIDES: [(&str, &str, u32); 5] = [
    ("P-9", "Agua de jamaica 1 L", 50),
    ("P-10", "Refresco de 2 L", 45),
    ("P-11", "Alitas BBQ (10 piezas)", 145),
    ("P-12", "Papas a la francesa", 65),
    ("P-13", "Ensalada César", 89),
];
const PIZZA_NOTES: [Option<&str>; 4] = [
    Some("Bien dorada"),
    Some("Sin aceitunas"),
    Some("Cortada en cuadros"),
    None,
];
const METHODS: [&str; 5] = ["CASH", "CASH", "CREDIT_CARD", "DEBIT_CARD", "TRANSFER"];
/// Pesos.
const STUFFED_CRUST: u32 = 40;
/// Pesos; in halves, so that a total is exact as a JSON number.
const DELIVERY_FEE: f64 = 25.5;

/// One of a list that is never empty.
fn pick<T: Copy, const N: usize>(random: &mut impl RngExt, list: &[T; N]) -> T {
    *list.choose(random).unwrap_or(&list[0])
}

fn new_id(random: &mut impl RngExt) -> String {
    Builder::from_random_bytes(random.random())
        .into_uuid()
        .to_string()
}

fn flavor(half: &str, (name, ingredients): (&str, &str)) -> Value {
    json!({"half": half, "action": "ADD", "pizzaCustomization":
        {"name": name, "type": "FLAVOR", "ingredients": ingredients, "toppingValue": 4}})
}

fn without(half: &str, name: &str) -> Value {
    json!({"half": half, "action": "REMOVE", "pizzaCustomization":
        {"name": name, "type": "INGREDIENT", "ingredients": null, "toppingValue": 1}})
}

/// A pizza and its price in pesos.
fn pizza(random: &mut impl RngExt, order_id: &str) -> (Value, u32) {
    let (variant_id, variant, base) = pick(random, &SIZES);
    let stuffed = random.random_bool(0.4);
    let (first, second) = (pick(random, &FLAVORS), pick(random, &FLAVORS));
    let mut customizations = if first == second {
        vec![flavor("FULL", first)]
    } else {
        vec![flavor("HALF_1", first), flavor("HALF_2", second)]
    };
    let hawaiana = match (first.0 == "Hawaiana", second.0 == "Hawaiana") {
        (true, true) => Some("FULL"),
        (true, false) => Some("HALF_1"),
        (false, true) => Some("HALF_2"),
        (false, false) => None,
    };
    let mut notes = pick(random, &PIZZA_NOTES);
    if let Some(half) = hawaiana.filter(|_| random.random_bool(0.6)) {
        customizations.push(without(half, "Piña"));
        notes = Some("Sin piña");
    }
    let modifiers = if stuffed {
        json!([{"id": "M-2", "name": "Orilla rellena de queso", "price": STUFFED_CRUST}])
    } else {
        json!([])
    };
    let price = base + if stuffed { STUFFED_CRUST } else { 0 };
    let item = json!({
        "id": new_id(random), "orderId": order_id, "productId": "P-1", "productVariantId": variant_id,
        "basePrice": base, "finalPrice": price, "preparationStatus": "PENDING", "preparationNotes": notes,
        "product": {"id": "P-1", "name": "Pizza"}, "productVariant": {"id": variant_id, "name": variant},
        "productModifiers": modifiers, "selectedPizzaCustomizations": customizations,
    });
    (item, price)
}

/// Something beside the pizza and its price in pesos.
fn side(random: &mut impl RngExt, order_id: &str) -> (Value, u32) {
    let (product_id, name, price) = pick(random, &SIDES);
    let item = json!({
        "id": new_id(random), "orderId": order_id, "productId": product_id, "productVariantId": null,
        "basePrice": price, "finalPrice": price, "preparationStatus": "PENDING", "preparationNotes": null,
        "product": {"id": product_id, "name": name}, "productVariant": null,
        "productModifiers": [], "selectedPizzaCustomizations": [],
    });
    (item, price)
}

fn customer(random: &mut impl RngExt, at: &str) -> Value {
    let (first, last) = pick(random, &NAMES);
    let orders = random.random_range(1..10_u32);
    json!({
        "id": new_id(random), "whatsappPhoneNumber": format!("52133{:08}", random.random_range(0..100_000_000_u32)),
        "firstName": first, "lastName": last, "email": null, "birthDate": null,
        "fullChatHistory": [], "relevantChatHistory": [], "lastInteraction": at,
        "totalOrders": orders, "totalSpent": f64::from(orders) * 310.25,
        "isActive": true, "isBanned": false, "bannedAt": null, "banReason": null,
        "addresses": [], "createdAt": at, "updatedAt": at, "deletedAt": null,
    })
}

/// The members that every order has here; an address for a delivery, the recipient unless it is eaten in the shop.
fn delivery(
    random: &mut impl RngExt,
    order_id: &str,
    kind: &str,
    customer: &Value,
    at: &str,
) -> Value {
    let text = |name: &str| {
        customer
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let recipient =
        (!customer.is_null()).then(|| format!("{} {}", text("firstName"), text("lastName")));
    let phone = (!customer.is_null()).then(|| {
        text("whatsappPhoneNumber")
            .chars()
            .skip(3)
            .collect::<String>()
    });
    let mut info = json!({
        "id": new_id(random), "orderId": order_id, "name": null, "fullAddress": null, "street": null, "number": null,
        "interiorNumber": null, "neighborhood": null, "city": null, "state": null, "zipCode": null, "country": null,
        "recipientName": recipient, "recipientPhone": phone, "deliveryInstructions": null,
        "latitude": null, "longitude": null, "createdAt": at, "updatedAt": at,
    });
    if kind == "DELIVERY" {
        let (street, neighborhood) = pick(random, &STREETS);
        let interior = random.random_bool(0.3).then_some("3B");
        let address = [
            ("name", json!("Casa")),
            ("street", json!(street)),
            ("number", json!(random.random_range(1..900_u32).to_string())),
            ("interiorNumber", json!(interior)),
            ("neighborhood", json!(neighborhood)),
            ("city", json!("Tototlán")),
            ("state", json!("Jalisco")),
            ("zipCode", json!("47730")),
            ("country", json!("México")),
            ("deliveryInstructions", json!(pick(random, &INSTRUCTIONS))),
            ("latitude", json!(20.54321)),
            ("longitude", json!(-102.79321)),
        ];
        if let Some(members) = info.as_object_mut() {
            members.extend(address.map(|(name, value)| (name.to_owned(), value)));
        }
    }
    info
}

/// An order that was made at `now`, as a pull brings it; its total is the items and the delivery fee.
pub(crate) fn order(random: &mut impl RngExt, now: OffsetDateTime) -> Value {
    let id = new_id(random);
    let at = wire_time(now);
    let kind = pick(random, &["DELIVERY", "DELIVERY", "TAKE_AWAY", "DINE_IN"]);
    let in_shop = kind == "DINE_IN";
    let customer = if in_shop {
        Value::Null
    } else {
        customer(random, &at)
    };
    let mut items = vec![pizza(random, &id)];
    if random.random_bool(0.3) {
        items.push(pizza(random, &id));
    }
    if random.random_bool(0.7) {
        items.push(side(random, &id));
    }
    let subtotal: u32 = items.iter().map(|(_, price)| price).sum();
    let items: Vec<Value> = items.into_iter().map(|(item, _)| item).collect();
    let total = if kind == "DELIVERY" {
        json!(f64::from(subtotal) + DELIVERY_FEE)
    } else {
        json!(subtotal)
    };
    let table = in_shop.then(|| random.random_range(1..=12_u32).to_string());
    let ready = wire_time(now.checked_add(Duration::minutes(45)).unwrap_or(now));
    json!({
        "id": id, "shiftOrderNumber": null, "orderType": kind, "orderStatus": "PENDING",
        "subtotal": subtotal, "total": total, "customerId": customer.get("id"),
        "estimatedDeliveryTime": ready, "scheduledAt": null, "notes": pick(random, &NOTES),
        "isFromWhatsApp": !in_shop, "finalizedAt": null, "shiftId": null, "userId": null, "tableId": table,
        "customer": customer, "orderItems": items,
        "deliveryInfo": delivery(random, &id, kind, &customer, &at),
        "payments": [{
            "id": new_id(random), "orderId": id, "paymentMethod": pick(random, &METHODS), "amount": total,
            "status": "PENDING", "stripePaymentId": null, "metadata": null, "createdAt": at, "updatedAt": at,
        }],
        "createdAt": at, "updatedAt": at,
    })
}
