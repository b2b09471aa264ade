//! The way out to whoever listens: never waits where it must not, loses nothing that counts.

use std::collections::VecDeque;

use tokio::sync::mpsc::{Sender, error::TrySendError};

use super::LinkEvent;

/// The sending end of the events' channel.
///
/// While the channel is full, what comes is owed and sent later, in its order: the first `Changes`
/// (more of them say nothing more), the latest `Pending`, and everything about the connection itself.
/// `Other` events, which nobody acts on, are dropped then. So no more than a handful is ever owed.
pub(super) struct Outlet {
    events: Sender<LinkEvent>,
    owed: VecDeque<LinkEvent>,
}

/// Nobody listens any more.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Abandoned;

impl Outlet {
    pub(super) fn new(events: Sender<LinkEvent>) -> Self {
        Self {
            events,
            owed: VecDeque::new(),
        }
    }

    /// Sends now if there is room; owes otherwise. Never waits.
    pub(super) fn push(&mut self, event: LinkEvent) {
        self.owe(event);
        while let Some(event) = self.owed.pop_front() {
            match self.events.try_send(event) {
                Ok(()) => {}
                Err(TrySendError::Full(event)) => {
                    self.owed.push_front(event);
                    if let Some(LinkEvent::Other { .. }) = self.owed.back() {
                        self.owed.pop_back();
                    }
                    return;
                }
                Err(TrySendError::Closed(_)) => return,
            }
        }
    }

    /// Whether something waits for room.
    pub(super) fn owes(&self) -> bool {
        !self.owed.is_empty()
    }

    /// Waits for room and sends the oldest thing owed; with nothing owed, waits until nobody
    /// listens any more. May be given up at any time without losing anything.
    pub(super) async fn deliver(&mut self) -> Result<(), Abandoned> {
        if self.owed.is_empty() {
            self.events.closed().await;
            return Err(Abandoned);
        }
        let room = self.events.reserve().await.map_err(|_| Abandoned)?;
        if let Some(event) = self.owed.pop_front() {
            room.send(event);
        }
        Ok(())
    }

    fn owe(&mut self, event: LinkEvent) {
        let earlier = match &event {
            LinkEvent::Changes => self
                .owed
                .iter_mut()
                .find(|owed| matches!(owed, LinkEvent::Changes)),
            LinkEvent::Pending(_) => self
                .owed
                .iter_mut()
                .find(|owed| matches!(owed, LinkEvent::Pending(_))),
            LinkEvent::Joined
            | LinkEvent::Other { .. }
            | LinkEvent::Refused(_)
            | LinkEvent::Closed(_) => None,
        };
        match earlier {
            Some(earlier) => *earlier = event,
            None => self.owed.push_back(event),
        }
    }
}

#[cfg(test)]
mod tests;
