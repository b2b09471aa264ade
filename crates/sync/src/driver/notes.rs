//! What is noted in the inbox for people, or for the next start: nothing that runs is decided by it.

use campana_contract::{Confirmation, ElementKind};

use super::Driver;
use crate::http::Profile;
use crate::inbox::{Inbox, InboxError};

impl Driver {
    /// The server accepted these.
    pub(super) fn note_confirmed(&self, confirmation: Confirmation) {
        let Some(source) = self.source() else { return };
        let at = self.clock.now().wall;
        self.note("a confirmation", move |inbox| {
            inbox.confirmed(&source, &confirmation, at)
        });
    }

    /// The server refuses the confirmation of this one.
    pub(super) fn note_refused(&self, kind: ElementKind, id: String) {
        let Some(source) = self.source() else { return };
        let at = self.clock.now().wall;
        self.note("a refused confirmation", move |inbox| {
            inbox.confirmation_refused(&source, kind, &id, at)
        });
    }

    /// This profile works at the present backend.
    pub(super) fn remember(&mut self, profile: Profile) {
        let Some(source) = self.source() else { return };
        self.profiles.insert(source.clone(), profile);
        self.note("which profile works", move |inbox| {
            inbox.remember_profile(&source, profile)
        });
    }

    fn note(
        &self,
        what: &'static str,
        job: impl FnOnce(&mut Inbox) -> Result<(), InboxError> + Send + 'static,
    ) {
        let noting = self.inbox.run(job);
        tokio::spawn(async move {
            if let Err(error) = noting.await {
                tracing::warn!(%error, "cannot note {what}");
            }
        });
    }
}
