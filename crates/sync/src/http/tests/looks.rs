//! Looking without a key, at servers of every kind.

use std::io::{Read as _, Write as _};

use campana_contract::Timestamp;

use super::servers::{SELF_SIGNED, answer_raw, serve_tls, serve_tls_as, silent};
use super::*;
use crate::certificate_authority::CertificateAuthority;
use crate::http::{Look, LookFailure, TlsProblem};

const LOCALHOST: &str = include_str!("certificates/localhost.pem");
const EXPIRED: &str = include_str!("certificates/expired.pem");
const NOT_YET_VALID: &str = include_str!("certificates/not-yet-valid.pem");
const ELSEWHERE: &str = include_str!("certificates/elsewhere.pem");
/// Its own authority, as `openssl req -x509` makes it.
const HOME_MADE: &str = include_str!("certificates/home-made.pem");

async fn look(url: &str, trusted: Option<&str>) -> Result<Look, LookFailure> {
    look_within(Limits::default(), url, trusted).await
}

async fn look_within(
    limits: Limits,
    url: &str,
    trusted: Option<&str>,
) -> Result<Look, LookFailure> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.pem");
    let authority = trusted.map(|pem| {
        std::fs::write(&file, pem).unwrap();
        CertificateAuthority::in_file(&file)
    });
    let client = HttpClient::new(limits).unwrap();
    client
        .look(&url.parse().unwrap(), None, authority.as_ref())
        .await
}

async fn problem(port: u16, trusted: Option<&str>) -> TlsProblem {
    match look(&format!("https://localhost:{port}/"), trusted).await {
        Err(LookFailure::Tls(problem, words)) => {
            assert!(!words.is_empty());
            problem
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_told_apart() {
    for (pem, trusted, expected) in [
        (LOCALHOST, None, TlsProblem::UnknownAuthority),
        (HOME_MADE, None, TlsProblem::UnknownAuthority),
        (EXPIRED, Some(EXPIRED), TlsProblem::Expired),
        (NOT_YET_VALID, Some(NOT_YET_VALID), TlsProblem::NotYetValid),
        (ELSEWHERE, None, TlsProblem::UnknownAuthority),
        (ELSEWHERE, Some(ELSEWHERE), TlsProblem::WrongName),
    ] {
        assert_eq!(problem(serve_tls_as(pem, "{}"), trusted).await, expected);
    }
}

#[tokio::test]
async fn of_two_things_that_are_wrong_with_a_certificate_one_is_told() {
    for (pem, expected) in [
        (EXPIRED, TlsProblem::Expired),
        (NOT_YET_VALID, TlsProblem::NotYetValid),
    ] {
        let told = problem(serve_tls_as(pem, "{}"), None).await;
        // Only where the system leaves the judgement to others is it known which one it meets first.
        let is_other = !cfg!(target_os = "linux") && told == TlsProblem::UnknownAuthority;
        assert!(told == expected || is_other, "{told:?}");
    }
}

#[tokio::test]
async fn a_trusted_certificate_lets_the_answer_through() {
    let url = format!("https://localhost:{}/", serve_tls("hola"));
    let answer = look(&url, Some(SELF_SIGNED)).await.unwrap();
    assert_eq!((answer.status, &*answer.body), (200, "hola"));
}

/// A server without TLS that answers as soon as it hears anything, as most do; its port.
fn impatient() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let _ = stream.read(&mut [0; 1024]);
        let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    port
}

#[tokio::test]
async fn what_does_not_speak_tls_or_says_nothing_is_no_certificate() {
    assert_eq!(problem(impatient(), None).await, TlsProblem::NotTls);
    let url = format!("https://localhost:{}/", silent().await);
    let looked = look_within(short(), &url, None).await;
    let is_timeout = matches!(&looked, Err(LookFailure::Tls(TlsProblem::TimedOut, _)));
    assert!(is_timeout, "{looked:?}");
}

#[tokio::test]
async fn plain_http_fails_by_its_own_names() {
    let port = silent().await;
    let url = format!("http://127.0.0.1:{port}/");
    let looked = look_within(short(), &url, None).await;
    assert_eq!(looked, Err(LookFailure::TimedOut));
    let half = answer_raw("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf", true).await;
    let failure = look(half.origin().as_str(), None).await.unwrap_err();
    assert!(matches!(failure, LookFailure::BrokenOff(_)), "{failure:?}");
    let nobody = "http://127.0.0.1:1/";
    let failure = look(nobody, None).await.unwrap_err();
    assert!(
        matches!(failure, LookFailure::Unreachable(_)),
        "{failure:?}"
    );
}

#[tokio::test]
async fn a_redirect_is_told_without_what_is_private_and_not_followed() {
    let head =
        "HTTP/1.1 302 Found\r\nLocation: https://ana:x@otra.mx/a?b#c\r\nContent-Length: 0\r\n\r\n";
    let at = answer_raw(head, true).await;
    let answer = look(at.origin().as_str(), None).await.unwrap();
    assert_eq!(answer.status, 302);
    assert_eq!(answer.location.as_deref(), Some("https://otra.mx/a"));
}

#[tokio::test]
async fn of_a_long_body_the_beginning_will_do() {
    let head = "HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 18:00:00 GMT\r\n\r\n";
    let at = answer_raw(format!("{head}{}", "x".repeat(1_000_000)), false).await;
    let answer = look(at.origin().as_str(), None).await.unwrap();
    assert_eq!(answer.body.len(), 64 * 1024);
    assert_eq!(answer.server_time, Some(Timestamp(1_795_543_200_000)));
}
