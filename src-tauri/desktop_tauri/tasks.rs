//! The adapters' tasks: each reads the queue of its part of the desktop, so that one that hangs holds up no other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use campana_shell::controller::Input;
use campana_shell::effects::{
    Effect, NotificationEffect, Outcomes, Queues, SoundEffect, SystemEffect, WindowEffect,
};
use campana_shell::view::{SoundView, View};
use tauri::{AppHandle, Manager as _};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;

use super::notifications::Notifications;
use super::print_dialog::PrintDialogs;
use super::wakefulness::Wakefulness;
use super::{Windows, tray};
use crate::sound::{Sound, SystemDevice};

/// How often the thread of the alarm is looked at: it may end while it sounds.
const LOOK: Duration = Duration::from_secs(5);

/// Starts them; what they hear and how they fare goes to `inputs`.
pub fn start(app: &AppHandle, inputs: &UnboundedSender<Input>, demo: bool, queues: Queues) {
    app.manage(PrintDialogs::default());
    #[cfg(target_os = "linux")]
    app.manage(super::front::ActivationTokens::default());
    let outcomes = || Outcomes::new(inputs.clone());
    tray::start(app.clone(), inputs.clone(), demo, queues.tray);
    let sound = KeptSound {
        inputs: inputs.clone(),
        running: None,
        preferences: None,
        alarm: None,
    };
    tauri::async_runtime::spawn(play(sound, queues.sound, outcomes()));
    let notifications = Notifications::new(app.clone(), inputs.clone());
    tauri::async_runtime::spawn(notify(notifications, queues.notifications));
    tauri::async_runtime::spawn(serve_system(app.clone(), queues.system, outcomes()));
    let windows = WindowsTask {
        windows: Windows::new(app.clone(), inputs.clone()),
        effects: queues.windows,
        views: queues.view,
        outcomes: outcomes(),
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

async fn play(
    mut sound: KeptSound,
    mut effects: UnboundedReceiver<SoundEffect>,
    outcomes: Outcomes,
) {
    let mut looks = tokio::time::interval(LOOK);
    loop {
        tokio::select! {
            effect = effects.recv() => {
                let Some(effect) = effect else {
                    return;
                };
                let result = sound.carry_out(&effect);
                outcomes.tell(Effect::Sound(effect), result);
            }
            _ = looks.tick() => {
                if let Err(error) = sound.keep() {
                    tracing::error!(%error, "the alarm is mute");
                }
            }
        }
    }
}

/// That one was shown is never known, so nothing is told of it.
async fn notify(notifications: Notifications, mut effects: UnboundedReceiver<NotificationEffect>) {
    while let Some(effect) = effects.recv().await {
        match effect {
            NotificationEffect::Show(notice) => notifications.show(notice),
            NotificationEffect::Withdraw(notice) => notifications.withdraw(notice),
            NotificationEffect::Words(words) => notifications.speak(&words),
        }
    }
}

async fn serve_system(
    app: AppHandle,
    mut effects: UnboundedReceiver<SystemEffect>,
    outcomes: Outcomes,
) {
    let mut wakefulness = Wakefulness::default();
    while let Some(effect) = effects.recv().await {
        match effect {
            SystemEffect::Browse(page) => {
                let outcomes = outcomes.clone();
                // It waits until the browser is found.
                tauri::async_runtime::spawn_blocking(move || {
                    let opened = tauri_plugin_opener::open_url(page.as_str(), None::<&str>);
                    // The error may quote the page, and so where an order goes.
                    let opened = opened.map_err(|_| "no browser opens");
                    outcomes.tell(Effect::System(SystemEffect::Browse(page)), opened);
                });
            }
            SystemEffect::KeepAwake(keeps) => wakefulness.keep_awake(keeps),
            SystemEffect::End(false) => app.exit(0),
            SystemEffect::End(true) => app.request_restart(),
        }
    }
}

struct WindowsTask {
    windows: Windows,
    effects: UnboundedReceiver<WindowEffect>,
    views: watch::Receiver<Option<Arc<View>>>,
    outcomes: Outcomes,
}

impl WindowsTask {
    /// Works until the controller ends. What panics is left out.
    fn run(mut self) {
        let work = |task: &mut Self| tauri::async_runtime::block_on(task.work());
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
