//! The real desktop, by Tauri.

mod badge;
mod first_view;
#[cfg(target_os = "linux")]
mod front;
mod notifications;
pub mod page_death;
pub mod print_dialog;
mod tray;
pub mod tray_presence;
mod wakefulness;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use campana_shell::controller::Input;
use campana_shell::desktop::{Alarm, Desktop, Notice, NoticeId, Window, Words};
use campana_shell::tray::TrayView;
use campana_shell::view::{CheckView, View};
use campana_sync::clock::{Clock as _, SystemClock};
use campana_sync::settings::{Chime, Preferences, Theme};
use tauri::{
    AppHandle, Emitter, Manager, UserAttentionType, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
};
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

use crate::sound::Sound;
use notifications::Notifications;
#[cfg(not(target_os = "macos"))]
use page_death::PageRevival;
use print_dialog::PrintDialogs;
use tray::Tray;
use wakefulness::Wakefulness;

/// Tray, windows, notifications and sound of this computer.
pub struct TauriDesktop {
    app: AppHandle,
    inputs: UnboundedSender<Input>,
    tray: Tray,
    /// The number of the taskbar's badge.
    unseen: u32,
    /// What the windows show, or would show.
    drawn: Option<Arc<View>>,
    notifications: Notifications,
    sound: Option<Sound>,
    wakefulness: Wakefulness,
    words: Words,
    /// Windows whose page listens.
    ready: HashSet<Window>,
    /// The order to show once the main window's page listens.
    wanted: Option<String>,
    /// Without a tray the main window is the only way to the app.
    has_tray: Arc<AtomicBool>,
}

/// Whether a page is one of the app's own: no window ever shows another.
fn is_own(page: &Url) -> bool {
    // Windows has no schemes of its own for pages.
    page.scheme() == "tauri" || (cfg!(windows) && page.host_str() == Some("tauri.localhost"))
}

impl TauriDesktop {
    /// Nothing is shown yet. Without `sound` the alarm is mute, and says so elsewhere.
    pub fn new(
        app: AppHandle,
        inputs: UnboundedSender<Input>,
        sound: Option<Sound>,
        demo: bool,
    ) -> Self {
        app.manage(PrintDialogs::default());
        #[cfg(target_os = "linux")]
        app.manage(front::ActivationTokens::default());
        Self {
            tray: Tray::new(app.clone(), inputs.clone(), demo),
            notifications: Notifications::new(app.clone(), inputs.clone()),
            app,
            inputs,
            unseen: 0,
            drawn: None,
            sound,
            wakefulness: Wakefulness::default(),
            words: Words::default(),
            ready: HashSet::new(),
            wanted: None,
            has_tray: Arc::new(AtomicBool::new(true)),
        }
    }

    fn emit<P: serde::Serialize + Clone>(&self, window: Window, event: &str, payload: P) {
        if !self.ready.contains(&window) {
            return;
        }
        if let Err(error) = self.app.emit_to(window.label(), event, payload) {
            tracing::warn!(%error, event, "a window was not told");
        }
    }

    fn make_window(&self, window: Window) -> tauri::Result<()> {
        let (page, title, size, least) = match window {
            Window::Main => (
                "index.html",
                &self.words.main_title,
                (1080.0, 720.0),
                (720.0, 520.0),
            ),
            Window::Settings => (
                "settings.html",
                &self.words.settings_title,
                (760.0, 620.0),
                (640.0, 520.0),
            ),
        };
        let page = WebviewUrl::App(page.into());
        let mut builder = WebviewWindowBuilder::new(&self.app, window.label(), page)
            .title(title)
            .inner_size(size.0, size.1)
            .min_inner_size(least.0, least.1)
            .on_navigation(is_own)
            .center();
        match window {
            Window::Main => {
                if let Some(view) = &self.drawn {
                    let now = SystemClock::new().now().wall;
                    builder = builder.initialization_script(first_view::script(view, now)?);
                }
            }
            // For the button that pastes the key.
            Window::Settings => builder = builder.enable_clipboard_access(),
        }
        let made = builder.build()?;
        #[cfg(target_os = "linux")]
        print_dialog::handle_print(&made, self.inputs.clone())?;
        #[cfg(not(target_os = "macos"))]
        page_death::watch(&made, PageRevival::new(self.inputs.clone()))?;
        self.focus(&made)?;
        let (inputs, has_tray) = (self.inputs.clone(), self.has_tray.clone());
        let itself = made.clone();
        made.on_window_event(move |event| {
            if let WindowEvent::CloseRequested { api, .. } = event
                && window == Window::Main
                && !has_tray.load(Ordering::Relaxed)
            {
                api.prevent_close();
                if let Err(error) = itself.minimize() {
                    tracing::warn!(%error, "the window stays as it is");
                }
            }
            if matches!(event, WindowEvent::Destroyed) {
                let _ = inputs.send(Input::WindowClosed(window));
            }
        });
        Ok(())
    }

    #[cfg(target_os = "linux")]
    fn focus(&self, window: &WebviewWindow) -> tauri::Result<()> {
        front::bring(window, self.app.state::<front::ActivationTokens>().take())
    }

    #[cfg(not(target_os = "linux"))]
    fn focus(&self, window: &WebviewWindow) -> tauri::Result<()> {
        window.set_focus()
    }

    fn title(&self, window: Window) -> &str {
        match window {
            Window::Main => &self.words.main_title,
            Window::Settings => &self.words.settings_title,
        }
    }
}

impl Desktop for TauriDesktop {
    fn draw_tray(&mut self, tray: &TrayView) {
        self.tray.show(tray);
        if self.unseen != tray.icon.unseen {
            self.unseen = tray.icon.unseen;
            badge::show(&self.app, self.unseen);
        }
    }

    fn notify(&mut self, notice: Notice) {
        self.notifications.show(notice);
    }

    fn withdraw(&mut self, notice: NoticeId) {
        self.notifications.withdraw(notice);
    }

    fn ring(&mut self, alarm: Alarm) {
        if let Some(sound) = &self.sound {
            sound.ring(alarm);
        }
    }

    fn hush(&mut self) {
        if let Some(sound) = &self.sound {
            sound.hush();
        }
    }

    fn chime(&mut self) {
        if let Some(sound) = &self.sound {
            sound.chime();
        }
    }

    fn preview(&mut self, chime: Chime, volume: u8) {
        if let Some(sound) = &self.sound {
            sound.preview(chime, volume);
        }
    }

    fn attract(&mut self, needs_somebody: bool) {
        let kind = needs_somebody.then_some(UserAttentionType::Critical);
        if let Some(window) = self.app.get_webview_window(Window::Main.label())
            && let Err(error) = window.request_user_attention(kind)
        {
            tracing::debug!(%error, "the taskbar does not show it");
        }
    }

    fn open(&mut self, window: Window) {
        tracing::debug!(?window, "opens");
        let result = match self.app.get_webview_window(window.label()) {
            Some(open) => open
                .unminimize()
                .and_then(|()| open.show())
                .and_then(|()| self.focus(&open)),
            None => self.make_window(window),
        };
        if window == Window::Main {
            badge::show(&self.app, self.unseen);
        }
        if let Err(error) = result {
            tracing::error!(%error, ?window, "the window does not open");
        }
    }

    fn close(&mut self, window: Window) {
        if let Some(open) = self.app.get_webview_window(window.label())
            && let Err(error) = open.close()
        {
            tracing::warn!(%error, ?window, "the window does not close");
        }
    }

    fn show_order(&mut self, order: &str) {
        if self.ready.contains(&Window::Main) {
            self.emit(Window::Main, "show-order", order);
        } else {
            self.wanted = Some(order.to_owned());
        }
    }

    fn page_ready(&mut self, window: Window) {
        self.ready.insert(window);
        if window == Window::Main
            && let Some(order) = self.wanted.take()
        {
            self.emit(window, "show-order", order);
        }
    }

    fn page_gone(&mut self, window: Window) {
        self.ready.remove(&window);
        if window == Window::Main {
            self.wanted = None;
        }
    }

    fn draw(&mut self, view: &Arc<View>) {
        self.has_tray.store(view.tray, Ordering::Relaxed);
        for window in [Window::Main, Window::Settings] {
            self.emit(window, "view", &**view);
        }
        self.drawn = Some(Arc::clone(view));
    }

    fn show_check(&mut self, check: &CheckView) {
        self.emit(Window::Settings, "check", check);
    }

    fn browse(&mut self, page: &Url) {
        let page = page.to_string();
        // It waits until the browser is found.
        tauri::async_runtime::spawn_blocking(move || {
            // The error may quote the page, and so where an order goes.
            if tauri_plugin_opener::open_url(page, None::<&str>).is_err() {
                tracing::warn!("no browser opens");
            }
        });
    }

    fn speak(&mut self, words: Words) {
        self.notifications.speak(&words);
        self.words = words;
        for window in [Window::Main, Window::Settings] {
            if let Some(open) = self.app.get_webview_window(window.label())
                && let Err(error) = open.set_title(self.title(window))
            {
                tracing::warn!(%error, "a window's title");
            }
        }
    }

    fn prefer(&mut self, preferences: &Preferences) {
        if let Some(sound) = &self.sound {
            sound.prefer(preferences.alerts.clone());
        }
        self.wakefulness.keep_awake(preferences.system.keep_awake);
        self.app.set_theme(match preferences.appearance.theme {
            Theme::System => None,
            Theme::Light => Some(tauri::Theme::Light),
            Theme::Dark => Some(tauri::Theme::Dark),
        });
    }

    fn quit(&mut self) {
        self.app.exit(0);
    }

    fn start_anew(&mut self) {
        self.app.request_restart();
    }
}
