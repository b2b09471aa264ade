//! The link against real servers: the official one on Node, and socketioxide.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::time::{Duration, Instant};

use campana_contract::Refusal;
use campana_sync::link::{Closed, LinkEvent, Timeouts, Transport};
use serde_json::json;

use crate::support::{CARRIERS, Ear, KEY, Node, is_unreachable, open, socketioxide_server, until};

#[tokio::test]
async fn hears_a_hint_by_either_carrier_and_in_every_shape() {
    for shape in ["none", "null", "object"] {
        let server = Node::backend(&["--hint-shape", shape]).await;
        for carrier in CARRIERS {
            let mut ear = open(&server.url, carrier).joined().await;
            server.control("hints", json!({"count": 1})).await;
            assert_eq!(
                ear.next().await,
                LinkEvent::Changes,
                "{shape} by {carrier:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_question_is_answered() {
    let server = Node::backend(&[]).await;
    server
        .control("orders", json!({"count": 2, "hint": false}))
        .await;
    for carrier in CARRIERS {
        let mut ear = open(&server.url, carrier).joined().await;
        ear.link.ask();
        assert!(matches!(ear.next().await, LinkEvent::Pending(_)));
    }
}

#[tokio::test]
async fn a_prefix_in_the_address_is_not_for_socket_io() {
    let server = Node::backend(&[]).await;
    for carrier in CARRIERS {
        open(&format!("{}/tienda/norte", server.url), carrier)
            .joined()
            .await;
    }
}

#[tokio::test]
async fn a_question_asked_too_early_waits_for_the_namespace() {
    let server = Node::backend(&[]).await;
    for carrier in CARRIERS {
        let ear = open(&server.url, carrier);
        for _ in 0..5 {
            ear.link.ask();
        }
        let mut ear = ear.joined().await;
        assert!(matches!(ear.next().await, LinkEvent::Pending(_)));
    }
    assert_eq!(
        server.state().await["syncOrders"],
        2,
        "five at once are one"
    );
}

#[tokio::test]
async fn works_with_socketioxide_too() {
    let (url, io) = socketioxide_server().await;
    for carrier in CARRIERS {
        let mut ear = open(&url, carrier).joined().await;
        assert_eq!(ear.next().await, LinkEvent::Changes, "{carrier:?}");
        ear.link.ask();
        assert!(matches!(ear.next().await, LinkEvent::Pending(_)));
        io.of("/sync")
            .unwrap()
            .emit("menu:updated", &1)
            .await
            .unwrap();
        assert_eq!(
            ear.next().await,
            LinkEvent::Other {
                name: "menu:updated".to_owned(),
                bytes: 1,
            }
        );
        io.of("/sync").unwrap().disconnect().await.unwrap();
        assert_eq!(ear.end().await, LinkEvent::Closed(Closed::Kicked));

        let mut stranger = Ear::open(&url, "otra", carrier, Timeouts::default(), 64);
        assert_eq!(
            stranger.end().await,
            LinkEvent::Refused(Refusal::InvalidKey)
        );
    }
}

#[tokio::test]
async fn a_wrong_key_is_refused_within_two_seconds() {
    let server = Node::backend(&[]).await;
    for carrier in CARRIERS {
        for (key, refusal) in [("otra", Refusal::InvalidKey), ("", Refusal::KeyRequired)] {
            let mut quickest = Duration::MAX;
            // The best of three, so that a busy machine is not taken for a slow link.
            for _ in 0..3 {
                let start = Instant::now();
                let mut ear = Ear::open(&server.url, key, carrier, Timeouts::default(), 64);
                let end = ear.end().await;
                assert_eq!(end, LinkEvent::Refused(refusal.clone()), "{carrier:?}");
                quickest = quickest.min(start.elapsed());
            }
            assert!(
                quickest < Duration::from_secs(2),
                "{quickest:?} by {carrier:?}"
            );
        }
    }
    server.control("authentication-fails", json!({})).await;
    let mut ear = open(&server.url, Transport::WebSocket);
    assert_eq!(
        ear.end().await,
        LinkEvent::Refused(Refusal::AuthenticationFailed)
    );
}

#[tokio::test]
async fn a_server_without_the_namespace_says_so() {
    let server = Node::script("").await;
    for carrier in CARRIERS {
        assert_eq!(
            open(&server.url, carrier).end().await,
            LinkEvent::Refused(Refusal::InvalidNamespace)
        );
    }
}

#[tokio::test]
async fn servers_of_one_carrier_take_that_one_and_are_unreachable_by_the_other() {
    for (name, takes, other) in [
        ("websocket", Transport::WebSocket, Transport::Polling),
        ("polling", Transport::Polling, Transport::WebSocket),
    ] {
        let server = Node::backend(&["--transports", name]).await;
        let mut ear = open(&server.url, takes).joined().await;
        server.control("hints", json!({"count": 1})).await;
        assert_eq!(ear.next().await, LinkEvent::Changes, "{name}");
        let end = open(&server.url, other).end().await;
        assert!(is_unreachable(&end), "{end:?} at {name}");
    }
}

/// How many hints were heard before the answer to the question, and how many orders it names.
async fn hints_before_the_answer(ear: &mut Ear) -> (usize, usize) {
    let mut hints = 0;
    loop {
        match ear.next().await {
            LinkEvent::Changes => hints += 1,
            LinkEvent::Pending(pending) => return (hints, pending.orders.len()),
            surprise @ (LinkEvent::Closed(_)
            | LinkEvent::Joined
            | LinkEvent::Other { .. }
            | LinkEvent::Refused(_)) => {
                panic!("{surprise:?}")
            }
        }
    }
}

#[tokio::test]
async fn a_burst_of_hints_that_nobody_reads_blocks_nothing() {
    let server = Node::backend(&[]).await;
    for carrier in CARRIERS {
        let asked = server.state().await["syncOrders"].as_u64().unwrap();
        let ear = Ear::open(&server.url, KEY, carrier, Timeouts::default(), 2);
        let mut ear = ear.joined().await;
        server.control("hints", json!({"count": 1_000})).await;
        ear.link.ask();
        until("the question passes the burst", async || {
            server.state().await["syncOrders"].as_u64().unwrap() == asked + 1
        })
        .await;
        let (hints, _) = hints_before_the_answer(&mut ear).await;
        assert!((1..=1_000).contains(&hints), "{hints}");
        server.control("hints", json!({"count": 1})).await;
        until("the link still hears", async || {
            matches!(ear.events.try_recv(), Ok(LinkEvent::Changes))
        })
        .await;
    }
}

#[tokio::test]
async fn an_answer_with_a_thousand_orders_arrives_by_either_carrier() {
    let server = Node::backend(&[]).await;
    server
        .control("orders", json!({"count": 1_000, "hint": false}))
        .await;
    for carrier in CARRIERS {
        let mut ear = open(&server.url, carrier).joined().await;
        ear.link.ask();
        assert_eq!(hints_before_the_answer(&mut ear).await, (0, 1_000));
    }
}
