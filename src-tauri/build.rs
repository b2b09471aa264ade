//! Tells Tauri which commands there are; without this list every window could call every one.

use anyhow::Result;
use tauri_build::{AppManifest, Attributes};

const COMMANDS: &[&str] = &[
    "view",
    "sync_now",
    "mark_seen",
    "mark_all_seen",
    "mark_from_before_seen",
    "pause",
    "resume",
    "quiet_trouble",
    "quit",
    "keep_running",
    "open_settings",
    "save_settings",
    "save_preferences",
    "remove_key",
    "test_connection",
    "test_alarm",
    "preview_chime",
    "history",
    "history_order",
    "order_json",
    "mark_unseen",
    "open_link",
    "activity",
    "print_ticket",
    "ticket_left_dialog",
    "show_data_folder",
    "export_diagnostics",
    "start_demo",
    "check_for_updates",
    "install_update",
    "leave_settings",
];

fn main() -> Result<()> {
    println!("cargo:rerun-if-changed=src-tauri/capabilities");
    tauri_build::try_build(
        Attributes::new()
            .capabilities_path_pattern("./src-tauri/capabilities/**/*")
            .app_manifest(AppManifest::new().commands(COMMANDS)),
    )
}
