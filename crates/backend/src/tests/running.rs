//! Starting, stopping, and what a client sees of it.

use std::path::PathBuf;

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{HINT, KEY, OTHER_KEY, Polling, call, ids_in, options, pull, two_shops};
use crate::{Backend, Configuration, Database, Keys, Options, RedisPlace, StartError};

#[tokio::test]
async fn serves_what_it_made_and_keeps_it_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(Some(folder.path().join("orders.db")));
    let backend = Backend::start(options.clone()).await.unwrap();
    let ids = backend.make_sample_orders(2).await.unwrap();
    let (status, page) = pull(&backend).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(ids_in(&page), ids);
    backend.stop().await;
    let backend = Backend::start(options).await.unwrap();
    assert_eq!(pull(&backend).await.1, page);
    backend.stop().await;
}

#[tokio::test]
async fn takes_over_a_file_of_the_form_with_one_shop() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let old = rusqlite::Connection::open(&file).unwrap();
    old.execute_batch(
        "CREATE TABLE orders (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL,
             pending INTEGER NOT NULL DEFAULT 1, version INTEGER NOT NULL DEFAULT 1, handed_out INTEGER) STRICT;
         CREATE TABLE customers (sequence INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
             body TEXT NOT NULL, pending INTEGER NOT NULL DEFAULT 1, version INTEGER NOT NULL DEFAULT 1,
             handed_out INTEGER) STRICT;
         INSERT INTO orders (id, body, pending) VALUES ('a', '{\"id\":\"a\"}', 0), ('b', '{\"id\":\"b\"}', 1);",
    )
    .unwrap();
    drop(old);
    let backend = Backend::start(options(Some(file))).await.unwrap();
    let mut polling = Polling::join(&backend, KEY).await;
    backend.announce_due(super::NOW).await;
    assert_eq!(polling.next().await, HINT);
    assert_eq!(ids_in(&pull(&backend).await.1), ["b"]);
    backend.stop().await;
}

#[tokio::test]
async fn sends_the_announcement_without_any_argument() {
    let backend = Backend::start(options(None)).await.unwrap();
    let mut polling = Polling::join(&backend, KEY).await;
    backend.make_sample_orders(1).await.unwrap();
    assert_eq!(polling.next().await, HINT);
    backend.stop().await;
}

#[tokio::test]
async fn fails_authentication_when_the_orders_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("orders.db");
    let backend = Backend::start(options(Some(file.clone()))).await.unwrap();
    let other = rusqlite::Connection::open(file).unwrap();
    other.execute_batch("DROP TABLE orders").unwrap();
    let mut polling = Polling::come(&backend, KEY).await;
    let refusal = "44/sync,{\"message\":\"Authentication failed\"}";
    assert_eq!(polling.next().await, refusal);
    let mut wrong = Polling::come(&backend, "otra").await;
    let refusal = "44/sync,{\"message\":\"Invalid API key\"}";
    assert_eq!(wrong.next().await, refusal);
    assert_eq!(pull(&backend).await.0, StatusCode::INTERNAL_SERVER_ERROR);
    let (status, health) = call(&backend, "", Method::GET, "/health", None).await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(health["database"], "failed");
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
    let nowhere = Configuration {
        redis: Some(RedisPlace {
            host: "127.0.0.1".into(),
            port: 1,
            password: None,
        }),
        ..options(None).into()
    };
    let error = Backend::start(nowhere).await.unwrap_err();
    assert!(matches!(error, StartError::Redis(_)), "{error}");
    let nobody = Configuration {
        keys: Keys::default(),
        ..options(None).into()
    };
    let error = Backend::start(nobody).await.unwrap_err();
    assert!(matches!(error, StartError::NoKey));
    backend.stop().await;
}

#[tokio::test]
async fn does_not_touch_a_file_of_a_newer_form() {
    let folder = tempfile::tempdir().unwrap();
    let file: PathBuf = folder.path().join("orders.db");
    let newer = rusqlite::Connection::open(&file).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let configuration = Configuration {
        database: Database::File(file),
        ..options(None).into()
    };
    let error = Backend::start(configuration).await.unwrap_err();
    assert!(error.to_string().contains("newer form (99)"), "{error}");
}

#[tokio::test]
async fn a_shop_neither_sees_nor_hears_another() {
    let backend = Backend::start(two_shops()).await.unwrap();
    let mut centro = Polling::join(&backend, KEY).await;
    let mut norte = Polling::join(&backend, OTHER_KEY).await;
    let order = json!({"id": "a", "customer": {"id": "c"}});
    let made = call(&backend, KEY, Method::POST, "/orders", Some(order.clone())).await;
    assert_eq!(made.0, StatusCode::CREATED);
    assert_eq!(centro.next().await, HINT);
    assert_eq!(norte.heard_until_answer().await, [""; 0]);
    let page = |key| call(&backend, key, Method::GET, "/sync/pull-changes", None);
    assert_eq!(ids_in(&page(KEY).await.1), ["a"]);
    assert_eq!(page(OTHER_KEY).await.1["updated_customers"], json!([]));
    assert_eq!(ids_in(&page(OTHER_KEY).await.1), [""; 0]);
    let confirm = json!({"confirmedOrders": [{"orderId": "a"}]});
    let path = "/sync/pull-changes";
    let (_, answer) = call(&backend, OTHER_KEY, Method::POST, path, Some(confirm)).await;
    assert_eq!(answer["not_confirmed"][0]["orderId"], "a");
    assert_eq!(ids_in(&page(KEY).await.1), ["a"]);
    let (status, _) = call(&backend, OTHER_KEY, Method::POST, "/orders/a/cancel", None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    // The same id in another shop is another order.
    let made = call(&backend, OTHER_KEY, Method::POST, "/orders", Some(order)).await;
    assert_eq!(made.0, StatusCode::CREATED);
    let (_, clients) = call(&backend, KEY, Method::GET, "/debug/clients", None).await;
    assert_eq!(clients["count"], 1);
    assert_eq!(clients["clients"][0]["shop"], "centro");
    backend.stop().await;
}
