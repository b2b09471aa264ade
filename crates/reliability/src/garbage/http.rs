//! Garbage in the answer to a pull.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::Step;

/// What answers a pull.
#[derive(Debug)]
pub struct HttpGarbage {
    /// What kind of garbage it is.
    pub name: &'static str,
    /// The answer.
    pub steps: Vec<Step>,
    /// What the status must say of it, as `state/cause`.
    pub told: &'static str,
}

const BROKEN: &str = "offline/server_error";
const UNREADABLE: &str = "offline/answer_not_understood";
const TOO_LARGE: &str = "offline/answer_too_large";
const SILENT: &str = "offline/server_unreachable";

const JSON: &str = "Content-Type: application/json\r\n";
const ORDERS: &str = r#"{"pending_orders":[],"updated_customers":[]}"#;

/// Every kind.
pub fn http() -> Vec<HttpGarbage> {
    let mut kinds = broken();
    kinds.push(HttpGarbage {
        name: "a reset in the middle of an answer",
        steps: vec![
            Step::Bytes(
                format!("HTTP/1.1 200 OK\r\n{JSON}Content-Length: 1000\r\n\r\n{{").into_bytes(),
            ),
            Step::Reset,
        ],
        told: BROKEN,
    });
    kinds.extend(unreadable());
    kinds.extend(endless());
    kinds
}

/// A head, and a body with the right length.
fn whole(status: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

fn broken() -> Vec<HttpGarbage> {
    let half = ORDERS.get(..20).unwrap_or_default();
    let chunked = format!("HTTP/1.1 200 OK\r\n{JSON}Transfer-Encoding: chunked\r\n\r\n");
    let many = (0..20_000).fold(String::new(), |text, number| {
        format!("{text}X-{number}: x\r\n")
    });
    let gzip = format!("{JSON}Content-Encoding: gzip\r\n");
    [
        (
            "an answer that breaks off",
            format!("HTTP/1.1 200 OK\r\n{JSON}Content-Length: 1000\r\n\r\n{half}"),
        ),
        (
            "an answer shorter than it says",
            format!("HTTP/1.1 200 OK\r\n{JSON}Content-Length: 45\r\n\r\n{ORDERS}"),
        ),
        (
            "two lengths",
            format!("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 43\r\n\r\n{ORDERS}"),
        ),
        (
            "a length below nothing",
            format!("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{ORDERS}"),
        ),
        (
            "a chunk whose length is none",
            format!("{chunked}zz\r\n{ORDERS}\r\n0\r\n\r\n"),
        ),
        (
            "a chunk beyond all numbers",
            format!("{chunked}FFFFFFFFFFFFFFFFFF\r\n{ORDERS}"),
        ),
        ("chunks without an end", format!("{chunked}5\r\n{{\"pen")),
        (
            "20,000 headers",
            format!("HTTP/1.1 200 OK\r\n{many}\r\n{ORDERS}"),
        ),
        (
            "a header without an end",
            format!("HTTP/1.1 200 OK\r\nX: {}", "x".repeat(2_000_000)),
        ),
        (
            "a status that is no number",
            format!("HTTP/1.1 bien OK\r\n\r\n{ORDERS}"),
        ),
        ("no HTTP at all", "SSH-2.0-OpenSSH_9.2\r\n".to_owned()),
        ("an end without a word", String::new()),
        (
            "compressed bytes that are none",
            whole("200 OK", &gzip, "no es gzip"),
        ),
        ("a status of the server's own", whole("999 Nada", "", "")),
        (
            "a server that wants to speak something else",
            whole(
                "101 Switching Protocols",
                "Upgrade: h2c\r\nConnection: Upgrade\r\n",
                "",
            ),
        ),
    ]
    .map(|(name, answer)| HttpGarbage {
        name,
        steps: vec![Step::Bytes(answer.into_bytes())],
        told: BROKEN,
    })
    .into()
}

fn unreadable() -> Vec<HttpGarbage> {
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let html = "<!doctype html><h1>Inicie sesión en la red</h1>";
    [
        (
            "an HTML page",
            whole("200 OK", "Content-Type: text/html\r\n", html),
        ),
        ("an empty answer", whole("200 OK", JSON, "")),
        (
            "an answer of no content",
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n".to_owned(),
        ),
        ("an object without lists", whole("200 OK", JSON, "{}")),
        (
            "lists that are texts",
            whole("200 OK", JSON, r#"{"pending_orders":"muchos"}"#),
        ),
        ("lists in lists, 200,000 deep", whole("200 OK", JSON, &deep)),
        (
            "JSON that breaks off, whole as HTTP",
            whole("200 OK", JSON, r#"{"pending_orders":[{"id":"a""#),
        ),
        (
            "a body in an unknown coding",
            whole("200 OK", "Content-Encoding: zstd\r\n", "\u{1}\u{2}"),
        ),
    ]
    .map(|(name, answer)| HttpGarbage {
        name,
        steps: vec![Step::Bytes(answer.into_bytes())],
        told: UNREADABLE,
    })
    .into()
}

fn endless() -> Vec<HttpGarbage> {
    let head = format!("HTTP/1.1 200 OK\r\n{JSON}Connection: close\r\n\r\n").into_bytes();
    let blanks = vec![b' '; 64 * 1024];
    let gzip = format!("HTTP/1.1 200 OK\r\n{JSON}Content-Encoding: gzip\r\n\r\n").into_bytes();
    vec![
        HttpGarbage {
            name: "a body without an end",
            steps: vec![
                Step::Bytes(head.clone()),
                Step::Repeat(blanks, 1600),
                Step::Hang,
            ],
            told: TOO_LARGE,
        },
        HttpGarbage {
            name: "a gzip bomb of 10 GiB",
            steps: [vec![Step::Bytes(gzip)], endless_gzip()].concat(),
            told: TOO_LARGE,
        },
        HttpGarbage {
            name: "a promise of a terabyte",
            steps: vec![Step::Bytes(
                b"HTTP/1.1 200 OK\r\nContent-Length: 1099511627776\r\n\r\n".to_vec(),
            )],
            told: TOO_LARGE,
        },
        HttpGarbage {
            name: "interim answers without an end",
            steps: vec![
                Step::Repeat(
                    b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n".repeat(10),
                    20_000,
                ),
                Step::Hang,
            ],
            told: SILENT,
        },
        HttpGarbage {
            name: "a body that drips, a byte each half second",
            steps: vec![
                Step::Bytes(head),
                Step::Drip(vec![b' '; 400], Duration::from_millis(500)),
            ],
            told: SILENT,
        },
        HttpGarbage {
            name: "a head that drips, a byte each half second",
            steps: vec![Step::Drip(
                b"HTTP/1.1 200 OK\r\nX: "
                    .iter()
                    .copied()
                    .chain([b'x'; 400])
                    .collect(),
                Duration::from_millis(500),
            )],
            told: SILENT,
        },
    ]
}

/// 10 GiB of nothing in gzip, 64 MiB at a time: each block stands alone, so one is enough.
pub fn endless_gzip() -> Vec<Step> {
    const BLOCK: usize = 64 * 1024 * 1024;
    const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut block = DeflateEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1024 * 1024];
    for _ in 0..BLOCK / zeros.len() {
        // Into memory, where nothing fails.
        let _ = block.write_all(&zeros);
    }
    // Ends on a byte's border without the mark of the last block.
    let _ = block.flush();
    let block = block.get_ref().clone();
    vec![
        Step::Bytes(HEAD.to_vec()),
        Step::Repeat(block, 160),
        Step::Hang,
    ]
}
