//! The tray's icon, label and menu as a pure function of the view.

#[cfg(test)]
mod tests;

use campana_sync::catalogue::{Argument, Catalogue};
use campana_sync::verdict::Verdict;

use crate::icon::{Mark, TrayIcon};
use crate::view::View;

/// What the tray shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrayView {
    /// The icon.
    pub icon: TrayIcon,
    /// Beside the icon, where the desktop shows it: the number of unseen orders.
    pub label: Option<String>,
    /// Where the desktop shows it.
    pub tooltip: String,
    /// From top to bottom.
    pub menu: Vec<MenuEntry>,
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MenuEntry {
    /// Says something, does nothing.
    Words(String),
    /// Does something.
    Item(MenuItem, String),
    /// Would do something, and cannot now.
    Resting(MenuItem, String),
    /// Opens further lines.
    Submenu(String, Vec<MenuEntry>),
    /// A line between groups.
    Separator,
}

/// What a line of the menu does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MenuItem {
    /// *Abrir*.
    Open,
    /// *Sincronizar ahora*.
    SyncNow,
    /// *Marcar todos como vistos*.
    MarkAllSeen,
    /// *Pausar*, for so many minutes or until somebody resumes.
    Pause(Option<u32>),
    /// *Reanudar*.
    Resume,
    /// *Ajustes…*.
    Settings,
    /// *Salir*.
    Quit,
}

impl MenuItem {
    const ALL: [Self; 9] = [
        Self::Open,
        Self::SyncNow,
        Self::MarkAllSeen,
        Self::Pause(Some(30)),
        Self::Pause(Some(120)),
        Self::Pause(None),
        Self::Resume,
        Self::Settings,
        Self::Quit,
    ];

    /// The identifier under which the desktop reports it.
    pub fn id(self) -> String {
        match self {
            Self::Open => "open".into(),
            Self::SyncNow => "sync-now".into(),
            Self::MarkAllSeen => "mark-all-seen".into(),
            Self::Pause(Some(minutes)) => format!("pause-{minutes}"),
            Self::Pause(None) => "pause-open-ended".into(),
            Self::Resume => "resume".into(),
            Self::Settings => "settings".into(),
            Self::Quit => "quit".into(),
        }
    }

    /// The item with this identifier.
    pub fn with_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.id() == id)
    }
}

/// Draws the tray; `lit` is the bright moment of a flashing alarm. `clock` turns a moment in
/// milliseconds since 1970 into the hour that people read.
pub fn tray(
    view: &View,
    lit: bool,
    catalogue: &Catalogue,
    clock: impl Fn(i64) -> String,
) -> TrayView {
    // While paused, until when says it.
    let verdict =
        (view.verdict != Verdict::Paused).then(|| catalogue.text(&verdict_key(view.verdict)));
    let demo = view.demo.then(|| catalogue.text("demo-badge"));
    let unseen = (view.unseen > 0).then(|| {
        let number = Argument::Number(view.unseen.into());
        catalogue.text_with("tray-unseen", &[("number", number)])
    });
    let paused = view.pause.as_ref().map(|pause| match pause.until {
        Some(until) => catalogue.text_with(
            "tray-paused-until",
            &[("time", Argument::Text(&clock(until)))],
        ),
        None => catalogue.text("tray-paused"),
    });
    let words = [demo, verdict, paused, unseen].into_iter().flatten();
    let words = words.collect::<Vec<String>>().join(" · ");
    TrayView {
        icon: TrayIcon {
            mark: mark(view.verdict),
            unseen: view.unseen,
            lit,
            demo: view.demo,
        },
        label: (view.unseen > 0).then(|| view.unseen.to_string()),
        tooltip: format!("Campana · {words}"),
        menu: menu(words, view, catalogue),
    }
}

/// Always as many lines: what changes is changed in place.
fn menu(words: String, view: &View, catalogue: &Catalogue) -> Vec<MenuEntry> {
    let item = |item, key: &str| MenuEntry::Item(item, catalogue.text(key));
    let pause = if view.pause.is_some() {
        item(MenuItem::Resume, "menu-resume")
    } else {
        MenuEntry::Submenu(
            catalogue.text("menu-pause"),
            vec![
                item(MenuItem::Pause(Some(30)), "menu-pause-30"),
                item(MenuItem::Pause(Some(120)), "menu-pause-120"),
                item(MenuItem::Pause(None), "menu-pause-open-ended"),
            ],
        )
    };
    let mark_all = if view.unseen > 0 {
        item(MenuItem::MarkAllSeen, "mark-all-seen")
    } else {
        MenuEntry::Resting(MenuItem::MarkAllSeen, catalogue.text("mark-all-seen"))
    };
    vec![
        MenuEntry::Words(words),
        MenuEntry::Separator,
        item(MenuItem::Open, "menu-open"),
        mark_all,
        item(MenuItem::SyncNow, "menu-sync-now"),
        pause,
        item(MenuItem::Settings, "menu-settings"),
        MenuEntry::Separator,
        item(MenuItem::Quit, "menu-quit"),
    ]
}

/// The catalogue's key for the words of a verdict.
pub fn verdict_key(verdict: Verdict) -> String {
    let name = match verdict {
        Verdict::InSync => "in-sync",
        Verdict::Syncing => "syncing",
        Verdict::Connecting => "connecting",
        Verdict::PollingOnly => "polling-only",
        Verdict::Paused => "paused",
        Verdict::ConfirmationsRefused => "confirmations-refused",
        Verdict::AnotherReceiver => "another-receiver",
        Verdict::Unreadable => "unreadable",
        Verdict::Limited => "limited",
        Verdict::Unheard => "unheard",
        Verdict::NotConfigured => "not-configured",
        Verdict::KeyMissing => "key-missing",
        Verdict::KeyRefused => "key-refused",
        Verdict::StorageFailed => "storage-failed",
        Verdict::Offline => "offline",
        Verdict::PartStopped => "part-stopped",
    };
    format!("verdict-{name}")
}

fn mark(verdict: Verdict) -> Mark {
    match verdict {
        Verdict::InSync => Mark::None,
        Verdict::Syncing => Mark::Arrows,
        Verdict::Connecting => Mark::Dots,
        Verdict::PollingOnly => Mark::Clock,
        Verdict::Paused => Mark::Bars,
        Verdict::ConfirmationsRefused
        | Verdict::AnotherReceiver
        | Verdict::Unreadable
        | Verdict::Limited
        | Verdict::StorageFailed => Mark::Exclamation,
        Verdict::NotConfigured | Verdict::KeyMissing | Verdict::KeyRefused => Mark::Key,
        Verdict::Unheard | Verdict::Offline | Verdict::PartStopped => Mark::Struck,
    }
}
