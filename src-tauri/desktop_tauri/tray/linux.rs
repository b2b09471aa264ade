//! The icon by D-Bus (`StatusNotifierItem`, `com.canonical.dbusmenu`), with pixels in memory. GTK and the main thread
//! have no part in it, so an open print dialog does not stop it.

use std::sync::Arc;

use campana_shell::controller::Input;
use campana_shell::icon::TrayIcon;
use campana_shell::tray::{MenuEntry, MenuItem, TrayView};
use ksni::menu::{StandardItem, SubMenu};
use ksni::{Handle, OfflineReason, ToolTip, TrayMethods as _};
use tauri::{AppHandle, Manager as _};
use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;

use super::Icon;
use crate::desktop_tauri::front::ActivationTokens;
use crate::icon::{self, IconError};

/// Pixels a side; panels scale it down.
const SIDE: u32 = 64;

/// The icon; it is made when it is drawn first.
pub(super) struct SystemIcon {
    inputs: UnboundedSender<Input>,
    tokens: ActivationTokens,
    demo: bool,
    shown: Option<Shown>,
}

struct Shown {
    handle: Handle<Item>,
    icon: TrayIcon,
    /// Notified when the panel no longer has the icon. The end of the session bus is the end of the app: GLib sees to that.
    gone: Arc<Notify>,
}

/// The icon cannot be drawn; technical words.
#[derive(Debug, thiserror::Error)]
pub(super) enum TrayError {
    #[error("the session bus or the tray's watcher: {0}")]
    Item(#[from] ksni::Error),
    #[error(transparent)]
    Picture(#[from] IconError),
}

impl SystemIcon {
    pub fn new(app: AppHandle, inputs: UnboundedSender<Input>, demo: bool) -> Self {
        Self {
            inputs,
            tokens: app.state::<ActivationTokens>().inner().clone(),
            demo,
            shown: None,
        }
    }
}

impl Icon for SystemIcon {
    type Error = TrayError;

    async fn draw(&mut self, view: &TrayView) -> Result<(), TrayError> {
        if let Some(shown) = &mut self.shown {
            let picture = if shown.icon == view.icon {
                None
            } else {
                Some(picture(view.icon)?)
            };
            let changed = shown.handle.update(|item| {
                item.view = view.clone();
                if let Some(picture) = picture {
                    item.picture = picture;
                }
            });
            if changed.await.is_some() {
                shown.icon = view.icon;
                return Ok(());
            }
            self.shown = None;
        }
        let gone = Arc::new(Notify::new());
        let item = Item {
            demo: self.demo,
            picture: picture(view.icon)?,
            view: view.clone(),
            inputs: self.inputs.clone(),
            tokens: self.tokens.clone(),
            gone: Arc::clone(&gone),
        };
        // Without a panel it waits for one.
        let handle = item.assume_sni_available(true).spawn().await?;
        self.shown = Some(Shown {
            handle,
            icon: view.icon,
            gone,
        });
        Ok(())
    }

    async fn lost(&mut self) {
        let Some(shown) = &self.shown else {
            return std::future::pending().await;
        };
        shown.gone.notified().await;
        shown.handle.shutdown().await;
        self.shown = None;
    }
}

/// The item that the panel reads.
struct Item {
    demo: bool,
    view: TrayView,
    picture: Vec<ksni::Icon>,
    inputs: UnboundedSender<Input>,
    tokens: ActivationTokens,
    gone: Arc<Notify>,
}

impl Drop for Item {
    fn drop(&mut self) {
        self.gone.notify_one();
    }
}

impl Item {
    fn choose(&self, item: MenuItem) {
        if let Some(token) = ksni::current_xdg_activation_token() {
            self.tokens.put(token);
        }
        // Without a controller the app ends.
        let _ = self.inputs.send(Input::Tray(item));
    }
}

impl ksni::Tray for Item {
    fn id(&self) -> String {
        if self.demo { "campana-demo" } else { "campana" }.into()
    }

    fn title(&self) -> String {
        if self.demo {
            "Campana (demo)"
        } else {
            "Campana"
        }
        .into()
    }

    fn icon_pixmap(&self) -> Vec<ksni::Icon> {
        self.picture.clone()
    }

    fn tool_tip(&self) -> ToolTip {
        ToolTip {
            title: self.view.tooltip.clone(),
            ..ToolTip::default()
        }
    }

    fn activate(&mut self, _: i32, _: i32) {
        self.choose(MenuItem::Open);
    }

    fn menu(&self) -> Vec<ksni::MenuItem<Self>> {
        lines(&self.view.menu)
    }

    fn watcher_offline(&self, reason: OfflineReason) -> bool {
        let OfflineReason::Error(error) = reason else {
            return true;
        };
        if matches!(
            error,
            ksni::Error::Watcher(zbus::fdo::Error::ServiceUnknown(_))
        ) {
            return true;
        }
        tracing::warn!(%error, "the tray's watcher refuses the icon");
        self.gone.notify_one();
        false
    }
}

fn picture(icon: TrayIcon) -> Result<Vec<ksni::Icon>, IconError> {
    let drawn = icon::draw(icon, SIDE)?;
    let mut data = drawn.rgba;
    for pixel in data.chunks_exact_mut(4) {
        // The alpha goes first.
        pixel.rotate_right(1);
    }
    let side = drawn.side.cast_signed();
    Ok(vec![ksni::Icon {
        width: side,
        height: side,
        data,
    }])
}

fn lines(entries: &[MenuEntry]) -> Vec<ksni::MenuItem<Item>> {
    entries.iter().map(line).collect()
}

fn line(entry: &MenuEntry) -> ksni::MenuItem<Item> {
    match entry {
        MenuEntry::Words(text) => plain(text, None, false),
        MenuEntry::Item(item, text) => plain(text, Some(*item), true),
        MenuEntry::Resting(item, text) => plain(text, Some(*item), false),
        MenuEntry::Submenu(text, entries) => SubMenu {
            label: escaped(text),
            submenu: lines(entries),
            ..SubMenu::default()
        }
        .into(),
        MenuEntry::Separator => ksni::MenuItem::Separator,
    }
}

fn plain(text: &str, item: Option<MenuItem>, enabled: bool) -> ksni::MenuItem<Item> {
    StandardItem {
        label: escaped(text),
        enabled,
        activate: Box::new(move |tray: &mut Item| {
            if let Some(item) = item {
                tray.choose(item);
            }
        }),
        ..StandardItem::default()
    }
    .into()
}

/// A single underscore would mark a key.
fn escaped(text: &str) -> String {
    text.replace('_', "__")
}
