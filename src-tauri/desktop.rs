//! Every side effect that the controller can have on the desktop, behind one trait.

use campana_sync::settings::{Chime, Preferences};

use crate::tray::TrayView;
use crate::view::{CheckView, View};

/// The desktop. No method waits for a person, and none fails: what cannot be shown is logged.
pub trait Desktop: Send + 'static {
    /// Draws the tray's icon, label and menu.
    fn draw_tray(&mut self, tray: &TrayView);
    /// Shows a notification; a courtesy, never the only alarm.
    fn notify(&mut self, notice: Notice);
    /// Takes back the notification of this order ([`crate::view::OrderView::id`]), where the desktop can.
    fn withdraw(&mut self, order: &str);
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
    /// Hands the view to the open windows.
    fn draw(&mut self, view: &View);
    /// Hands a line of *Probar conexión* to the settings window.
    fn show_check(&mut self, check: &CheckView);
    /// The language changed: window titles and the notification's action follow.
    fn speak(&mut self, words: Words);
    /// The settings changed: sound and windows follow.
    fn prefer(&mut self, preferences: &Preferences);
    /// Ends the app.
    fn quit(&mut self);
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

/// A notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// One line.
    pub title: String,
    /// A few lines.
    pub body: String,
    /// The order that it is about, where it is about one: a tap shows it, *Visto* marks it.
    pub order: Option<NoticeOrder>,
}

/// The order of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeOrder {
    /// [`crate::view::OrderView::id`].
    pub id: String,
    /// The version that the notification tells of.
    pub version: i64,
}

/// What the desktop itself has to say to people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The title of the main window.
    pub main_title: String,
    /// The title of the settings window.
    pub settings_title: String,
    /// The notification's action *Visto*.
    pub seen: String,
}
