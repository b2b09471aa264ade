//! What arrives on the Socket.IO connection: the first line is the event's name, the rest its arguments,
//! as JSON or as bytes.
#![no_main]

use campana_fuzz::{bounded, holds};
use campana_sync::link::{Frame, LinkEvent};
use libfuzzer_sys::fuzz_target;
use rust_socketio::{Event, Payload};
use serde_json::Value;

/// The longest name, and the longest technical text, that may leave the connection, in characters.
const LONGEST_NAME: usize = 100;
const LONGEST_TEXT: usize = 300;

fuzz_target!(|bytes: &[u8]| {
    let mut parts = bytes.splitn(2, |byte| *byte == b'\n');
    let name = String::from_utf8_lossy(parts.next().unwrap_or_default());
    let rest = parts.next().unwrap_or_default();
    let payload = match serde_json::from_slice::<Vec<Value>>(rest) {
        Ok(arguments) => Payload::Text(arguments),
        Err(_) => Payload::Binary(rest.to_vec().into()),
    };
    // As `rust_socketio` does with the name that came.
    let event = Event::from(name.as_ref());
    let at_most = |text: &str, characters| assert!(text.chars().count() <= characters, "{text}");
    match bounded(bytes, || Frame::read(&event, &payload)) {
        Frame::Said(LinkEvent::Pending(pending)) => pending.orders.iter().for_each(holds),
        Frame::Said(LinkEvent::Other { name, .. }) => at_most(&name, LONGEST_NAME),
        Frame::Broken(text) => at_most(&text, LONGEST_TEXT),
        Frame::Refused(refusal) => at_most(refusal.message(), LONGEST_TEXT),
        Frame::Joined | Frame::Kicked | Frame::Said(_) => {}
    }
});
