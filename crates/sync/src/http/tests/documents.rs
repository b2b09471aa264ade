//! Documents from elsewhere: bounded, without a key, and never from https to http.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use futures_util::{StreamExt as _, stream};
use url::Url;

use super::servers::{SELF_SIGNED, answer_raw, serve, serve_tls_as_raw};
use super::*;
use crate::certificate_authority::CertificateAuthority;
use crate::http::document;

async fn fetch(router: Router) -> Result<Option<Vec<u8>>, HttpFailure> {
    let url = Url::parse(&serve(router).await.source()).unwrap();
    let limits = Limits {
        bytes: 4096,
        ..Limits::default()
    };
    document(&url.join("first").unwrap(), limits, None).await
}

fn at(path: &str, status: StatusCode, body: &'static str) -> Router {
    Router::new().route(path, get(move || async move { (status, body) }))
}

#[tokio::test]
async fn a_document_comes_as_it_is_and_no_content_is_nothing() {
    let here = fetch(at("/first", StatusCode::OK, "{}")).await;
    assert_eq!(here, Ok(Some(b"{}".to_vec())));
    let nothing = fetch(at("/first", StatusCode::NO_CONTENT, "")).await;
    assert_eq!(nothing, Ok(None));
    let gone = fetch(at("/elsewhere", StatusCode::OK, "{}")).await;
    assert!(matches!(gone, Err(HttpFailure::Status { status: 404, .. })));
}

#[tokio::test]
async fn nothing_that_could_name_a_shop_is_sent() {
    let router = Router::new().route(
        "/first",
        get(|headers: HeaderMap| async move {
            let names: Vec<String> = headers.keys().map(ToString::to_string).collect();
            names.join(" ")
        }),
    );
    let names = String::from_utf8(fetch(router).await.unwrap().unwrap()).unwrap();
    let mut names: Vec<&str> = names.split(' ').collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "host", "user-agent"]);
}

#[tokio::test]
async fn what_never_ends_is_given_up() {
    let endless = get(|| async {
        let chunk = Bytes::from_static(&[b' '; 1024]);
        Body::from_stream(stream::repeat(chunk).map(Ok::<_, std::convert::Infallible>))
            .into_response()
    });
    let endless = fetch(Router::new().route("/first", endless)).await;
    assert_eq!(endless, Err(HttpFailure::TooLarge));
    let circle = get(|| async { Redirect::to("/first") });
    let circle = fetch(Router::new().route("/first", circle)).await;
    assert!(circle.is_err());
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{";
    let url = Url::parse(&answer_raw(head, false).await.source()).unwrap();
    let stands = document(&url, short(), None).await;
    assert_eq!(stands, Err(HttpFailure::TimedOut));
}

#[tokio::test]
async fn redirects_are_followed_but_never_from_https_to_http() {
    let router = at("/second", StatusCode::OK, "{}")
        .route("/first", get(|| async { Redirect::temporary("/second") }));
    assert_eq!(fetch(router).await, Ok(Some(b"{}".to_vec())));

    let plain = serve(at("/", StatusCode::OK, "{}")).await.source();
    let to = |location: &str| {
        format!(
            "HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.pem");
    std::fs::write(&file, SELF_SIGNED).unwrap();
    let authority = CertificateAuthority::in_file(&file);
    let good = serve_tls_as_raw(
        SELF_SIGNED,
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}".into(),
    );
    for (location, expected) in [(format!("https://localhost:{good}/"), true), (plain, false)] {
        let port = serve_tls_as_raw(SELF_SIGNED, to(&location));
        let url = Url::parse(&format!("https://localhost:{port}/")).unwrap();
        let came = document(&url, Limits::default(), Some(&authority)).await;
        if expected {
            assert_eq!(came, Ok(Some(b"{}".to_vec())));
        } else {
            assert!(
                matches!(came, Err(HttpFailure::Redirected { .. })),
                "{came:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_trusts_is_refused() {
    let port = super::servers::serve_tls("{}");
    let url = Url::parse(&format!("https://localhost:{port}/")).unwrap();
    let came = document(&url, Limits::default(), None).await;
    assert!(matches!(came, Err(HttpFailure::CertificateRefused(_))));
}
