//! What is sent, and what is understood.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, Method, Uri};
use axum::routing::any;
use campana_contract::{Confirmation, ConfirmedOrder, Id, OrderNumber, Timestamp};

use super::servers::{SELF_SIGNED, answer_raw, gzip, serve, serve_tls, serve_tls_as};
use super::*;
use crate::certificate_authority::CertificateAuthority;

#[derive(Clone, Debug)]
struct Seen {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: String,
}

async fn seen_for(call: Call) -> Seen {
    seen_spelled(Profile::Guide, call).await
}

async fn seen_spelled(profile: Profile, call: Call) -> Seen {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&seen);
    let take = move |method, uri, headers, body| {
        kept.lock().unwrap().push(Seen {
            method,
            uri,
            headers,
            body,
        });
        async { EMPTY }
    };
    let at = serve(Router::new().fallback(any(take))).await;
    let at = Address::parse(&format!("{at}/tienda/sync")).unwrap();
    let client = HttpClient::new(Limits::default()).unwrap();
    client.exchange(spelled(profile, at, call)).await.unwrap();
    let seen = seen.lock().unwrap();
    assert_eq!(seen.len(), 1);
    seen[0].clone()
}

#[tokio::test]
async fn a_pull_is_the_guides_get() {
    let seen = seen_for(Call::Pull).await;
    assert_eq!(
        (seen.method, seen.uri.path()),
        (Method::GET, "/tienda/sync/pull-changes")
    );
    assert_eq!(seen.body, "");
    assert_eq!(seen.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(seen.headers["content-type"], "application/json");
    assert_eq!(seen.headers["accept"], "application/json");
    let agent = concat!("Campana/", env!("CARGO_PKG_VERSION"));
    assert_eq!(seen.headers["user-agent"], agent);
}

#[tokio::test]
async fn a_confirmation_is_posted_to_the_same_place() {
    let confirmation = Confirmation {
        orders: vec![ConfirmedOrder {
            id: Id::from_token("\"a\"").unwrap(),
            shift_order_number: None,
        }],
        customers: Vec::new(),
    };
    let seen = seen_for(Call::Confirm(confirmation.clone())).await;
    assert_eq!(
        (seen.method, seen.uri.path()),
        (Method::POST, "/tienda/sync/pull-changes")
    );
    assert_eq!(
        seen.body,
        confirmation.to_json(OrderNumber::ShiftOrderNumber)
    );
    assert_eq!(seen.headers["authorization"], format!("Bearer {KEY}"));
    assert_eq!(seen.headers["content-type"], "application/json");
    let empty = seen_for(confirm_nothing()).await;
    assert_eq!(
        empty.body,
        r#"{"confirmedOrders":[],"confirmedCustomerIds":[]}"#
    );
}

#[tokio::test]
async fn the_unified_profiles_post_both_to_one_place_with_the_key_in_a_header_of_their_own() {
    let number = |number| {
        Call::Confirm(Confirmation {
            orders: vec![ConfirmedOrder {
                id: Id::from_token("\"a\"").unwrap(),
                shift_order_number: number,
            }],
            customers: vec![Id::from_token("7").unwrap()],
        })
    };
    for (profile, header, name) in [
        (Profile::Unified, "x-api-key", "shiftOrderNumber"),
        (Profile::UnifiedLegacy, "x-sync-api-key", "dailyNumber"),
    ] {
        let pull = seen_spelled(profile, Call::Pull).await;
        let numbered = seen_spelled(profile, number(Some(12))).await;
        let unnumbered = seen_spelled(profile, number(None)).await;
        assert_eq!(
            pull.body,
            r#"{"confirmedOrders":[],"confirmedCustomerIds":[]}"#
        );
        let order = format!(r#"{{"orderId":"a","{name}":12}}"#);
        assert_eq!(
            numbered.body,
            format!(r#"{{"confirmedOrders":[{order}],"confirmedCustomerIds":[7]}}"#)
        );
        assert_eq!(
            unnumbered.body,
            r#"{"confirmedOrders":[{"orderId":"a"}],"confirmedCustomerIds":[7]}"#
        );
        for seen in [pull, numbered, unnumbered] {
            assert_eq!(
                (seen.method, seen.uri.path()),
                (Method::POST, "/tienda/api/sync/pull-changes")
            );
            assert_eq!(seen.headers[header], KEY);
            assert_eq!(seen.headers["content-type"], "application/json");
            let keys = ["authorization", "x-api-key", "x-sync-api-key"];
            let named = keys.iter().filter(|name| seen.headers.contains_key(**name));
            assert_eq!(named.count(), 1, "the key goes in one header alone");
        }
    }
}

#[tokio::test]
async fn one_broken_order_among_good_ones_costs_only_itself() {
    let body = r#"{"pending_orders":[{"id":"a"},{"id":null},{"id":"b","notes":"\ud83d","total":1e999},5]}"#;
    let head = "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:01:00 GMT\r\nConnection: close\r\n";
    let length = body.len();
    let answer = pull(
        answer_raw(
            format!("{head}Content-Length: {length}\r\n\r\n{body}"),
            true,
        )
        .await,
    )
    .await
    .unwrap();
    let keys: Vec<_> = answer
        .page
        .orders
        .iter()
        .map(|order| order.id.key())
        .collect();
    assert_eq!(keys, ["a", "b"]);
    assert_eq!(answer.page.set_aside.len(), 2);
    assert_eq!(answer.server_time, Some(Timestamp(60_000)));
    assert_eq!(answer.bytes, length);
}

#[tokio::test]
async fn a_compressed_answer_is_read() {
    let file = gzip(EMPTY);
    let head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ";
    let mut response = format!("{head}{}\r\n\r\n", file.len()).into_bytes();
    response.extend(file);
    let answer = pull(answer_raw(response, true).await).await.unwrap();
    assert_eq!(answer.bytes, EMPTY.len());
    assert_eq!(answer.server_time, None);
}

#[tokio::test]
async fn a_large_page_is_read_whole() {
    let orders: Vec<String> = (0..100)
        .map(|id| format!(r#"{{"id":{id},"notes":"{}"}}"#, "x".repeat(10_000)))
        .collect();
    let body = format!(r#"{{"pending_orders":[{}]}}"#, orders.join(","));
    let bytes = body.len();
    let answer = pull(serve(Router::new().fallback(|| async { body })).await)
        .await
        .unwrap();
    assert_eq!((answer.page.orders.len(), answer.bytes), (100, bytes));
    assert!(answer.server_time.is_some());
}

#[tokio::test]
async fn https_wants_a_certificate_that_is_trusted() {
    let port = serve_tls(EMPTY);
    let at = Address::parse(&format!("https://localhost:{port}")).unwrap();
    let failure = pull(at.clone()).await.unwrap_err();
    let HttpFailure::CertificateRefused(words) = failure else {
        panic!("{failure:?}");
    };
    assert!(words.contains("certificate"), "{words}");
}

#[tokio::test]
async fn a_certificate_out_of_date_or_for_another_name_is_refused_whoever_vouches_for_it() {
    let folder = tempfile::tempdir().unwrap();
    for (name, pem, is_good) in [
        (
            "localhost",
            include_str!("certificates/localhost.pem"),
            true,
        ),
        ("expired", include_str!("certificates/expired.pem"), false),
        (
            "not-yet-valid",
            include_str!("certificates/not-yet-valid.pem"),
            false,
        ),
        (
            "elsewhere",
            include_str!("certificates/elsewhere.pem"),
            false,
        ),
    ] {
        let file = folder.path().join(name);
        std::fs::write(&file, pem).unwrap();
        let port = serve_tls_as(pem, EMPTY);
        let at = Address::parse(&format!("https://localhost:{port}")).unwrap();
        let mut asked = request(at, Call::Pull);
        asked.certificate_authority = Some(CertificateAuthority::in_file(&file));
        let client = HttpClient::new(Limits::default()).unwrap();
        match client.exchange(asked).await {
            Ok(_) if is_good => {}
            Err(HttpFailure::CertificateRefused(_)) if !is_good => {}
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn an_own_certificate_authority_is_trusted_from_the_moment_its_file_is_good() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.pem");
    let port = serve_tls(EMPTY);
    let client = HttpClient::new(Limits::default()).unwrap();
    let at = Address::parse(&format!("https://localhost:{port}")).unwrap();
    let pull = || {
        let at = at.clone();
        let mut asked = request(at, Call::Pull);
        asked.certificate_authority = Some(CertificateAuthority::in_file(&file));
        client.exchange(asked)
    };
    for text in [None, Some("no certificate")] {
        if let Some(text) = text {
            std::fs::write(&file, text).unwrap();
        }
        let failure = pull().await.unwrap_err();
        let HttpFailure::CertificateAuthorityUnusable(words) = failure else {
            panic!("{failure:?}");
        };
        assert!(words.contains("own.pem"), "{words}");
    }
    std::fs::write(&file, SELF_SIGNED).unwrap();
    assert_eq!(pull().await.unwrap().bytes, EMPTY.len());
}

#[tokio::test]
async fn a_key_that_no_header_can_carry_is_not_sent() {
    let client = HttpClient::new(Limits::default()).unwrap();
    for profile in Profile::ALL {
        let at = servers::answer_raw("", true).await;
        let mut asked = spelled(profile, at, Call::Pull);
        asked.key = SecretString::from("llave\nrota");
        let failure = client.exchange(asked).await.unwrap_err();
        let words = format!("{failure}{failure:?}");
        assert!(words.contains("nothing was sent"), "{words}");
        assert!(
            !words.contains("llave") && !words.contains("rota"),
            "{words}"
        );
    }
}

#[test]
fn the_key_is_marked_so_that_no_log_of_headers_shows_it() {
    let key = SecretString::from(format!(" {KEY}\n"));
    for profile in Profile::ALL {
        let (_, value) = crate::http::client::key_header(profile, &key).unwrap();
        assert!(value.is_sensitive());
        assert!(!format!("{value:?}").contains(KEY));
        assert!(value.to_str().unwrap().ends_with(KEY));
    }
}
