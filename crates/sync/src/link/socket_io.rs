//! The connection over `rust_socketio`, and the cage round it.
//!
//! Each connection lives in a thread and a one-thread runtime of its own, which goes away with all its
//! tasks and sockets when the connection ends: neither `disconnect()` nor dropping the client stops
//! the library's tasks. The library's callbacks only push into a channel; this thread's own future
//! reads it and does the rest.
//!
//! How an end is noticed:
//! - an end that the library reports (refused, kicked, a broken stream) by its callbacks;
//! - one that it does not report (a graceful close by the server, a panic in its task) by its task
//!   being gone: the runtime has no task alive any more, which is checked each time the thread is about
//!   to sleep. On WebSocket that is at once. On polling, idle HTTP connections are tasks too and end
//!   some seconds to 90 s later, but there nearly every end comes with an error that is reported;
//! - a WebSocket peer that went silent: by the library's own watch over the server's pings (it keeps the
//!   handshake's `pingInterval` and `pingTimeout` to itself);
//! - a polling peer that went silent: by the next question's failing (the library's watch over the
//!   pings gets stuck there), so the owner has to [`ask`](Link::ask) now and then.
//!
//! By polling, the library reads an answer of at most 8 KiB: a longer one (some dozen rows in
//! `orders:pending`, or some 280 hints at once) breaks the stream, which is an end like any other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use campana_contract::event;
use futures_util::future::BoxFuture;
use rust_socketio::asynchronous::{Client, ClientBuilder};
use rust_socketio::{Event, Payload, TransportType};
use secrecy::ExposeSecret;
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};

use super::frames::{Frame, words};
use super::outlet::Outlet;
use super::tls;
use super::{Closed, Connector, Link, LinkEvent, Target, Transport};

/// Where Socket.IO answers, whatever the address's prefix.
const PATH: &str = "/socket.io/";
/// How long saying goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// How long `rust_socketio` may take; the defaults are the design's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// To connect.
    pub connect: Duration,
    /// Until the namespace answers.
    pub join: Duration,
    /// To emit.
    pub emit: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            join: Duration::from_secs(15),
            emit: Duration::from_secs(5),
        }
    }
}

/// Opens connections with `rust_socketio`, each in a runtime of its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct SocketIoConnector {
    /// How long it may take.
    pub timeouts: Timeouts,
}

/// The owner's end of a connection; the thread ends when it is dropped.
struct Connection {
    questions: mpsc::Sender<()>,
}

impl Link for Connection {
    /// Before the namespace has answered, the question waits for that. Several questions at once
    /// are one.
    fn ask(&self) {
        // Full means that one is waiting already, closed that the end is reported as an event.
        let _ = self.questions.try_send(());
    }
}

impl Connector for SocketIoConnector {
    /// Once the returned link is dropped, nothing more is reported.
    fn open(&self, target: Target, events: mpsc::Sender<LinkEvent>) -> Box<dyn Link> {
        begin(self.timeouts, client_builder, target, events)
    }
}

/// Joins the root namespace and not `/sync`, without the key: that a server has Socket.IO but no
/// `/sync` is seen by it.
#[derive(Clone, Copy, Debug, Default)]
pub struct RootConnector(pub SocketIoConnector);

impl Connector for RootConnector {
    fn open(&self, target: Target, events: mpsc::Sender<LinkEvent>) -> Box<dyn Link> {
        begin(self.0.timeouts, root_client_builder, target, events)
    }
}

/// How a client for a target is made, which reports to a channel.
type Building = fn(&Target, mpsc::UnboundedSender<Frame>) -> Result<ClientBuilder, Closed>;

fn begin(
    timeouts: Timeouts,
    building: Building,
    target: Target,
    events: mpsc::Sender<LinkEvent>,
) -> Box<dyn Link> {
    let (questions, asked) = mpsc::channel(1);
    let spare = events.clone();
    let started = std::thread::Builder::new()
        .name("campana-link".to_owned())
        .spawn(move || live(&target, building, timeouts, asked, Outlet::new(events)));
    if let Err(error) = started {
        Outlet::new(spare).push(unreachable(words(&error)));
    }
    Box::new(Connection { questions })
}

fn unreachable(why: String) -> LinkEvent {
    LinkEvent::Closed(Closed::Unreachable(why))
}

fn lost(why: impl Into<String>) -> LinkEvent {
    LinkEvent::Closed(Closed::Lost(why.into()))
}

/// A connection's whole life, in its thread.
fn live(
    target: &Target,
    building: Building,
    timeouts: Timeouts,
    asked: mpsc::Receiver<()>,
    outlet: Outlet,
) {
    let mut wishes = Wishes { asked, due: false };
    let mut outlet = outlet;
    let watch = Arc::new(TaskWatch::default());
    let end = match runtime(&watch) {
        Ok(runtime) => {
            let (frames, heard) = mpsc::unbounded_channel();
            let client = building(target, frames);
            let life = run(client, heard, timeouts, &mut wishes, &mut outlet, &watch);
            let end = catch_unwind(AssertUnwindSafe(|| runtime.block_on(life)));
            runtime.shutdown_background();
            end.unwrap_or_else(|_| Some(lost("the connection's thread panicked")))
        }
        Err(error) => Some(unreachable(words(&error))),
    };
    if let Some(end) = end {
        tracing::debug!(?end, "link ended");
        tell_end(end, &mut wishes, &mut outlet);
    }
}

/// Hands over the last event and what is still owed. Waits while the channel is full, but no longer
/// than the owner keeps the link and the other end of the channel.
fn tell_end(end: LinkEvent, wishes: &mut Wishes, outlet: &mut Outlet) {
    outlet.push(end);
    if !outlet.owes() {
        return;
    }
    let Ok(waiting) = Builder::new_current_thread().build() else {
        return;
    };
    waiting.block_on(async {
        while outlet.owes() {
            tokio::select! {
                biased;
                () = wishes.dropped() => return,
                delivered = outlet.deliver() => if delivered.is_err() { return },
            }
        }
    });
}

/// Notices that the library's tasks are gone.
#[derive(Default)]
struct TaskWatch {
    /// Set once there is a task to watch.
    armed: AtomicBool,
    ended: Notify,
}

fn runtime(watch: &Arc<TaskWatch>) -> std::io::Result<Runtime> {
    let watch = Arc::clone(watch);
    Builder::new_current_thread()
        .enable_all()
        .on_thread_park(move || {
            // The handle is fetched anew: kept in here, it would keep its own runtime alive for ever.
            if watch.armed.load(Ordering::Relaxed)
                && Handle::try_current().is_ok_and(|handle| handle.metrics().num_alive_tasks() == 0)
            {
                watch.ended.notify_one();
            }
        })
        .build()
}

/// What the owner wants: a question, or the end.
struct Wishes {
    asked: mpsc::Receiver<()>,
    /// A question waits to be emitted.
    due: bool,
}

impl Wishes {
    /// Completes when the owner has dropped the link; notes a question asked meanwhile.
    async fn dropped(&mut self) {
        while self.asked.recv().await.is_some() {
            self.due = true;
        }
    }
}

/// Connects, joins and stays. Answers with the last event, or `None` if nobody wants one.
async fn run(
    client: Result<ClientBuilder, Closed>,
    mut heard: mpsc::UnboundedReceiver<Frame>,
    timeouts: Timeouts,
    wishes: &mut Wishes,
    outlet: &mut Outlet,
    watch: &TaskWatch,
) -> Option<LinkEvent> {
    let builder = match client {
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
            Some(emitted) = current(&mut emitting) => {
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

/// Completes with what `emitting` completes with; `None` if there is nothing to wait for.
async fn current<T>(emitting: &mut Option<BoxFuture<'_, T>>) -> Option<T> {
    match emitting {
        Some(emitting) => Some(emitting.await),
        None => None,
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

fn client_builder(
    target: &Target,
    frames: mpsc::UnboundedSender<Frame>,
) -> Result<ClientBuilder, Closed> {
    Ok(root_client_builder(target, frames)?
        .namespace(event::NAMESPACE)
        .auth(serde_json::json!({ "apiKey": target.key.expose_secret() })))
}

/// Reads the file of an own certificate authority, which the thread of a connection may wait for.
fn root_client_builder(
    target: &Target,
    frames: mpsc::UnboundedSender<Frame>,
) -> Result<ClientBuilder, Closed> {
    let mut url = target.address.origin();
    url.set_path(PATH);
    url.set_query(None);
    url.set_fragment(None);
    let transport = match target.transport {
        Transport::WebSocket => TransportType::Websocket,
        Transport::Polling => TransportType::Polling,
    };
    // Unbounded, and yet short: its reader shares the thread with its writer and never waits.
    let report = move |event: &Event, payload: &Payload| -> BoxFuture<'static, ()> {
        let _ = frames.send(Frame::read(event, payload));
        Box::pin(std::future::ready(()))
    };
    let mut builder = ClientBuilder::new(url)
        .transport_type(transport)
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
