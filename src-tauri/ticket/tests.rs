//! Printers that play along or do not.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::io::Read as _;
use std::net::TcpListener;
use std::time::Duration;

use campana_shell::ticket::{Line, PrintFailure, Style, TicketPrinter as _};

use super::{EscPosPrinter, Patience};

fn ticket() -> Vec<Line> {
    let line = |style, text: &str| Line {
        text: text.into(),
        style,
    };
    vec![
        line(Style::Large, "DUPLICADO"),
        line(Style::Bold, "Ramón Íñiguez"),
        line(Style::Plain, "½ Hawaiana"),
    ]
}

fn patient() -> EscPosPrinter {
    EscPosPrinter::new(Patience {
        altogether: Duration::from_secs(60),
        ..Patience::default()
    })
}

#[tokio::test]
async fn a_network_printer_gets_the_whole_ticket() {
    let printer = TcpListener::bind("127.0.0.1:0").unwrap();
    let name = format!("localhost:{}", printer.local_addr().unwrap().port());
    let paper = std::thread::spawn(move || {
        let (mut connection, _) = printer.accept().unwrap();
        let mut bytes = Vec::new();
        connection.read_to_end(&mut bytes).unwrap();
        bytes
    });
    let sent = patient().print(&name, ticket()).await;
    assert_eq!(sent, Ok(()));
    let bytes = paper.join().unwrap();
    let has = |wanted: &[u8]| bytes.windows(wanted.len()).any(|found| found == wanted);
    assert!(has(b"DUPLICADO"));
    assert!(has(b"Ram\xa2n \xd6\xa4iguez"), "accents");
    assert!(has(b"\xab Hawaiana"), "a half");
    assert!(has(&[0x1d, b'V']), "cut at the end");
}

#[tokio::test]
async fn a_printer_that_is_off_got_nothing() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let name = free.local_addr().unwrap().to_string();
    drop(free);
    let sent = patient().print(&name, Vec::new()).await;
    assert!(
        matches!(sent, Err(PrintFailure::Unreachable(_))),
        "{sent:?}"
    );
    let sent = patient().print("/no/such/device", Vec::new()).await;
    assert!(
        matches!(sent, Err(PrintFailure::Unreachable(_))),
        "{sent:?}"
    );
}

#[tokio::test]
async fn a_printer_that_breaks_the_connection_may_have_printed() {
    let printer = TcpListener::bind("127.0.0.1:0").unwrap();
    let name = printer.local_addr().unwrap().to_string();
    let breaking = std::thread::spawn(move || {
        let (mut connection, _) = printer.accept().unwrap();
        // With unread bytes the end of the connection is a reset.
        connection.read_exact(&mut [0; 1]).unwrap();
    });
    // The end may be long in coming on a busy computer; nothing is waited for once it is there.
    let waiting = EscPosPrinter::new(Patience {
        afterwards: Duration::from_secs(30),
        altogether: Duration::from_secs(60),
        ..Patience::default()
    });
    let sent = waiting.print(&name, ticket()).await;
    breaking.join().unwrap();
    assert!(matches!(sent, Err(PrintFailure::Failed(_))), "{sent:?}");
}

#[tokio::test]
async fn a_device_gets_the_ticket_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("lp0");
    std::fs::write(&device, "").unwrap();
    for _ in 0..2 {
        let sent = patient().print(device.to_str().unwrap(), ticket()).await;
        assert_eq!(sent, Ok(()));
    }
    let bytes = std::fs::read(&device).unwrap();
    let cuts = bytes.windows(2).filter(|two| two == &[0x1d, b'V']).count();
    assert_eq!(cuts, 2);
}

#[cfg(unix)]
#[tokio::test]
async fn a_device_that_hangs_delays_nobody_and_prints_nothing_later() {
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("lp0");
    let made = std::process::Command::new("mkfifo").arg(&device).status();
    assert!(made.unwrap().success());
    let name = device.to_str().unwrap();
    let printer = EscPosPrinter::new(Patience {
        altogether: Duration::from_millis(300),
        ..Patience::default()
    });
    for _ in 0..2 {
        let sent = printer.print(name, ticket()).await;
        assert!(
            matches!(sent, Err(PrintFailure::Unreachable(_))),
            "{sent:?}"
        );
    }
    // Now somebody reads what comes out of it: nothing.
    let mut bytes = Vec::new();
    let mut reader = std::fs::File::open(&device).unwrap();
    reader.read_to_end(&mut bytes).unwrap();
    assert!(bytes.is_empty());
}
