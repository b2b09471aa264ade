//! A desktop that is none, and that can fail and hang.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use campana_sync::settings::{Alerts, Chime, Theme};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::controller::Input;
use crate::desktop::{Alarm, Notice, NoticeId, Window, Words};
use crate::effects::{
    Effect, Kind, NotificationEffect, Outcomes, Queues, SoundEffect, SystemEffect, WindowEffect,
};
use crate::tray::TrayView;
use crate::view::CheckView;

/// What the desktop did, in order, and what it shows now.
#[derive(Default)]
pub(in crate::controller) struct Screen {
    pub notices: Vec<Notice>,
    pub withdrawn: Vec<NoticeId>,
    pub opened: Vec<Window>,
    pub closed: Vec<Window>,
    pub shown_orders: Vec<String>,
    pub checks: Vec<CheckView>,
    pub pages: Vec<String>,
    pub rings: bool,
    pub alarm: Option<Alarm>,
    pub chimes: usize,
    pub previews: Vec<(Chime, u8)>,
    pub attracts: bool,
    pub tray: Option<TrayView>,
    pub words: Words,
    pub alerts: Alerts,
    pub theme: Theme,
    pub keeps_awake: bool,
    pub has_quit: bool,
    pub has_started_anew: bool,
    /// So many more of these fail.
    pub failing: HashMap<Kind, usize>,
    /// When what failed was tried.
    pub failures: Vec<(Kind, Instant)>,
    /// Everything but the sound hangs, each adapter for itself.
    pub hangs: bool,
}

impl Screen {
    /// The notifications that were shown and not withdrawn.
    pub fn standing(&self) -> Vec<Notice> {
        let is_out = |notice: &&Notice| !self.withdrawn.contains(&notice.id);
        self.notices.iter().filter(is_out).cloned().collect()
    }
    /// The tray's icon is in its bright moment.
    pub fn is_lit(&self) -> bool {
        self.tray.as_ref().is_some_and(|tray| tray.icon.lit)
    }
    /// When this failed.
    pub fn failures_of(&self, kind: &Kind) -> Vec<Instant> {
        let of_kind = self.failures.iter().filter(|(failed, _)| failed == kind);
        of_kind.map(|(_, at)| *at).collect()
    }

    fn carry_out(&mut self, effect: &Effect) -> Result<(), &'static str> {
        let kind = effect.kind();
        if let Some(left) = self.failing.get_mut(&kind).filter(|left| **left > 0) {
            *left -= 1;
            self.failures.push((kind, Instant::now()));
            return Err("out of order");
        }
        match effect.clone() {
            Effect::Tray(tray) => self.tray = Some(tray),
            Effect::View(_) => {}
            Effect::Sound(sound) => self.sound(sound),
            Effect::Notification(NotificationEffect::Show(notice)) => self.notices.push(notice),
            Effect::Notification(NotificationEffect::Withdraw(notice)) => {
                self.withdrawn.push(notice);
            }
            Effect::Notification(NotificationEffect::Words(words)) => self.words = words,
            Effect::Window(window) => self.window(window),
            Effect::System(SystemEffect::Browse(page)) => self.pages.push(page.to_string()),
            Effect::System(SystemEffect::KeepAwake(keeps)) => self.keeps_awake = keeps,
            Effect::System(SystemEffect::End(true)) => self.has_started_anew = true,
            Effect::System(SystemEffect::End(false)) => self.has_quit = true,
        }
        Ok(())
    }

    fn sound(&mut self, sound: SoundEffect) {
        match sound {
            SoundEffect::Alarm(alarm) => {
                self.rings = alarm.is_some();
                self.alarm = alarm;
            }
            SoundEffect::Chime => self.chimes += 1,
            SoundEffect::Preview(chime, volume) => self.previews.push((chime, volume)),
            SoundEffect::Preferences(alerts) => self.alerts = alerts,
        }
    }

    fn window(&mut self, window: WindowEffect) {
        match window {
            WindowEffect::Open(window) => self.opened.push(window),
            WindowEffect::Close(window) => self.closed.push(window),
            WindowEffect::ShowOrder(order) => self.shown_orders.push(order),
            WindowEffect::Check(check) => self.checks.push(check),
            WindowEffect::Attention(attracts) => self.attracts = attracts,
            WindowEffect::Theme(theme) => self.theme = theme,
            WindowEffect::PageReady(_) | WindowEffect::PageGone(_) | WindowEffect::Words(_) => {}
        }
    }
}

/// Starts an adapter for each queue.
pub(super) fn start(screen: &Arc<Mutex<Screen>>, queues: Queues, inputs: &UnboundedSender<Input>) {
    let adapter = || Adapter {
        screen: screen.clone(),
        outcomes: Outcomes::new(inputs.clone()),
    };
    tokio::spawn(adapter().latest(queues.tray, Effect::Tray));
    tokio::spawn(adapter().latest(queues.view, Effect::View));
    tokio::spawn(adapter().serve(queues.sound, Effect::Sound));
    tokio::spawn(adapter().serve(queues.notifications, Effect::Notification));
    tokio::spawn(adapter().serve(queues.windows, Effect::Window));
    tokio::spawn(adapter().serve(queues.system, Effect::System));
}

struct Adapter {
    screen: Arc<Mutex<Screen>>,
    outcomes: Outcomes,
}

impl Adapter {
    async fn serve<T>(self, mut queue: UnboundedReceiver<T>, effect: fn(T) -> Effect) {
        while let Some(next) = queue.recv().await {
            self.carry_out(effect(next)).await;
        }
    }

    async fn latest<T: Clone>(
        self,
        mut queue: watch::Receiver<Option<T>>,
        effect: fn(T) -> Effect,
    ) {
        while queue.changed().await.is_ok() {
            let latest = queue.borrow_and_update().clone();
            if let Some(latest) = latest {
                self.carry_out(effect(latest)).await;
            }
        }
    }

    async fn carry_out(&self, effect: Effect) {
        let hangs = self.screen.lock().unwrap().hangs;
        if hangs && !matches!(effect, Effect::Sound(_)) {
            std::future::pending::<()>().await;
        }
        let result = self.screen.lock().unwrap().carry_out(&effect);
        self.outcomes.tell(effect, result);
    }
}
