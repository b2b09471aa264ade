//! Which profile worked at which backend: tried first after the next start.

use std::collections::HashMap;

use rusqlite::params;

use super::{Inbox, InboxError};
use crate::http::Profile;

/// The fact of a source is called so, followed by the source.
pub(super) const PROFILE_OF: &str = "profile_of ";

impl Inbox {
    /// The profile that last worked, by source. What only a newer Campana knows is left out.
    ///
    /// # Errors
    /// When the inbox cannot be read.
    pub fn profiles(&self) -> Result<HashMap<String, Profile>, InboxError> {
        let mut facts = self.connection.prepare(
            "SELECT substr(name, length(?1) + 1), value FROM facts
             WHERE substr(name, 1, length(?1)) = ?1",
        )?;
        let mut profiles = HashMap::new();
        let mut rows = facts.query([PROFILE_OF])?;
        while let Some(row) = rows.next()? {
            let name: String = row.get(1)?;
            if let Some(profile) = Profile::from_name(&name) {
                profiles.insert(row.get(0)?, profile);
            }
        }
        Ok(profiles)
    }

    /// Remembers that this profile works at this source, until another one does.
    ///
    /// # Errors
    /// When the inbox cannot be written.
    pub fn remember_profile(&mut self, source: &str, profile: Profile) -> Result<(), InboxError> {
        self.connection.execute(
            "INSERT OR REPLACE INTO facts (name, value) VALUES (?1, ?2)",
            params![format!("{PROFILE_OF}{source}"), profile.name()],
        )?;
        Ok(())
    }
}
