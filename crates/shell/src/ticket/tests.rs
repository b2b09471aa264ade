//! The ticket on paper.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use campana_contract::{Order, Timestamp};
use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::inbox::{Attention, InboxOrder, Tickets};

use super::{Line, Style, Wording, lines};
use crate::projection;
use crate::view::OrderView;

fn view(raw: &str) -> OrderView {
    let order = Order::parse(raw).unwrap();
    let stored = InboxOrder {
        source: "https://tienda.mx".into(),
        id: order.id.clone(),
        made_at: order.created_at.unwrap_or(Timestamp(0)),
        order: Some(order),
        version: 1,
        attention: Attention::Seen,
        changes: Vec::new(),
        received_at: Timestamp(0),
        seen_at: None,
        confirmed_at: None,
        tickets: Tickets::default(),
    };
    projection::order(&stored, Some("https://tienda.mx"))
}

fn ticket(raw: &str, is_duplicate: bool, language: Language) -> Vec<Line> {
    let catalogue = Catalogue::new(language);
    let moment = |at: i64| {
        let minutes = (at - 6 * 3_600_000).rem_euclid(86_400_000) / 60_000;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    let wording = Wording {
        catalogue: &catalogue,
        currency: "MXN",
        moment: &moment,
    };
    lines(&view(raw), is_duplicate, &wording)
}

fn on_paper(lines: &[Line]) -> String {
    let mut paper = String::new();
    for line in lines {
        let mark = match line.style {
            Style::Plain => "  ",
            Style::Bold => "b ",
            Style::Large => "L ",
        };
        paper.push_str(format!("{mark}{}", line.text).trim_end());
        paper.push('\n');
    }
    paper
}

/// `CAMPANA_SNAPSHOTS=write` writes what is printed now.
fn expect(name: &str, lines: &[Line]) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/ticket/tests")
        .join(name);
    let paper = on_paper(lines);
    if std::env::var("CAMPANA_SNAPSHOTS").is_ok_and(|value| value == "write") {
        std::fs::write(&file, &paper).unwrap();
    }
    assert_eq!(paper, std::fs::read_to_string(file).unwrap());
}

const SAMPLE: &str = include_str!("../projection/sample-order.json");

const HALVES: &str = r#"{"id":"0a1b2c3d","shiftOrderNumber":12,"orderType":"TAKE_AWAY","total":1234.5,
    "createdAt":"2026-11-24T18:05:00Z","scheduledAt":"2026-11-24T20:00:00Z",
    "customer":{"firstName":"Ramón","lastName":"Íñiguez","whatsappPhoneNumber":"55 1234 5678"},
    "notes":"Sin cubiertos, por favor; y si se puede, con servilletas de sobra para ocho personas",
    "orderItems":[{"finalPrice":1234.5,"product":{"name":"Pizza familiar de la casa con un nombre que no cabe en una línea"},
      "preparationNotes":"Bien dorada",
      "productModifiers":[{"name":"Orilla de queso"}],
      "selectedPizzaCustomizations":[
        {"half":"HALF_1","action":"ADD","pizzaCustomization":{"name":"Mexicana","type":"FLAVOR"}},
        {"half":"HALF_2","action":"ADD","pizzaCustomization":{"name":"Hawaiana","type":"FLAVOR"}},
        {"half":"HALF_2","action":"REMOVE","pizzaCustomization":{"name":"piña","type":"INGREDIENT"}}]}],
    "payments":[{"paymentMethod":"CASH","status":"PENDING","amount":1234.5}]}"#;

#[test]
fn the_sample_order_on_paper() {
    expect("sample.txt", &ticket(SAMPLE, false, Language::Es));
}

#[test]
fn halves_notes_and_a_reprint_on_paper() {
    expect("halves-duplicate.txt", &ticket(HALVES, true, Language::Es));
    expect("halves-english.txt", &ticket(HALVES, false, Language::En));
}

#[test]
fn an_order_of_which_little_is_known_on_paper() {
    let bare = r#"{"id":"abcdef","orderStatus":"CANCELLED"}"#;
    expect("bare.txt", &ticket(bare, false, Language::Es));
}
