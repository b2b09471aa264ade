use std::time::Duration;

use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::configuration::{Key, ProfileChoice, Receiver};
use campana_sync::http::Profile;
use campana_sync::key_store::KeyStoreError;
use campana_sync::settings::Settings;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use super::support::{Beginning, SHOP, Shop, form};
use crate::controller::{Command, Environment};
use crate::desktop::Window;
use crate::view::{CheckOutcome, CommandError, KeyPlace, ProfileView};

fn refused(result: Result<(), CommandError>) -> (String, Option<String>) {
    let error = result.unwrap_err();
    (error.code, error.field)
}

/// The key that the engine works with, and for which backend.
fn key(shop: &Shop) -> Option<(String, String)> {
    match shop.configured()? {
        (source, Key::Present(key)) => Some((source, key.expose_secret().to_owned())),
        (_, Key::Missing | Key::Unavailable) => None,
    }
}

#[allow(clippy::unnecessary_wraps, reason = "compared with what `key` gives")]
fn pair(source: &str, key: &str) -> Option<(String, String)> {
    Some((source.to_owned(), key.to_owned()))
}

#[tokio::test(start_paused = true)]
async fn first_start_opens_settings() {
    let shop = Beginning::first().start().await;
    assert_eq!(shop.screen().opened, [Window::Settings]);
    assert!(shop.configured().is_none());
}

#[tokio::test(start_paused = true)]
async fn a_start_without_key_or_receiver_opens_settings() {
    let mut no_receiver = Beginning::complete();
    no_receiver.settings.receiver = None;
    assert_eq!(
        no_receiver.start().await.screen().opened,
        [Window::Settings]
    );
    let mut no_key = Beginning::complete();
    no_key.keyring = Err(KeyStoreError::NoKeyring);
    assert_eq!(no_key.start().await.screen().opened, [Window::Settings]);
}

#[tokio::test(start_paused = true)]
async fn a_complete_start_works_without_a_window() {
    let shop = Beginning::complete().start().await;
    assert!(shop.screen().opened.is_empty());
    assert_eq!(key(&shop), pair(SHOP, "clave"));
    assert_eq!(shop.view().await.setup.key, KeyPlace::Keyring);
}

#[tokio::test(start_paused = true)]
async fn saving_keeps_the_key_in_the_keyring_and_in_no_file() {
    let shop = Beginning::first().start().await;
    assert_eq!(
        shop.save(form("tienda.mx/sync", Some(" secreta-42\n")))
            .await,
        Ok(())
    );
    let stored = shop.keyring.lock().unwrap().as_ref().unwrap()[SHOP].clone();
    assert_eq!(stored.expose_secret(), "secreta-42");
    assert_eq!(key(&shop), pair(SHOP, "secreta-42"));
    let folder = shop.folder.path().join("config");
    let loaded = Settings::load(&folder).unwrap().settings;
    assert_eq!(loaded.address.as_deref(), Some(SHOP));
    assert_eq!(loaded.receiver, Some(Receiver::Campana));
    for file in std::fs::read_dir(&folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains("secreta-42"));
    }
}

#[tokio::test(start_paused = true)]
async fn the_way_in_which_the_server_speaks_is_saved_shown_and_used() {
    let shop = Beginning::first().start().await;
    assert_eq!(shop.view().await.setup.profile, ProfileView::Auto);
    for (chosen, profile) in [
        (ProfileView::UnifiedLegacy, Profile::UnifiedLegacy),
        (ProfileView::Unified, Profile::Unified),
        (ProfileView::Guide, Profile::Guide),
    ] {
        let mut form = form(SHOP, Some("k1"));
        form.profile = chosen;
        assert_eq!(shop.save(form).await, Ok(()));
        assert_eq!(shop.view().await.setup.profile, chosen);
        let last = shop.engine().configurations.last().cloned().flatten();
        assert_eq!(last.unwrap().profile, ProfileChoice::Fixed(profile));
        let folder = shop.folder.path().join("config");
        let saved = Settings::load(&folder).unwrap().settings;
        assert_eq!(saved.profile, ProfileChoice::Fixed(profile));
    }
    assert_eq!(shop.save(form(SHOP, None)).await, Ok(()));
    assert_eq!(shop.view().await.setup.profile, ProfileView::Auto);
}

#[tokio::test(start_paused = true)]
async fn a_key_goes_to_no_other_backend() {
    let shop = Beginning::complete().start().await;
    let elsewhere = shop.save(form("https://otra.mx", None)).await;
    assert_eq!(
        refused(elsewhere),
        ("key-missing".into(), Some("key".into()))
    );
    assert_eq!(key(&shop), pair(SHOP, "clave"));
}

#[tokio::test(start_paused = true)]
async fn without_a_keyring_the_key_lives_in_memory() {
    let mut beginning = Beginning::first();
    beginning.keyring = Err(KeyStoreError::NoKeyring);
    let shop = beginning.start().await;
    assert_eq!(shop.save(form(SHOP, Some("k1"))).await, Ok(()));
    assert_eq!(shop.view().await.setup.key, KeyPlace::Memory);
    // Saving something else leaves it.
    assert_eq!(shop.save(form(SHOP, None)).await, Ok(()));
    assert_eq!(key(&shop), pair(SHOP, "k1"));
}

#[tokio::test(start_paused = true)]
async fn bad_input_is_refused_at_its_field_and_changes_nothing() {
    let shop = Beginning::complete().start().await;
    let cases = [
        (form("", None), "address-empty", "address"),
        (form("ftp://tienda.mx", None), "address-scheme", "address"),
        (
            form("https://a:b@tienda.mx", None),
            "address-credentials",
            "address",
        ),
        (form(SHOP, Some("   ")), "key-missing", "key"),
        (form(SHOP, Some("dos palabras")), "key-unusable", "key"),
        (form(SHOP, Some("contraseña")), "key-unusable", "key"),
    ];
    for (form, code, field) in cases {
        let result = shop.save(form).await;
        assert_eq!(refused(result), (code.into(), Some(field.into())));
    }
    assert_eq!(shop.engine().configurations.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_locked_keyring_is_told_and_tried_again() {
    let mut beginning = Beginning::complete();
    beginning.keyring = Err(KeyStoreError::Locked);
    let shop = beginning.start().await;
    assert!(matches!(shop.configured(), Some((_, Key::Unavailable))));
    assert!(shop.screen().opened.is_empty());
    assert_eq!(shop.view().await.setup.key, KeyPlace::Locked);
    let result = shop.save(form(SHOP, Some("k2"))).await;
    assert_eq!(refused(result).0, "keyring-locked");
    let unlocked = [(SHOP.to_owned(), SecretString::from("clave"))];
    *shop.keyring.lock().unwrap() = Ok(unlocked.into());
    shop.command(Command::SyncNow).await;
    assert_eq!(key(&shop), pair(SHOP, "clave"));
    assert_eq!(shop.engine().syncs, 1);
}

#[tokio::test(start_paused = true)]
async fn the_environment_overrides_until_something_is_saved() {
    let mut beginning = Beginning::complete();
    beginning.environment = Environment {
        address: Some("http://127.0.0.1:5000".into()),
        key: Some(SecretString::from("de-entorno")),
        ..Environment::default()
    };
    let shop = beginning.start().await;
    assert_eq!(key(&shop), pair("http://127.0.0.1:5000", "de-entorno"));
    assert_eq!(shop.view().await.setup.key, KeyPlace::Environment);
    assert_eq!(shop.save(form(SHOP, None)).await, Ok(()));
    assert_eq!(key(&shop), pair(SHOP, "clave"));
}

#[tokio::test(start_paused = true)]
async fn removing_the_key_stops_working_with_it() {
    let shop = Beginning::complete().start().await;
    shop.command(Command::RemoveKey(None)).await;
    assert!(matches!(shop.configured(), Some((_, Key::Missing))));
    assert_eq!(shop.view().await.setup.key, KeyPlace::Missing);
    assert!(shop.keyring.lock().unwrap().as_ref().unwrap().is_empty());
}

#[tokio::test(start_paused = true)]
async fn testing_a_connection_tells_each_line_and_touches_nothing() {
    let shop = Beginning::complete().start().await;
    let (reply, answer) = oneshot::channel();
    shop.command(Command::TestConnection(form(SHOP, None), Some(reply)))
        .await;
    let lines = answer.await.unwrap().unwrap();
    let told: Vec<_> = lines
        .iter()
        .map(|line| (&*line.check, &*line.code))
        .collect();
    assert_eq!(told, [("keyring", "in_keyring"), ("socket_io", "skipped")]);
    assert_eq!(lines[1].because.as_deref(), Some("port"));
    assert_eq!(shop.screen().checks, lines);
    assert_eq!(shop.engine().configurations.len(), 1);
    shop.pass(Duration::from_secs(1)).await;
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_tested_as_far_as_it_goes_without_the_keyring() {
    let mut beginning = Beginning::complete();
    beginning.keyring = Err(KeyStoreError::Locked);
    let shop = beginning.start().await;
    let (reply, answer) = oneshot::channel();
    shop.command(Command::TestConnection(form(SHOP, None), Some(reply)))
        .await;
    let lines = answer.await.unwrap().unwrap();
    assert_eq!(lines[0].outcome, CheckOutcome::Failed);
    assert_eq!(&*lines[0].code, "locked");
}

#[tokio::test(start_paused = true)]
async fn an_own_certificate_authority_that_was_written_into_the_file_holds_once_the_settings_are_saved()
 {
    let shop = Beginning::complete().start().await;
    assert_eq!(shop.trusted(), None);
    let folder = shop.folder.path().join("config");
    std::fs::create_dir_all(&folder).unwrap();
    let written = "certificate_authority = \"own.pem\"\n";
    std::fs::write(folder.join("settings.toml"), written).unwrap();
    shop.save(form(SHOP, None)).await.unwrap();
    assert_eq!(shop.trusted(), Some(folder.join("own.pem")));
    let saved = Settings::read(&folder).unwrap();
    assert_eq!(saved.certificate_authority, Some("own.pem".into()));
}

#[tokio::test(start_paused = true)]
async fn the_environments_certificate_authority_goes_before_the_settings() {
    let mut beginning = Beginning::complete();
    beginning.settings.certificate_authority = Some("/settings.pem".into());
    beginning.environment.certificate_authority =
        Some(CertificateAuthority::in_file("/environment.pem"));
    let shop = beginning.start().await;
    assert_eq!(shop.trusted(), Some("/environment.pem".into()));
    shop.save(form(SHOP, None)).await.unwrap();
    assert_eq!(shop.trusted(), Some("/environment.pem".into()));
}
