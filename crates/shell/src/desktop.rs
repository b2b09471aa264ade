//! Every side effect that the controller can have on the desktop, behind one trait.

use std::sync::Arc;

use campana_sync::settings::{Chime, Preferences};
use url::Url;

use crate::tray::TrayView;
use crate::view::{CheckView, View};

/// The desktop. No method waits for a person, and none fails: what cannot be shown is logged.
pub trait Desktop: Send + 'static {
    /// Draws the tray's icon, label and menu.
    fn draw_tray(&mut self, tray: &TrayView);
    /// Shows a notification; a courtesy, never the only alarm.
    fn notify(&mut self, notice: Notice);
    /// Takes back a notification, where the desktop can.
    fn withdraw(&mut self, notice: NoticeId);
    /// Begins this alarm, or changes the present one to it; it sounds until [`Desktop::hush`].
    fn ring(&mut self, alarm: Alarm);
    /// Ends the alarm.
    fn hush(&mut self);
    /// Sounds once; while an alarm sounds without end there is no need to, and nothing happens.
    fn chime(&mut self);
    /// Lets somebody hear this chime at this volume in percent, once.
    fn preview(&mut self, chime: Chime, volume: u8);
    /// The taskbar shows that the app needs somebody, or does so no more.
    fn attract(&mut self, needs_somebody: bool);
    /// Opens this window, or brings it to the front.
    fn open(&mut self, window: Window);
    /// Closes this window, if it is open.
    fn close(&mut self, window: Window);
    /// Selects this order in the main window as soon as that is ready.
    fn show_order(&mut self, order: &str);
    /// This window's page is loaded and listens.
    fn page_ready(&mut self, window: Window);
    /// This window was closed.
    fn page_gone(&mut self, window: Window);
    /// Hands the view to the open windows, and to those that open later.
    fn draw(&mut self, view: &Arc<View>);
    /// Hands a line of *Probar conexión* to the settings window.
    fn show_check(&mut self, check: &CheckView);
    /// Opens this page in the system's browser.
    fn browse(&mut self, page: &Url);
    /// The language changed: window titles and the notification's action follow.
    fn speak(&mut self, words: Words);
    /// The settings changed: sound and windows follow.
    fn prefer(&mut self, preferences: &Preferences);
    /// Ends the app.
    fn quit(&mut self);
    /// Ends the app and starts what lies in its place now.
    fn start_anew(&mut self);
}

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
