//! Garbage at the Engine.IO layer: the carrier, its handshake, its packets.

use super::{OPENING, Polling, SocketGarbage, Step, bytes, frame, text};

/// The head that accepts WebSocket, all but its end.
const ACCEPTED: &str =
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";

/// Every kind.
pub fn engine_io() -> Vec<SocketGarbage> {
    let mut kinds = Vec::new();
    kinds.extend(refusals());
    kinds.extend(openings());
    kinds.extend(packets());
    kinds.extend(frames());
    kinds
}

fn by_web_socket(name: &'static str, steps: Vec<Step>) -> SocketGarbage {
    SocketGarbage {
        name,
        instead_of_upgrade: None,
        steps,
        polling: None,
        looks_alive: false,
    }
}

/// What answers the wish for a WebSocket.
fn refusals() -> Vec<SocketGarbage> {
    let html = "<!doctype html><h1>Inicie sesión en la red</h1>";
    let page = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n{html}",
        html.len()
    );
    [
        ("an HTML page instead of WebSocket", page),
        (
            "WebSocket accepted with the wrong proof",
            format!("{ACCEPTED}Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n"),
        ),
        (
            "WebSocket accepted without any header",
            "HTTP/1.1 101 Switching Protocols\r\n\r\n".to_owned(),
        ),
        (
            "WebSocket accepted with an extension that nobody asked for",
            format!(
                "{ACCEPTED}Sec-WebSocket-Accept: {{accept}}\r\nSec-WebSocket-Extensions: permessage-deflate\r\n\r\n\u{1}\u{2}\u{3}"
            ),
        ),
        ("no HTTP at all", "SSH-2.0-OpenSSH_9.2\r\n".to_owned()),
    ]
    .map(|(name, head)| SocketGarbage {
        instead_of_upgrade: Some(head),
        polling: Some(Polling {
            opening: html.as_bytes().to_vec(),
            ..Polling::default()
        }),
        ..by_web_socket(name, vec![Step::Hang])
    })
    .into()
}

/// Opening packets.
fn openings() -> Vec<SocketGarbage> {
    [
        ("silence instead of the opening packet", String::new()),
        ("an opening packet that breaks off", r#"0{"sid":"s","upg"#.into()),
        ("an opening packet with nothing in it", "0{}".into()),
        ("an opening packet that is a list", "0[1,2,3]".into()),
        (
            "an opening packet with numbers as texts",
            r#"0{"sid":"s","upgrades":[],"pingInterval":"25000","pingTimeout":"20000"}"#.into(),
        ),
        (
            "a negative heartbeat",
            r#"0{"sid":"s","upgrades":[],"pingInterval":-1,"pingTimeout":-1}"#.into(),
        ),
        (
            "a heartbeat beyond all numbers",
            r#"0{"sid":"s","upgrades":[],"pingInterval":18446744073709551615,"pingTimeout":18446744073709551615}"#.into(),
        ),
        (
            "a heartbeat of nothing",
            r#"0{"sid":"s","upgrades":[],"pingInterval":0,"pingTimeout":0}"#.into(),
        ),
        (
            "a session's name of a megabyte",
            format!(
                r#"0{{"sid":"{}","upgrades":[],"pingInterval":25000,"pingTimeout":20000}}"#,
                "s".repeat(1_000_000)
            ),
        ),
        (
            "a session's name with a line break and another request in it",
            r#"0{"sid":"s\r\nHost: otra.example\r\n\r\nGET / HTTP/1.1","upgrades":[],"pingInterval":25000,"pingTimeout":20000}"#.into(),
        ),
        ("a message before the opening packet", "4hola".into()),
        ("an unknown packet before the opening packet", "9".into()),
    ]
    .map(|(name, opening)| {
        let steps = if opening.is_empty() {
            vec![Step::Hang]
        } else {
            bytes(&[text(&opening)])
        };
        let polling = Polling {
            opening: opening.into_bytes(),
            ..Polling::default()
        };
        SocketGarbage {
            polling: Some(polling),
            ..by_web_socket(name, steps)
        }
    })
    .into()
}

/// Packets after a good opening packet.
fn packets() -> Vec<SocketGarbage> {
    [
        (
            "a second opening packet with another session",
            r#"0{"sid":"otra","upgrades":["websocket"],"pingInterval":1,"pingTimeout":1}"#
                .to_owned(),
        ),
        ("the packet that closes", "1".into()),
        ("a pong that nobody asked for", "3probe".into()),
        ("an upgrade that nobody asked for", "5".into()),
        ("a packet of a type that does not exist", "7{}".into()),
        ("a packet whose type is no digit", "é".into()),
        ("an empty packet", "\u{1e}\u{1e}".into()),
        ("binary that is no base64", "b*** no base64 ***".into()),
        ("a message of nothing", "4".into()),
    ]
    .map(|(name, packet)| SocketGarbage {
        polling: Some(Polling {
            opening: OPENING.into(),
            bodies: vec![packet.clone().into_bytes()],
            ..Polling::default()
        }),
        ..by_web_socket(name, bytes(&[text(OPENING), text(&packet)]))
    })
    .into()
}

/// Frames of the WebSocket, after a good opening packet.
fn frames() -> Vec<SocketGarbage> {
    let announced = |length: u64| {
        let mut head = vec![0x81, 127];
        head.extend(length.to_be_bytes());
        head
    };
    let masked = vec![0x81, 0x81, 1, 2, 3, 4, b'2' ^ 1];
    [
        ("text that is no UTF-8", frame(0x81, b"4\xff\xfe\xc0")),
        ("an empty frame", frame(0x81, b"")),
        ("a masked frame", masked),
        ("a frame of a reserved kind", frame(0x83, b"2")),
        ("a frame with reserved flags", frame(0xf1, b"2")),
        ("a ping in fragments", frame(0x09, b"x")),
        (
            "a ping longer than a ping may be",
            frame(0x89, &[b'x'; 400]),
        ),
        ("a fragment of nothing", frame(0x80, b"x")),
        ("a close without sense", frame(0x88, &[0, 1, 0xff])),
        (
            "an HTTP answer in the stream",
            b"HTTP/1.1 502 Bad Gateway\r\n\r\n".to_vec(),
        ),
        ("a length beyond all numbers", announced(u64::MAX)),
        ("a length with its highest bit set", announced(1 << 63)),
    ]
    .into_iter()
    .map(|(name, raw)| by_web_socket(name, bytes(&[text(OPENING), raw])))
    .chain([
        by_web_socket(
            "half a frame, and then silence",
            bytes(&[text(OPENING), announced(1000), b"4".to_vec()]),
        ),
        by_web_socket(
            "half a frame, and then a reset",
            vec![
                Step::Bytes([text(OPENING), announced(1000), b"4".to_vec()].concat()),
                Step::Reset,
            ],
        ),
        by_web_socket(
            "fragments without end",
            vec![
                Step::Bytes([text(OPENING), frame(0x01, b"4")].concat()),
                Step::Repeat(frame(0x00, &[b'x'; 60_000]), 5_000),
                Step::Hang,
            ],
        ),
        by_web_socket(
            "a flood of pings",
            vec![
                Step::Bytes(text(OPENING)),
                Step::Repeat(text("2").repeat(100), 500),
                Step::Hang,
            ],
        ),
        by_web_socket(
            "a flood of the WebSocket's own pings",
            vec![
                Step::Bytes(text(OPENING)),
                Step::Repeat(frame(0x89, b"x").repeat(100), 500),
                Step::Hang,
            ],
        ),
        by_web_socket(
            "a flood of packets that mean nothing",
            vec![
                Step::Bytes(text(OPENING)),
                Step::Repeat(text("6").repeat(100), 500),
                Step::Hang,
            ],
        ),
    ])
    .collect()
}
