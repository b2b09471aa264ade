//! What the driver takes to the inbox: pages, and what is noted beside them.

use campana_contract::{Confirmation, ElementKind, Order};

use super::Driver;
use crate::engine::{Generation, Input, StoreFailure};
use crate::http::{Answer, Profile};
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

    pub(super) fn note_refused(&mut self, kind: ElementKind, id: String) {
        let Some(source) = self.source() else { return };
        let at = self.clock.now().wall;
        let noting = self
            .inbox
            .run(move |inbox| inbox.confirmation_refused(&source, kind, &id, at));
        tokio::spawn(async move {
            if let Err(error) = noting.await {
                // It is for people to read only: nothing is decided by it.
                tracing::warn!(%error, "cannot note a refused confirmation");
            }
        });
    }

    pub(super) fn remember(&mut self, profile: Profile) {
        let Some(source) = self.source() else { return };
        self.profiles.insert(source.clone(), profile);
        let noting = self
            .inbox
            .run(move |inbox| inbox.remember_profile(&source, profile));
        tokio::spawn(async move {
            if let Err(error) = noting.await {
                // The next start finds it out anew.
                tracing::warn!(%error, "cannot note which profile works");
            }
        });
    }

    pub(super) fn note_confirmed(&mut self, confirmation: Confirmation) {
        let Some(source) = self.source() else { return };
        let at = self.clock.now().wall;
        let noting = self
            .inbox
            .run(move |inbox| inbox.confirmed(&source, &confirmation, at));
        tokio::spawn(async move {
            if let Err(error) = noting.await {
                // It is for people to read only: nothing is decided by it.
                tracing::warn!(%error, "cannot note a confirmation");
            }
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
