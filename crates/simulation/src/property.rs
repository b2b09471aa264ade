//! What must hold in every history. `docs/intended-behaviour.md` says the same sentences.

use serde::{Deserialize, Serialize};

/// One property; the letters are those of `docs/intended-behaviour.md`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    /// (a)
    NothingLost,
    /// (b)
    StoredBeforeConfirmed,
    /// (c)
    AlertedOnce,
    /// (d)
    OnePullAtATime,
    /// (d)
    NoHintLost,
    /// (e)
    BackInSync,
    /// (f)
    NoSpinning,
    /// (g)
    TruthfulStatus,
    /// (h)
    NewestVersionKept,
    /// (i)
    VersionConfirmed,
    /// (j)
    HiddenOrdersTold,
    /// (k)
    Heard,
    /// (l)
    SoundAfterDeath,
    /// (m)
    HeardInTime,
}

impl Property {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::NothingLost,
        Self::StoredBeforeConfirmed,
        Self::AlertedOnce,
        Self::OnePullAtATime,
        Self::NoHintLost,
        Self::BackInSync,
        Self::NoSpinning,
        Self::TruthfulStatus,
        Self::NewestVersionKept,
        Self::VersionConfirmed,
        Self::HiddenOrdersTold,
        Self::Heard,
        Self::SoundAfterDeath,
        Self::HeardInTime,
    ];

    /// The property in one sentence.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::NothingLost => {
                "Every order in an answer that was received complete, or still pending after the last fault, is in the inbox in the end."
            }
            Self::StoredBeforeConfirmed => "Nothing is confirmed that is not committed.",
            Self::AlertedOnce => {
                "A version of an order raises exactly one alert, however often it comes, also across crashes; a life after a crash only repeats what still rings."
            }
            Self::OnePullAtATime => "There are never two pulls at once.",
            Self::NoHintLost => {
                "A hint that comes during a pull is never lost: another pull follows."
            }
            Self::BackInSync => "After the last fault the world is in sync within a bound.",
            Self::NoSpinning => "Attempts a minute are bounded in every state.",
            Self::TruthfulStatus => {
                "The status is never \"in sync\" once the link has been dead for longer than its heartbeat allows, or while an order that was made stays away."
            }
            Self::NewestVersionKept => {
                "A later version of an order is never overwritten by an older one."
            }
            Self::VersionConfirmed => {
                "A confirmation never names an order whose version in the last complete page is not committed."
            }
            Self::HiddenOrdersTold => {
                "Newer orders that are hidden behind a full page that cannot end are told (`limited`), never green."
            }
            Self::Heard => "What rings in the inbox was told to the shell, again in each life.",
            Self::SoundAfterDeath => {
                "A death between any two writes leaves a sound inbox with everything that was committed."
            }
            Self::HeardInTime => {
                "However long the disk takes, an order that it was given rings within 12 s of its answer, and from then on the status is not \"in sync\" until it is stored."
            }
        }
    }
}

/// A property that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Which.
    pub property: Property,
    /// What happened.
    pub what: String,
    /// When, in milliseconds of the history.
    pub at: u64,
}
