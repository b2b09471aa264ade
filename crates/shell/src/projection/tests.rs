#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use campana_contract::{Order, Timestamp};
use campana_sync::catalogue::Language;
use campana_sync::configuration::ProfileChoice;
use campana_sync::inbox::{AlertKind, Attention, Facet, InboxOrder, Tickets};
use campana_sync::settings::Preferences;
use campana_sync::status::{Cause, Status, StatusKind};

use super::{State, Unstored, view};
use crate::view::{
    AttentionView, ComputerView, KeyPlace, OrderTypeView, OrderView, PartView, PaymentView,
    SoundView, View,
};

const SHOP: &str = "https://tienda.mx";
const SAMPLE: &str = include_str!("sample-order.json");

fn state() -> State {
    State {
        status: Status {
            cause: Some(Cause::LinkDown),
            last_sync: Some(Timestamp(2)),
            ..Status::new(StatusKind::PollingOnly, Timestamp(1))
        },
        orders: Vec::new(),
        unstored: Vec::new(),
        pause: None,
        missed: 0,
        rehearsing: false,
        trouble_alarm: false,
        quit_asked: false,
        sound: SoundView::Works,
        damage: None,
        printer_trouble: None,
        unreadable: Vec::new(),
        part_stopped: false,
        last_asked: None,
        source: Some(SHOP.into()),
        key_place: KeyPlace::Keyring,
        receiver: None,
        profile: ProfileChoice::Auto,
        preferences: Preferences::default(),
        language: Language::Es,
        certificate_authority: None,
        plain_http_refused: false,
        computer: ComputerView::default(),
        settings_damaged: false,
        demo: false,
        updates: None,
        tray: true,
    }
}

fn stored(raw: &str, attention: Attention) -> InboxOrder {
    let order = Order::parse(raw).unwrap();
    InboxOrder {
        source: SHOP.into(),
        id: order.id.clone(),
        made_at: order.created_at.unwrap_or(Timestamp(77)),
        tickets: Tickets::default(),
        order: Some(order),
        version: 4,
        attention,
        changes: vec![Facet::ScheduledTime],
        received_at: Timestamp(77),
        seen_at: None,
        confirmed_at: None,
    }
}

/// A view with the sample order, which has everything that an order can have.
pub(crate) fn with_sample_order() -> View {
    let mut state = state();
    state.orders = vec![stored(SAMPLE, Attention::Ringing(AlertKind::NewOrder))];
    view(&state)
}

fn shown(raw: &str) -> OrderView {
    let mut state = state();
    state.orders = vec![stored(raw, Attention::Ringing(AlertKind::Changed))];
    view(&state).orders.remove(0)
}

#[test]
fn the_sample_order_stands_as_the_counter_needs_it() {
    let order = shown(SAMPLE);
    assert_eq!(order.id, "3f1c2b9e-7a54-4a0e-9d2f-0c5f4e1a7b21");
    assert_eq!((order.version, order.number.as_str()), (4, "7b21"));
    assert_eq!(order.attention, AttentionView::Changed);
    assert_eq!(order.changes, ["scheduled_time"]);
    assert_eq!(order.order_type, OrderTypeView::Delivery);
    assert_eq!(order.customer.as_deref(), Some("Lucía Núñez"));
    assert_eq!(order.total, Some(41_450));
    // 414.50 less 289 and 50: the lines add up to the total.
    assert_eq!(order.other_charges, Some(7_550));
    assert_eq!(order.notes.as_deref(), Some("Tocar el timbre dos veces"));
    assert!(order.due_at.is_some() && !order.scheduled);
    let address = order.address.unwrap();
    assert_eq!(address.street, "Av. Hidalgo 214, int. 3B");
    assert_eq!(address.area.as_deref(), Some("Centro, Tototlán"));
    assert_eq!(address.instructions.as_deref(), Some("Portón verde"));
    let payment = PaymentView {
        method: "cash".into(),
        paid: false,
    };
    assert_eq!(order.payment, Some(payment));
}

#[test]
fn a_pizza_of_halves_says_what_is_left_out_of_which() {
    let order = shown(SAMPLE);
    let pizza = &order.items[0];
    assert_eq!(pizza.name.as_deref(), Some("Pizza Grande"));
    assert_eq!(pizza.notes.as_deref(), Some("Bien dorada"));
    assert_eq!(pizza.modifiers, ["Orilla rellena de queso"]);
    let half = |flavor: &str, left_out: &[&str]| PartView {
        half: true,
        flavors: vec![flavor.into()],
        added: Vec::new(),
        left_out: left_out.iter().map(|&name| name.into()).collect(),
    };
    assert_eq!(
        pizza.parts,
        [half("Mexicana", &[]), half("Hawaiana", &["Piña"])]
    );
}

#[test]
fn equal_pieces_are_counted_together_and_different_ones_are_not() {
    let taco = r#"{"product":{"name":"Taco"},"finalPrice":25}"#;
    let other = r#"{"product":{"name":"Taco"},"finalPrice":25,"preparationNotes":"sin cebolla"}"#;
    let order = shown(&format!(
        r#"{{"id":"x","total":100,"orderItems":[{taco},{other},{taco},{taco}]}}"#
    ));
    let lines: Vec<_> = order
        .items
        .iter()
        .map(|item| (item.quantity, item.price))
        .collect();
    assert_eq!(lines, [(3, Some(7_500)), (1, Some(2_500))]);
    assert_eq!(order.item_count, 4);
    assert_eq!(order.other_charges, None);
}

#[test]
fn an_order_of_which_only_the_id_is_known_is_shown_too() {
    let mut bare = stored(r#"{"id":"abc"}"#, Attention::Ringing(AlertKind::NewOrder));
    bare.order = None;
    let mut state = state();
    state.orders = vec![bare];
    let view = view(&state);
    assert_eq!(view.unseen, 1);
    assert_eq!(view.orders[0].number, "abc");
    assert_eq!(view.orders[0].created_at, 77);
    assert_eq!(view.orders[0].total, None);
}

#[test]
fn half_a_payment_is_no_payment() {
    let paid = |amount: &str| {
        let raw = format!(
            r#"{{"id":"x","total":200,"payments":[{{"paymentMethod":"STRIPE","amount":{amount},"status":"PAID"}}]}}"#
        );
        shown(&raw).payment.unwrap()
    };
    assert_eq!(
        paid("200"),
        PaymentView {
            method: "online".into(),
            paid: true
        }
    );
    assert_eq!(
        paid("100"),
        PaymentView {
            method: "online".into(),
            paid: false
        }
    );
    assert_eq!(shown(r#"{"id":"x","total":200}"#).payment, None);
}

#[test]
fn orders_of_two_shops_with_the_same_id_have_different_ids() {
    let mut elsewhere = stored(r#"{"id":"7"}"#, Attention::Ringing(AlertKind::NewOrder));
    elsewhere.source = "https://otra.mx".into();
    let mut state = state();
    state.orders = vec![stored(r#"{"id":"7"}"#, Attention::Seen), elsewhere];
    let ids: Vec<String> = view(&state)
        .orders
        .into_iter()
        .map(|order| order.id)
        .collect();
    assert_eq!(ids, ["7", "https://otra.mx|7"]);
}

#[test]
fn what_could_not_be_stored_replaces_what_was() {
    let mut state = state();
    state.orders = vec![stored(r#"{"id":"7","total":1}"#, Attention::Seen)];
    state.unstored = vec![Unstored {
        order: Order::parse(r#"{"id":"7","total":2}"#).unwrap(),
        received_at: Timestamp(5),
        seen_at: None,
    }];
    let view = view(&state);
    assert_eq!(view.orders.len(), 1);
    assert_eq!(view.orders[0].total, Some(200));
    assert_eq!(view.orders[0].attention, AttentionView::Changed);
    assert!(view.orders[0].unstored);
}

#[test]
fn the_status_keeps_its_codes() {
    let status = view(&state()).status;
    assert_eq!(status.kind, StatusKind::PollingOnly);
    assert_eq!(status.cause.as_deref(), Some("link_down"));
}
