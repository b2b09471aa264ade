//! Everything that can reach the controller.

use campana_sync::inbox::{InboxError, InboxOrder};
use campana_sync::report::Report;
use campana_sync::settings::Preferences;
use tokio::sync::oneshot;

use super::setup::{FoundKey, Saved};
use crate::desktop::Window;
use crate::tray::MenuItem;
use crate::view::{CheckView, CommandError, SettingsForm, SoundView, View};

/// One thing that happened.
pub enum Input {
    /// The engine told something.
    Report(Report),
    /// The engine began to work: its inbox is open.
    EngineRuns,
    /// Somebody chose a line of the tray's menu.
    Tray(MenuItem),
    /// A window asks for something.
    Command(Command),
    /// Somebody answered a notification.
    Notification {
        /// The order that it was about ([`crate::view::OrderView::id`]), where it was about one.
        order: Option<String>,
        /// *Visto* was chosen, for this version; else the notification itself.
        seen: Option<i64>,
    },
    /// Campana was started once more.
    SecondInstance,
    /// A window was closed.
    WindowClosed(Window),
    /// The desktop shows a tray, or does so no more.
    TrayPresence(bool),
    /// An alarm was heard, or found no device.
    Sound(SoundView),
    /// The inbox was read.
    Orders(Result<Vec<InboxOrder>, InboxError>),
    /// Marking something seen ended.
    Marked(Result<(), InboxError>, Reply<()>),
    /// The key of this source was looked for.
    KeyFound(String, FoundKey),
    /// Saving the settings ended.
    Saved(Result<Box<Saved>, CommandError>, Reply<()>),
    /// Saving the preferences ended.
    PreferencesSaved(Result<Preferences, CommandError>, Reply<()>),
    /// Removing the key of this source ended.
    KeyRemoved(String, Result<(), CommandError>, Reply<()>),
    /// A line of *Probar conexión* is known.
    Check(CheckView),
    /// Whether Campana starts with the computer; `None` where the system does not say.
    Autostart(Option<bool>),
}

/// Where a command's answer goes; `None` where nobody waits for it.
pub type Reply<T> = Option<oneshot::Sender<Result<T, CommandError>>>;

/// What a window asks for.
pub enum Command {
    /// The view; the first one says that the window's page is ready.
    View(Option<Window>, oneshot::Sender<View>),
    /// *Sincronizar ahora*.
    SyncNow,
    /// *Visto*.
    MarkSeen {
        /// [`crate::view::OrderView::id`].
        id: String,
        /// [`crate::view::OrderView::version`].
        version: i64,
        /// Done, or why not.
        reply: Reply<()>,
    },
    /// *Marcar todos como vistos*.
    MarkFromBeforeSeen(Reply<()>),
    /// Silence sound and toasts for so many minutes, or until somebody resumes.
    Pause(Option<u32>),
    /// End the pause.
    Resume,
    /// *Ajustes*.
    OpenSettings,
    /// *Guardar*.
    SaveSettings(SettingsForm, Reply<()>),
    /// Something beyond the connection was changed.
    SavePreferences(Preferences, Reply<()>),
    /// *Quitar* the key of the present backend.
    RemoveKey(Reply<()>),
    /// *Probar conexión*; each line is also told as it becomes known.
    TestConnection(SettingsForm, Reply<Vec<CheckView>>),
    /// *Probar la alarma*.
    TestAlarm,
    /// *Abrir la carpeta*.
    ShowDataFolder(Reply<()>),
    /// *Guardar diagnóstico*; the name of the file.
    ExportDiagnostics(Reply<String>),
    /// *Probar con pedidos de muestra*.
    StartDemo(Reply<()>),
    /// The welcome is over: the settings close, the orders open.
    LeaveSettings,
}

/// Answers, if somebody waits.
pub(super) fn answer<T>(reply: Reply<T>, result: Result<T, CommandError>) {
    if let Some(reply) = reply {
        // The window may have been closed meanwhile.
        let _ = reply.send(result);
    }
}

/// An error of a command, of a field where it is one's fault.
pub(super) fn error(code: &str, field: Option<&str>) -> CommandError {
    CommandError {
        code: code.to_owned(),
        field: field.map(str::to_owned),
    }
}
