//! The connection over `rust_socketio`, by WebSocket, and the cage round the library.
//!
//! Neither `disconnect()` nor dropping the client stops the library's tasks: the connection's runtime ends
//! them. Its callbacks only push into a channel; the connection's own future reads it and does the rest.
//!
//! How an end is noticed:
//! - an end that the library reports (refused, kicked, a broken stream) by its callbacks;
//! - one that it does not report (a graceful close by the server, a panic in its task) by its task
//!   being gone: the runtime has no task alive any more, which is checked each time the thread is about
//!   to sleep;
//! - a peer that went silent: by the library's own watch over the server's pings (it keeps the
//!   handshake's `pingInterval` and `pingTimeout` to itself).

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use campana_contract::event;
use futures_util::future::BoxFuture;
use rust_socketio::asynchronous::{Client, ClientBuilder};
use rust_socketio::{Event, Payload, TransportType};
use secrecy::ExposeSecret;
use tokio::runtime::Handle;
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};

use super::frames::{Frame, words};
use super::outlet::Outlet;
use super::socket_io::{GOODBYE, PATH, Timeouts, Wishes, current, lost, unreachable};
use super::{Closed, LinkEvent, Target, tls};

/// Notices that the library's tasks are gone.
#[derive(Default)]
pub(super) struct TaskWatch {
    /// Set once there is a task to watch.
    armed: AtomicBool,
    ended: Notify,
}

impl TaskWatch {
    /// Called each time the thread of the runtime is about to sleep.
    pub(super) fn look(&self) {
        // The handle is fetched anew: kept in here, it would keep its own runtime alive for ever.
        if self.armed.load(Ordering::Relaxed)
            && Handle::try_current().is_ok_and(|handle| handle.metrics().num_alive_tasks() == 0)
        {
            self.ended.notify_one();
        }
    }
}

/// Connects, joins and stays. Answers with the last event, or `None` if nobody wants one.
pub(super) async fn run(
    target: &Target,
    timeouts: Timeouts,
    wishes: &mut Wishes,
    outlet: &mut Outlet,
    watch: &TaskWatch,
) -> Option<LinkEvent> {
    let (frames, mut heard) = mpsc::unbounded_channel();
    let builder = match client_builder(target, frames) {
        Ok(builder) => builder,
        Err(end) => return Some(LinkEvent::Closed(end)),
    };
    let connecting = Box::pin(timeout(timeouts.connect, builder.connect()));
    let client = tokio::select! {
        biased;
        () = wishes.dropped() => return None,
        connected = connecting => match connected {
            Ok(Ok(client)) => client,
            Ok(Err(error)) if tls::is_about_certificate(&error) => {
                return Some(LinkEvent::Closed(Closed::CertificateRefused(words(&error))));
            }
            Ok(Err(error)) => return Some(unreachable(words(&error))),
            Err(_) => return Some(LinkEvent::Closed(Closed::ConnectTimedOut)),
        },
    };
    watch.armed.store(true, Ordering::Relaxed);
    // Nothing may be spawned from here on: the one task alive is the library's.

    let mut joined = false;
    let mut emitting: Option<BoxFuture<'_, Result<(), String>>> = None;
    let join_deadline = sleep(timeouts.join);
    tokio::pin!(join_deadline);
    loop {
        if joined && wishes.due && emitting.is_none() {
            wishes.due = false;
            emitting = Some(Box::pin(emit_question(&client, timeouts.emit)));
        }
        tokio::select! {
            biased;
            question = wishes.asked.recv() => match question {
                Some(()) => wishes.due = true,
                None => {
                    // So that the server forgets this client now and not at its next missed ping.
                    let _ = timeout(GOODBYE, client.disconnect()).await;
                    return None;
                }
            },
            Some(frame) = heard.recv() => match frame {
                Frame::Joined if joined => {}
                Frame::Joined => {
                    joined = true;
                    outlet.push(LinkEvent::Joined);
                }
                Frame::Said(event) => outlet.push(event),
                Frame::Kicked => return Some(LinkEvent::Closed(Closed::Kicked)),
                Frame::Refused(refusal) => return Some(LinkEvent::Refused(refusal)),
                Frame::Broken(why) => return Some(lost(why)),
            },
            emitted = current(&mut emitting) => {
                emitting = None;
                if let Err(why) = emitted {
                    return Some(lost(why));
                }
            }
            delivered = outlet.deliver() => if delivered.is_err() {
                let _ = timeout(GOODBYE, client.disconnect()).await;
                return None;
            },
            () = &mut join_deadline, if !joined => {
                return Some(LinkEvent::Closed(Closed::JoinTimedOut));
            }
            () = watch.ended.notified() => return Some(lost("the connection ended without a word")),
        }
    }
}

async fn emit_question(client: &Client, limit: Duration) -> Result<(), String> {
    match timeout(
        limit,
        client.emit(event::SYNC_ORDERS, Payload::Text(Vec::new())),
    )
    .await
    {
        Ok(emitted) => emitted.map_err(|error| words(&error)),
        Err(_) => Err("the question could not be sent in time".to_owned()),
    }
}

/// Reads the file of an own certificate authority, which the thread of a connection may wait for.
fn client_builder(
    target: &Target,
    frames: mpsc::UnboundedSender<Frame>,
) -> Result<ClientBuilder, Closed> {
    let mut url = target.address.origin();
    url.set_path(PATH);
    url.set_query(None);
    url.set_fragment(None);
    // Unbounded, and yet short: its reader shares the thread with its writer and never waits.
    let report = move |event: &Event, payload: &Payload| -> BoxFuture<'static, ()> {
        let _ = frames.send(Frame::read(event, payload));
        Box::pin(std::future::ready(()))
    };
    let mut builder = ClientBuilder::new(url)
        .namespace(event::NAMESPACE)
        .auth(serde_json::json!({ "apiKey": target.key.expose_secret() }))
        .transport_type(TransportType::Websocket)
        .reconnect(false)
        .reconnect_on_disconnect(false);
    if let Some(authority) = &target.certificate_authority {
        let tls = tls::connector(authority).map_err(Closed::CertificateAuthorityUnusable)?;
        builder = builder.tls_config(tls);
    }
    for event in [Event::Connect, Event::Close, Event::Error] {
        let report = report.clone();
        builder = builder.on(event.clone(), move |payload, _| report(&event, &payload));
    }
    Ok(builder.on_any(move |event, payload, _| report(&event, &payload)))
}
