//! What the driver takes to the inbox: pages and partial orders.

use std::collections::HashMap;

use campana_contract::{Confirmation, Order, Page, Timestamp};

use super::Driver;
use super::inbox_thread::InboxThread;
use crate::engine::{Generation, Input, NotStored, StoreFailure};
use crate::http::Answer;
use crate::inbox::{Arrival, Inbox, InboxError, Stored};

impl Driver {
    /// Stores the page, and notes with it what the server accepted before it answered so.
    pub(super) fn store(
        &mut self,
        generation: Generation,
        answer: Answer,
        accepted: Option<Confirmation>,
    ) {
        let Some(source) = self.source() else { return };
        self.recorder.storing(generation);
        let arrival = self.arrival(&answer);
        let versions = versions(&answer.page.orders);
        let of_source = source.clone();
        let accepted = accepted.unwrap_or_default();
        let storing = self
            .inbox
            .run(move |inbox| store_or_note(inbox, &of_source, &accepted, &answer.page, arrival));
        let (inbox, results) = (self.inbox.clone(), self.results.clone());
        tokio::spawn(async move {
            let stored = match storing.await {
                Ok(stored) => Ok(stored),
                Err(error) => Err(not_stored(&inbox, source, versions, &error).await),
            };
            let _ = results.send(Input::Stored(generation, stored));
            // Behind the page: the confirmation does not wait for the backup.
            if let Err(error) = inbox.back_up_if_due(arrival.received_at).await {
                tracing::warn!(%error, "the inbox has no new backup");
            }
        });
    }

    fn arrival(&self, answer: &Answer) -> Arrival {
        Arrival {
            received_at: self.clock.now().wall,
            server_time: answer.server_time,
        }
    }

    pub(super) fn store_partial(&mut self, orders: Vec<Order>) {
        let Some(source) = self.source() else { return };
        let arrival = Arrival {
            received_at: self.clock.now().wall,
            server_time: None,
        };
        let (of_source, rows) = (source.clone(), orders.clone());
        let storing = self
            .inbox
            .run(move |inbox| inbox.store_partial(&of_source, &rows, arrival));
        let (inbox, results) = (self.inbox.clone(), self.results.clone());
        tokio::spawn(async move {
            let stored = match storing.await {
                Ok(stored) => Ok(stored),
                Err(error) => Err(not_stored(&inbox, source, versions(&orders), &error).await),
            };
            let _ = results.send(Input::PartialStored(orders, stored));
        });
    }
}

/// Stores the page with what was accepted; where that fails, at least notes the latter.
fn store_or_note(
    inbox: &mut Inbox,
    source: &str,
    accepted: &Confirmation,
    page: &Page,
    arrival: Arrival,
) -> Result<Stored, InboxError> {
    let stored = inbox.store_answer(source, accepted, page, arrival);
    if stored.is_err()
        && !accepted.is_empty()
        && let Err(error) = inbox.confirmed(source, accepted, arrival.received_at)
    {
        tracing::warn!(%error, "cannot remember a confirmation");
    }
    stored
}

fn versions(orders: &[Order]) -> Vec<(String, Option<Timestamp>)> {
    orders
        .iter()
        .map(|order| (order.id.key().to_owned(), order.updated_at))
        .collect()
}

/// What the engine is told of a page that the inbox could not take. A full disk can be read as a rule,
/// and what it holds already must not ring as if it were new.
async fn not_stored(
    inbox: &InboxThread,
    source: String,
    versions: Vec<(String, Option<Timestamp>)>,
    error: &InboxError,
) -> NotStored {
    if let InboxError::Damaged(_) = error {
        // The answer would come after the salvage, and its orders must ring meanwhile.
        return store_failure(error).into();
    }
    let known = inbox
        .run(move |inbox| inbox.known_among(&source, &versions))
        .await
        .unwrap_or_else(|error| {
            tracing::warn!(%error, "cannot compare a page with the inbox");
            HashMap::new()
        });
    NotStored {
        failure: store_failure(error),
        known,
    }
}

fn store_failure(error: &InboxError) -> StoreFailure {
    match error {
        InboxError::DiskFull => StoreFailure::DiskFull,
        InboxError::InUse(_)
        | InboxError::Damaged(_)
        | InboxError::Newer(_)
        | InboxError::Unusable(_) => StoreFailure::Unwritable(error.to_string()),
    }
}
