//! What a hundred connections leave behind: nothing. Alone in its program, because it counts the
//! threads and the open files of the process.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

#[path = "integration/support/mod.rs"]
mod support;

use campana_sync::link::{Timeouts, Transport};

use support::{CARRIERS, Ear, Node, open, until};

fn count(folder: &str) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}

#[tokio::test]
async fn a_hundred_connections_leave_no_thread_and_no_socket() {
    let server = Node::backend(&[]).await;
    for carrier in CARRIERS {
        drop(open(&server.url, carrier).joined().await);
    }
    let links_left = || {
        std::fs::read_dir("/proc/self/task")
            .unwrap()
            .filter_map(|task| std::fs::read_to_string(task.unwrap().path().join("comm")).ok())
            .filter(|name| name.trim_end() == "campana-link")
            .count()
    };
    until("the first ones are gone", async || links_left() == 0).await;
    let (threads, files) = (count("/proc/self/task"), count("/proc/self/fd"));

    for round in 0..100 {
        let carrier = CARRIERS[round % 2];
        match round % 4 {
            // Dropped while it connects.
            0 | 1 if round % 8 < 4 => drop(open(&server.url, carrier)),
            // Refused, and kept until its end.
            2 if round % 8 < 4 => {
                Ear::open(
                    &server.url,
                    "otra",
                    Transport::WebSocket,
                    Timeouts::default(),
                    8,
                )
                .end()
                .await;
            }
            _ => drop(open(&server.url, carrier).joined().await),
        }
    }

    until("no thread is left", async || {
        links_left() == 0 && count("/proc/self/task") <= threads
    })
    .await;
    until("no file is left open", async || {
        count("/proc/self/fd") <= files
    })
    .await;
}
