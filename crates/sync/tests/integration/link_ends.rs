//! Every way in which a connection ends, against real servers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use campana_sync::link::{Closed, LinkEvent, Timeouts, Transport};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::support::{CARRIERS, Ear, KEY, Node, SHORT, is_lost, is_unreachable, open, until};

#[tokio::test]
async fn being_thrown_out_of_the_namespace_is_noticed() {
    let server = Node::backend(&[]).await;
    for carrier in CARRIERS {
        let mut ear = open(&server.url, carrier).joined().await;
        server.control("kick", json!({})).await;
        assert_eq!(
            ear.end().await,
            LinkEvent::Closed(Closed::Kicked),
            "{carrier:?}"
        );
    }
}

#[tokio::test]
async fn a_killed_server_is_noticed_within_seconds() {
    for carrier in CARRIERS {
        let mut server = Node::backend(&[]).await;
        let mut ear = open(&server.url, carrier).joined().await;
        let start = Instant::now();
        server.kill().await;
        let end = ear.end().await;
        assert!(is_lost(&end), "{end:?} by {carrier:?}");
        assert!(start.elapsed() < Duration::from_secs(5), "{carrier:?}");
    }
}

#[tokio::test]
async fn a_server_that_says_goodbye_is_noticed_within_seconds() {
    for carrier in CARRIERS {
        let server = Node::backend(&[]).await;
        let mut ear = open(&server.url, carrier).joined().await;
        let start = Instant::now();
        server.signal("TERM").await;
        let end = ear.end().await;
        assert!(is_lost(&end), "{end:?} by {carrier:?}");
        assert!(start.elapsed() < Duration::from_secs(5), "{carrier:?}");
    }
}

#[tokio::test]
async fn a_carrier_closed_by_the_server_is_noticed() {
    let server = Node::script(
        r#"io.of("/sync").on("connection", (socket) => socket.on("sync:orders", () => socket.conn.close()));"#,
    )
    .await;
    for carrier in CARRIERS {
        let mut ear = open(&server.url, carrier).joined().await;
        ear.link.ask();
        let start = Instant::now();
        let end = ear.end().await;
        assert!(is_lost(&end), "{end:?} by {carrier:?}");
        assert!(start.elapsed() < Duration::from_secs(5), "{carrier:?}");
    }
}

#[tokio::test]
async fn a_panic_inside_the_library_is_an_end() {
    // An event that announces an attachment which never comes makes the library's task panic.
    let server = Node::script(
        r#"io.of("/sync").on("connection", (socket) => socket.on("sync:orders", () => {
            socket.conn.write('51-/sync,["x",{"_placeholder":true,"num":0}]');
            socket.conn.close();
        }));"#,
    )
    .await;
    let mut ear = open(&server.url, Transport::WebSocket).joined().await;
    ear.link.ask();
    let wordless = "the connection ended without a word".to_owned();
    assert_eq!(ear.end().await, LinkEvent::Closed(Closed::Lost(wordless)));
}

#[tokio::test]
async fn nonsense_on_the_wire_is_an_end() {
    let server = Node::script(
        r#"io.of("/sync").on("connection", (socket) => socket.on("sync:orders", () => socket.conn.write("9{]")));"#,
    )
    .await;
    for carrier in CARRIERS {
        let mut ear = open(&server.url, carrier).joined().await;
        ear.link.ask();
        let end = ear.end().await;
        assert!(is_lost(&end), "{end:?} by {carrier:?}");
    }
}

#[tokio::test]
async fn a_peer_that_went_silent_is_noticed_by_its_missing_ping() {
    for carrier in CARRIERS {
        let server = Node::backend(&["--ping-interval", "300", "--ping-timeout", "300"]).await;
        let mut ear = open(&server.url, carrier).joined().await;
        server.signal("STOP").await;
        let end = ear.end().await;
        assert!(is_lost(&end), "{end:?} by {carrier:?}");
    }
}

#[tokio::test]
async fn a_question_that_cannot_be_sent_is_an_end() {
    let server = Node::backend(&[]).await;
    let timeouts = Timeouts {
        emit: SHORT.emit,
        ..Timeouts::default()
    };
    let ear = Ear::open(&server.url, KEY, Transport::Polling, timeouts, 64);
    let mut ear = ear.joined().await;
    server.signal("STOP").await;
    ear.link.ask();
    let end = ear.end().await;
    assert!(is_lost(&end), "{end:?}");
}

/// A server that opens a session by long-polling if `opens`, and redirects everything else.
async fn redirecting(to: &str, opens: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let redirect = format!(
        "HTTP/1.1 307 Temporary Redirect\r\nLocation: {to}/socket.io/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    let opening = r#"0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#;
    let opening = format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{opening}",
        opening.len()
    );
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).await.unwrap();
            let request = String::from_utf8_lossy(&request[..read]).into_owned();
            let is_opening = request.starts_with("GET") && !request.contains("sid=");
            let answer = if opens && is_opening {
                &opening
            } else {
                &redirect
            };
            // The client may be gone already.
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    url
}

#[tokio::test]
async fn a_redirect_is_an_end_and_nothing_goes_to_where_it_leads() {
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = format!("http://{}", elsewhere.local_addr().unwrap());
    for (carrier, opens) in [
        (Transport::WebSocket, false),
        (Transport::Polling, false),
        (Transport::Polling, true),
    ] {
        let url = redirecting(&to, opens).await;
        let end = open(&url, carrier).end().await;
        if opens {
            assert!(is_lost(&end), "{end:?}");
        } else {
            assert!(is_unreachable(&end), "{end:?} by {carrier:?}");
        }
    }
    // It does not wait: whoever had come would stand in the queue.
    let reached = elsewhere.into_std().unwrap().accept();
    assert!(
        matches!(&reached, Err(error) if error.kind() == ErrorKind::WouldBlock),
        "{reached:?}"
    );
}

#[tokio::test]
async fn a_silent_peer_does_not_hold_up_the_connecting() {
    // The kernel accepts; nobody reads.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    for carrier in CARRIERS {
        let mut ear = Ear::open(&url, KEY, carrier, SHORT, 64);
        assert_eq!(
            ear.end().await,
            LinkEvent::Closed(Closed::ConnectTimedOut),
            "{carrier:?}"
        );
    }
}

#[tokio::test]
async fn a_namespace_that_never_answers_does_not_hold_up_the_joining() {
    let server = Node::script(r#"io.of("/sync").use(() => {});"#).await;
    for carrier in CARRIERS {
        // Generous for connecting, so that a busy machine does not turn one into the other.
        let timeouts = Timeouts {
            connect: Duration::from_secs(10),
            ..SHORT
        };
        let mut ear = Ear::open(&server.url, KEY, carrier, timeouts, 64);
        assert_eq!(
            ear.end().await,
            LinkEvent::Closed(Closed::JoinTimedOut),
            "{carrier:?}"
        );
    }
}

#[tokio::test]
async fn nobody_at_the_address_is_unreachable() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for carrier in CARRIERS {
        let end = open(&url, carrier).end().await;
        assert!(is_unreachable(&end), "{end:?} by {carrier:?}");
        assert!(!format!("{end:?}").contains(KEY));
    }
}

#[tokio::test]
async fn the_end_is_told_even_if_the_channel_is_full() {
    let mut server = Node::backend(&[]).await;
    let mut ear = Ear::open(
        &server.url,
        KEY,
        Transport::WebSocket,
        Timeouts::default(),
        1,
    );
    until("joined", async || !ear.events.is_empty()).await;
    server.control("hints", json!({"count": 5})).await;
    server.kill().await;
    until("a pause, in which the link ends", async || {
        tokio::net::TcpStream::connect(server.url.trim_start_matches("http://"))
            .await
            .is_err()
    })
    .await;
    assert_eq!(ear.next().await, LinkEvent::Joined);
    assert_eq!(ear.next().await, LinkEvent::Changes);
    let end = ear.end().await;
    assert!(is_lost(&end), "{end:?}");
}

#[tokio::test]
async fn a_dropped_link_leaves_the_server_at_once_and_says_no_more() {
    let server = Node::backend(&[]).await;
    for carrier in CARRIERS {
        let Ear { link, mut events } = open(&server.url, carrier).joined().await;
        drop(link);
        assert_eq!(events.recv().await, None, "{carrier:?}");
        until("the server has no client", async || {
            server.state().await["connectedClients"] == json!([])
        })
        .await;
    }
}

#[tokio::test]
async fn a_link_to_which_nobody_listens_closes() {
    let server = Node::backend(&[]).await;
    let Ear { link, events } = open(&server.url, Transport::WebSocket).joined().await;
    drop(events);
    until("the server has no client", async || {
        server.state().await["connectedClients"] == json!([])
    })
    .await;
    link.ask();
}
