//! What the settings ask of this computer.

use std::io::{Cursor, Read as _};

use campana_sync::configuration::Receiver;
use campana_sync::settings::Preferences;
use tokio::sync::oneshot;

use super::fakes::Desk;
use super::support::{Beginning, ringing};
use crate::controller::{Command, Reply};
use crate::desktop::Window;
use crate::view::CommandError;

async fn asked<T>(
    shop: &super::support::Shop,
    command: impl FnOnce(Reply<T>) -> Command,
) -> Result<T, CommandError> {
    let (reply, answer) = oneshot::channel();
    shop.command(command(Some(reply))).await;
    answer.await.unwrap()
}

fn starting_with_it(wanted: bool) -> Preferences {
    let mut preferences = Preferences::default();
    preferences.system.start_with_computer = wanted;
    preferences
}

#[tokio::test(start_paused = true)]
async fn starting_with_the_computer_follows_the_switch_and_tells_what_is_true() {
    let shop = Beginning::complete().start().await;
    assert_eq!(shop.view().await.computer.starts_with_it, Some(false));
    for wanted in [true, false] {
        shop.prefer(starting_with_it(wanted)).await.unwrap();
        assert_eq!(shop.desk().starts_with_it, wanted);
        assert_eq!(shop.view().await.computer.starts_with_it, Some(wanted));
    }
    shop.desk().refuses = true;
    shop.prefer(starting_with_it(true)).await.unwrap();
    let view = shop.view().await;
    assert!(view.preferences.system.start_with_computer);
    assert_eq!(view.computer.starts_with_it, Some(false));
}

#[tokio::test(start_paused = true)]
async fn each_start_says_anew_that_it_starts_with_the_computer_and_never_ends_it() {
    let mut beginning = Beginning::complete();
    beginning.settings.preferences = starting_with_it(true);
    let shop = beginning.start().await;
    assert!(shop.desk().starts_with_it);

    let mut beginning = Beginning::complete();
    beginning.desk.starts_with_it = true;
    let shop = beginning.start().await;
    assert!(shop.desk().starts_with_it);
    assert_eq!(shop.view().await.computer.starts_with_it, Some(true));

    let mut demo = Beginning::complete();
    demo.settings.preferences = starting_with_it(true);
    demo.demo = true;
    let shop = demo.start().await;
    assert!(!shop.desk().starts_with_it, "the demo leaves it alone");
}

#[tokio::test(start_paused = true)]
async fn the_main_window_opens_at_the_start_unless_it_is_to_be_hidden() {
    let hidden = Beginning::complete().start().await;
    assert!(hidden.screen().opened.is_empty());
    let mut beginning = Beginning::complete();
    beginning.settings.preferences.system.start_hidden = false;
    let shop = beginning.start().await;
    assert_eq!(shop.screen().opened, [Window::Main]);
}

#[tokio::test(start_paused = true)]
async fn folder_and_demo_are_opened_or_it_is_said_that_they_are_not() {
    let shop = Beginning::complete().start().await;
    assert_eq!(asked(&shop, Command::ShowDataFolder).await, Ok(()));
    assert_eq!(asked(&shop, Command::StartDemo).await, Ok(()));
    assert_eq!(shop.desk().shown_folders, 1);
    assert_eq!(shop.desk().demos, 1);
    shop.desk().refuses = true;
    let folder = asked(&shop, Command::ShowDataFolder).await.unwrap_err();
    assert_eq!(folder.code, "folder-not-shown");
    let demo = asked(&shop, Command::StartDemo).await.unwrap_err();
    assert_eq!(demo.code, "demo-not-started");
}

#[tokio::test(start_paused = true)]
async fn the_diagnostics_are_handed_over_with_the_checks_and_without_key_or_customer() {
    let shop = Beginning::complete()
        .with_orders(vec![ringing("a1")])
        .start()
        .await;
    let name = asked(&shop, Command::ExportDiagnostics).await.unwrap();
    assert_eq!(name, "campana-2026-11-24-1200.zip", "by this place's time");
    let (handed, archive) = shop.desk().handed_over.remove(0);
    assert_eq!(handed, name);
    let mut archive = zip::ZipArchive::new(Cursor::new(archive)).unwrap();
    let mut all = String::new();
    for at in 0..archive.len() {
        let mut file = archive.by_index(at).unwrap();
        file.read_to_string(&mut all).unwrap();
    }
    assert!(all.contains("\"in_keyring\"") && all.contains("\"unseen\": 1"));
    assert!(all.contains("Debian 12") && all.contains("nothing to say of"));
    for gone in ["\"clave\"", "Lucía", "caja-uno"] {
        assert!(!all.contains(gone), "{gone}");
    }
}

#[tokio::test(start_paused = true)]
async fn diagnostics_that_cannot_be_written_are_told() {
    let mut beginning = Beginning::first();
    beginning.settings.receiver = Some(Receiver::Till);
    beginning.desk = Desk {
        refuses: true,
        ..Desk::default()
    };
    let shop = beginning.start().await;
    let failure = asked(&shop, Command::ExportDiagnostics).await.unwrap_err();
    assert_eq!(failure.code, "diagnostics-not-written");
}

#[tokio::test(start_paused = true)]
async fn the_end_of_the_welcome_leads_to_the_orders() {
    let shop = Beginning::first().start().await;
    shop.command(Command::LeaveSettings).await;
    assert_eq!(shop.screen().opened, [Window::Settings, Window::Main]);
    assert_eq!(shop.screen().closed, [Window::Settings]);
}
