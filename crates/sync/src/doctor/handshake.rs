//! Engine.IO's handshake, read from what a server answers to its first request by long-polling.

use serde_json::Value;
use url::Url;

use super::Code;
use crate::address::Address;
use crate::http::{Look, LookFailure};

/// Where Socket.IO answers, whatever the address's prefix.
const PATH: &str = "/socket.io/";
/// Version 4 of the protocol, by the one carrier that needs nothing but a request.
const QUERY: &str = "EIO=4&transport=polling";

/// What an answer to the handshake shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Handshake {
    /// Socket.IO of the right version answers; with the session that was begun, if one was.
    Answers(Option<String>),
    /// Something else does, or nothing; and technical words.
    Not(Code, Option<String>),
}

/// The first request.
pub(super) fn url(address: &Address) -> Url {
    let mut url = address.origin();
    url.set_path(PATH);
    url.set_query(Some(QUERY));
    url
}

/// The request that ends a session; its body is [`GOODBYE`].
pub(super) fn url_of_session(address: &Address, session: &str) -> Url {
    let mut url = url(address);
    url.query_pairs_mut().append_pair("sid", session);
    url
}

/// Engine.IO's packet `close`.
pub(super) const GOODBYE: &str = "1";
/// Socket.IO's packet CONNECT, to the root namespace and without a key.
pub(super) const JOIN_ROOT: &str = "40";
/// Between the packets of one body.
const SEPARATOR: char = '\u{1e}';

/// Whether the root namespace answered: with CONNECT, or with CONNECT_ERROR.
pub(super) fn is_roots(body: &str) -> bool {
    body.split(SEPARATOR)
        .any(|packet| packet.starts_with("40") || packet.starts_with("44"))
}

pub(super) fn read(look: &Result<Look, LookFailure>) -> Handshake {
    let look = match look {
        Ok(look) => look,
        Err(LookFailure::TimedOut) => return Handshake::Not(Code::TimedOut, None),
        Err(
            LookFailure::Tls(_, words)
            | LookFailure::CertificateAuthorityUnusable(words)
            | LookFailure::Unreachable(words)
            | LookFailure::BrokenOff(words),
        ) => return Handshake::Not(Code::BrokenOff, Some(words.clone())),
    };
    let status = Some(format!("HTTP {}", look.status));
    match look.status {
        200 => match opened(&look.body) {
            Some(session) => Handshake::Answers(Some(session)),
            None if is_of_old_version(&look.body) => Handshake::Not(Code::OldVersion, None),
            None => Handshake::Not(Code::NotThere, status),
        },
        300..=399 => Handshake::Not(Code::Redirected, look.location.clone().or(status)),
        500..=599 => Handshake::Not(Code::ServerError, status),
        _ => match complaint(&look.body).as_deref() {
            // It has long-polling switched off, and says so in Engine.IO's own words.
            Some("Transport unknown") => Handshake::Answers(None),
            Some("Unsupported protocol version") => Handshake::Not(Code::OldVersion, status),
            Some(_) | None => Handshake::Not(Code::NotThere, status),
        },
    }
}

/// The session of a packet `open`: `0{"sid":"…",…}`.
fn opened(body: &str) -> Option<String> {
    let open: Value = serde_json::from_str(body.strip_prefix('0')?).ok()?;
    open.get("sid")?.as_str().map(str::to_owned)
}

/// Version 3 put a length before each packet: `96:0{"sid":…`.
fn is_of_old_version(body: &str) -> bool {
    body.split_once(':').is_some_and(|(length, packet)| {
        length.bytes().all(|digit| digit.is_ascii_digit()) && opened_loosely(packet)
    })
}

fn opened_loosely(packet: &str) -> bool {
    packet.starts_with("0{") && packet.contains("\"sid\"")
}

/// Engine.IO's error: `{"code":0,"message":"…"}`.
fn complaint(body: &str) -> Option<String> {
    let error: Value = serde_json::from_str(body).ok()?;
    error.get("code")?;
    error.get("message")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Handshake {
        read(&Ok(Look {
            status,
            location: None,
            server_time: None,
            body: body.to_owned(),
        }))
    }

    fn code(handshake: &Handshake) -> Option<Code> {
        match handshake {
            Handshake::Answers(_) => None,
            Handshake::Not(code, _) => Some(*code),
        }
    }

    #[test]
    fn a_packet_open_is_an_answer_with_a_session() {
        let open = r#"0{"sid":"lv_VI97HAXpY6yYWAAAC","upgrades":["websocket"],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
        let session = "lv_VI97HAXpY6yYWAAAC".to_owned();
        assert_eq!(answer(200, open), Handshake::Answers(Some(session)));
    }

    #[test]
    fn a_server_without_long_polling_answers_in_its_own_words() {
        // As Node writes the code, and as socketioxide does.
        for body in [
            r#"{"code":0,"message":"Transport unknown"}"#,
            r#"{"code":"0","message":"Transport unknown"}"#,
        ] {
            assert_eq!(answer(400, body), Handshake::Answers(None));
        }
    }

    #[test]
    fn an_older_engine_is_told_from_none() {
        let older = [
            answer(200, r#"96:0{"sid":"abc","upgrades":["websocket"]}2:40"#),
            answer(
                400,
                r#"{"code":5,"message":"Unsupported protocol version"}"#,
            ),
        ];
        for handshake in older {
            assert_eq!(code(&handshake), Some(Code::OldVersion));
        }
        for (status, body) in [
            (200, "<!doctype html><title>Tienda</title>"),
            (200, "0"),
            (200, "12:30"),
            (200, r#"{"message":"ok"}"#),
            (404, "Cannot GET /socket.io/"),
            (403, r#"{"code":4,"message":"Forbidden"}"#),
        ] {
            let handshake = answer(status, body);
            assert_eq!(code(&handshake), Some(Code::NotThere), "{status} {body}");
        }
        assert_eq!(code(&answer(502, "Bad Gateway")), Some(Code::ServerError));
    }

    #[test]
    fn a_redirect_says_where_to() {
        let elsewhere = Some("https://otra.mx/".to_owned());
        let look = Look {
            status: 301,
            location: elsewhere.clone(),
            server_time: None,
            body: String::new(),
        };
        let expected = Handshake::Not(Code::Redirected, elsewhere);
        assert_eq!(read(&Ok(look)), expected);
    }
}
