//! The tray's menu from its value. A shown menu is changed in place, line by line: replacing it
//! as a whole closes it under the hand of who has it open, and panels have crashed over it.

use campana_shell::tray::MenuEntry;
use tauri::menu::{IsMenuItem, Menu, MenuItem, PredefinedMenuItem, Submenu};
use tauri::{AppHandle, Wry};

/// A menu that is shown.
pub(super) struct ShownMenu {
    menu: Menu<Wry>,
    lines: Vec<Line>,
    entries: Vec<MenuEntry>,
}

enum Line {
    Item(MenuItem<Wry>),
    Submenu(Submenu<Wry>),
    Separator(PredefinedMenuItem<Wry>),
}

impl Line {
    fn as_item(&self) -> &dyn IsMenuItem<Wry> {
        match self {
            Self::Item(item) => item,
            Self::Submenu(submenu) => submenu,
            Self::Separator(separator) => separator,
        }
    }
}

impl ShownMenu {
    /// Builds the menu.
    pub fn build(app: &AppHandle, entries: &[MenuEntry]) -> tauri::Result<Self> {
        let menu = Menu::new(app)?;
        let mut lines = Vec::new();
        for entry in entries {
            let line = line(app, entry)?;
            menu.append(line.as_item())?;
            lines.push(line);
        }
        Ok(Self {
            menu,
            lines,
            entries: entries.to_vec(),
        })
    }

    /// The menu for the tray.
    pub fn menu(&self) -> Menu<Wry> {
        self.menu.clone()
    }

    /// Makes it show these entries; false when it has another number of lines and must be built anew.
    pub fn update(&mut self, app: &AppHandle, entries: &[MenuEntry]) -> tauri::Result<bool> {
        if entries.len() != self.entries.len() {
            return Ok(false);
        }
        for (position, entry) in entries.iter().enumerate() {
            let (Some(shown), Some(line)) =
                (self.entries.get_mut(position), self.lines.get_mut(position))
            else {
                return Ok(false);
            };
            if shown == entry {
                continue;
            }
            match (&*shown, entry, &*line) {
                (MenuEntry::Words(_), MenuEntry::Words(text), Line::Item(item)) => {
                    item.set_text(text)?;
                }
                (
                    MenuEntry::Item(was, _) | MenuEntry::Resting(was, _),
                    MenuEntry::Item(is, text) | MenuEntry::Resting(is, text),
                    Line::Item(item),
                ) if was == is => {
                    item.set_text(text)?;
                    item.set_enabled(matches!(entry, MenuEntry::Item(..)))?;
                }
                _ => {
                    let new = self::line(app, entry)?;
                    self.menu.remove_at(position)?;
                    self.menu.insert(new.as_item(), position)?;
                    *line = new;
                }
            }
            *shown = entry.clone();
        }
        Ok(true)
    }
}

fn line(app: &AppHandle, entry: &MenuEntry) -> tauri::Result<Line> {
    Ok(match entry {
        MenuEntry::Words(text) => Line::Item(MenuItem::new(app, text, false, None::<&str>)?),
        MenuEntry::Item(item, text) | MenuEntry::Resting(item, text) => {
            let is_enabled = matches!(entry, MenuEntry::Item(..));
            Line::Item(MenuItem::with_id(
                app,
                item.id(),
                text,
                is_enabled,
                None::<&str>,
            )?)
        }
        MenuEntry::Submenu(text, entries) => {
            let submenu = Submenu::new(app, text, true)?;
            for entry in entries {
                submenu.append(line(app, entry)?.as_item())?;
            }
            Line::Submenu(submenu)
        }
        MenuEntry::Separator => Line::Separator(PredefinedMenuItem::separator(app)?),
    })
}
