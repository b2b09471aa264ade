//! Answers that break off, do not come or do not end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::Router;
use axum::body::Body;
use futures_util::stream;
use tokio::net::TcpListener;

use super::servers::{address, answer_raw, gzip_bomb, serve, silent};
use super::*;

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn an_answer_that_announces_too_much_is_not_read() {
    let raw = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", 40 * MIB);
    let failure = pull(answer_raw(raw, false).await).await;
    assert_eq!(failure, Err(HttpFailure::TooLarge));
}

#[tokio::test]
async fn an_answer_without_end_is_cut_off_at_the_limit() {
    let sent = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&sent);
    let answer = move || {
        let counted = Arc::clone(&counted);
        async move {
            Body::from_stream(stream::repeat_with(move || {
                counted.fetch_add(MIB, Ordering::SeqCst);
                Ok::<_, std::io::Error>(vec![b' '; MIB])
            }))
        }
    };
    let failure = pull(serve(Router::new().fallback(answer)).await).await;
    assert_eq!(failure, Err(HttpFailure::TooLarge));
    let sent = sent.load(Ordering::SeqCst);
    // The rest is in the buffers of the sockets.
    assert!((32 * MIB..64 * MIB).contains(&sent), "{sent}");
}

#[tokio::test]
async fn forty_mebibytes_are_too_much_and_as_much_as_the_limit_is_not() {
    let body = |bytes: usize| format!("{}{EMPTY}", " ".repeat(bytes - EMPTY.len()));
    let just = serve(Router::new().fallback(move || async move { body(32 * MIB) })).await;
    assert_eq!(pull(just).await.unwrap().bytes, 32 * MIB);
    let over = serve(Router::new().fallback(move || async move { body(40 * MIB) })).await;
    assert_eq!(pull(over).await, Err(HttpFailure::TooLarge));
}

#[tokio::test]
async fn a_small_file_that_grows_is_measured_by_what_it_becomes() {
    let bomb = gzip_bomb(40 * MIB);
    assert!(bomb.len() < MIB, "{}", bomb.len());
    let mut raw = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n".to_vec();
    raw.extend(bomb);
    assert_eq!(
        pull(answer_raw(raw, false).await).await,
        Err(HttpFailure::TooLarge)
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer() {
    let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let truncated = gzip_bomb(1_000);
    for raw in [
        format!("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{EMPTY}").into_bytes(),
        format!("{chunked}15\r\n{EMPTY}\r\n").into_bytes(),
        format!("{chunked}zz\r\n{EMPTY}\r\n").into_bytes(),
        [
            &b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"[..],
            &truncated,
        ]
        .concat(),
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\nno gzip at all".to_vec(),
        b"HTTP/1.1 200".to_vec(),
        b"SSH-2.0-OpenSSH_9.2\r\n".to_vec(),
        Vec::new(),
    ] {
        let shown = String::from_utf8_lossy(&raw).into_owned();
        let result = pull(answer_raw(raw, true).await).await;
        assert!(
            matches!(result, Err(HttpFailure::BrokenOff(_))),
            "{shown}: {result:?}"
        );
    }
}

#[tokio::test]
async fn a_server_that_takes_too_long_is_given_up() {
    for raw in ["", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{"] {
        let result = pull_within(short(), answer_raw(raw, false).await).await;
        assert_eq!(result, Err(HttpFailure::TimedOut), "{raw}");
    }
}

#[tokio::test]
async fn nobody_there_is_told_from_nobody_answering() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    drop(listener);
    let refused = pull(address(at)).await;
    assert!(
        matches!(refused, Err(HttpFailure::Unreachable(_))),
        "{refused:?}"
    );
    // The handshake is part of connecting.
    let port = silent().await;
    let at = Address::parse(&format!("https://127.0.0.1:{port}")).unwrap();
    let impatient = Limits {
        connect: Duration::from_millis(300),
        ..Limits::default()
    };
    let no_handshake = pull_within(impatient, at).await;
    assert!(
        matches!(no_handshake, Err(HttpFailure::Unreachable(_))),
        "{no_handshake:?}"
    );
    let no_tls = answer_raw("HTTP/1.1 400 Bad Request\r\n\r\n", true).await;
    let at = Address::parse(&no_tls.source().replace("http:", "https:")).unwrap();
    let no_tls = pull(at).await;
    assert!(
        matches!(no_tls, Err(HttpFailure::Unreachable(_))),
        "{no_tls:?}"
    );
}
