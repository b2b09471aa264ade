//! What the owner chose beyond the connection.

use campana_sync::catalogue::Language;
use campana_sync::settings::{Alerts, Chime, Preferences, Settings};

use super::support::{Beginning, SHOP};

fn english() -> Preferences {
    Preferences {
        language: Some(Language::En),
        alerts: Alerts {
            chime: Chime::Buzzer,
            volume: 250,
            ..Alerts::default()
        },
        ..Preferences::default()
    }
}

#[tokio::test(start_paused = true)]
async fn preferences_hold_at_once_and_are_on_disk_beside_the_connection() {
    let mut beginning = Beginning::complete();
    beginning.settings.preferences.language = Some(Language::Es);
    let shop = beginning.start().await;
    assert_eq!(shop.prefer(english()).await, Ok(()));
    let view = shop.view().await;
    assert_eq!(view.language, "en");
    assert_eq!(view.preferences.alerts.volume, 100);
    assert_eq!(shop.screen().alerts, view.preferences.alerts);
    assert_eq!(shop.screen().theme, view.preferences.appearance.theme);
    let keep_awake = view.preferences.system.keep_awake;
    assert_eq!(shop.screen().keeps_awake, keep_awake);
    assert_eq!(shop.screen().words.settings_title, "Campana settings");
    let saved = Settings::load(&shop.folder.path().join("config"))
        .unwrap()
        .settings;
    assert_eq!(saved.preferences, view.preferences);
    assert_eq!(saved.address.as_deref(), Some(SHOP));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_saved_does_not_hold() {
    let shop = Beginning::complete().start().await;
    std::fs::write(shop.folder.path().join("config"), "a file in the way").unwrap();
    let before = shop.view().await.preferences;
    let refused = shop.prefer(english()).await.unwrap_err();
    assert_eq!(refused.code, "settings-unwritable");
    assert_eq!(shop.view().await.preferences, before);
}
