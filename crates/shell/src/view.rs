//! The one value from which tray, menu and windows are drawn.

mod history;
mod order;
mod updates;

use campana_sync::settings::Preferences;
use campana_sync::status::StatusKind;
use campana_sync::verdict::{Severity, Verdict};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use history::{
    ActivityPage, ActivityView, HistoryPage, HistoryQuery, HistoryRow, LinkKind, PrintedView,
    RefusedView, SetAsideView,
};

pub use order::{
    AddressView, AttentionView, ItemView, OrderTypeView, OrderView, PartView, PaymentView,
    ShownOrder,
};
pub use updates::{UpdateStage, UpdatesView};

/// Everything that the windows show. Moments are milliseconds since 1970, amounts are hundredths.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct View {
    /// What matters most now; icon, pill and frame show this and nothing else.
    pub verdict: Verdict,
    /// How serious that is.
    pub severity: Severity,
    /// What the engine says, and why.
    pub status: StatusView,
    /// Orders that nobody has seen, those from before the first contact left out.
    pub unseen: u32,
    /// Orders from before the first contact that nobody has marked.
    pub from_before: u32,
    /// Unseen ones, those from before, and today's seen ones; newest first.
    pub orders: Vec<OrderView>,
    /// Sound and toasts are silenced.
    pub pause: Option<PauseView>,
    /// Whether the alarm can be heard.
    pub sound: SoundView,
    /// The inbox was damaged while Campana ran, or was found so at its start.
    pub damage: Option<DamageView>,
    /// Why the last ticket is not on paper: `printer-unreachable`, `printer-failed`.
    pub printer_trouble: Option<String>,
    /// How the last round that somebody asked for ended.
    pub last_asked: Option<RoundView>,
    /// The connection, as the settings window shows it.
    pub setup: SetupView,
    /// The rest of the settings.
    pub preferences: Preferences,
    /// What the settings meet on this computer.
    pub computer: ComputerView,
    /// New versions of Campana; `None` where Campana does not look for them.
    pub updates: Option<UpdatesView>,
    /// *Probar la alarma* sounds now.
    pub rehearsing: bool,
    /// An alarm tells of trouble, by sound or by light, until orders come again or somebody silences it.
    pub trouble_alarm: bool,
    /// Somebody chose *Salir* and has not yet said that it is meant.
    pub quit_asked: bool,
    /// Runs with sample orders, apart from everything real.
    pub demo: bool,
    /// The desktop shows a tray.
    pub tray: bool,
    /// `es` or `en`.
    pub language: String,
    /// Campana's version.
    pub version: String,
}

/// What is true now, and why. `kind` and `cause` are the codes of `campana_sync::status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct StatusView {
    /// The state.
    pub kind: StatusKind,
    /// Its cause (`snake_case`), where it has one.
    pub cause: Option<String>,
    /// Since when.
    #[ts(type = "number")]
    pub since: i64,
    /// When the next attempt comes by itself.
    #[ts(type = "number | null")]
    pub next_attempt: Option<i64>,
    /// When a complete pull was last stored.
    #[ts(type = "number | null")]
    pub last_sync: Option<i64>,
    /// Another program seems to receive this shop's orders.
    pub another_receiver: bool,
    /// How many orders and customers are stored whose confirmation the server refuses.
    pub confirmations_refused: u32,
    /// Technical words.
    pub detail: Option<String>,
}

/// Sound and toasts are silenced; syncing goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct PauseView {
    /// Until when; `None` until somebody resumes.
    #[ts(type = "number | null")]
    pub until: Option<i64>,
    /// Orders that began to ring since and that nobody has seen yet.
    pub missed: u32,
}

/// Whether the alarm can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub enum SoundView {
    /// As far as known.
    Works,
    /// The last alarm found no device.
    NoDevice,
    /// There is a device, and it plays nothing.
    Failing,
    /// The volume of the settings is 0.
    Muted,
}

/// The inbox was damaged; what could be saved was saved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct DamageView {
    /// From when orders may be missing here, if that is known.
    #[ts(type = "number | null")]
    pub missing_since: Option<i64>,
}

/// How a round that somebody asked for ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct RoundView {
    /// When.
    #[ts(type = "number")]
    pub at: i64,
    /// Orders that were not known before.
    pub new_orders: u32,
    /// Everything came.
    pub complete: bool,
}

/// The connection, as the settings window shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct SetupView {
    /// The backend's address.
    pub address: Option<String>,
    /// Where the key is, never the key.
    pub key: KeyPlace,
    /// Who receives the orders; `None` until somebody said so.
    pub receiver: Option<ReceiverChoice>,
    /// How the server speaks.
    pub profile: ProfileView,
    /// A PEM file with an own certificate authority, as the settings name it.
    pub certificate_authority: Option<String>,
    /// The address is of plain `http://` outside the local network, and nobody allowed that: nothing is sent.
    pub plain_http_refused: bool,
    /// The settings file was damaged and lies aside; defaults took over.
    pub settings_damaged: bool,
}

/// What the settings meet on this computer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct ComputerView {
    /// Campana starts when this person logs in, whatever the settings say; `None` until it is known.
    pub starts_with_it: Option<bool>,
    /// The folder with the orders.
    pub data_folder: String,
}

/// Whose orders another address or key brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub enum ShopChoice {
    /// Those of the shop until now: its history goes along.
    Same,
    /// Those of another shop: it begins anew.
    Other,
}

/// Where the key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
#[allow(missing_docs, reason = "the names say it")]
pub enum KeyPlace {
    Missing,
    /// In the system's keyring.
    Keyring,
    /// Until Campana ends: there is no keyring.
    Memory,
    /// From `CAMPANA_API_KEY`.
    Environment,
    /// There may be one, but the keyring is locked.
    Locked,
    /// The keyring denied it.
    Denied,
}

/// *¿Quién recibe los pedidos?*
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub enum ReceiverChoice {
    /// Campana confirms.
    Campana,
    /// The till confirms, Campana only watches.
    Till,
}

/// How the server speaks. The names are those of `campana_sync::configuration::ProfileChoice`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
#[allow(missing_docs, reason = "the names say it")]
pub enum ProfileView {
    /// Campana finds out.
    Auto,
    Guide,
    Unified,
    UnifiedLegacy,
}

/// What the settings window sends. `key` goes this way only.
#[derive(Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct SettingsForm {
    /// The backend's address as typed.
    pub address: String,
    /// A new key, or `None` to leave the stored one.
    #[ts(type = "string | null")]
    pub key: Option<secrecy::SecretString>,
    /// Who receives the orders.
    pub receiver: Option<ReceiverChoice>,
    /// How the server speaks.
    pub profile: ProfileView,
    /// A PEM file with an own certificate authority; empty for none, `None` to leave what the file says.
    pub certificate_authority: Option<String>,
    /// Plain `http://` outside the local network is meant.
    pub plain_http: bool,
    /// Whose orders another address or key brings; `None` until somebody was asked.
    pub shop: Option<ShopChoice>,
}

/// A line of *Probar conexión*. `check` and `code` are the codes of `campana_sync::doctor`; their
/// sentences are the catalogue's `doctor-<check>`, `doctor-<check>-<code>` and `doctor-<check>-<code>-do`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct CheckView {
    /// What was tried (`snake_case`).
    pub check: String,
    /// How it ended.
    pub outcome: CheckOutcome,
    /// What came (`snake_case`).
    pub code: String,
    /// The check whose failure made this one pointless.
    pub because: Option<String>,
    /// A figure or name (`43 ms`, `WebSocket`), or technical words.
    pub detail: Option<String>,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
#[allow(missing_docs, reason = "the names say it")]
pub enum CheckOutcome {
    Ok,
    Warning,
    Failed,
    Skipped,
}

/// Why a command failed; the code is stable and is a catalogue key (`error-<code>`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(export, export_to = "../../../ui/src/backend/bindings.ts")]
pub struct CommandError {
    /// `address-empty`, `address-not-a-url`, `address-scheme`, `address-credentials`, `key-missing`,
    /// `address-plain-http`, `key-unusable`, `keyring-locked`, `keyring-denied`, `shop-unknown`,
    /// `certificate-authority-unreadable`, `certificate-authority-malformed`, `settings-unwritable`,
    /// `storage-failed`, `folder-not-shown`, `diagnostics-not-written`, `demo-not-started`,
    /// `order-unknown`, `link-none`, `history-unreadable`, `printer-missing`, `printer-unreachable`,
    /// `printer-failed`, `internal`.
    pub code: String,
    /// The field that is wrong (`address`, `key`, `receiver`, `certificate_authority`, `shop`), where it is one.
    pub field: Option<String>,
}
