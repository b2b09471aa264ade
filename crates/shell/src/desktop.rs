//! What a desktop has: windows, notifications, alarms.

/// What sounds until somebody acts or the trouble ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Alarm {
    /// Orders that nobody has seen.
    Orders {
        /// Some of them for too long.
        louder: bool,
    },
    /// No orders have arrived for a while.
    ConnectionLost,
    /// The backend refuses the key, or there is none.
    KeyRefused,
}

/// A window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Window {
    /// The orders.
    Main,
    /// The settings.
    Settings,
}

impl Window {
    /// The label under which Tauri knows it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Main => "main",
            Self::Settings => "settings",
        }
    }
    /// The window with this label.
    pub fn with_label(label: &str) -> Option<Self> {
        [Self::Main, Self::Settings]
            .into_iter()
            .find(|window| window.label() == label)
    }
}

/// Names a notification in one run of the app.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct NoticeId(pub u32);

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its own; a tap or an action names it.
    pub id: NoticeId,
    /// One line.
    pub title: String,
    /// A few lines.
    pub body: String,
    /// Its buttons, from left to right; a tap on the rest of it is [`Answer::Open`].
    pub answers: &'static [Answer],
    /// Stays until somebody acts, where the desktop has it.
    pub urgent: bool,
}

/// What a person can do with a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    /// *Abrir*.
    Open,
    /// *Visto*: what it told of is seen.
    Seen,
    /// *Silenciar* the alarm about a trouble.
    Quiet,
}

impl Answer {
    /// The identifier under which the desktop reports it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Seen => "seen",
            Self::Quiet => "quiet",
        }
    }
    /// The answer with this identifier.
    pub fn with_id(id: &str) -> Option<Self> {
        [Self::Open, Self::Seen, Self::Quiet]
            .into_iter()
            .find(|answer| answer.id() == id)
    }
}

/// What the desktop itself has to say to people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The title of the main window.
    pub main_title: String,
    /// The title of the settings window.
    pub settings_title: String,
    /// A notification's action *Abrir*.
    pub open: String,
    /// *Visto*.
    pub seen: String,
    /// *Silenciar*.
    pub quiet: String,
}

impl Words {
    /// The words on the button of an answer.
    pub fn answer(&self, answer: Answer) -> &str {
        match answer {
            Answer::Open => &self.open,
            Answer::Seen => &self.seen,
            Answer::Quiet => &self.quiet,
        }
    }
}
