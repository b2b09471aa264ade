//! The connection by long-polling.
//!
//! `rust_socketio` follows redirects here, with the key in what it sends, notices no silence, and loses what is
//! longer than 8 KiB. This one goes by the rules of a pull: no redirect, the same proxies and the same trust,
//! bounds for time and size. The server's heartbeat is watched: without a ping in time, it is gone.

use std::collections::VecDeque;
use std::time::Duration;

use futures_util::future::BoxFuture;
use reqwest::{Client, Response, StatusCode};
use secrecy::ExposeSecret;
use tokio::time::{Instant, sleep_until, timeout};
use url::Url;

use super::frames::Frame;
use super::outlet::Outlet;
use super::packet::{self, Opening, Packet};
use super::socket_io::{GOODBYE, PATH, Timeouts, Wishes, current, lost};
use super::{Closed, LinkEvent, Target};
use crate::http::{HttpFailure, body_within, client_for, failure_of};

/// The most that one answer may hold, in bytes: rows of some thousand orders.
const LARGEST: usize = 8 * 1024 * 1024;
/// A heartbeat beyond that is none; the owner's questions find the dead.
const LONGEST_HEARTBEAT: Duration = Duration::from_secs(10 * 60);
/// Polls begin so far apart: a server that always answers at once is not asked without a pause.
const APART: Duration = Duration::from_millis(50);

/// Opens a session, joins and stays. Answers with the last event, or `None` if nobody wants one.
pub(super) async fn run(
    target: &Target,
    timeouts: Timeouts,
    wishes: &mut Wishes,
    outlet: &mut Outlet,
) -> Option<LinkEvent> {
    let opening = timeout(timeouts.connect, open(target));
    let (session, heartbeat) = tokio::select! {
        biased;
        () = wishes.dropped() => return None,
        opened = opening => match opened {
            Ok(Ok(opened)) => opened,
            Ok(Err(end)) => return Some(LinkEvent::Closed(end)),
            Err(_) => return Some(LinkEvent::Closed(Closed::ConnectTimedOut)),
        },
    };
    let mut joined = false;
    let mut outgoing = vec![packet::connect(target.key.expose_secret())];
    let mut sending: Option<BoxFuture<'_, Result<(), String>>> = None;
    let mut polling: Option<BoxFuture<'_, Result<Vec<Packet>, String>>> = None;
    let mut next_poll = Instant::now();
    let join_deadline = sleep_until(Instant::now() + timeouts.join);
    tokio::pin!(join_deadline);
    let silence = sleep_until(Instant::now() + heartbeat);
    tokio::pin!(silence);
    loop {
        if joined && std::mem::take(&mut wishes.due) {
            outgoing.push(packet::question());
        }
        if sending.is_none() && !outgoing.is_empty() {
            let body = packet::body(&std::mem::take(&mut outgoing));
            sending = Some(Box::pin(session.send(body, timeouts.emit)));
        }
        if polling.is_none() {
            polling = Some(Box::pin(session.poll(next_poll)));
            next_poll = Instant::now().max(next_poll) + APART;
        }
        tokio::select! {
            biased;
            question = wishes.asked.recv() => match question {
                Some(()) => wishes.due = true,
                None => {
                    // So that the server forgets this client now and not at its next missed ping.
                    let _ = session.send(packet::goodbye(), GOODBYE).await;
                    return None;
                }
            },
            sent = current(&mut sending) => {
                sending = None;
                if let Err(why) = sent {
                    return Some(lost(why));
                }
            }
            packets = current(&mut polling) => {
                polling = None;
                let packets = match packets {
                    Ok(packets) => VecDeque::from(packets),
                    Err(why) => return Some(lost(why)),
                };
                for packet in packets {
                    match packet {
                        Packet::Ping => {
                            silence.as_mut().reset(Instant::now() + heartbeat);
                            if !outgoing.iter().any(|packet| packet == packet::PONG) {
                                outgoing.push(packet::PONG.to_owned());
                            }
                        }
                        Packet::Frame(Frame::Joined) if joined => {}
                        Packet::Frame(Frame::Joined) => {
                            joined = true;
                            outlet.push(LinkEvent::Joined);
                        }
                        Packet::Frame(Frame::Said(event)) => outlet.push(event),
                        Packet::Frame(Frame::Kicked) => {
                            return Some(LinkEvent::Closed(Closed::Kicked));
                        }
                        Packet::Frame(Frame::Refused(refusal)) => {
                            return Some(LinkEvent::Refused(refusal));
                        }
                        Packet::Frame(Frame::Broken(why)) => return Some(lost(why)),
                    }
                }
            }
            delivered = outlet.deliver() => if delivered.is_err() {
                let _ = session.send(packet::goodbye(), GOODBYE).await;
                return None;
            },
            () = &mut join_deadline, if !joined => {
                return Some(LinkEvent::Closed(Closed::JoinTimedOut));
            }
            () = &mut silence => return Some(lost("the server sent no ping in time")),
        }
    }
}

/// A session with the server.
struct Session {
    client: Client,
    url: Url,
}

/// Opens a session; it and its heartbeat.
async fn open(target: &Target) -> Result<(Session, Duration), Closed> {
    let mut url = target.address.origin();
    url.set_path(PATH);
    url.set_query(Some("EIO=4&transport=polling"));
    let client = client_for(&url, target.certificate_authority.as_ref()).map_err(closed)?;
    let body = answer(client.get(url.clone()).send().await)
        .await
        .map_err(closed)?;
    let opening = Opening::read(&body).map_err(Closed::Unreachable)?;
    url.query_pairs_mut().append_pair("sid", &opening.sid);
    let heartbeat = opening.ping_interval.saturating_add(opening.ping_timeout);
    let heartbeat = Duration::from_millis(heartbeat).min(LONGEST_HEARTBEAT);
    Ok((Session { client, url }, heartbeat))
}

impl Session {
    /// Waits for the next packets, as long as the server lets it.
    async fn poll(&self, from: Instant) -> Result<Vec<Packet>, String> {
        sleep_until(from).await;
        let sent = self.client.get(self.url.clone()).send().await;
        packet::read(&answer(sent).await.map_err(|failure| failure.to_string())?)
    }

    /// Sends packets. Only one body may be on its way at a time.
    async fn send(&self, body: String, limit: Duration) -> Result<(), String> {
        let sending = async {
            let request = self.client.post(self.url.clone()).body(body);
            answer(request.send().await).await
        };
        match timeout(limit, sending).await {
            Ok(sent) => sent.map(|_| ()).map_err(|failure| failure.to_string()),
            Err(_) => Err("what was to be sent could not be sent in time".to_owned()),
        }
    }
}

/// The body of a good answer. A redirect is none: what is sent holds the key.
async fn answer(response: Result<Response, reqwest::Error>) -> Result<Vec<u8>, HttpFailure> {
    let response = response.map_err(failure_of)?;
    let status = response.status();
    if status.is_redirection() {
        return Err(HttpFailure::Redirected {
            status: status.as_u16(),
            location: None,
        });
    }
    if status != StatusCode::OK {
        return Err(HttpFailure::Status {
            status: status.as_u16(),
            reason: status.canonical_reason().unwrap_or_default().to_owned(),
            retry_after: None,
            well_formed: false,
        });
    }
    body_within(response, LARGEST).await
}

fn closed(failure: HttpFailure) -> Closed {
    match failure {
        HttpFailure::CertificateRefused(why) => Closed::CertificateRefused(why),
        HttpFailure::CertificateAuthorityUnusable(why) => Closed::CertificateAuthorityUnusable(why),
        failure @ (HttpFailure::Unreachable(_)
        | HttpFailure::TimedOut
        | HttpFailure::BrokenOff(_)
        | HttpFailure::KeyRefused { .. }
        | HttpFailure::Status { .. }
        | HttpFailure::Redirected { .. }
        | HttpFailure::TooLarge
        | HttpFailure::NotUnderstood(_)) => Closed::Unreachable(failure.to_string()),
    }
}
