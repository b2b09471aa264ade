//! The real desktop, by Tauri.

mod badge;
mod first_view;
#[cfg(target_os = "linux")]
mod front;
mod notifications;
pub mod page_death;
pub mod print_dialog;
mod tasks;
mod tray;
pub mod tray_presence;
mod wakefulness;

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use campana_shell::controller::Input;
use campana_shell::desktop::{Window, Words};
use campana_shell::effects::WindowEffect;
use campana_shell::view::View;
use campana_sync::clock::{Clock as _, SystemClock};
use campana_sync::settings::Theme;
use tauri::{
    AppHandle, Emitter, Manager, UserAttentionType, WebviewUrl, WebviewWindow,
    WebviewWindowBuilder, WindowEvent,
};
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

#[cfg(not(target_os = "macos"))]
use page_death::PageRevival;
pub use tasks::start;

/// The windows of this computer, and the number at their place in the taskbar.
struct Windows {
    app: AppHandle,
    inputs: UnboundedSender<Input>,
    /// The number of the taskbar's badge.
    unseen: u32,
    /// What the windows show, or would show.
    drawn: Option<Arc<View>>,
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

impl Windows {
    /// None is open yet.
    fn new(app: AppHandle, inputs: UnboundedSender<Input>) -> Self {
        Self {
            app,
            inputs,
            unseen: 0,
            drawn: None,
            words: Words::default(),
            ready: HashSet::new(),
            wanted: None,
            has_tray: Arc::new(AtomicBool::new(true)),
        }
    }

    fn emit<P: serde::Serialize + Clone>(
        &self,
        window: Window,
        event: &str,
        payload: P,
    ) -> tauri::Result<()> {
        if !self.ready.contains(&window) {
            return Ok(());
        }
        self.app.emit_to(window.label(), event, payload)
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

impl Windows {
    /// Does it. `view` is what the windows show now.
    fn carry_out(&mut self, effect: &WindowEffect, view: Option<&Arc<View>>) -> tauri::Result<()> {
        self.drawn = view.cloned();
        match effect {
            WindowEffect::Open(window) => self.open(*window),
            WindowEffect::Close(window) => match self.app.get_webview_window(window.label()) {
                Some(open) => open.close(),
                None => Ok(()),
            },
            WindowEffect::ShowOrder(order) if self.ready.contains(&Window::Main) => {
                self.emit(Window::Main, "show-order", order)
            }
            WindowEffect::ShowOrder(order) => {
                self.wanted = Some(order.clone());
                Ok(())
            }
            WindowEffect::PageReady(window) => {
                self.ready.insert(*window);
                let wanted = self.wanted.take_if(|_| *window == Window::Main);
                wanted.map_or(Ok(()), |order| self.emit(*window, "show-order", order))
            }
            WindowEffect::PageGone(window) => {
                self.ready.remove(window);
                self.wanted.take_if(|_| *window == Window::Main);
                Ok(())
            }
            WindowEffect::Check(check) => self.emit(Window::Settings, "check", check),
            WindowEffect::Attention(needs_somebody) => {
                let kind = needs_somebody.then_some(UserAttentionType::Critical);
                match self.app.get_webview_window(Window::Main.label()) {
                    Some(window) => window.request_user_attention(kind),
                    None => Ok(()),
                }
            }
            WindowEffect::Words(words) => {
                self.words = words.clone();
                for window in [Window::Main, Window::Settings] {
                    if let Some(open) = self.app.get_webview_window(window.label()) {
                        open.set_title(self.title(window))?;
                    }
                }
                Ok(())
            }
            WindowEffect::Theme(theme) => {
                self.app.set_theme(match theme {
                    Theme::System => None,
                    Theme::Light => Some(tauri::Theme::Light),
                    Theme::Dark => Some(tauri::Theme::Dark),
                });
                Ok(())
            }
        }
    }

    fn open(&self, window: Window) -> tauri::Result<()> {
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
        result
    }

    /// The windows show this from now on.
    fn draw(&mut self, view: &Arc<View>) -> tauri::Result<()> {
        self.has_tray.store(view.tray, Ordering::Relaxed);
        if self.unseen != view.unseen {
            self.unseen = view.unseen;
            badge::show(&self.app, self.unseen);
        }
        self.emit(Window::Main, "view", &**view)?;
        self.emit(Window::Settings, "view", &**view)
    }
}
