//! What the tray's icon says.

/// What the icon says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TrayIcon {
    /// The verdict.
    pub mark: Mark,
    /// Orders that nobody has seen; more than nine are drawn as `9+`.
    pub unseen: u32,
    /// The bright moment of a flashing alarm.
    pub lit: bool,
    /// The bell of the demo, which has another colour than the shop's.
    pub demo: bool,
}

/// What is drawn on the bell for the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Mark {
    /// The plain bell: in sync.
    None,
    /// Arrows to both sides: syncing.
    Arrows,
    /// Three dots: connecting.
    Dots,
    /// A small clock: orders come every minute only.
    Clock,
    /// Struck through: no orders arrive, or none can be heard.
    Struck,
    /// A key: it is missing or refused.
    Key,
    /// An exclamation mark: orders may be hidden, cannot be stored or read, or go to another program.
    Exclamation,
    /// Two bars: paused.
    Bars,
}

impl Mark {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::None,
        Self::Arrows,
        Self::Dots,
        Self::Clock,
        Self::Struck,
        Self::Key,
        Self::Exclamation,
        Self::Bars,
    ];
}
