//! Planted bugs: each breaks one property, and shows that the simulation would notice.

use std::collections::HashSet;
use std::sync::Arc;

use campana_sync::engine::{Effect, Input, LinkInput};
use campana_sync::http::{Call, Profile};
use campana_sync::inbox::{AlertKind, Change, Stored, StoredOrder};
use campana_sync::report::Report;
use campana_sync::status::StatusKind;
use clap::ValueEnum;

use crate::property::Property;

/// A bug between the engine and the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Sabotage {
    /// A hint that comes during a pull is dropped, as the guide's own sample does.
    DropHintDuringPull,
    /// The engine is told that a page is stored before it is.
    ConfirmBeforeCommit,
    /// An order that comes again alerts again.
    AlertTwice,
    /// A page is not stored although the engine is told so.
    LosePage,
    /// A hint starts a pull although one is under way.
    PullTwice,
    /// A connection that ended is never opened again.
    StayAway,
    /// A connection that ended is opened again at once.
    Spin,
    /// Whatever happens, the status says that all is well.
    SayInSync,
    /// Versions have no time, so that an older one passes for news.
    ForgetTime,
    /// A newer version of a known order is confirmed and not stored.
    ConfirmUnstoredVersion,
    /// A full page that cannot end is kept quiet.
    HideLimited,
    /// What still rings from an earlier life is not told.
    ForgetWhatRings,
    /// An order is told only once the disk has answered.
    WaitForDisk,
}

impl Sabotage {
    /// The property that it breaks; others may suffer with it.
    pub fn breaks(self) -> Property {
        match self {
            Self::DropHintDuringPull => Property::NoHintLost,
            Self::ConfirmBeforeCommit => Property::StoredBeforeConfirmed,
            Self::AlertTwice => Property::AlertedOnce,
            Self::LosePage => Property::NothingLost,
            Self::PullTwice => Property::OnePullAtATime,
            Self::StayAway => Property::BackInSync,
            Self::Spin => Property::NoSpinning,
            Self::SayInSync => Property::TruthfulStatus,
            Self::ForgetTime => Property::NewestVersionKept,
            Self::ConfirmUnstoredVersion => Property::VersionConfirmed,
            Self::HideLimited => Property::HiddenOrdersTold,
            Self::ForgetWhatRings => Property::Heard,
            Self::WaitForDisk => Property::HeardInTime,
        }
    }
}

/// The bug at work in one history.
#[derive(Debug)]
pub(crate) struct Saboteur {
    sabotage: Option<Sabotage>,
    ended: bool,
    was_in_sync: bool,
    /// The latest input is an answer of the disk.
    from_disk: bool,
    /// Orders of which it was told that they are stored.
    lied: HashSet<String>,
}

impl Saboteur {
    pub(crate) fn new(sabotage: Option<Sabotage>) -> Self {
        Self {
            sabotage,
            ended: false,
            was_in_sync: false,
            from_disk: false,
            lied: HashSet::new(),
        }
    }

    pub(crate) fn is(&self, sabotage: Sabotage) -> bool {
        self.sabotage == Some(sabotage)
    }

    /// What reaches the engine instead of `input`. `busy`: a pull is under way.
    pub(crate) fn input(&mut self, mut input: Input, busy: bool) -> Vec<Input> {
        self.from_disk = matches!(input, Input::Stored(..) | Input::PartialStored(..));
        match (&mut input, self.sabotage) {
            (Input::Link(_, LinkInput::Changes), Some(Sabotage::DropHintDuringPull)) if busy => {
                return Vec::new();
            }
            (Input::Link(_, LinkInput::Closed(_)), Some(Sabotage::Spin)) => {
                return vec![input, Input::NetworkChanged];
            }
            (Input::Link(_, LinkInput::Closed(_)), Some(Sabotage::StayAway)) => self.ended = true,
            (Input::Stored(_, Ok(stored)), Some(Sabotage::AlertTwice)) => {
                for order in &mut stored.orders {
                    if order.change == Change::Unchanged {
                        order.alert = Some(AlertKind::NewOrder);
                    }
                }
            }
            _ => {}
        }
        vec![input]
    }

    /// What is done instead of `effect`. `busy`: a pull is under way.
    pub(crate) fn effect(&mut self, mut effect: Effect, busy: bool) -> Vec<Effect> {
        match (&mut effect, self.sabotage) {
            (Effect::Open(..), Some(Sabotage::StayAway)) if self.ended => return Vec::new(),
            (Effect::Report(Report::Status(status)), Some(Sabotage::SayInSync)) => {
                self.was_in_sync |= status.kind == StatusKind::InSync;
                if self.was_in_sync {
                    status.kind = StatusKind::InSync;
                }
            }
            (Effect::Report(Report::Status(status)), Some(Sabotage::HideLimited))
                if status.kind == StatusKind::Limited =>
            {
                status.kind = StatusKind::InSync;
            }
            (
                Effect::Report(Report::Alert { again: true, .. }),
                Some(Sabotage::ForgetWhatRings),
            ) => {
                return Vec::new();
            }
            (Effect::Report(Report::Alert { again: false, .. }), Some(Sabotage::WaitForDisk))
                if !self.from_disk =>
            {
                return Vec::new();
            }
            (Effect::Store(_, answer), Some(Sabotage::ForgetTime)) => {
                for order in &mut Arc::make_mut(&mut answer.page).orders {
                    order.updated_at = None;
                }
            }
            (Effect::Report(Report::Hint { .. }), Some(Sabotage::PullTwice)) if busy => {
                let pull = Effect::Exchange(u64::MAX, Profile::Guide, Call::Pull);
                return vec![effect, pull];
            }
            _ => {}
        }
        vec![effect]
    }

    /// What the engine is told of a page that is not stored yet, or never will be.
    pub(crate) fn lie_about(&mut self, effect: &Effect) -> Option<Stored> {
        let Effect::Store(_, answer) = effect else {
            return None;
        };
        let is_early = self.is(Sabotage::ConfirmBeforeCommit);
        let lies = is_early || self.is(Sabotage::LosePage);
        if !lies {
            return None;
        }
        let mut orders = Vec::new();
        for order in &answer.page.orders {
            let is_new = is_early && self.lied.insert(order.id.key().to_owned());
            orders.push(StoredOrder {
                id: order.id.clone(),
                shift_order_number: order.shift_order_number,
                change: if is_new {
                    Change::New
                } else {
                    Change::Unchanged
                },
                alert: is_new.then_some(AlertKind::NewOrder),
            });
        }
        Some(Stored {
            orders,
            ..Stored::default()
        })
    }
}
