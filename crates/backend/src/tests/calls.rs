//! Calls over HTTP: routes, keys, and what is refused in which words.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{KEY, Polling, call, client, ids_in, options, pull};
use crate::{Backend, Configuration};

async fn post(backend: &Backend, path: &str, body: Value) -> (StatusCode, Value) {
    call(backend, KEY, Method::POST, path, Some(body)).await
}

#[tokio::test]
async fn speaks_the_unified_profile_with_either_header() {
    let backend = Backend::start(options(None)).await.unwrap();
    let ids = backend.make_sample_orders(2).await.unwrap();
    let url = format!("http://{}/api/sync/pull-changes", backend.address());
    for header in ["X-API-Key", "X-Sync-Api-Key"] {
        let empty = json!({"confirmedOrders": [], "confirmedCustomerIds": []});
        let pulled = client().post(&url).header(header, KEY).json(&empty);
        let answer = pulled.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(ids_in(&answer.json().await.unwrap()), ids);
    }
    let confirm = json!({"confirmedOrders": [{"orderId": ids[0], "dailyNumber": 7}]});
    let confirmed = client()
        .post(&url)
        .header("X-Sync-Api-Key", KEY)
        .json(&confirm);
    let page: Value = confirmed.send().await.unwrap().json().await.unwrap();
    assert_eq!(ids_in(&page), [&ids[1]]);
    let answer = client().get(&url).header("X-API-Key", KEY).send().await;
    assert_eq!(answer.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    let wrong = client()
        .post(&url)
        .header("X-API-Key", "otra")
        .json(&json!({}));
    assert_eq!(
        wrong.send().await.unwrap().status(),
        StatusCode::UNAUTHORIZED
    );
    backend.stop().await;
}

#[tokio::test]
async fn an_unknown_id_is_told_and_the_others_are_confirmed() {
    let backend = Backend::start(options(None)).await.unwrap();
    let ids = backend.make_sample_orders(3).await.unwrap();
    pull(&backend).await;
    let call = json!({
        "confirmedOrders": [{"orderId": ids[0]}, {"orderId": "nobody"}, {"orderId": 12}, {"orderId": ids[2]}],
        "confirmedCustomerIds": ["nobody"],
    });
    let (status, page) = post(&backend, "/sync/pull-changes", call).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(ids_in(&page), [&ids[1]]);
    let expected = json!([
        {"orderId": 12, "reason": "not an identifier"},
        {"orderId": "nobody", "reason": "unknown"},
        {"customerId": "nobody", "reason": "unknown"},
    ]);
    assert_eq!(page["not_confirmed"], expected);
    backend.stop().await;
}

#[tokio::test]
async fn imitates_the_deployed_servers_when_told_to() {
    let configuration = Configuration {
        imitate_deployed: true,
        ..options(None).into()
    };
    let backend = Backend::start(configuration).await.unwrap();
    let ids = backend.make_sample_orders(1).await.unwrap();
    pull(&backend).await;
    for unknown in [json!("nobody"), json!(12)] {
        let call = json!({"confirmedOrders": [{"orderId": ids[0]}, {"orderId": unknown}]});
        let (status, answer) = post(&backend, "/sync/pull-changes", call).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(answer["error"]["code"], "SYNC_ERROR");
        assert_eq!(
            answer["error"]["details"]["not_confirmed"][0]["orderId"],
            unknown
        );
        assert_eq!(ids_in(&pull(&backend).await.1), ids);
    }
    backend.stop().await;
}

#[tokio::test]
async fn an_address_with_too_many_wrong_keys_has_to_wait_and_the_right_key_never() {
    let backend = Backend::start(options(None)).await.unwrap();
    let mut last = StatusCode::OK;
    for attempt in 0..40 {
        let url = format!("http://{}/sync/pull-changes", backend.address());
        let wrong = client().get(url).bearer_auth(format!("otra-{attempt}"));
        let answer = wrong.send().await.unwrap();
        last = answer.status();
        if last == StatusCode::TOO_MANY_REQUESTS {
            assert!(attempt >= 20, "after {attempt} wrong keys");
            let wait = answer.headers()["retry-after"].to_str().unwrap();
            assert!((1..=4).contains(&wait.parse().unwrap()), "{wait}");
            break;
        }
        assert_eq!(last, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    let mut wrong = Polling::come(&backend, "otra").await;
    let refusal = "44/sync,{\"message\":\"Too many wrong API keys\"}";
    assert_eq!(wrong.next().await, refusal);
    assert_eq!(pull(&backend).await.0, StatusCode::OK);
    Polling::join(&backend, KEY).await;
    backend.stop().await;
}

#[tokio::test]
async fn says_what_is_wrong_with_an_order_and_where() {
    let backend = Backend::start(options(None)).await.unwrap();
    let wrong = json!([{"id": "a"}, {"id": "b", "total": "gratis", "orderItems": {}}]);
    let (status, answer) = post(&backend, "/orders", wrong).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(answer["error"]["code"], "ORDER_ERROR");
    let faults = answer["error"]["details"]["faults"].as_array().unwrap();
    let places: Vec<&Value> = faults.iter().map(|fault| &fault["at"]).collect();
    assert_eq!(places, ["/1/total", "/1/orderItems"]);
    let (status, answer) = post(&backend, "/orders?sample=1&sample=2", json!({})).await;
    assert_eq!(status, StatusCode::BAD_REQUEST);
    assert_eq!(answer["error"]["code"], "ORDER_ERROR");
    let large = json!({"notes": "x".repeat(110_000)});
    let (status, _) = post(&backend, "/orders", large).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
    let (status, answer) = post(&backend, "/orders", json!([{"id": "a"}, {"id": "a"}])).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(answer["error"]["details"]["id"], "a");
    assert_eq!(ids_in(&pull(&backend).await.1), [""; 0]);
    backend.stop().await;
}

#[tokio::test]
async fn cancels_an_order_once_and_never_a_delivered_one() {
    let backend = Backend::start(options(None)).await.unwrap();
    post(
        &backend,
        "/orders",
        json!([{"id": "a"}, {"id": "b", "orderStatus": "DELIVERED"}]),
    )
    .await;
    pull(&backend).await;
    let confirm = json!({"confirmedOrders": [{"orderId": "a"}, {"orderId": "b"}]});
    post(&backend, "/sync/pull-changes", confirm.clone()).await;
    let cancel = |id: &str| {
        let path = format!("/orders/{id}/cancel");
        let backend = &backend;
        async move { call(backend, KEY, Method::POST, &path, None).await.0 }
    };
    assert_eq!(cancel("a").await, StatusCode::OK);
    let (_, page) = pull(&backend).await;
    assert_eq!(ids_in(&page), ["a"]);
    assert_eq!(page["pending_orders"][0]["orderStatus"], "CANCELLED");
    post(&backend, "/sync/pull-changes", confirm).await;
    assert_eq!(cancel("a").await, StatusCode::OK);
    assert_eq!(ids_in(&pull(&backend).await.1), [""; 0]);
    assert_eq!(cancel("b").await, StatusCode::CONFLICT);
    assert_eq!(cancel("c").await, StatusCode::NOT_FOUND);
    assert_eq!(cancel("%ff").await, StatusCode::NOT_FOUND);
    backend.stop().await;
}

#[tokio::test]
async fn lets_no_other_origin_in() {
    let backend = Backend::start(options(None)).await.unwrap();
    for path in [
        "/sync/pull-changes",
        "/orders",
        "/socket.io/?EIO=4&transport=polling",
    ] {
        for method in [Method::OPTIONS, Method::GET] {
            let url = format!("http://{}{path}", backend.address());
            let asked = client()
                .request(method, url)
                .header("origin", "https://otro.example")
                .header("access-control-request-method", "GET");
            let answer = asked.send().await.unwrap();
            let allowed = answer.headers().get("access-control-allow-origin");
            assert_eq!(allowed, None, "{path}");
        }
    }
    backend.stop().await;
}

#[tokio::test]
async fn counts_for_prometheus_and_names_no_shop_and_no_order() {
    let backend = Backend::start(options(None)).await.unwrap();
    let url = format!("http://{}/metrics", backend.address());
    let refused = client().get(&url).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    let _polling = Polling::join(&backend, KEY).await;
    let ids = backend.make_sample_orders(2).await.unwrap();
    let path = format!("/orders/{}", ids[0]);
    call(
        &backend,
        KEY,
        Method::PATCH,
        &path,
        Some(json!({"notes": "x"})),
    )
    .await;
    call(&backend, "otra", Method::GET, "/sync/pull-changes", None).await;
    pull(&backend).await;
    let answer = client().get(&url).bearer_auth(KEY).send().await.unwrap();
    let kind = answer.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
    let text = answer.text().await.unwrap();
    for line in [
        "campana_orders_total 2",
        "campana_changes_total 1",
        "campana_announcements_total 3",
        "campana_connected_clients 1",
        "campana_pending_orders 2",
        "campana_redis_reached 0",
        "campana_wrong_keys_total{way=\"http\"} 1",
        "campana_http_requests_total{method=\"GET\",route=\"/sync/pull-changes\",status=\"401\"} 1",
        "campana_http_requests_total{method=\"PATCH\",route=\"/orders/{id}\",status=\"200\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("default") && !text.contains(&ids[0]));
    assert!(text.ends_with("# EOF\n"));
    backend.stop().await;
}

#[tokio::test]
async fn tells_who_is_connected_and_notifies_them_as_a_trial() {
    let backend = Backend::start(options(None)).await.unwrap();
    let mut polling = Polling::join(&backend, KEY).await;
    let (_, told) = call(&backend, KEY, Method::GET, "/debug/clients", None).await;
    assert_eq!(told["count"], 1);
    let client = &told["clients"][0];
    assert!(client["id"].is_string() && client["process"].is_string());
    assert!(client["connectedAt"].as_str().unwrap().ends_with('Z'));
    let (status, told) = call(&backend, KEY, Method::POST, "/debug/notify", None).await;
    assert_eq!((status, &told["clients"]), (StatusCode::OK, &json!(1)));
    assert_eq!(polling.next().await, super::HINT);
    polling.leave().await;
    let gone = async {
        while call(&backend, KEY, Method::GET, "/debug/clients", None)
            .await
            .1["count"]
            != 0
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(super::PATIENCE, gone).await.unwrap();
    let (_, health) = call(&backend, "", Method::GET, "/health", None).await;
    let expected = json!({"status": "ok", "database": "ok", "redis": "unused"});
    assert_eq!(health, expected);
    backend.stop().await;
}
