//! Servers on loopback: proper ones, and some that break every rule.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::address::Address;

/// A certificate that nobody trusts, for `localhost`, and its key.
pub(super) const SELF_SIGNED: &str = include_str!("self-signed.pem");

pub(super) fn address(at: SocketAddr) -> Address {
    Address::parse(&format!("http://{at}")).unwrap()
}

/// A proper server.
pub(super) async fn serve(router: Router) -> Address {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address(at)
}

/// A server that reads a request, writes these bytes and then closes, or else stays silent.
pub(super) async fn answer_raw(bytes: impl Into<Vec<u8>>, closes: bool) -> Address {
    let bytes = bytes.into();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let at = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            read_head(&mut stream).await;
            // The client may be gone already, which some tests want.
            let _ = stream.write_all(&bytes).await;
            if closes {
                let _ = stream.shutdown().await;
            } else {
                open.push(stream);
            }
        }
    });
    address(at)
}

async fn read_head(stream: &mut TcpStream) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
}

/// A server that takes connections and never says a word; its port.
pub(super) async fn silent() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            open.push(stream);
        }
    });
    port
}

/// An https server with the self-signed certificate, which gives every request this body; its port.
pub(super) fn serve_tls(body: &'static str) -> u16 {
    serve_tls_as(SELF_SIGNED, body)
}

/// The same with the certificate and key of this text.
pub(super) fn serve_tls_as(pem: &str, body: &'static str) -> u16 {
    let length = body.len();
    let answer =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    serve_tls_as_raw(pem, answer)
}

/// The same with these bytes for every request.
pub(super) fn serve_tls_as_raw(pem: &str, answer: String) -> u16 {
    let chain = vec![CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            // A client that does not trust the certificate hangs up in the middle.
            let _ = answer_tls(
                rustls::StreamOwned::new(connection, stream.unwrap()),
                &answer,
            );
        }
    });
    port
}

fn answer_tls(
    mut stream: rustls::StreamOwned<rustls::ServerConnection, std::net::TcpStream>,
    answer: &str,
) -> std::io::Result<()> {
    use std::io::{Read, Write};
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    stream.write_all(answer.as_bytes())?;
    stream.conn.send_close_notify();
    stream.flush()
}

/// A small text as a gzip file.
pub(super) fn gzip(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap();
    let mut file = GZIP_HEAD.to_vec();
    file.push(1); // the last block, stored as it is
    file.extend(length.to_le_bytes());
    file.extend((!length).to_le_bytes());
    file.extend(text.as_bytes());
    file.extend(crc32(text.as_bytes()).to_le_bytes());
    file.extend(u32::from(length).to_le_bytes());
    file
}

/// A gzip file that grows to so many blanks, and never comes to its end.
pub(super) fn gzip_bomb(bytes: usize) -> Vec<u8> {
    let mut bits = Bits {
        file: GZIP_HEAD.to_vec(),
        filled: 0,
    };
    bits.push(0, 1); // not the last block
    bits.push(1, 2); // with the fixed code
    bits.push_reversed(0x30 + u32::from(b' '), 8);
    for _ in 0..bytes / 258 {
        bits.push_reversed(0b1100_0101, 8); // 258 bytes as those ...
        bits.push(0, 5); // ... one byte ago
    }
    bits.file
}

const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];

struct Bits {
    file: Vec<u8>,
    filled: u32,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        for place in 0..count {
            if self.filled == 0 {
                self.file.push(0);
            }
            let bit = u8::try_from(value >> place & 1).unwrap();
            *self.file.last_mut().unwrap() |= bit << self.filled;
            self.filled = (self.filled + 1) % 8;
        }
    }
    fn push_reversed(&mut self, value: u32, count: u32) {
        self.push(value.reverse_bits() >> (32 - count), count);
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 * (crc & 1))
        })
    })
}
