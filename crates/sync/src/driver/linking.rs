//! The driver's connection: opening it, and what it says.

use tokio::sync::mpsc;

use super::Driver;
use crate::engine::{Generation, Input, LinkInput};
use crate::link::{Closed, Link, LinkEvent, Target, Transport};

/// How many events of a connection may wait; what is more is repetition.
const LINK_EVENTS: usize = 64;

/// The present connection; dropping it closes it.
pub(super) struct Connection {
    generation: Generation,
    pub(super) link: Box<dyn Link>,
    events: mpsc::Receiver<LinkEvent>,
}

impl Driver {
    pub(super) fn open(&mut self, generation: Generation, transport: Transport) {
        // The old one first: two connections of one client are never up together.
        self.connection = None;
        let Some((configuration, key)) = self.with_key() else {
            return;
        };
        let target = Target {
            address: configuration.address.clone(),
            key,
            transport,
            certificate_authority: configuration.certificate_authority.clone(),
        };
        self.recorder.connecting(transport);
        let (sender, events) = mpsc::channel(LINK_EVENTS);
        self.connection = Some(Connection {
            generation,
            link: self.connector.open(target, sender),
            events,
        });
    }

    pub(super) fn link_event(&mut self, event: LinkEvent) {
        let Some(generation) = self.connection.as_ref().map(|c| c.generation) else {
            return;
        };
        self.recorder.link(&event);
        let input = match event {
            LinkEvent::Joined => LinkInput::Joined,
            LinkEvent::Changes => LinkInput::Changes,
            LinkEvent::Other { name, .. } => LinkInput::Other(name),
            LinkEvent::Refused(refusal) => LinkInput::Refused(refusal),
            LinkEvent::Closed(closed) => LinkInput::Closed(closed),
            LinkEvent::Pending(pending) => {
                // A slow disk must not make a living connection look dead.
                self.handle(Input::Link(generation, LinkInput::Answered));
                let Some(source) = self.source() else { return };
                let reading = self.inbox.run(move |inbox| {
                    let news = inbox.news_among(&source, &pending)?;
                    Ok(news.into_iter().cloned().collect::<Vec<_>>())
                });
                let results = self.results.clone();
                tokio::spawn(async move {
                    let news = reading.await.unwrap_or_else(|error| {
                        // The answer itself counts; what it names is found by the next pull.
                        tracing::warn!(%error, "cannot compare pending orders with the inbox");
                        Vec::new()
                    });
                    let _ = results.send(Input::Link(generation, LinkInput::Pending { news }));
                });
                return;
            }
        };
        self.handle(Input::Link(generation, input));
    }
}

/// The connection's next event; a channel that ends without a last word means closed. Without a
/// connection, never.
pub(super) async fn next_event(connection: &mut Option<Connection>) -> LinkEvent {
    match connection {
        Some(connection) => {
            connection.events.recv().await.unwrap_or_else(|| {
                LinkEvent::Closed(Closed::Lost("it ended without a word".into()))
            })
        }
        None => std::future::pending().await,
    }
}
