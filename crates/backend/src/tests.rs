#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use reqwest::{Client, StatusCode};
use secrecy::SecretString;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::store::{Confirmed, Store, StoreError};
use crate::{Backend, Options, StartError, samples};

const KEY: &str = "clave-de-prueba";
const NOW: OffsetDateTime = datetime!(2026-11-24 18:55:01.733 UTC);
const PATIENCE: Duration = Duration::from_secs(10);

fn options(database: Option<PathBuf>) -> Options {
    Options {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        key: SecretString::from(KEY),
        database,
    }
}

fn client() -> Client {
    // The second call finds the provider there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder()
        .no_proxy()
        .timeout(PATIENCE)
        .build()
        .unwrap()
}

async fn pull(client: &Client, backend: &Backend) -> (StatusCode, Value) {
    let url = format!("http://{}/sync/pull-changes", backend.address());
    let answer = client.get(url).bearer_auth(KEY).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

/// A client of the socket by long-polling, bare enough to see the packets as they are.
struct Polling {
    client: Client,
    url: String,
    packets: VecDeque<String>,
}

impl Polling {
    async fn join(client: Client, backend: &Backend, key: &str) -> Self {
        let base = format!(
            "http://{}/socket.io/?EIO=4&transport=polling",
            backend.address()
        );
        let handshake = client.get(&base).send().await.unwrap();
        let handshake = handshake.text().await.unwrap();
        let handshake: Value = serde_json::from_str(&handshake[1..]).unwrap();
        let url = format!("{base}&sid={}", handshake["sid"].as_str().unwrap());
        let connect = format!("40/sync,{}", json!({"apiKey": key}));
        client.post(&url).body(connect).send().await.unwrap();
        let packets = VecDeque::new();
        Self {
            client,
            url,
            packets,
        }
    }

    /// The next packet that is no ping.
    async fn next(&mut self) -> String {
        loop {
            match self.packets.pop_front() {
                Some(ping) if ping == "2" => {
                    let pong = self.client.post(&self.url).body("3");
                    pong.send().await.unwrap();
                }
                Some(packet) => return packet,
                None => {
                    let answer = self.client.get(&self.url).send().await.unwrap();
                    let text = answer.text().await.unwrap();
                    self.packets.extend(text.split('\u{1e}').map(str::to_owned));
                }
            }
        }
    }
}

fn confirmed(ids: &[&str]) -> Confirmed {
    Confirmed {
        orders: ids.iter().map(|id| json!({"orderId": id})).collect(),
        customers: Vec::new(),
    }
}

fn pending(store: &mut Store) -> Vec<String> {
    let page: Value = serde_json::from_str(&store.page().unwrap()).unwrap();
    let orders = page["pending_orders"].as_array().unwrap();
    orders
        .iter()
        .map(|order| order["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn serves_what_it_made_and_keeps_it_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(Some(folder.path().join("orders.db")));
    let client = client();
    let backend = Backend::start(options.clone()).await.unwrap();
    let ids = backend.make_sample_orders(2).await.unwrap();
    let (status, page) = pull(&client, &backend).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(page["pending_orders"][1]["id"], json!(ids[1]));
    backend.stop().await;
    let backend = Backend::start(options).await.unwrap();
    assert_eq!(pull(&client, &backend).await.1, page);
    backend.stop().await;
}

#[tokio::test]
async fn sends_the_announcement_without_any_argument() {
    let backend = Backend::start(options(None)).await.unwrap();
    let mut polling = Polling::join(client(), &backend, KEY).await;
    assert!(polling.next().await.starts_with("40/sync,{\"sid\":"));
    backend.make_sample_orders(1).await.unwrap();
    assert_eq!(polling.next().await, "42/sync,[\"changes:pending\"]");
    backend.stop().await;
}

#[tokio::test]
async fn announces_again_what_nobody_heard_until_it_is_confirmed() {
    let mut pauses = vec![Duration::from_millis(300); 10];
    pauses.push(Duration::from_secs(3600));
    let backend = Backend::start_with(options(None), &pauses).await.unwrap();
    let ids = backend.make_sample_orders(1).await.unwrap();
    let mut polling = Polling::join(client(), &backend, KEY).await;
    assert!(polling.next().await.starts_with("40/sync,{\"sid\":"));
    assert_eq!(polling.next().await, "42/sync,[\"changes:pending\"]");
    pull(&client(), &backend).await;
    let watchers = Arc::weak_count(&backend.shop);
    let all = confirmed(&[&ids[0]]);
    backend.shop.confirm_and_pull(all).await.unwrap();
    let ended = async {
        while Arc::weak_count(&backend.shop) == watchers {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(PATIENCE, ended)
        .await
        .expect("it announces what is confirmed");
    backend.stop().await;
}

#[tokio::test]
async fn fails_authentication_when_the_orders_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let backend = Backend::start(options(Some(file.clone()))).await.unwrap();
    let other = rusqlite::Connection::open(file).unwrap();
    other.execute_batch("DROP TABLE orders").unwrap();
    let mut polling = Polling::join(client(), &backend, KEY).await;
    let refusal = "44/sync,{\"message\":\"Authentication failed\"}";
    assert_eq!(polling.next().await, refusal);
    let mut wrong = Polling::join(client(), &backend, "otra").await;
    let refusal = "44/sync,{\"message\":\"Invalid API key\"}";
    assert_eq!(wrong.next().await, refusal);
    assert_eq!(
        pull(&client(), &backend).await.0,
        StatusCode::INTERNAL_SERVER_ERROR
    );
    backend.stop().await;
}

#[tokio::test]
async fn says_why_it_did_not_start() {
    let backend = Backend::start(options(None)).await.unwrap();
    let taken = Options {
        listen: backend.address(),
        ..options(None)
    };
    let error = Backend::start(taken).await.unwrap_err();
    assert!(matches!(error, StartError::Listen(address, _) if address == backend.address()));
    let folder = tempfile::tempdir().unwrap();
    let error = Backend::start(options(Some(folder.path().into())))
        .await
        .unwrap_err();
    assert!(matches!(error, StartError::Database(_)));
    backend.stop().await;
}

#[test]
fn clears_only_the_version_that_it_handed_out() {
    let mut store = Store::open(None).unwrap();
    store
        .add(vec![json!({"id": "a"}), json!({"id": "b"})], NOW)
        .unwrap();
    store.confirm(&confirmed(&["a"])).unwrap();
    assert_eq!(pending(&mut store), ["a", "b"], "nobody has seen them yet");
    let change = json!({"notes": "Sin piña"}).as_object().unwrap().clone();
    assert!(store.edit("a", change, NOW).unwrap());
    store.confirm(&confirmed(&["a", "b"])).unwrap();
    assert_eq!(pending(&mut store), ["a"]);
    store.confirm(&confirmed(&["a"])).unwrap();
    assert!(pending(&mut store).is_empty());
}

#[test]
fn an_edit_is_always_later_than_the_version_before() {
    let mut store = Store::open(None).unwrap();
    store.add(vec![json!({"id": "a"})], NOW).unwrap();
    assert!(store.edit("a", serde_json::Map::new(), NOW).unwrap());
    let updated = &store.rows().unwrap()[0]["updatedAt"];
    assert_eq!(updated, "2026-11-24T18:55:01.734Z");
}

#[test]
fn takes_all_orders_of_a_call_or_none() {
    let mut store = Store::open(None).unwrap();
    let twice = vec![json!({"id": "a"}), json!({"id": "a"})];
    assert!(matches!(store.add(twice, NOW), Err(StoreError::Taken)));
    let broken = vec![json!({"id": "a"}), json!(12)];
    assert!(matches!(
        store.add(broken, NOW),
        Err(StoreError::NotAnOrder(_))
    ));
    assert!(pending(&mut store).is_empty());
}

#[test]
fn sample_orders_add_up_and_repeat_with_their_seed() {
    let make = |seed| samples::order(&mut StdRng::seed_from_u64(seed), NOW);
    assert_eq!(make(7), make(7));
    for seed in 0..500 {
        let order = make(seed);
        let items = order["orderItems"].as_array().unwrap();
        let sum: f64 = items
            .iter()
            .map(|item| item["finalPrice"].as_f64().unwrap())
            .sum();
        assert_eq!(order["subtotal"].as_f64(), Some(sum), "seed {seed}");
        let brought = order["orderType"] == "DELIVERY";
        let fee = if brought { 25.5 } else { 0.0 };
        assert_eq!(order["total"].as_f64(), Some(sum + fee), "seed {seed}");
        assert_eq!(order["payments"][0]["amount"], order["total"]);
        assert_eq!(order["deliveryInfo"]["street"].is_string(), brought);
        assert_eq!(order["tableId"].is_string(), order["customer"].is_null());
    }
}
