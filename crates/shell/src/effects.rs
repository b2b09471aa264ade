//! What the controller wants done outside, as values, and the queues to the adapters that do it.
//!
//! Each queue is read by a task of its own. The controller hands over and waits for nobody: an adapter that hangs holds
//! up its own queue and no other. How an effect went comes back by [`Outcomes`].

use std::collections::HashSet;
use std::fmt::Display;
use std::sync::{Arc, Mutex, PoisonError};

use campana_sync::settings::{Alerts, Chime, Theme};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::watch;
use url::Url;

use crate::controller::Input;
use crate::desktop::{Alarm, Notice, NoticeId, Window, Words};
use crate::tray::TrayView;
use crate::view::{CheckView, View};

/// Something to be done outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// The tray looks like this from now on.
    Tray(TrayView),
    /// The windows that are open, and those that open later, show this from now on.
    View(Arc<View>),
    /// Something to be heard.
    Sound(SoundEffect),
    /// Something about notifications.
    Notification(NotificationEffect),
    /// Something about windows.
    Window(WindowEffect),
    /// Something about the system.
    System(SystemEffect),
}

/// Something to be heard.
#[derive(Clone, Debug, PartialEq)]
pub enum SoundEffect {
    /// From now on this alarm sounds, or none.
    Alarm(Option<Alarm>),
    /// One chime. While an alarm sounds without end, none is needed.
    Chime,
    /// One sound of this chime, at this volume in percent.
    Preview(Chime, u8),
    /// What sounds, and what will, follows these settings.
    Preferences(Alerts),
}

/// Something about notifications.
#[derive(Clone, Debug, PartialEq)]
pub enum NotificationEffect {
    /// Show it.
    Show(Notice),
    /// Take it back, where the desktop can.
    Withdraw(NoticeId),
    /// The words on the actions.
    Words(Words),
}

/// Something about windows.
#[derive(Clone, Debug, PartialEq)]
pub enum WindowEffect {
    /// Open this window, or bring it to the front.
    Open(Window),
    /// Close it, if it is open.
    Close(Window),
    /// Select this order in the main window as soon as that is ready.
    ShowOrder(String),
    /// This window's page is loaded and listens.
    PageReady(Window),
    /// This window was closed.
    PageGone(Window),
    /// A line of *Probar conexión*, for the settings window.
    Check(CheckView),
    /// The taskbar shows that the app needs somebody, or does so no more.
    Attention(bool),
    /// The titles.
    Words(Words),
    /// Light or dark.
    Theme(Theme),
}

/// Something about the system.
#[derive(Clone, Debug, PartialEq)]
pub enum SystemEffect {
    /// Open this page in the browser.
    Browse(Url),
    /// The computer does not fall asleep by itself from now on, or may again.
    KeepAwake(bool),
    /// End the app; `true` starts what lies in its place then.
    End(bool),
}

/// What a newer effect replaces: of two with the same one, only the newer is tried again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names of the effects say it")]
pub enum Kind {
    Tray,
    View,
    Alarm,
    Chime,
    SoundPreferences,
    Notice(NoticeId),
    NotificationWords,
    Window(Window),
    ShownOrder,
    Page(Window),
    Check,
    Attention,
    WindowWords,
    Theme,
    Browse,
    KeepAwake,
    End,
}

impl Effect {
    /// What it replaces.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Tray(_) => Kind::Tray,
            Self::View(_) => Kind::View,
            Self::Sound(SoundEffect::Alarm(_)) => Kind::Alarm,
            Self::Sound(SoundEffect::Chime | SoundEffect::Preview(..)) => Kind::Chime,
            Self::Sound(SoundEffect::Preferences(_)) => Kind::SoundPreferences,
            Self::Notification(NotificationEffect::Show(notice)) => Kind::Notice(notice.id),
            Self::Notification(NotificationEffect::Withdraw(notice)) => Kind::Notice(*notice),
            Self::Notification(NotificationEffect::Words(_)) => Kind::NotificationWords,
            Self::Window(WindowEffect::Open(window) | WindowEffect::Close(window)) => {
                Kind::Window(*window)
            }
            Self::Window(WindowEffect::ShowOrder(_)) => Kind::ShownOrder,
            Self::Window(WindowEffect::PageReady(window) | WindowEffect::PageGone(window)) => {
                Kind::Page(*window)
            }
            Self::Window(WindowEffect::Check(_)) => Kind::Check,
            Self::Window(WindowEffect::Attention(_)) => Kind::Attention,
            Self::Window(WindowEffect::Words(_)) => Kind::WindowWords,
            Self::Window(WindowEffect::Theme(_)) => Kind::Theme,
            Self::System(SystemEffect::Browse(_)) => Kind::Browse,
            Self::System(SystemEffect::KeepAwake(_)) => Kind::KeepAwake,
            Self::System(SystemEffect::End(_)) => Kind::End,
        }
    }
}

impl Kind {
    /// Means something at its moment only: it is not tried again for long.
    pub fn is_momentary(&self) -> bool {
        match self {
            Self::Chime | Self::ShownOrder | Self::Page(_) | Self::Check | Self::Browse => true,
            Self::Tray
            | Self::View
            | Self::Alarm
            | Self::SoundPreferences
            | Self::Notice(_)
            | Self::NotificationWords
            | Self::Window(_)
            | Self::Attention
            | Self::WindowWords
            | Self::Theme
            | Self::KeepAwake
            | Self::End => false,
        }
    }
}

/// How an effect went.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// What failed before works again.
    Done(Kind),
    /// It was not done, and why; technical words. Boxed, since it carries a whole view.
    Failed(Box<Effect>, String),
}

/// The way back from one adapter.
#[derive(Clone)]
pub struct Outcomes {
    inputs: UnboundedSender<Input>,
    failed: Arc<Mutex<HashSet<Kind>>>,
}

impl Outcomes {
    /// One for each adapter.
    pub fn new(inputs: UnboundedSender<Input>) -> Self {
        Self {
            inputs,
            failed: Arc::default(),
        }
    }

    /// How this effect went. Success is only told after a failure.
    pub fn tell<E: Display>(&self, effect: Effect, result: Result<(), E>) {
        let kind = effect.kind();
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = match result {
            Ok(()) if failed.remove(&kind) => Outcome::Done(kind),
            Ok(()) => return,
            Err(reason) => {
                failed.insert(kind);
                Outcome::Failed(Box::new(effect), reason.to_string())
            }
        };
        // The controller is gone when the app ends.
        let _ = self.inputs.send(Input::Outcome(outcome));
    }
}

/// The controller's ends of the queues.
pub struct Outlets {
    tray: watch::Sender<Option<TrayView>>,
    view: watch::Sender<Option<Arc<View>>>,
    sound: UnboundedSender<SoundEffect>,
    notifications: UnboundedSender<NotificationEffect>,
    windows: UnboundedSender<WindowEffect>,
    system: UnboundedSender<SystemEffect>,
}

/// The adapters' ends of the queues.
pub struct Queues {
    /// How the tray looks; a view that was not drawn yet is left out.
    pub tray: watch::Receiver<Option<TrayView>>,
    /// What the windows show. What [`Queues::windows`] holds was handed over before it.
    pub view: watch::Receiver<Option<Arc<View>>>,
    /// What is to be heard.
    pub sound: UnboundedReceiver<SoundEffect>,
    /// Notifications.
    pub notifications: UnboundedReceiver<NotificationEffect>,
    /// Windows.
    pub windows: UnboundedReceiver<WindowEffect>,
    /// The system.
    pub system: UnboundedReceiver<SystemEffect>,
}

/// Makes the queues.
pub fn queues() -> (Outlets, Queues) {
    let (tray, tray_end) = watch::channel(None);
    let (view, view_end) = watch::channel(None);
    let (sound, sound_end) = unbounded_channel();
    let (notifications, notifications_end) = unbounded_channel();
    let (windows, windows_end) = unbounded_channel();
    let (system, system_end) = unbounded_channel();
    let outlets = Outlets {
        tray,
        view,
        sound,
        notifications,
        windows,
        system,
    };
    let queues = Queues {
        tray: tray_end,
        view: view_end,
        sound: sound_end,
        notifications: notifications_end,
        windows: windows_end,
        system: system_end,
    };
    (outlets, queues)
}

impl Outlets {
    /// Hands it to its adapter, without waiting.
    ///
    /// # Errors
    /// When the adapter's task is gone; the effect comes back.
    pub fn hand_over(&self, effect: Effect) -> Result<(), Box<Effect>> {
        let gone = |effect| Err(Box::new(effect));
        match effect {
            Effect::Tray(view) => match self.tray.send(Some(view)) {
                Ok(()) => Ok(()),
                Err(back) => back.0.map_or(Ok(()), |view| gone(Effect::Tray(view))),
            },
            Effect::View(view) => match self.view.send(Some(view)) {
                Ok(()) => Ok(()),
                Err(back) => back.0.map_or(Ok(()), |view| gone(Effect::View(view))),
            },
            Effect::Sound(effect) => self
                .sound
                .send(effect)
                .or_else(|it| gone(Effect::Sound(it.0))),
            Effect::Notification(effect) => self
                .notifications
                .send(effect)
                .or_else(|it| gone(Effect::Notification(it.0))),
            Effect::Window(effect) => self
                .windows
                .send(effect)
                .or_else(|it| gone(Effect::Window(it.0))),
            Effect::System(effect) => self
                .system
                .send(effect)
                .or_else(|it| gone(Effect::System(it.0))),
        }
    }
}
