//! What the tray's icon says.

/// What the icon says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrayIcon {
    /// The status.
    pub mark: Mark,
    /// Orders that nobody has seen; more than nine are drawn as `9+`.
    pub unseen: u32,
    /// The bright moment of a flashing alarm.
    pub lit: bool,
}

/// What is drawn on the bell for the status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// The plain bell: in sync.
    None,
    /// Arrows to both sides: syncing.
    Arrows,
    /// A small clock: orders come every minute only.
    Clock,
    /// Struck through: no orders arrive.
    Struck,
    /// A key: it is missing or refused.
    Key,
    /// An exclamation mark: orders may be hidden, or cannot be stored.
    Exclamation,
    /// Two bars: paused.
    Bars,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::None,
        Self::Arrows,
        Self::Clock,
        Self::Struck,
        Self::Key,
        Self::Exclamation,
        Self::Bars,
    ];
}
