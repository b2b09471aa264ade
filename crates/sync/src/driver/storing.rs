//! What the driver takes to the inbox: pages and partial orders.

use campana_contract::Order;

use super::Driver;
use crate::engine::{Generation, Input, StoreFailure};
use crate::http::Answer;
use crate::inbox::{Arrival, InboxError, Stored};

impl Driver {
    pub(super) fn store(&mut self, generation: Generation, answer: Answer) {
        let Some(source) = self.source() else { return };
        self.recorder.storing(generation);
        let arrival = self.arrival(&answer);
        let storing = self
            .inbox
            .run(move |inbox| inbox.store(&source, &answer.page, arrival));
        let results = self.results.clone();
        tokio::spawn(async move {
            let stored = storing.await.map_err(|error| store_failure(&error));
            let _ = results.send(Input::Stored(generation, stored));
        });
        // Behind the page in the queue: the confirmation does not wait for the backup.
        let backing_up = self
            .inbox
            .run(move |inbox| inbox.back_up_if_due(arrival.received_at));
        tokio::spawn(async move {
            if let Err(error) = backing_up.await {
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
        let storing = self
            .inbox
            .run(move |inbox| inbox.store_partial(&source, &orders, arrival));
        let results = self.results.clone();
        tokio::spawn(async move {
            let stored: Result<Stored, _> = storing.await.map_err(|error| store_failure(&error));
            let _ = results.send(Input::PartialStored(stored));
        });
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
