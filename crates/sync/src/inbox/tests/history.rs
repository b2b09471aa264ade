//! Looking things up in the history.

use serde_json::json;

use super::super::{Found, Reading, Search};
use super::*;

fn search(folder: &TempDir, search: Search) -> Found {
    Reading::open(folder.path())
        .unwrap()
        .search(&search)
        .unwrap()
}

fn ids(found: &Found) -> Vec<&str> {
    found.orders.iter().map(|order| order.id.key()).collect()
}

fn of(folder: &TempDir, text: &str) -> Vec<String> {
    let text = text.to_owned();
    let found = search(
        folder,
        Search {
            text,
            limit: 50,
            ..Search::default()
        },
    );
    assert_eq!(found.total as usize, found.orders.len());
    ids(&found).into_iter().map(str::to_owned).collect()
}

fn lucia() -> serde_json::Value {
    let mut order = told("l", 1);
    order["shiftOrderNumber"] = json!(4711);
    order["customer"] = json!({"firstName": "Lucía", "lastName": "Núñez", "whatsappPhoneNumber": "+52 (55) 1234-5678"});
    order["notes"] = json!("Portón azul");
    order["deliveryInfo"] = json!({"street": "Insurgentes", "neighborhood": "Del Valle"});
    order["createdAt"] = json!("2026-11-24T18:05:00.000Z");
    order
}

#[test]
fn an_order_is_found_by_what_people_remember_of_it() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[lucia(), told("a", 0)]);
    for text in [
        "lucia",
        "LUC",
        "nunez luc",
        "Núñez",
        "nun\u{303}ez",
        "4711",
        "porton",
        "insurg",
        "valle del",
        "5512345678",
        "55 1234 5678",
        "12345678",
        "1234-5678",
        "525512345678",
        "+52 55",
        "(55) 1234",
        "345",
        "5678",
    ] {
        assert_eq!(of(&folder, text), ["l"], "{text}");
    }
    assert_eq!(of(&folder, "mexicana"), ["l", "a"], "by product");
    assert_eq!(of(&folder, "mexicana hidalgo"), ["a"], "every word counts");
    assert!(of(&folder, "pozole").is_empty());
}

#[test]
fn whatever_is_typed_finds_something_or_nothing() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[lucia()]);
    for text in [
        "\"",
        "'",
        "*",
        "a*",
        "\"ana",
        "NEAR",
        "NEAR(a b)",
        "a AND",
        "OR",
        "NOT",
        "words:ana",
        "^a",
        "{a b}",
        "()",
        "((",
        "a + b",
        "-",
        "--",
        "; DROP TABLE orders",
        "\u{1F600}",
        "½",
        "\0",
        "a\0b",
        "%",
        "_",
        "\\",
        "\u{301}",
        "ñ\u{303}\u{303}",
        "1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9",
    ] {
        of(&folder, text);
    }
    of(&folder, &"muy ".repeat(20_000));
    of(&folder, &"largo".repeat(20_000));
    sound(&inbox);
}

#[test]
fn pages_go_from_the_newest_back_by_when_the_server_made_them() {
    let (folder, mut inbox) = inbox();
    let orders: Vec<_> = (0..7_u32)
        .map(|number| {
            let created = json!(format!("2026-11-24T18:{:02}:00.000Z", (number * 3) % 7));
            with(told(&format!("o{number}"), 30), "/createdAt", created)
        })
        .collect();
    store(&mut inbox, &orders);
    let page = |offset, limit| {
        let found = search(
            &folder,
            Search {
                offset,
                limit,
                ..Search::default()
            },
        );
        assert_eq!(found.total, 7);
        ids(&found).join(" ")
    };
    assert_eq!(page(0, 50), "o2 o4 o6 o1 o3 o5 o0");
    assert_eq!(page(2, 3), "o6 o1 o3");
    assert_eq!(page(7, 3), "");
    let between = search(
        &folder,
        Search {
            from: Some(Timestamp(NOON + 2 * 60_000)),
            until: Some(Timestamp(NOON + 5 * 60_000)),
            limit: 50,
            ..Search::default()
        },
    );
    assert_eq!(ids(&between), ["o6", "o1", "o3"]);
    assert_eq!(between.total, 3);
}

#[test]
fn a_change_is_found_by_its_new_words_alone() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    store(
        &mut inbox,
        &[with(told("a", 1), "/notes", json!("Con chile"))],
    );
    assert_eq!(of(&folder, "chile"), ["a"]);
    assert!(of(&folder, "cebolla").is_empty());
    see(&mut inbox, "a", 2);
    assert_eq!(of(&folder, "chile"), ["a"], "seeing it changes no word");
}

#[test]
fn an_order_whose_text_cannot_be_searched_is_stored_all_the_same() {
    let (folder, mut inbox) = inbox();
    let endless = with(told("a", 0), "/notes", json!("pan ".repeat(100_000)));
    store(&mut inbox, &[endless]);
    assert_eq!(of(&folder, "hidalgo"), ["a"]);
    sound(&inbox);
}

#[test]
fn orders_of_an_earlier_campana_are_found() {
    let folder = version_1();
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage(), None);
    assert_eq!(of(&folder, "hidalgo"), ["a"]);
    assert_eq!(only(&inbox).made_at, Timestamp(NOON));
    sound(&inbox);
}

/// Spoils the index of words, and nothing else.
fn spoil_words(inbox: &Inbox) {
    let spoilt = inbox.connection.execute(
        "UPDATE orders_words_data SET block = substr(block, 1, length(block) / 2) || x'FFFFFFFF'
         WHERE id > 100",
        [],
    );
    assert!(spoilt.unwrap() > 0);
}

#[test]
fn a_damaged_index_is_made_anew_when_the_inbox_opens_and_nobody_is_alarmed() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[lucia(), told("a", 0)]);
    spoil_words(&inbox);
    drop(inbox);
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage(), None);
    assert_eq!(of(&folder, "lucia"), ["l"]);
    sound(&inbox);
}

#[test]
fn a_damaged_index_keeps_no_order_from_being_stored() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[lucia()]);
    spoil_words(&inbox);
    for number in 0..40 {
        store(&mut inbox, &[told(&format!("o{number}"), 0)]);
    }
    drop(inbox);
    let inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage(), None);
    assert_eq!(of(&folder, "hidalgo").len(), 40);
    assert_eq!(of(&folder, "lucia"), ["l"]);
    sound(&inbox);
}

#[test]
fn what_was_salvaged_is_found() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[lucia()]);
    inbox.back_up_if_due(Timestamp(NOON + HOUR)).unwrap();
    drop(inbox);
    std::fs::write(folder.path().join("inbox.sqlite3"), [b'x'; 8192]).unwrap();
    let inbox = Inbox::open(folder.path()).unwrap();
    assert!(inbox.damage().is_some());
    assert_eq!(of(&folder, "lucia"), ["l"]);
    sound(&inbox);
}
