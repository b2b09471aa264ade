//! What the settings window says of new versions.

use serde::Serialize;
use ts_rs::TS;

/// New versions of Campana. Moments are milliseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct UpdatesView {
    /// The number of a newer version.
    pub available: Option<String>,
    /// Campana can install it; where it cannot, it comes as Campana itself came.
    pub installs: bool,
    /// What goes on now.
    pub stage: UpdateStage,
    /// When it was last known whether there is a newer version.
    #[ts(type = "number | null")]
    pub checked_at: Option<i64>,
    /// Why the last attempt ended, by the code of `error-<code>`: those of `updates::UpdateFailure`, and
    /// `update-orders-wait`.
    pub failure: Option<String>,
}

/// How far an update is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub enum UpdateStage {
    /// Nothing goes on.
    Idle,
    /// Is there a newer version?
    Checking,
    /// It is fetched.
    Downloading,
    /// It is here, and waits for a moment in which nothing rings and nothing is stored.
    Waiting,
    /// It takes this one's place.
    Installing,
}
