//! Answers that are no page.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::{DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use campana_contract::NotUnderstood;

use super::servers::{answer_raw, serve};
use super::*;

async fn failure_of(
    status: u16,
    headers: Vec<(HeaderName, String)>,
    body: &'static str,
) -> HttpFailure {
    let answer = move || {
        let headers = headers.clone();
        async move {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.insert(name, value.parse().unwrap());
            }
            (StatusCode::from_u16(status).unwrap(), map, body)
        }
    };
    pull(serve(Router::new().fallback(answer)).await)
        .await
        .unwrap_err()
}

async fn plain(status: u16, body: &'static str) -> HttpFailure {
    failure_of(status, Vec::new(), body).await
}

#[tokio::test]
async fn a_refused_key_is_told_from_a_fault_of_the_server() {
    let missing = r#"{"error":{"code":"TECH006","message":"API key required for this operation"}}"#;
    for (status, body, is_missing) in [
        (401, "", false),
        (401, missing, true),
        (403, "<html>", false),
        (500, r#"{"error":{"code":"TECH007","message":"x"}}"#, false),
        (500, r#"{"error":{"message":"Invalid API key"}}"#, false),
        (500, missing, true),
        (
            500,
            r#"{"message":"API key required for this operation"}"#,
            true,
        ),
    ] {
        let expected = HttpFailure::KeyRefused {
            status,
            missing: is_missing,
        };
        assert_eq!(plain(status, body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn any_other_status_carries_reason_and_shape() {
    for (status, body, expected, shape) in [
        (
            500,
            r#"{"error":{"code":"SYNC_ERROR","message":"no"}}"#,
            "Internal Server Error (SYNC_ERROR: no)",
            true,
        ),
        (500, "{}", "Internal Server Error", true),
        (500, "[]", "Internal Server Error", false),
        (502, "<html>Ana, calle 5</html>", "Bad Gateway", false),
        (
            404,
            r#"{"message":"Cannot GET"}"#,
            "Not Found (Cannot GET)",
            true,
        ),
        (400, r#"{"code":"TECH007"}"#, "Bad Request (TECH007)", true),
        (599, "", "no known status", false),
    ] {
        let expected = HttpFailure::Status {
            status,
            reason: expected.into(),
            retry_after: None,
            well_formed: shape,
        };
        assert_eq!(plain(status, body).await, expected, "{body}");
    }
}

#[tokio::test]
async fn the_wait_that_a_server_asks_for_is_read_both_ways() {
    let date = "Tue, 24 Nov 2026 10:00:00 GMT";
    for (value, expected) in [
        ("120", Some(120)),
        ("Tue, 24 Nov 2026 10:01:30 GMT", Some(90)),
        ("Tue, 24 Nov 2026 09:00:00 GMT", Some(0)),
        ("soon", None),
        ("-5", None),
        ("99999999999999999999999", None),
    ] {
        let headers = vec![(RETRY_AFTER, value.to_owned()), (DATE, date.to_owned())];
        let HttpFailure::Status { retry_after, .. } = failure_of(503, headers, "").await else {
            panic!("{value}");
        };
        assert_eq!(retry_after, expected.map(Duration::from_secs), "{value}");
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_key_does_not_get_it_into_words() {
    let body = r#"{"error":{"code":"E\n1","message":"got Bearer llave-muy-secreta-0123456789"}}"#;
    let HttpFailure::Status { reason, .. } = plain(400, body).await else {
        panic!("another failure");
    };
    assert_eq!(reason, "Bad Request (E 1: got Bearer …)");
}

#[tokio::test]
async fn a_long_message_is_cut() {
    let message: &'static str = "ñ".repeat(5_000).leak();
    let body: &'static str = format!(r#"{{"message":"{message}"}}"#).leak();
    let HttpFailure::Status { reason, .. } = plain(400, body).await else {
        panic!("another failure");
    };
    assert_eq!(reason.chars().count(), 200);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&visits);
    let visit = move || {
        counted.fetch_add(1, Ordering::SeqCst);
        async { EMPTY }
    };
    let second = serve(Router::new().fallback(visit)).await;
    for status in [301, 302, 303, 307, 308] {
        let to = format!("{second}/x/{KEY}?key={KEY}#{KEY}");
        let failure = failure_of(status, vec![(LOCATION, to)], "").await;
        // What the status tells of it says where to.
        let words = format!("the server sends elsewhere ({status}): {second}/x/…");
        assert_eq!(failure.to_string(), words);
        let location = Some(format!("{second}/x/…"));
        assert_eq!(failure, HttpFailure::Redirected { status, location });
    }
    assert_eq!(visits.load(Ordering::SeqCst), 0);
    let nowhere = HttpFailure::Redirected {
        status: 304,
        location: None,
    };
    assert_eq!(plain(304, "").await, nowhere);
    // In what is no address of the web, private parts could be anywhere.
    let to = "app: https://user:word@otra.example/".to_owned();
    let failure = failure_of(304, vec![(LOCATION, to)], "").await;
    assert_eq!(failure, nowhere);
}

#[tokio::test]
async fn what_is_no_page_is_not_an_empty_shop() {
    for (body, reason) in [
        ("<!doctype html><title>Hola</title>", NotUnderstood::NotJson),
        ("", NotUnderstood::NotJson),
        (r#"{"pending_orders":[{"id":"a"}"#, NotUnderstood::NotJson),
        (r#"{"message":"ok"}"#, NotUnderstood::NoList),
        ("{}", NotUnderstood::NoList),
    ] {
        assert_eq!(
            plain(200, body).await,
            HttpFailure::NotUnderstood(reason),
            "{body}"
        );
    }
}

#[tokio::test]
async fn a_refusal_counts_though_its_body_never_ends() {
    let raw = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 1000\r\n\r\n{\"err";
    let failure = pull_within(short(), answer_raw(raw, false).await).await;
    let expected = HttpFailure::KeyRefused {
        status: 401,
        missing: false,
    };
    assert_eq!(failure, Err(expected));
}
