//! The icon by Tauri. Its calls belong to the main thread: they are handed over, and awaited by the tray's task alone.

use std::sync::{Arc, Mutex, PoisonError};

use campana_shell::controller::Input;
use campana_shell::tray::{MenuItem, TrayView};
use tauri::AppHandle;
use tauri::image::Image;
use tauri::tray::{MouseButton, MouseButtonState, TrayIcon, TrayIconBuilder, TrayIconEvent};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::Icon;
use super::menu::ShownMenu;
use crate::icon::{self, IconError};

/// The name under which the system knows the icon.
const NAME: &str = "campana";
/// Pixels a side. Windows shows 16, times its scale; macOS scales down well.
const SIDE: u32 = if cfg!(windows) { 32 } else { 64 };

/// The icon; it is made when it is drawn first.
pub(super) struct SystemIcon {
    app: AppHandle,
    inputs: UnboundedSender<Input>,
    shown: Arc<Mutex<Shown>>,
}

/// Only the main thread looks into it. Whatever fails, the icon stays in it.
#[derive(Default)]
struct Shown {
    icon: Option<TrayIcon>,
    menu: Option<ShownMenu>,
    /// The view that was drawn whole.
    view: Option<TrayView>,
}

/// The icon cannot be drawn; technical words.
#[derive(Debug, thiserror::Error)]
pub(super) enum TrayError {
    #[error(transparent)]
    Tauri(#[from] tauri::Error),
    #[error(transparent)]
    Picture(#[from] IconError),
    #[error("the main thread did not draw the tray")]
    NotDrawn,
}

impl SystemIcon {
    /// The system tells the icons of two processes apart, so the demo needs no other name.
    pub fn new(app: AppHandle, inputs: UnboundedSender<Input>, _demo: bool) -> Self {
        Self {
            app,
            inputs,
            shown: Arc::default(),
        }
    }
}

impl Icon for SystemIcon {
    type Error = TrayError;

    async fn draw(&mut self, view: &TrayView) -> Result<(), TrayError> {
        let (sender, drawn) = oneshot::channel();
        let (app, inputs) = (self.app.clone(), self.inputs.clone());
        let (shown, view) = (Arc::clone(&self.shown), view.clone());
        self.app.run_on_main_thread(move || {
            let mut shown = shown.lock().unwrap_or_else(PoisonError::into_inner);
            // The task that waits may have ended with the app.
            let _ = sender.send(shown.draw(&app, &inputs, view));
        })?;
        drawn.await.map_err(|_| TrayError::NotDrawn)?
    }

    /// Tauri puts the icon back when the taskbar starts again.
    async fn lost(&mut self) {
        std::future::pending().await
    }
}

impl Shown {
    fn draw(
        &mut self,
        app: &AppHandle,
        inputs: &UnboundedSender<Input>,
        view: TrayView,
    ) -> Result<(), TrayError> {
        let icon = match &self.icon {
            Some(icon) => icon,
            None => self.icon.insert(make(app, inputs)?),
        };
        // After a failure nobody knows what is shown: all of it is drawn then.
        let before = self.view.take();
        let before = before.as_ref();
        if before.is_none_or(|before| before.icon != view.icon) {
            let drawn = icon::draw(view.icon, SIDE)?;
            icon.set_icon(Some(Image::new_owned(drawn.rgba, drawn.side, drawn.side)))?;
        }
        // A menu that changed in part only is built again.
        let menu = self.menu.take().filter(|_| before.is_some());
        let menu = match menu {
            Some(mut menu) => menu.update(app, &view.menu)?.then_some(menu),
            None => None,
        };
        self.menu = Some(match menu {
            Some(menu) => menu,
            None => {
                let built = ShownMenu::build(app, &view.menu)?;
                icon.set_menu(Some(built.menu()))?;
                built
            }
        });
        if before.is_none_or(|before| before.label != view.label) {
            icon.set_title(view.label.as_deref())?;
        }
        if before.is_none_or(|before| before.tooltip != view.tooltip) {
            icon.set_tooltip(Some(&view.tooltip))?;
        }
        self.view = Some(view);
        Ok(())
    }
}

fn make(app: &AppHandle, inputs: &UnboundedSender<Input>) -> tauri::Result<TrayIcon> {
    let (chosen, clicked) = (inputs.clone(), inputs.clone());
    TrayIconBuilder::with_id(NAME)
        .show_menu_on_left_click(false)
        .on_menu_event(move |_, event| {
            if let Some(item) = MenuItem::with_id(event.id().as_ref()) {
                let _ = chosen.send(Input::Tray(item));
            }
        })
        .on_tray_icon_event(move |_, event| {
            if let TrayIconEvent::Click {
                button: MouseButton::Left,
                button_state: MouseButtonState::Up,
                ..
            } = event
            {
                let _ = clicked.send(Input::Tray(MenuItem::Open));
            }
        })
        .build(app)
}
