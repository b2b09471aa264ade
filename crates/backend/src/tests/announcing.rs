//! What nobody has fetched is announced again.

use std::io::Write as _;
use std::net::TcpStream;

use time::Duration;

use super::{HINT, KEY, NOW, Polling, ids_in, options, pull};
use crate::intake::Change;
use crate::shops::Shops;
use crate::{Backend, intake};

const ORDER: &str = "a";
/// A caller who hung up tries again after this.
const AGAIN: std::time::Duration = std::time::Duration::from_millis(200);

/// Takes an order that was made at [`NOW`].
async fn make_order(shops: &Shops) {
    let order = serde_json::json!({"id": ORDER});
    let orders = intake::new_orders(order, NOW).unwrap();
    let shop = shops.first().unwrap();
    shops.add_orders(&shop, orders, NOW).await.unwrap();
}

/// The minutes after [`NOW`], up to an hour, at which something is announced again.
async fn minutes_of_announcing(backend: &Backend, from: i64, polling: &mut Polling) -> Vec<i64> {
    let mut minutes = Vec::new();
    for minute in from..60 {
        backend.announce_due(NOW + Duration::minutes(minute)).await;
        if polling.heard_until_answer().await == [HINT] {
            minutes.push(minute);
        }
    }
    minutes
}

#[tokio::test]
async fn an_order_that_nobody_heard_is_announced_again_with_growing_pauses_until_it_is_fetched() {
    let backend = Backend::start(options(None)).await.unwrap();
    make_order(&backend.shops).await;
    let mut polling = Polling::join(&backend, KEY).await;
    assert_eq!(polling.heard_until_answer().await, [""; 0]);
    let minutes = minutes_of_announcing(&backend, 0, &mut polling).await;
    assert_eq!(minutes, [1, 3, 6, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55]);
    assert_eq!(ids_in(&pull(&backend).await.1), [ORDER]);
    backend.announce_due(NOW + Duration::hours(9)).await;
    assert_eq!(polling.heard_until_answer().await, [""; 0]);
    backend.stop().await;
}

#[tokio::test]
async fn a_change_that_nobody_fetched_is_announced_again_too() {
    let backend = Backend::start(options(None)).await.unwrap();
    let shops = &backend.shops;
    make_order(shops).await;
    pull(&backend).await;
    let shop = shops.first().unwrap();
    let later = NOW + Duration::minutes(10);
    let change = || shops.change_order(&shop, ORDER.into(), Change::Cancel, later);
    assert!(change().await.unwrap());
    let mut polling = Polling::join(&backend, KEY).await;
    backend.announce_due(later + Duration::seconds(59)).await;
    assert_eq!(polling.heard_until_answer().await, [""; 0]);
    backend.announce_due(later + Duration::seconds(60)).await;
    assert_eq!(polling.heard_until_answer().await, [HINT]);
    backend.stop().await;
}

#[tokio::test]
async fn the_pauses_go_on_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let options = options(Some(folder.path().join("orders.db")));
    let backend = Backend::start(options.clone()).await.unwrap();
    make_order(&backend.shops).await;
    backend.announce_due(NOW + Duration::minutes(1)).await;
    backend.stop().await;
    let backend = Backend::start(options).await.unwrap();
    let mut polling = Polling::join(&backend, KEY).await;
    let minutes = minutes_of_announcing(&backend, 2, &mut polling).await;
    assert_eq!(minutes[..3], [3, 6, 10]);
    backend.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_stored_is_announced_also_when_the_caller_hangs_up() {
    let backend = Backend::start(options(None)).await.unwrap();
    let mut polling = Polling::join(&backend, KEY).await;
    // So many that they are still being stored when the caller is gone.
    let call = format!(
        "POST /orders?sample=1000 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {KEY}\r\ncontent-length: 0\r\n\r\n"
    );
    let is_stored = || async {
        while backend.shops.count_pending().await.unwrap() == 0 {
            tokio::task::yield_now().await;
        }
    };
    let heard = async {
        for attempt in 0_u32.. {
            let mut caller = TcpStream::connect(backend.address()).unwrap();
            caller.write_all(call.as_bytes()).unwrap();
            // One who is gone before the call is looked at has made no order, and stays a little longer next time.
            for _ in 0..attempt * 20 {
                tokio::task::yield_now().await;
            }
            drop(caller);
            if tokio::time::timeout(AGAIN, is_stored()).await.is_ok() {
                break;
            }
        }
        polling.next().await
    };
    let heard = tokio::time::timeout(super::PATIENCE, heard).await;
    assert_eq!(heard.expect("nobody hears of it"), HINT);
    backend.stop().await;
}
