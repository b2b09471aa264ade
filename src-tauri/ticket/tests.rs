//! The ticket on paper, and printers that play along or do not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::io::Read as _;
use std::net::TcpListener;
use std::time::Duration;

use campana_contract::{Order, Timestamp};
use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::inbox::{Attention, InboxOrder, Tickets};

use super::{EscPosPrinter, Line, Patience, PrintFailure, Style, TicketPrinter, Wording, lines};
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
        .join("src-tauri/ticket/tests")
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

fn patient() -> EscPosPrinter {
    EscPosPrinter::new(Patience {
        altogether: Duration::from_secs(60),
        ..Patience::default()
    })
}

#[tokio::test]
async fn a_network_printer_gets_the_whole_ticket() {
    let printer = TcpListener::bind("127.0.0.1:0").unwrap();
    let name = format!("localhost:{}", printer.local_addr().unwrap().port());
    let paper = std::thread::spawn(move || {
        let (mut connection, _) = printer.accept().unwrap();
        let mut bytes = Vec::new();
        connection.read_to_end(&mut bytes).unwrap();
        bytes
    });
    let sent = patient()
        .print(&name, ticket(HALVES, true, Language::Es))
        .await;
    assert_eq!(sent, Ok(()));
    let bytes = paper.join().unwrap();
    let has = |wanted: &[u8]| bytes.windows(wanted.len()).any(|found| found == wanted);
    assert!(has(b"DUPLICADO"));
    assert!(has(b"Ram\xa2n \xd6\xa4iguez"), "accents");
    assert!(has(b"\xab Hawaiana"), "a half");
    assert!(has(&[0x1d, b'V']), "cut at the end");
}

#[tokio::test]
async fn a_printer_that_is_off_got_nothing() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let name = free.local_addr().unwrap().to_string();
    drop(free);
    let sent = patient().print(&name, Vec::new()).await;
    assert!(
        matches!(sent, Err(PrintFailure::Unreachable(_))),
        "{sent:?}"
    );
    let sent = patient().print("/no/such/device", Vec::new()).await;
    assert!(
        matches!(sent, Err(PrintFailure::Unreachable(_))),
        "{sent:?}"
    );
}

#[tokio::test]
async fn a_printer_that_breaks_the_connection_may_have_printed() {
    let printer = TcpListener::bind("127.0.0.1:0").unwrap();
    let name = printer.local_addr().unwrap().to_string();
    let breaking = std::thread::spawn(move || {
        let (mut connection, _) = printer.accept().unwrap();
        // With unread bytes the end of the connection is a reset.
        connection.read_exact(&mut [0; 1]).unwrap();
    });
    // The end may be long in coming on a busy computer; nothing is waited for once it is there.
    let waiting = EscPosPrinter::new(Patience {
        afterwards: Duration::from_secs(30),
        altogether: Duration::from_secs(60),
        ..Patience::default()
    });
    let sent = waiting
        .print(&name, ticket(SAMPLE, false, Language::Es))
        .await;
    breaking.join().unwrap();
    assert!(matches!(sent, Err(PrintFailure::Failed(_))), "{sent:?}");
}

#[tokio::test]
async fn a_device_gets_the_ticket_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("lp0");
    std::fs::write(&device, "").unwrap();
    for _ in 0..2 {
        let sent = patient()
            .print(
                device.to_str().unwrap(),
                ticket(SAMPLE, false, Language::Es),
            )
            .await;
        assert_eq!(sent, Ok(()));
    }
    let bytes = std::fs::read(&device).unwrap();
    let cuts = bytes.windows(2).filter(|two| two == &[0x1d, b'V']).count();
    assert_eq!(cuts, 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_device_that_hangs_delays_nobody_and_prints_nothing_later() {
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("lp0");
    let made = std::process::Command::new("mkfifo").arg(&device).status();
    assert!(made.unwrap().success());
    let name = device.to_str().unwrap();
    let printer = EscPosPrinter::new(Patience {
        altogether: Duration::from_millis(300),
        ..Patience::default()
    });
    for _ in 0..2 {
        let sent = printer
            .print(name, ticket(SAMPLE, false, Language::Es))
            .await;
        assert!(
            matches!(sent, Err(PrintFailure::Unreachable(_))),
            "{sent:?}"
        );
    }
    // Now somebody reads what comes out of it: nothing.
    let mut bytes = Vec::new();
    let mut reader = std::fs::File::open(&device).unwrap();
    reader.read_to_end(&mut bytes).unwrap();
    assert!(bytes.is_empty());
}
