//! What the windows may ask for; `capabilities/` says which window which.

use campana_shell::controller::{Command, Input, Look, Reply};
use campana_shell::desktop::Window;
use campana_shell::view::{
    ActivityPage, CheckView, CommandError, HistoryPage, HistoryQuery, LinkKind, OrderView,
    PrintedView, SettingsForm, ShownOrder, View,
};
use campana_sync::settings::{Chime, Preferences};
use tauri::{State, WebviewWindow};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use crate::desktop_tauri::print_dialog::PrintDialogs;

/// The way to the controller, as Tauri keeps it for the commands.
pub type Inputs = UnboundedSender<Input>;

fn internal() -> CommandError {
    CommandError {
        code: "internal".into(),
        field: None,
    }
}

fn tell(inputs: &Inputs, command: Command) -> Result<(), CommandError> {
    inputs.send(Input::Command(command)).map_err(|_| internal())
}

async fn ask<T>(
    inputs: &Inputs,
    command: impl FnOnce(Reply<T>) -> Command,
) -> Result<T, CommandError> {
    let (reply, answer) = oneshot::channel();
    tell(inputs, command(Some(reply)))?;
    answer.await.map_err(|_| internal())?
}

/// Everything that the windows show. The window's page listens to `view` and `show-order` before.
#[tauri::command]
pub async fn view(window: WebviewWindow, inputs: State<'_, Inputs>) -> Result<View, CommandError> {
    let (reply, answer) = oneshot::channel();
    tell(
        &inputs,
        Command::View(Window::with_label(window.label()), reply),
    )?;
    answer.await.map_err(|_| internal())
}

/// *Sincronizar ahora*; how it ended is in `View::last_asked`.
#[tauri::command]
pub fn sync_now(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::SyncNow)
}

/// *Visto*, for this version of this order.
#[tauri::command]
pub async fn mark_seen(
    id: String,
    version: i64,
    inputs: State<'_, Inputs>,
) -> Result<(), CommandError> {
    ask(&inputs, |reply| Command::MarkSeen { id, version, reply }).await
}

/// *Marcar todos como vistos*: these, which the window showed; without them what was last drawn. What
/// began to ring since goes on ringing.
#[tauri::command]
pub async fn mark_all_seen(
    orders: Option<Vec<ShownOrder>>,
    inputs: State<'_, Inputs>,
) -> Result<(), CommandError> {
    ask(&inputs, |reply| Command::MarkAllSeen { orders, reply }).await
}

/// *Marcar todos como vistos*, in the quiet group.
#[tauri::command]
pub async fn mark_from_before_seen(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    ask(&inputs, Command::MarkFromBeforeSeen).await
}

/// Silences sound and toasts for so many minutes, or until somebody resumes.
#[tauri::command]
pub fn pause(minutes: Option<u32>, inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::Pause(minutes))
}

/// Ends the pause.
#[tauri::command]
pub fn resume(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::Resume)
}

/// *Silenciar* the alarm about the present trouble.
#[tauri::command]
pub fn quiet_trouble(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::QuietTrouble)
}

/// *Salir*, and it is meant.
#[tauri::command]
pub fn quit(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::Quit)
}

/// *Salir* was not meant.
#[tauri::command]
pub fn keep_running(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::KeepRunning)
}

/// Opens the settings window.
#[tauri::command]
pub fn open_settings(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::OpenSettings)
}

/// *Guardar*.
#[tauri::command]
pub async fn save_settings(
    form: SettingsForm,
    inputs: State<'_, Inputs>,
) -> Result<(), CommandError> {
    ask(&inputs, |reply| Command::SaveSettings(form, reply)).await
}

/// Something beyond the connection was changed; it is saved at once.
#[tauri::command]
pub async fn save_preferences(
    preferences: Preferences,
    inputs: State<'_, Inputs>,
) -> Result<(), CommandError> {
    ask(&inputs, |reply| {
        Command::SavePreferences(preferences, reply)
    })
    .await
}

/// *Quitar* the key of the present backend.
#[tauri::command]
pub async fn remove_key(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    ask(&inputs, Command::RemoveKey).await
}

/// *Probar conexión*; each line also comes as the event `check` as soon as it is known.
#[tauri::command]
pub async fn test_connection(
    form: SettingsForm,
    inputs: State<'_, Inputs>,
) -> Result<Vec<CheckView>, CommandError> {
    ask(&inputs, |reply| Command::TestConnection(form, reply)).await
}

/// *Probar la alarma*; a second time ends it.
#[tauri::command]
pub fn test_alarm(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::TestAlarm)
}

/// Lets somebody hear this chime at this volume in percent.
#[tauri::command]
pub fn preview_chime(
    chime: Chime,
    volume: u8,
    inputs: State<'_, Inputs>,
) -> Result<(), CommandError> {
    tell(&inputs, Command::PreviewChime { chime, volume })
}

/// A page of the history.
#[tauri::command]
pub async fn history(
    query: HistoryQuery,
    inputs: State<'_, Inputs>,
) -> Result<HistoryPage, CommandError> {
    ask(&inputs, |reply| Command::Look(Look::History(query, reply))).await
}

/// Any order that ever came.
#[tauri::command]
pub async fn history_order(
    id: String,
    inputs: State<'_, Inputs>,
) -> Result<OrderView, CommandError> {
    ask(&inputs, |reply| Command::Look(Look::Order(id, reply))).await
}

/// An order as the server sent it, in lines.
#[tauri::command]
pub async fn order_json(id: String, inputs: State<'_, Inputs>) -> Result<String, CommandError> {
    ask(&inputs, |reply| Command::Look(Look::Json(id, reply))).await
}

/// An order that was seen by mistake rings again.
#[tauri::command]
pub async fn mark_unseen(id: String, inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    ask(&inputs, |reply| Command::Look(Look::Unseen(id, reply))).await
}

/// Opens what a browser can show of an order.
#[tauri::command]
pub async fn open_link(
    id: String,
    kind: LinkKind,
    inputs: State<'_, Inputs>,
) -> Result<(), CommandError> {
    ask(&inputs, |reply| Command::Look(Look::Link(id, kind, reply))).await
}

/// What happened lately, at most so much, and what could not be taken.
#[tauri::command]
pub async fn activity(limit: u32, inputs: State<'_, Inputs>) -> Result<ActivityPage, CommandError> {
    ask(&inputs, |reply| Command::Look(Look::Activity(limit, reply))).await
}

/// Prints an order's ticket; with `dialog` the page prints it, and this only notes it.
#[tauri::command]
pub async fn print_ticket(
    id: String,
    dialog: bool,
    inputs: State<'_, Inputs>,
) -> Result<PrintedView, CommandError> {
    ask(&inputs, |reply| {
        Command::Look(Look::Ticket(id, dialog, reply))
    })
    .await
}

/// Waits until the print dialog is gone; whether the ticket was printed, as far as the system tells.
#[tauri::command]
pub async fn ticket_left_dialog(
    id: String,
    dialogs: State<'_, PrintDialogs>,
    inputs: State<'_, Inputs>,
) -> Result<bool, CommandError> {
    dialogs.closed().await;
    ask(&inputs, |reply| Command::Look(Look::TicketLeft(id, reply))).await
}

/// *Abrir la carpeta*: the one with the orders and no other.
#[tauri::command]
pub async fn show_data_folder(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    ask(&inputs, Command::ShowDataFolder).await
}

/// *Guardar diagnóstico*; the name of the file, which was shown where it lies.
#[tauri::command]
pub async fn export_diagnostics(inputs: State<'_, Inputs>) -> Result<String, CommandError> {
    ask(&inputs, Command::ExportDiagnostics).await
}

/// *Probar con pedidos de muestra*: a second Campana, apart from everything real.
#[tauri::command]
pub async fn start_demo(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    ask(&inputs, Command::StartDemo).await
}

/// *Buscar actualizaciones*; how it ended is in `View::updates`.
#[tauri::command]
pub fn check_for_updates(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::CheckForUpdates)
}

/// *Instalar ahora*; how it goes is in `View::updates`.
#[tauri::command]
pub fn install_update(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::InstallUpdate)
}

/// The welcome is over: the settings close, the orders open.
#[tauri::command]
pub fn leave_settings(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::LeaveSettings)
}
