//! What the windows may ask for; `capabilities/` says which window which.

use campana_sync::settings::Preferences;
use tauri::{State, WebviewWindow};
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use crate::controller::{Command, Input, Reply};
use crate::desktop::Window;
use crate::view::{CheckView, CommandError, SettingsForm, View};

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

/// *Marcar todos como vistos*.
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

/// *Probar la alarma*.
#[tauri::command]
pub fn test_alarm(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::TestAlarm)
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

/// The welcome is over: the settings close, the orders open.
#[tauri::command]
pub fn leave_settings(inputs: State<'_, Inputs>) -> Result<(), CommandError> {
    tell(&inputs, Command::LeaveSettings)
}
