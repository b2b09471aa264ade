#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod announcing;
mod calls;
mod description;
mod running;
mod samples;
mod several;
mod store;

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use reqwest::{Client, Method, StatusCode};
use secrecy::SecretString;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::datetime;

use crate::{Backend, Configuration, Keys, Options};

const KEY: &str = "clave-de-prueba";
const OTHER_KEY: &str = "clave-de-la-otra-tienda";
/// Later than any real moment: what a running backend looks for by itself is never due before a test says so.
const NOW: OffsetDateTime = datetime!(2100-11-24 18:55:01.733 UTC);
const PATIENCE: Duration = Duration::from_secs(20);

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
        // Nothing here is encrypted: the system's certificates need not be read for each.
        .tls_certs_only([])
        .timeout(PATIENCE)
        .build()
        .unwrap()
}

/// Two shops, `centro` with [`KEY`] and `norte` with [`OTHER_KEY`].
fn two_shops() -> Configuration {
    let keys = format!("centro:{KEY},norte:{OTHER_KEY}");
    Configuration {
        keys: Keys::default()
            .with_named(&SecretString::from(keys))
            .unwrap(),
        ..options(None).into()
    }
}

/// A call with a key and a JSON body; the status and body of the answer, null if that is no JSON.
async fn call(
    backend: &Backend,
    key: &str,
    method: Method,
    path: &str,
    body: Option<Value>,
) -> (StatusCode, Value) {
    let url = format!("http://{}{path}", backend.address());
    let mut request = client().request(method, url).bearer_auth(key);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap_or_default())
}

async fn pull(backend: &Backend) -> (StatusCode, Value) {
    call(backend, KEY, Method::GET, "/sync/pull-changes", None).await
}

/// Ids of the pending orders of a page.
fn ids_in(page: &Value) -> Vec<&str> {
    let orders = page["pending_orders"].as_array().unwrap();
    orders
        .iter()
        .map(|order| order["id"].as_str().unwrap())
        .collect()
}

/// A client of the socket by long-polling, bare enough to see the packets as they are.
struct Polling {
    client: Client,
    url: String,
    packets: VecDeque<String>,
}

impl Polling {
    /// Comes with a key; what the namespace says to it is the first packet.
    async fn come(backend: &Backend, key: &str) -> Self {
        let client = client();
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

    /// A client that joined.
    async fn join(backend: &Backend, key: &str) -> Self {
        let mut polling = Self::come(backend, key).await;
        let answer = polling.next().await;
        assert!(answer.starts_with("40/sync,{\"sid\":"), "{answer}");
        polling
    }

    /// Leaves the namespace.
    async fn leave(self) {
        let farewell = self.client.post(&self.url).body("41/sync,");
        farewell.send().await.unwrap();
    }

    /// Asks for the rows, and what came before the answer to that.
    async fn heard_until_answer(&mut self) -> Vec<String> {
        let question = "42/sync,[\"sync:orders\"]";
        self.client
            .post(&self.url)
            .body(question)
            .send()
            .await
            .unwrap();
        let mut heard = Vec::new();
        loop {
            let packet = self.next().await;
            if packet.starts_with("42/sync,[\"orders:pending\"") {
                return heard;
            }
            heard.push(packet);
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

/// What a client hears of something new.
const HINT: &str = "42/sync,[\"changes:pending\"]";
