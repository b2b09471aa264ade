//! The settings change to another shop while the first one's answer is still on its way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first surprise"
)]

use std::sync::Arc;

use campana_contract::Timestamp;
use campana_sync::address::Address;
use campana_sync::clock::SystemClock;
use campana_sync::configuration::{Configuration, Key, ProfileChoice, Receiver};
use campana_sync::driver::{self, Handle, Parts};
use campana_sync::http::{HttpClient, Limits};
use campana_sync::inbox::Inbox;
use campana_sync::link::SocketIoConnector;
use campana_sync::report::Report;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

use crate::support::{DEADLINE, KEY, Node, until};

fn configuration(shop: &Node) -> Configuration {
    Configuration {
        address: Address::parse(&shop.url).unwrap(),
        key: Key::Present(KEY.into()),
        receiver: Some(Receiver::Campana),
        profile: ProfileChoice::Auto,
        certificate_authority: None,
    }
}

fn run(
    folder: &std::path::Path,
    configuration: Configuration,
) -> (Handle, UnboundedReceiver<Report>) {
    let parts = Parts {
        inbox: Inbox::open(folder).unwrap(),
        connector: Arc::new(SocketIoConnector::default()),
        exchange: Arc::new(HttpClient::new(Limits::default()).unwrap()),
        clock: Arc::new(SystemClock::new()),
    };
    driver::start(parts, Some(configuration))
}

async fn pending(shop: &Node) -> usize {
    let state = shop.state().await;
    let orders = state["orders"].as_array().unwrap();
    let waits = |order: &&Value| order["confirmed"] == json!(false);
    orders.iter().filter(waits).count()
}

/// How many slow answers were begun, and how many of them are over.
async fn slow_answers(shop: &Node) -> (usize, usize) {
    let state = shop.state().await;
    let requests = state["requests"].as_array().unwrap();
    let slow = || requests.iter().filter(|one| one["status"] == "slow");
    (
        slow().count(),
        slow().filter(|one| one["over"] == true).count(),
    )
}

/// Each order of the inbox as its shop and its identifier.
async fn stored(handle: &Handle) -> Vec<(String, String)> {
    let orders = handle.orders(Timestamp(0)).await.unwrap();
    let mut stored: Vec<_> = orders
        .into_iter()
        .map(|order| (order.source, order.id.key().to_owned()))
        .collect();
    stored.sort();
    stored
}

#[tokio::test]
async fn an_answer_of_the_shop_before_is_discarded_and_comes_again_when_it_is_back() {
    let first = Node::backend(&[]).await;
    let second = Node::backend(&["--profile", "unified"]).await;
    let made = first.control("orders", json!({"count": 2})).await;
    second.control("orders", json!({"count": 3})).await;
    let slow = json!({"for": "any", "mode": "slow", "seconds": 5, "times": 1});
    first.control("answer", slow).await;

    let folder = tempfile::tempdir().unwrap();
    let (handle, mut reports) = run(folder.path(), configuration(&first));
    until("the first shop's answer is on its way", async || {
        slow_answers(&first).await == (1, 0)
    })
    .await;
    handle.configure(Some(configuration(&second)));
    until("the second shop's orders are confirmed", async || {
        pending(&second).await == 0
    })
    .await;
    until("the first shop's answer is over", async || {
        slow_answers(&first).await == (1, 1)
    })
    .await;
    let of_second = stored(&handle).await;
    assert_eq!(of_second.len(), 3);
    let source = Address::parse(&second.url).unwrap().source();
    assert!(of_second.iter().all(|(of, _)| *of == source));
    assert_eq!(pending(&first).await, 2, "nothing of it was confirmed");

    handle.configure(Some(configuration(&first)));
    until("the first shop's orders are confirmed", async || {
        pending(&first).await == 0
    })
    .await;
    let all = stored(&handle).await;
    assert_eq!(all.len(), 5);
    let source = Address::parse(&first.url).unwrap().source();
    let of_first = all.iter().filter(|(of, _)| *of == source);
    let mut ids: Vec<_> = of_first.map(|(_, id)| id.clone()).collect();
    ids.sort();
    let wanted = made["ids"].as_array().unwrap().iter();
    let mut wanted: Vec<_> = wanted.filter_map(Value::as_str).collect();
    wanted.sort_unstable();
    assert_eq!(ids, wanted);
    let mut rang = Vec::new();
    while rang.len() < 5 {
        let report = timeout(DEADLINE, reports.recv()).await.unwrap().unwrap();
        if let Report::Alert { order_id, .. } = report {
            assert!(!rang.contains(&order_id), "{order_id} rang twice");
            rang.push(order_id);
        }
    }
    for shop in [&first, &second] {
        let requests = shop.state().await["requests"].clone();
        let failed = requests.as_array().unwrap().iter();
        let failed = failed.filter(|one| one["status"] == json!(500)).count();
        assert_eq!(failed, 0, "no shop was sent the confirmation of another");
    }
    handle.shut_down().await;
}

#[tokio::test]
async fn at_another_address_of_the_same_shop_nothing_rings_anew_once_its_history_went_along() {
    let shop = Node::backend(&[]).await;
    shop.control("orders", json!({"count": 2})).await;
    // Nothing is confirmed there, so that the server hands everything out once more.
    let before = Configuration {
        receiver: Some(Receiver::Till),
        ..configuration(&shop)
    };
    let elsewhere = shop.url.replace("127.0.0.1", "localhost");
    let after = Configuration {
        address: Address::parse(&elsewhere).unwrap(),
        ..configuration(&shop)
    };
    let (from, to) = (before.address.source(), after.address.source());
    assert_ne!(from, to);
    let folder = tempfile::tempdir().unwrap();
    let (handle, mut reports) = run(folder.path(), before);
    until("its orders are stored", async || {
        stored(&handle).await.len() == 2
    })
    .await;
    assert!(handle.knows(&from).await.unwrap());

    handle.configure(None);
    handle.move_source(&from, &to).await.unwrap();
    shop.control("orders", json!({"count": 1})).await;
    handle.configure(Some(after));
    until("all is confirmed at the new address", async || {
        pending(&shop).await == 0
    })
    .await;
    let stored = stored(&handle).await;
    assert_eq!(stored.len(), 3);
    assert!(stored.iter().all(|(source, _)| *source == to));
    assert!(!handle.knows(&from).await.unwrap());
    handle.shut_down().await;
    // The reports end when nobody is left who could tell one.
    drop(handle);
    let mut rang = Vec::new();
    while let Some(report) = timeout(DEADLINE, reports.recv()).await.unwrap() {
        if let Report::Alert { order_id, .. } = report {
            assert!(!rang.contains(&order_id), "{order_id} rang twice");
            rang.push(order_id);
        }
    }
    assert_eq!(rang.len(), 3);
}
