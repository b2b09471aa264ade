//! What arrives by long-polling: a body with packets, the first of which may open the session.
#![no_main]

use campana_fuzz::{bounded, holds};
use campana_sync::link::{Frame, LinkEvent, Opening, Packet, read_packets};
use libfuzzer_sys::fuzz_target;

/// The longest name of a session, and the longest technical text, in bytes and characters.
const LONGEST_SESSION: usize = 1000;
const LONGEST_TEXT: usize = 300;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(opening) = bounded(bytes, || Opening::read(bytes)) {
        assert!((1..=LONGEST_SESSION).contains(&opening.sid.len()));
    }
    for packet in bounded(bytes, || read_packets(bytes)).unwrap_or_default() {
        match packet {
            Packet::Frame(Frame::Said(LinkEvent::Pending(pending))) => {
                pending.orders.iter().for_each(holds);
            }
            Packet::Frame(Frame::Refused(refusal)) => {
                assert!(refusal.message().chars().count() <= LONGEST_TEXT);
            }
            Packet::Ping | Packet::Frame(_) => {}
        }
    }
});
