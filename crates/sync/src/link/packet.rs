//! Packets of Engine.IO and Socket.IO as long-polling carries them.

use campana_contract::{Refusal, event};
use serde::Deserialize;
use serde_json::Value;

use super::frames::{Frame, refusal_message};

/// Between the packets of one body.
const SEPARATOR: char = '\u{1e}';
/// A longer name of a session is none.
const LONGEST_SESSION: usize = 1000;

/// What the opening packet says.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Opening {
    /// The session's name.
    pub sid: String,
    /// Milliseconds between the server's pings.
    pub ping_interval: u64,
    /// Milliseconds that the server gives an answer.
    pub ping_timeout: u64,
}

impl Opening {
    /// Reads the body of the first answer; technical words when it is none.
    pub fn read(body: &[u8]) -> Result<Self, String> {
        let text = text(body)?;
        let json = text
            .split(SEPARATOR)
            .next()
            .and_then(|packet| packet.strip_prefix('0'))
            .ok_or("the server does not open a session")?;
        let opening: Self = serde_json::from_str(json)
            .map_err(|error| format!("the opening packet is not understood: {error}"))?;
        if opening.sid.is_empty() || opening.sid.len() > LONGEST_SESSION {
            return Err("the session has no usable name".to_owned());
        }
        Ok(opening)
    }
}

/// One packet that matters.
#[derive(Debug, PartialEq)]
pub enum Packet {
    /// The server's heartbeat: it wants a pong.
    Ping,
    /// Something for the connection's owner.
    Frame(Frame),
}

/// The packets of a body, without those that mean nothing; technical words when it is not understood.
pub fn read(body: &[u8]) -> Result<Vec<Packet>, String> {
    let packets = text(body)?.split(SEPARATOR).map(packet);
    packets.filter_map(Result::transpose).collect()
}

/// The packet that asks to join.
pub(super) fn connect(key: &str) -> String {
    let auth = serde_json::json!({ "apiKey": key });
    format!("40{},{auth}", event::NAMESPACE)
}

/// The packet that asks for pending orders.
pub(super) fn question() -> String {
    format!(r#"42{},["{}"]"#, event::NAMESPACE, event::SYNC_ORDERS)
}

/// The packet that answers a ping.
pub(super) const PONG: &str = "3";

/// The packets that say goodbye.
pub(super) fn goodbye() -> String {
    format!("41{},{SEPARATOR}1", event::NAMESPACE)
}

/// Several packets as one body.
pub(super) fn body(packets: &[String]) -> String {
    packets.join(SEPARATOR.encode_utf8(&mut [0; 4]))
}

fn text(body: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(body).map_err(|error| error.to_string())
}

fn packet(packet: &str) -> Result<Option<Packet>, String> {
    let mut letters = packet.chars();
    match letters.next() {
        Some('1') => Err("the server closed the session".to_owned()),
        Some('2') => Ok(Some(Packet::Ping)),
        Some('4') => Ok(message(letters.as_str())?.map(Packet::Frame)),
        // An attachment: nothing that matters is binary. A packet that does nothing.
        Some('b' | '6') => Ok(None),
        Some(other) => Err(format!("a packet of the unexpected type {other:?}")),
        None => Err("an empty packet".to_owned()),
    }
}

/// A Socket.IO packet; `None` when it is of another namespace or nothing for us.
fn message(text: &str) -> Result<Option<Frame>, String> {
    let mut letters = text.chars();
    let kind = letters.next().ok_or("an empty message")?;
    let mut rest = letters.as_str();
    if matches!(kind, '5' | '6') {
        let (count, after) = rest.split_once('-').ok_or("attachments without a number")?;
        count
            .parse::<u32>()
            .map_err(|error| format!("attachments: {error}"))?;
        rest = after;
    }
    let namespace = if rest.starts_with('/') {
        let (namespace, after) = rest.split_once(',').unwrap_or((rest, ""));
        rest = after;
        namespace
    } else {
        "/"
    };
    if !('0'..='6').contains(&kind) {
        return Err(format!("a message of the unexpected type {kind:?}"));
    }
    if namespace != event::NAMESPACE {
        return Ok(None);
    }
    let data = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
    Ok(match kind {
        '0' => Some(Frame::Joined),
        '1' => Some(Frame::Kicked),
        '2' | '5' => Some(said(data)?),
        '4' => Some(Frame::Refused(Refusal::from_message(&refusal_message(
            data,
        )))),
        _ => None,
    })
}

fn said(data: &str) -> Result<Frame, String> {
    let arguments: Vec<Value> = serde_json::from_str(data)
        .map_err(|error| format!("an event that is not understood: {error}"))?;
    let name = match arguments.first() {
        Some(Value::String(name)) => name,
        Some(_) => "message",
        None => return Err("an event without a name".to_owned()),
    };
    Ok(Frame::event(name, arguments.get(1).unwrap_or(&Value::Null)))
}

#[cfg(test)]
mod tests;
