#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use serde_json::json;

use super::*;

fn read(event: Event, payload: impl Into<Payload>) -> Frame {
    Frame::read(&event, &payload.into())
}

fn custom(name: &str, arguments: Vec<Value>) -> Frame {
    read(Event::Custom(name.to_owned()), arguments)
}

fn other(name: &str, bytes: usize) -> Frame {
    let name = name.to_owned();
    Frame::Said(LinkEvent::Other { name, bytes })
}

#[test]
fn a_hint_is_understood_with_and_without_a_payload() {
    let hint = Frame::Said(LinkEvent::Changes);
    assert_eq!(
        read(Event::Message, vec![json!("changes:pending")]),
        hint,
        "as Node sends it"
    );
    assert_eq!(
        custom("changes:pending", vec![Value::Null]),
        hint,
        "as socketioxide sends it"
    );
    assert_eq!(
        custom("changes:pending", vec![json!({"at": 1}), json!(2)]),
        hint
    );
    assert_eq!(
        read(Event::Custom("changes:pending".to_owned()), vec![1_u8, 2]),
        hint
    );
}

#[test]
fn an_answer_is_read_by_the_contract() {
    let payload = json!({"count": 2, "orders": []});
    assert_eq!(
        custom("orders:pending", vec![payload.clone()]),
        Frame::Said(LinkEvent::Pending(PendingOrders::parse(&payload)))
    );
    assert_eq!(
        read(Event::Message, vec![json!("orders:pending")]),
        Frame::Said(LinkEvent::Pending(PendingOrders::parse(&Value::Null)))
    );
}

#[test]
fn any_other_event_is_passed_on_by_its_name_alone() {
    assert_eq!(
        custom("menu:updated", vec![json!({"a": 1})]),
        other("menu:updated", 7)
    );
    assert_eq!(
        read(Event::Message, vec![json!("hello")]),
        other("hello", 0)
    );
    assert_eq!(
        read(Event::Message, vec![json!(1), json!(2)]),
        other("message", 1)
    );
    let long = "ñ".repeat(250);
    assert_eq!(custom(&long, vec![Value::Null]), other(&"ñ".repeat(100), 0));
}

#[test]
fn a_servers_events_named_like_the_librarys_own_change_nothing() {
    assert_eq!(read(Event::Connect, ""), Frame::Joined);
    assert_eq!(read(Event::Close, ""), Frame::Kicked);
    assert_eq!(read(Event::Connect, vec![json!({})]), other("connect", 2));
    assert_eq!(read(Event::Close, vec![json!("at ten")]), other("close", 8));
    assert_eq!(
        read(Event::Error, vec![json!({"code": 1})]),
        other("error", 10)
    );
    assert_eq!(
        read(Event::Error, vec![json!("no such table")]),
        other("error", 15)
    );
}

#[test]
fn refusals_are_read_in_every_shape() {
    let refused = |data: &str| {
        let text = format!("Received an ConnectError frame: {data}");
        let Frame::Refused(refusal) = read(Event::Error, text) else {
            panic!("{data} was not taken for a refusal");
        };
        refusal
    };
    assert_eq!(
        refused(r#"{"message":"Invalid API key"}"#),
        Refusal::InvalidKey
    );
    assert_eq!(refused(r#""API key required""#), Refusal::KeyRequired);
    assert_eq!(refused("Invalid namespace"), Refusal::InvalidNamespace);
    assert_eq!(
        refused(r#"{"message":"Authentication failed","data":{"a":1}}"#),
        Refusal::AuthenticationFailed
    );
    assert_eq!(
        refused(r#"{"message":7}"#),
        Refusal::Other(r#"{"message":7}"#.to_owned())
    );
    let Refusal::Other(long) = refused(&format!(r#""{}""#, "x".repeat(5_000))) else {
        panic!("a known refusal");
    };
    assert_eq!(long.chars().count(), LONGEST_TEXT);
}

#[test]
fn the_librarys_own_errors_break_the_stream() {
    for text in ["EngineIO Error", "Invalid packet id: x"] {
        assert_eq!(read(Event::Error, text), Frame::Broken(text.to_owned()));
    }
}
