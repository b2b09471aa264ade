//! What arrives on a connection, and reading what `rust_socketio` hands to its callbacks.

use campana_contract::{PendingOrders, Refusal, event};
use rust_socketio::{Event, Payload};
use serde_json::Value;

use super::LinkEvent;

/// With these words `rust_socketio` reports a CONNECT_ERROR packet.
const CONNECT_ERROR: &str = "Received an ConnectError frame: ";
/// How its own errors begin, after which its read loop ends.
const OWN_ERRORS: [&str; 8] = [
    "EngineIO Error",
    "Invalid packet id: ",
    "Error while parsing an incomplete packet",
    "Got an invalid packet",
    "An error occurred while decoding the utf-8 text: ",
    "string is not json serializable: ",
    "Invalid packet type while reading attachments",
    "Underlying Engine.IO connection has closed",
];
/// The longest name of an event, and the longest technical text, that is passed on, in characters.
const LONGEST_NAME: usize = 100;
const LONGEST_TEXT: usize = 300;

/// One thing that arrived.
#[derive(Clone, Debug, PartialEq)]
pub enum Frame {
    /// The namespace answered.
    Joined,
    /// The server threw this client out of the namespace.
    Kicked,
    /// The namespace refused.
    Refused(Refusal),
    /// The stream of packets broke; technical words.
    Broken(String),
    /// An event of the server's.
    Said(LinkEvent),
}

impl Frame {
    /// Reads one call of a callback.
    ///
    /// `rust_socketio` uses the names `open`, `close` and `error` for its own purposes and for a
    /// server's event of that name alike. What tells them apart: its own `open` and `close` carry
    /// one empty text, its own errors one text out of a known few.
    pub fn read(event: &Event, payload: &Payload) -> Self {
        match event {
            Event::Connect if is_empty_text(payload) => Self::Joined,
            Event::Close if is_empty_text(payload) => Self::Kicked,
            Event::Error => match only_text(payload) {
                Some(text) => Self::error(text),
                None => Self::other(event.as_str(), first_argument(payload)),
            },
            Event::Message => match only_text(payload) {
                // An event without arguments: its name stands where the payload should.
                Some(name) => Self::event(name, &Value::Null),
                None => Self::other(event.as_str(), first_argument(payload)),
            },
            Event::Custom(name) => Self::event(name, first_argument(payload)),
            Event::Connect | Event::Close => Self::other(event.as_str(), first_argument(payload)),
        }
    }

    fn error(text: &str) -> Self {
        if let Some(data) = text.strip_prefix(CONNECT_ERROR) {
            Self::Refused(Refusal::from_message(&refusal_message(data)))
        } else if OWN_ERRORS.iter().any(|own| text.starts_with(own)) {
            Self::Broken(cut(text, LONGEST_TEXT))
        } else {
            Self::other("error", &Value::String(text.to_owned()))
        }
    }

    /// An event of the server's with its first argument.
    pub(super) fn event(name: &str, argument: &Value) -> Self {
        match name {
            event::CHANGES_PENDING => Self::Said(LinkEvent::Changes),
            event::ORDERS_PENDING => Self::Said(LinkEvent::Pending(PendingOrders::parse(argument))),
            _ => Self::other(name, argument),
        }
    }

    fn other(name: &str, argument: &Value) -> Self {
        Self::Said(LinkEvent::Other {
            name: cut(name, LONGEST_NAME),
            bytes: if argument.is_null() {
                0
            } else {
                argument.to_string().len()
            },
        })
    }
}

/// The reason in a CONNECT_ERROR packet: `{"message": "..."}`, a bare JSON string, or whatever it is.
pub(super) fn refusal_message(data: &str) -> String {
    let message = match serde_json::from_str(data) {
        Ok(Value::String(message)) => message,
        Ok(value) => value
            .get("message")
            .and_then(Value::as_str)
            .unwrap_or(data)
            .to_owned(),
        Err(_) => data.to_owned(),
    };
    cut(message.trim(), LONGEST_TEXT)
}

/// The words of an error and of what caused it. Holds no key: the key travels in a packet's payload,
/// never in an address or a header.
pub(super) fn words(error: &dyn std::error::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.contains(&text) {
            words = format!("{words}: {text}");
        }
        cause = error.source();
    }
    cut(&words, LONGEST_TEXT)
}

fn cut(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

fn arguments(payload: &Payload) -> &[Value] {
    #[allow(
        deprecated,
        reason = "the variant exists, so it must be named; this version never makes one"
    )]
    match payload {
        Payload::Text(values) => values,
        Payload::Binary(_) | Payload::String(_) => &[],
    }
}

fn first_argument(payload: &Payload) -> &Value {
    arguments(payload).first().unwrap_or(&Value::Null)
}

fn only_text(payload: &Payload) -> Option<&str> {
    match arguments(payload) {
        [Value::String(text)] => Some(text),
        _ => None,
    }
}

fn is_empty_text(payload: &Payload) -> bool {
    only_text(payload) == Some("")
}

#[cfg(test)]
mod tests;
