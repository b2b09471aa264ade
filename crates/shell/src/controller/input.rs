//! Everything that can reach the controller.

use campana_sync::inbox::{InboxError, InboxOrder, UnreadableOrder};
use campana_sync::report::Report;
use campana_sync::settings::{Chime, Preferences};
use tokio::sync::oneshot;
use url::Url;

use super::looking::Look;
use super::setup::{FoundKey, Saved};
use super::tickets::TicketNews;
use super::updating::UpdateNews;
use crate::desktop::{Answer, NoticeId, Window};
use crate::effects::Outcome;
use crate::tray::MenuItem;
use crate::view::{CheckView, CommandError, SettingsForm, ShownOrder, SoundView, View};

/// One thing that happened.
pub enum Input {
    /// The engine told something.
    Report(Report),
    /// An effect failed, or works again.
    Outcome(Outcome),
    /// The engine began to work: its inbox is open.
    EngineRuns,
    /// Somebody chose a line of the tray's menu.
    Tray(MenuItem),
    /// A window asks for something.
    Command(Command),
    /// Somebody answered a notification.
    Notification(NoticeId, Answer),
    /// The session ends, or the app was asked to end from outside.
    EndSession,
    /// Campana was started once more.
    SecondInstance,
    /// A window was closed.
    WindowClosed(Window),
    /// The desktop shows a tray, or does so no more.
    TrayPresence(bool),
    /// An alarm was heard, or found no device.
    Sound(SoundView),
    /// A part of the app stopped; `false` when all of them live.
    PartStopped(bool),
    /// The inbox was read.
    Orders(Result<(Vec<InboxOrder>, Vec<UnreadableOrder>), InboxError>),
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
    /// A page that somebody wants to see in the browser.
    Browse(Url),
    /// A line of *Probar conexión* is known.
    Check(CheckView),
    /// A ticket was printed, or was not.
    Ticket(TicketNews),
    /// Whether Campana starts with the computer; `None` where the system does not say.
    Autostart(Option<bool>),
    /// Looking for a new version, or installing it, came so far.
    Update(UpdateNews),
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
    MarkAllSeen {
        /// What the person saw; `None` for what was last drawn.
        orders: Option<Vec<ShownOrder>>,
        /// Done, or why not.
        reply: Reply<()>,
    },
    /// *Marcar todos como vistos*, in the quiet group.
    MarkFromBeforeSeen(Reply<()>),
    /// Silence sound and toasts for so many minutes, or until somebody resumes.
    Pause(Option<u32>),
    /// End the pause.
    Resume,
    /// *Silenciar* the alarm about the present trouble.
    QuietTrouble,
    /// *Salir*, and it is meant.
    Quit,
    /// *Salir* was not meant.
    KeepRunning,
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
    /// *Probar la alarma*; a second time ends it.
    TestAlarm,
    /// Let somebody hear this chime.
    PreviewChime {
        /// Which one.
        chime: Chime,
        /// Percent.
        volume: u8,
    },
    /// Something of the history.
    Look(Look),
    /// *Abrir la carpeta*.
    ShowDataFolder(Reply<()>),
    /// *Guardar diagnóstico*; the name of the file.
    ExportDiagnostics(Reply<String>),
    /// *Probar con pedidos de muestra*.
    StartDemo(Reply<()>),
    /// *Buscar actualizaciones*; how it ended is in `View::updates`.
    CheckForUpdates,
    /// *Instalar ahora*; how it goes is in `View::updates`.
    InstallUpdate,
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
