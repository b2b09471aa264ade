#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use super::*;
use crate::link::LinkEvent;

fn frames(body: &str) -> Vec<Frame> {
    let packets = read(body.as_bytes()).unwrap();
    packets
        .into_iter()
        .filter_map(|packet| match packet {
            Packet::Frame(frame) => Some(frame),
            Packet::Ping => None,
        })
        .collect()
}

#[test]
fn a_session_is_opened_with_its_heartbeat() {
    let body = r#"0{"sid":"a","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
    let opening = Opening::read(body.as_bytes()).unwrap();
    let expected = Opening {
        sid: "a".into(),
        ping_interval: 25_000,
        ping_timeout: 20_000,
    };
    assert_eq!(opening, expected);
}

#[test]
fn what_opens_no_session_is_told() {
    let long = format!(
        r#"0{{"sid":"{}","pingInterval":1,"pingTimeout":1}}"#,
        "s".repeat(1001)
    );
    for body in [
        "",
        "0",
        "0{}",
        "4hola",
        "<html>",
        r#"0{"sid":"","pingInterval":1,"pingTimeout":1}"#,
        r#"0{"sid":"s","pingInterval":-1,"pingTimeout":1}"#,
        &long,
    ] {
        assert!(Opening::read(body.as_bytes()).is_err(), "{body}");
    }
    assert!(Opening::read(b"0\xff").is_err());
}

#[test]
fn packets_of_one_body_are_read_in_their_order() {
    let body = "2\u{1e}40/sync,{\"sid\":\"x\"}\u{1e}6\u{1e}42/sync,[\"changes:pending\"]";
    let packets = read(body.as_bytes()).unwrap();
    let changes = Frame::Said(LinkEvent::Changes);
    assert_eq!(
        packets,
        [
            Packet::Ping,
            Packet::Frame(Frame::Joined),
            Packet::Frame(changes)
        ]
    );
}

#[test]
fn refusals_and_the_end_of_the_session_are_told() {
    let refused = frames(r#"44/sync,{"message":"Invalid API key"}"#);
    assert_eq!(refused, [Frame::Refused(Refusal::InvalidKey)]);
    assert_eq!(frames("41/sync,"), [Frame::Kicked]);
    assert_eq!(frames("41/sync"), [Frame::Kicked]);
    assert!(read(b"1").is_err());
}

#[test]
fn events_of_any_shape_are_told_by_name() {
    let other = |name: &str, bytes| {
        let name = name.to_owned();
        Frame::Said(LinkEvent::Other { name, bytes })
    };
    assert_eq!(
        frames(r#"42/sync,["changes:pending",null]"#),
        [Frame::Said(LinkEvent::Changes)]
    );
    assert_eq!(frames(r#"42/sync,7["x",1,2]"#), [other("x", 1)]);
    assert_eq!(frames("42/sync,[5]"), [other("message", 0)]);
    let attached = r#"451-/sync,["x",{"_placeholder":true,"num":0}]"#;
    assert_eq!(frames(&format!("{attached}\u{1e}bAAAA")), [other("x", 29)]);
}

#[test]
fn other_namespaces_and_answers_to_nothing_are_left_out() {
    for body in [
        r#"42/otra,["changes:pending"]"#,
        r#"42["changes:pending"]"#,
        r#"40{"sid":"s"}"#,
        r#"44/otra,{"message":"Invalid API key"}"#,
        "43/sync,7[]",
        r#"461-/sync,7["x"]"#,
        "6",
    ] {
        assert_eq!(frames(body), [], "{body}");
    }
}

#[test]
fn what_breaks_the_rules_ends_the_session() {
    let deep = format!(
        r#"42/sync,["x",{}{}]"#,
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    for body in [
        "",
        "0{}",
        "3",
        "5",
        "7",
        "é",
        "4",
        "49/sync,[]",
        "42/sync,{",
        "42/sync,[]",
        "42/sync",
        "45/sync,[]",
        r#"45x-/sync,["x"]"#,
        "6\u{1e}",
        &deep,
    ] {
        assert!(read(body.as_bytes()).is_err(), "{body}");
    }
    assert!(read(b"4\xff").is_err());
}

#[test]
fn what_is_sent_is_what_the_official_server_reads() {
    assert_eq!(connect("k\"ey"), r#"40/sync,{"apiKey":"k\"ey"}"#);
    assert_eq!(question(), r#"42/sync,["sync:orders"]"#);
    assert_eq!(goodbye(), "41/sync,\u{1e}1");
    assert_eq!(
        body(&["3".into(), question()]),
        format!("3\u{1e}{}", question())
    );
}
