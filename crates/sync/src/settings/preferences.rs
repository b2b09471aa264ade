//! What the owner chose beyond the connection. The names are those of `settings.toml`, also on the way
//! to the windows.

use serde::{Deserialize, Serialize};

use crate::catalogue::Language;

/// What the owner chose beyond the connection; each group is a table of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(default)]
pub struct Preferences {
    /// `None` for the system's.
    pub language: Option<Language>,
    /// How an order makes itself heard and seen.
    pub alerts: Alerts,
    /// How the windows look.
    pub appearance: Appearance,
    /// How Campana lives with this computer.
    pub system: System,
    /// Tickets on paper.
    pub printing: Printing,
}

/// How an order makes itself heard and seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(default)]
pub struct Alerts {
    /// What an order sounds like.
    pub chime: Chime,
    /// Percent; at 0 the alarm is mute and the window says so.
    pub volume: u8,
    /// How often it sounds while an order is unseen.
    pub repeat: Repeat,
    /// From one chime to the next, for [`Repeat::Interval`].
    pub repeat_seconds: u32,
    /// Orders unseen for so long sound louder, and a minute later bring the window to the front; 0 is never.
    pub louder_minutes: u32,
    /// The window may come to the front by itself.
    pub window_to_front: bool,
    /// No orders have arrived for so long: an alarm of its own.
    pub connection_lost_seconds: u32,
    /// From this age on an order is shown as ageing.
    pub warm_minutes: u32,
    /// From this age on it is shown as late.
    pub late_minutes: u32,
    /// What a notification tells.
    pub content: NotificationContent,
}

impl Default for Alerts {
    fn default() -> Self {
        Self {
            chime: Chime::Bell,
            volume: 80,
            repeat: Repeat::Continuous,
            repeat_seconds: 10,
            louder_minutes: 3,
            window_to_front: true,
            connection_lost_seconds: 40,
            warm_minutes: 5,
            late_minutes: 10,
            content: NotificationContent::Full,
        }
    }
}

/// What an order sounds like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(rename_all = "snake_case")]
pub enum Chime {
    /// Two tones of struck metal.
    #[default]
    Bell,
    /// A run of wooden tones.
    Marimba,
    /// Short electric pulses, for noisy kitchens.
    Buzzer,
}

/// How often an alarm sounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(rename_all = "snake_case")]
pub enum Repeat {
    /// Once for each order.
    Once,
    /// Every so many seconds.
    Interval,
    /// Without pause.
    #[default]
    Continuous,
}

/// What a notification tells: the screen of a counter faces people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(rename_all = "snake_case")]
pub enum NotificationContent {
    /// Name, address and items too.
    #[default]
    Full,
    /// Number, type and total only.
    Discreet,
}

/// How the windows look.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(default)]
pub struct Appearance {
    /// Light or dark.
    pub theme: Theme,
    /// More contrast than the system asks for.
    pub high_contrast: bool,
    /// ISO 4217, for amounts.
    pub currency: String,
}

impl Default for Appearance {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            high_contrast: false,
            currency: "MXN".into(),
        }
    }
}

/// Light or dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// How Campana lives with this computer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(default)]
pub struct System {
    /// Starts when somebody logs in.
    pub start_with_computer: bool,
    /// Starts in the tray, without a window.
    pub start_hidden: bool,
    /// The computer does not fall asleep while Campana runs.
    pub keep_awake: bool,
    /// Orders that were seen and confirmed are kept for so long; 0 is for ever.
    pub retention_days: u32,
}

impl Default for System {
    fn default() -> Self {
        Self {
            start_with_computer: false,
            start_hidden: true,
            keep_awake: false,
            retention_days: 90,
        }
    }
}

/// Tickets on paper.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(default)]
pub struct Printing {
    /// Prints each new order once, when it arrives; only with a `printer`.
    pub automatic: bool,
    /// The paper of the print dialog.
    pub paper: Paper,
    /// A ticket printer: `host:port`, or the path of its device. Where it is empty, the print dialog prints.
    pub printer: String,
}

/// The paper of the print dialog.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// A roll of 80 mm.
    #[default]
    Roll,
    /// A sheet.
    A4,
}

impl Preferences {
    /// The same, with every number inside what makes sense: files are also written by hand.
    #[must_use]
    pub fn bounded(mut self) -> Self {
        let alerts = &mut self.alerts;
        alerts.volume = alerts.volume.min(100);
        alerts.repeat_seconds = alerts.repeat_seconds.clamp(3, 300);
        alerts.louder_minutes = alerts.louder_minutes.min(60);
        alerts.connection_lost_seconds = alerts.connection_lost_seconds.clamp(10, 3600);
        alerts.warm_minutes = alerts.warm_minutes.clamp(1, 600);
        alerts.late_minutes = alerts.late_minutes.clamp(alerts.warm_minutes + 1, 601);
        let currency = &mut self.appearance.currency;
        if currency.len() != 3 || !currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            *currency = Appearance::default().currency;
        }
        self.system.retention_days = self.system.retention_days.min(3650);
        let printer = &mut self.printing.printer;
        *printer = printer.trim().to_owned();
        self
    }
}
