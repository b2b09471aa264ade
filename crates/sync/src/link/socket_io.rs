//! Opens connections: each lives in a thread and a one-thread runtime of its own, which goes away with all its
//! tasks and sockets when the connection ends.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;

use super::frames::words;
use super::outlet::Outlet;
use super::web_socket::TaskWatch;
use super::{Closed, Connector, Link, LinkEvent, Target, Transport, polling, web_socket};

/// Where Socket.IO answers, whatever the address's prefix.
pub(super) const PATH: &str = "/socket.io/";
/// How long saying goodbye may take.
pub(super) const GOODBYE: Duration = Duration::from_secs(1);

/// How long a carrier may take; the defaults are the design's.
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

/// Opens connections by WebSocket or long-polling, each in a runtime of its own.
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
        let (questions, asked) = mpsc::channel(1);
        let timeouts = self.timeouts;
        let spare = events.clone();
        let started = std::thread::Builder::new()
            .name("campana-link".to_owned())
            .spawn(move || live(&target, timeouts, asked, Outlet::new(events)));
        if let Err(error) = started {
            Outlet::new(spare).push(unreachable(words(&error)));
        }
        Box::new(Connection { questions })
    }
}

pub(super) fn unreachable(why: String) -> LinkEvent {
    LinkEvent::Closed(Closed::Unreachable(why))
}

pub(super) fn lost(why: impl Into<String>) -> LinkEvent {
    LinkEvent::Closed(Closed::Lost(why.into()))
}

/// A connection's whole life, in its thread.
fn live(target: &Target, timeouts: Timeouts, asked: mpsc::Receiver<()>, outlet: Outlet) {
    let mut wishes = Wishes { asked, due: false };
    let mut outlet = outlet;
    let watch = Arc::new(TaskWatch::default());
    let end = match runtime(&watch) {
        Ok(runtime) => {
            let life: BoxFuture<'_, _> = match target.transport {
                Transport::WebSocket => Box::pin(web_socket::run(
                    target,
                    timeouts,
                    &mut wishes,
                    &mut outlet,
                    &watch,
                )),
                Transport::Polling => {
                    Box::pin(polling::run(target, timeouts, &mut wishes, &mut outlet))
                }
            };
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

fn runtime(watch: &Arc<TaskWatch>) -> std::io::Result<Runtime> {
    let watch = Arc::clone(watch);
    Builder::new_current_thread()
        .enable_all()
        .on_thread_park(move || watch.look())
        .build()
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

/// What the owner wants: a question, or the end.
pub(super) struct Wishes {
    pub(super) asked: mpsc::Receiver<()>,
    /// A question waits to be emitted.
    pub(super) due: bool,
}

impl Wishes {
    /// Completes when the owner has dropped the link; notes a question asked meanwhile.
    pub(super) async fn dropped(&mut self) {
        while self.asked.recv().await.is_some() {
            self.due = true;
        }
    }
}

/// Completes with what `future` completes with; never, if there is nothing to wait for.
pub(super) async fn current<T>(future: &mut Option<BoxFuture<'_, T>>) -> T {
    match future {
        Some(future) => future.await,
        None => std::future::pending().await,
    }
}
