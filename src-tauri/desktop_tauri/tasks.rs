//! The adapters' tasks: each reads the queue of its part of the desktop, so that one that hangs holds up no other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use campana_shell::controller::Input;
use campana_shell::effects::{
    Effect, NotificationEffect, Outcomes, Queues, SoundEffect, SystemEffect, WindowEffect,
};
use campana_shell::heartbeat::Heartbeat;
use campana_shell::view::{SoundView, View};
use campana_sync::lease::Lease;
use futures_util::FutureExt as _;
use tauri::{AppHandle, Manager as _};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use url::Url;

use super::notifications::Notifications;
use super::print_dialog::PrintDialogs;
use super::wakefulness::Wakefulness;
use super::{Windows, tray};
use crate::sound::{Sound, SystemDevice};

/// How often the thread of the alarm is looked at: it may end while it sounds.
const LOOK: Duration = Duration::from_secs(5);

/// Starts them; what they hear and how they fare goes to `inputs`. `watched` gives each its lease.
pub fn start(
    app: &AppHandle,
    inputs: &UnboundedSender<Input>,
    demo: bool,
    queues: Queues,
    watched: &mut impl FnMut(&'static str) -> Lease,
) {
    app.manage(PrintDialogs::default());
    #[cfg(target_os = "linux")]
    app.manage(super::front::ActivationTokens::default());
    let outcomes = || Outcomes::new(inputs.clone());
    tray::start(
        app.clone(),
        inputs.clone(),
        demo,
        queues.tray,
        watched("tray"),
    );
    let sound = KeptSound {
        inputs: inputs.clone(),
        running: None,
        preferences: None,
        alarm: None,
    };
    let mut playing = Playing {
        sound,
        effects: queues.sound,
        outcomes: outcomes(),
    };
    let lease = watched("sound");
    tauri::async_runtime::spawn(async move {
        let mut heartbeat = Heartbeat::new("sound", lease);
        while contained(heartbeat.beside(playing.work())).await.is_err() {}
    });
    let mut notifying = Notifying {
        notifications: Notifications::new(app.clone(), inputs.clone()),
        effects: queues.notifications,
    };
    let lease = watched("notifications");
    tauri::async_runtime::spawn(async move {
        let mut heartbeat = Heartbeat::new("notifications", lease);
        while contained(heartbeat.beside(notifying.work())).await.is_err() {}
    });
    let mut serving = Serving {
        app: app.clone(),
        effects: queues.system,
        outcomes: outcomes(),
        wakefulness: Wakefulness::default(),
    };
    let lease = watched("system");
    tauri::async_runtime::spawn(async move {
        let mut heartbeat = Heartbeat::new("system", lease);
        while contained(heartbeat.beside(serving.work())).await.is_err() {}
    });
    let windows = WindowsTask {
        windows: Windows::new(app.clone(), inputs.clone()),
        effects: queues.windows,
        views: queues.view,
        outcomes: outcomes(),
        lease: watched("windows"),
    };
    // Calls of windows may wait for the main thread: not on a thread that others need.
    let started = std::thread::Builder::new()
        .name("windows".into())
        .spawn(move || windows.run());
    if let Err(error) = started {
        tracing::error!(%error, "no window opens");
    }
}

/// The alarm's thread, and what the next one needs to know when it ends.
struct KeptSound {
    inputs: UnboundedSender<Input>,
    running: Option<Sound>,
    preferences: Option<SoundEffect>,
    alarm: Option<SoundEffect>,
}

impl KeptSound {
    /// Starts the thread if none runs, and has it go on where one before it ended.
    fn keep(&mut self) -> anyhow::Result<&Sound> {
        if self.running.as_ref().is_some_and(Sound::is_gone) {
            tracing::error!("the thread of the alarm ended; another one begins");
            self.running = None;
        }
        let sound = match self.running.take() {
            Some(sound) => sound,
            None => {
                let inputs = self.inputs.clone();
                let report = move |sound| {
                    let _ = inputs.send(Input::Sound(sound));
                };
                let sound = Sound::start(SystemDevice, report).inspect_err(|_| {
                    let _ = self.inputs.send(Input::Sound(SoundView::Failing));
                })?;
                for before in [&self.preferences, &self.alarm].into_iter().flatten() {
                    sound.tell(before.clone())?;
                }
                sound
            }
        };
        Ok(self.running.insert(sound))
    }

    fn carry_out(&mut self, effect: &SoundEffect) -> anyhow::Result<()> {
        self.keep()?.tell(effect.clone())?;
        match effect {
            SoundEffect::Alarm(_) => self.alarm = Some(effect.clone()),
            SoundEffect::Preferences(_) => self.preferences = Some(effect.clone()),
            SoundEffect::Chime | SoundEffect::Preview(..) => {}
        }
        Ok(())
    }
}

/// Does the work; a panic in it ends nothing else, and comes back as an error.
async fn contained(work: impl Future<Output = ()>) -> Result<(), ()> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|_| {
        tracing::error!("a task of the desktop panicked; it goes on");
    })
}

struct Playing {
    sound: KeptSound,
    effects: UnboundedReceiver<SoundEffect>,
    outcomes: Outcomes,
}

impl Playing {
    /// Works until the controller ends.
    async fn work(&mut self) {
        let mut looks = tokio::time::interval(LOOK);
        loop {
            tokio::select! {
                effect = self.effects.recv() => {
                    let Some(effect) = effect else {
                        return;
                    };
                    let result = self.sound.carry_out(&effect);
                    self.outcomes.tell(Effect::Sound(effect), result);
                }
                _ = looks.tick() => {
                    if let Err(error) = self.sound.keep() {
                        tracing::error!(%error, "the alarm is mute");
                    }
                }
            }
        }
    }
}

struct Notifying {
    notifications: Notifications,
    effects: UnboundedReceiver<NotificationEffect>,
}

impl Notifying {
    /// Works until the controller ends. That one was shown is never known, so nothing is told of it.
    async fn work(&mut self) {
        while let Some(effect) = self.effects.recv().await {
            match effect {
                NotificationEffect::Show(notice) => self.notifications.show(notice),
                NotificationEffect::Withdraw(notice) => self.notifications.withdraw(notice),
                NotificationEffect::Words(words) => self.notifications.speak(&words),
            }
        }
    }
}

struct Serving {
    app: AppHandle,
    effects: UnboundedReceiver<SystemEffect>,
    outcomes: Outcomes,
    wakefulness: Wakefulness,
}

impl Serving {
    /// Works until the controller ends.
    async fn work(&mut self) {
        while let Some(effect) = self.effects.recv().await {
            match effect {
                SystemEffect::Browse(page) => self.browse(page),
                SystemEffect::KeepAwake(keeps) => self.wakefulness.keep_awake(keeps),
                SystemEffect::End(false) => self.app.exit(0),
                SystemEffect::End(true) => self.app.request_restart(),
            }
        }
    }

    /// It waits until the browser is found, on a thread of its own.
    fn browse(&self, page: Url) {
        let outcomes = self.outcomes.clone();
        tauri::async_runtime::spawn_blocking(move || {
            let opened = tauri_plugin_opener::open_url(page.as_str(), None::<&str>);
            // The error may quote the page, and so where an order goes.
            let opened = opened.map_err(|_| "no browser opens");
            outcomes.tell(Effect::System(SystemEffect::Browse(page)), opened);
        });
    }
}

struct WindowsTask {
    windows: Windows,
    effects: UnboundedReceiver<WindowEffect>,
    views: watch::Receiver<Option<Arc<View>>>,
    outcomes: Outcomes,
    lease: Lease,
}

impl WindowsTask {
    /// Works until the controller ends. What panics is left out.
    fn run(mut self) {
        let work = |task: &mut Self| {
            let lease = task.lease.clone();
            tauri::async_runtime::block_on(async {
                let mut heartbeat = Heartbeat::new("windows", lease);
                heartbeat.beside(task.work()).await;
            });
        };
        while catch_unwind(AssertUnwindSafe(|| work(&mut self))).is_err() {
            tracing::error!("the task of the windows panicked; it goes on");
        }
    }

    async fn work(&mut self) {
        loop {
            tokio::select! {
                // What was handed over first comes first.
                biased;
                effect = self.effects.recv() => {
                    let Some(effect) = effect else {
                        return;
                    };
                    let view = self.views.borrow().clone();
                    let result = self.windows.carry_out(&effect, view.as_ref());
                    self.outcomes.tell(Effect::Window(effect), result);
                }
                changed = self.views.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    let view = self.views.borrow_and_update().clone();
                    if let Some(view) = view {
                        let result = self.windows.draw(&view);
                        self.outcomes.tell(Effect::View(view), result);
                    }
                }
            }
        }
    }
}
