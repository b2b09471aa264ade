//! One value for the whole way of an order, from the server to the ear: the worst of what is true of its parts.

use serde::Serialize;

use crate::status::{Status, StatusKind};

/// The verdict, from the best to the worst. Tray, windows and `campana-sync watch` show this value and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
pub enum Verdict {
    /// Orders made now are heard here within seconds.
    InSync,
    /// A round of pulls is under way.
    Syncing,
    /// The connection is being made.
    Connecting,
    /// Orders come every minute only.
    PollingOnly,
    /// Sound and notifications are silenced.
    Paused,
    /// The server refuses confirmations for good: it will hand those orders out again and again.
    ConfirmationsRefused,
    /// Another program seems to receive this shop's orders.
    AnotherReceiver,
    /// An order came that cannot be read, and nobody has seen it yet.
    Unreadable,
    /// Newer orders may be hidden behind a full page that cannot end.
    Limited,
    /// No order can be heard: no sound device, one that plays nothing, or the volume 0.
    Unheard,
    /// No backend was chosen.
    NotConfigured,
    /// The key is missing.
    KeyMissing,
    /// The server refuses the key.
    KeyRefused,
    /// Orders cannot be stored.
    StorageFailed,
    /// No orders arrive.
    Offline,
    /// A part of Campana stopped and has not come back.
    PartStopped,
}

/// How serious a verdict is: it chooses the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(
    feature = "bindings",
    derive(ts_rs::TS),
    ts(export_to = "../../../ui/src/backend/bindings.ts")
)]
pub enum Severity {
    /// Everything works.
    Fine,
    /// It will be known in a moment.
    Busy,
    /// Somebody chose it so.
    Idle,
    /// Orders come, but late, or not surely all of them.
    Warning,
    /// Orders do not come, or are not heard.
    Trouble,
}

/// The state of the parts beside the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Sound and notifications are silenced.
    pub paused: bool,
    /// No order can be heard.
    pub unheard: bool,
    /// An order that cannot be read is unseen.
    pub unreadable: bool,
    /// A part stopped and has not come back.
    pub part_stopped: bool,
}

impl Verdict {
    /// The worst of what the engine and the other parts say.
    pub fn of(status: &Status, around: Surroundings) -> Self {
        let found = [
            (around.paused, Self::Paused),
            (status.confirmations_refused > 0, Self::ConfirmationsRefused),
            (status.another_receiver, Self::AnotherReceiver),
            (around.unreadable, Self::Unreadable),
            (around.unheard, Self::Unheard),
            (around.part_stopped, Self::PartStopped),
        ];
        let found = found.into_iter().filter(|(holds, _)| *holds);
        found
            .map(|(_, verdict)| verdict)
            .fold(Self::from(status.kind), Ord::max)
    }

    /// How serious it is.
    pub const fn severity(self) -> Severity {
        match self {
            Self::InSync => Severity::Fine,
            Self::Syncing | Self::Connecting => Severity::Busy,
            Self::Paused | Self::NotConfigured => Severity::Idle,
            Self::PollingOnly
            | Self::ConfirmationsRefused
            | Self::AnotherReceiver
            | Self::Unreadable => Severity::Warning,
            Self::Limited
            | Self::Unheard
            | Self::KeyMissing
            | Self::KeyRefused
            | Self::StorageFailed
            | Self::Offline
            | Self::PartStopped => Severity::Trouble,
        }
    }
}

impl From<StatusKind> for Verdict {
    fn from(kind: StatusKind) -> Self {
        match kind {
            StatusKind::NotConfigured => Self::NotConfigured,
            StatusKind::Connecting => Self::Connecting,
            StatusKind::InSync => Self::InSync,
            StatusKind::Syncing => Self::Syncing,
            StatusKind::PollingOnly => Self::PollingOnly,
            StatusKind::Limited => Self::Limited,
            StatusKind::Offline => Self::Offline,
            StatusKind::KeyMissing => Self::KeyMissing,
            StatusKind::KeyRefused => Self::KeyRefused,
            StatusKind::StorageFailed => Self::StorageFailed,
        }
    }
}

#[cfg(test)]
mod tests {
    use campana_contract::Timestamp;

    use super::*;

    fn status(kind: StatusKind) -> Status {
        Status::new(kind, Timestamp(0))
    }

    #[test]
    fn the_worst_part_decides() {
        let fine = status(StatusKind::InSync);
        let around = Surroundings::default();
        assert_eq!(Verdict::of(&fine, around), Verdict::InSync);
        let paused = Surroundings {
            paused: true,
            ..around
        };
        assert_eq!(Verdict::of(&fine, paused), Verdict::Paused);
        let mute = Surroundings {
            unheard: true,
            ..paused
        };
        assert_eq!(Verdict::of(&fine, mute), Verdict::Unheard);
        let offline = status(StatusKind::Offline);
        assert_eq!(Verdict::of(&offline, mute), Verdict::Offline);
        let taken = Status {
            another_receiver: true,
            confirmations_refused: 1,
            ..fine
        };
        assert_eq!(Verdict::of(&taken, around), Verdict::AnotherReceiver);
        let stopped = Surroundings {
            part_stopped: true,
            ..around
        };
        assert_eq!(Verdict::of(&offline, stopped), Verdict::PartStopped);
    }

    #[test]
    fn nothing_that_keeps_an_order_from_being_heard_looks_fine() {
        let fine = status(StatusKind::InSync);
        let one = |change: fn(&mut Surroundings)| {
            let mut around = Surroundings::default();
            change(&mut around);
            Verdict::of(&fine, around).severity()
        };
        assert_eq!(one(|around| around.unheard = true), Severity::Trouble);
        assert_eq!(one(|around| around.part_stopped = true), Severity::Trouble);
        assert_eq!(one(|around| around.unreadable = true), Severity::Warning);
        assert_eq!(one(|around| around.paused = true), Severity::Idle);
    }
}
