//! What a broken or hostile server may send.

mod engine_io;
mod http;
mod socket_io;
#[cfg(test)]
mod tests;

use std::sync::atomic::AtomicUsize;
use std::time::Duration;

pub use engine_io::engine_io;
pub use http::{HttpGarbage, endless_gzip, http};
pub use socket_io::socket_io;

/// One thing that a server does on a connection.
#[derive(Clone, Debug)]
pub enum Step {
    /// Sends these bytes as they are.
    Bytes(Vec<u8>),
    /// Sends them so often.
    Repeat(Vec<u8>, usize),
    /// Sends them one by one, with this pause.
    Drip(Vec<u8>, Duration),
    /// Waits until the client has asked to join the namespace.
    AwaitJoin,
    /// Says nothing more, until the client ends.
    Hang,
    /// Resets the connection.
    Reset,
}

/// What the Socket.IO side of a server does, by both carriers.
#[derive(Debug)]
pub struct SocketGarbage {
    /// What kind of garbage it is.
    pub name: &'static str,
    /// The head that answers the wish for WebSocket; `{accept}` stands for the right answer to its key.
    pub instead_of_upgrade: Option<String>,
    /// What comes after it.
    pub steps: Vec<Step>,
    /// The same by long-polling; `None` where it only exists by WebSocket: that server refuses long-polling.
    pub polling: Option<Polling>,
    /// It can be taken for the answer of a live server, so that green is no lie.
    pub looks_alive: bool,
}

/// Long-polling: the answer to the first request, and those to the next ones.
#[derive(Debug, Default)]
pub struct Polling {
    /// The opening packet.
    pub opening: Vec<u8>,
    /// What comes then.
    pub bodies: Vec<Vec<u8>>,
    /// How many of them went out.
    pub turn: AtomicUsize,
}

/// A good opening packet of Engine.IO, with the heartbeat of the contract.
pub const OPENING: &str = r#"0{"sid":"sesion-de-basura","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}"#;
/// A good answer of the namespace.
pub const JOINED: &str = r#"40/sync,{"sid":"cliente-de-basura"}"#;

/// A WebSocket frame as a server sends it, unmasked; `first` holds its flags and its opcode.
pub fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
    let mut frame = vec![first];
    match payload.len() {
        short @ 0..126 => frame.push(u8::try_from(short).unwrap_or(u8::MAX)),
        medium @ 126..65_536 => {
            frame.push(126);
            frame.extend(u16::try_from(medium).unwrap_or(u16::MAX).to_be_bytes());
        }
        long => {
            frame.push(127);
            frame.extend((long as u64).to_be_bytes());
        }
    }
    frame.extend(payload);
    frame
}

/// A whole text message.
pub fn text(payload: &str) -> Vec<u8> {
    frame(0x81, payload.as_bytes())
}

fn bytes(all: &[Vec<u8>]) -> Vec<Step> {
    vec![Step::Bytes(all.concat()), Step::Hang]
}
