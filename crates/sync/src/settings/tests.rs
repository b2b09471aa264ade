#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::fs;

use super::*;
use crate::catalogue::Language;
use crate::http::Profile;

fn chosen() -> Settings {
    Settings {
        address: Some("https://tienda.mx".into()),
        receiver: Some(Receiver::Campana),
        profile: ProfileChoice::Fixed(Profile::UnifiedLegacy),
        certificate_authority: Some("own.pem".into()),
        plain_http_allowed: Some("http://tienda.mx".into()),
        preferences: Preferences {
            language: Some(Language::En),
            alerts: Alerts {
                chime: Chime::Marimba,
                repeat: Repeat::Interval,
                ..Alerts::default()
            },
            ..Preferences::default()
        },
    }
}

fn folder_with(text: impl AsRef<[u8]>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE), text).unwrap();
    folder
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn what_was_saved_is_loaded_and_nothing_else_lies_about() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("not").join("there");
    assert_eq!(Settings::load(&inner).unwrap(), Loaded::default());
    chosen().save(&inner).unwrap();
    assert_eq!(Settings::load(&inner).unwrap().settings, chosen());
    Settings::default().save(&inner).unwrap();
    assert_eq!(Settings::load(&inner).unwrap(), Loaded::default());
    assert_eq!(names(&inner), [FILE]);
}

#[test]
fn the_file_tells_its_version() {
    let folder = tempfile::tempdir().unwrap();
    chosen().save(folder.path()).unwrap();
    let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert!(text.contains("version = 1\n"), "{text}");
}

#[test]
fn unknown_members_survive_a_save() {
    let folder = folder_with(
        "version = 1\naddress = \"http://old\"\nvolume = 7\n[sound]\nbell = \"tower\"\n",
    );
    let mut settings = Settings::load(folder.path()).unwrap().settings;
    assert_eq!(settings.address.as_deref(), Some("http://old"));
    settings.address = Some("http://new".into());
    settings.save(folder.path()).unwrap();
    let table: toml::Table =
        toml::from_str(&fs::read_to_string(folder.path().join(FILE)).unwrap()).unwrap();
    assert_eq!(table["volume"].as_integer(), Some(7));
    assert_eq!(table["sound"]["bell"].as_str(), Some("tower"));
    assert_eq!(table["address"].as_str(), Some("http://new"));
}

#[test]
fn a_newer_version_keeps_its_number_and_what_only_it_understands() {
    let folder = folder_with(
        "version = 2\naddress = \"http://a\"\nreceiver = \"both\"\nprofile = \"soap\"\n",
    );
    let loaded = Settings::load(folder.path()).unwrap();
    assert_eq!(loaded.damaged, None);
    assert_eq!(loaded.settings.address.as_deref(), Some("http://a"));
    assert_eq!(loaded.settings.receiver, None);
    loaded.settings.save(folder.path()).unwrap();
    let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert!(text.contains("version = 2"), "{text}");
    assert!(text.contains("receiver = \"both\""), "{text}");
    assert!(text.contains("profile = \"soap\""), "{text}");
}

#[test]
fn a_profile_is_kept_by_its_name_and_auto_by_its_absence() {
    let folder = tempfile::tempdir().unwrap();
    let text = || fs::read_to_string(folder.path().join(FILE)).unwrap();
    chosen().save(folder.path()).unwrap();
    assert!(text().contains("profile = \"unified-legacy\"\n"));
    let auto = Settings {
        profile: ProfileChoice::Auto,
        ..chosen()
    };
    auto.save(folder.path()).unwrap();
    assert!(!text().contains("profile"));
    let typed = folder_with("profile = \"auto\"\n");
    assert_eq!(
        Settings::load(typed.path()).unwrap().settings,
        Settings::default()
    );
}

#[test]
fn a_damaged_file_lies_aside_and_defaults_hold() {
    let damaged: [&[u8]; 9] = [
        b"address = ",
        b"\xff\xfe\x00",
        b"address = 7\n",
        b"receiver = \"nobody\"\n",
        b"version = \"one\"\n",
        b"version = 0\n",
        b"profile = \"soap\"\n",
        b"alerts = 7\n",
        b"[alerts]\nchime = \"organ\"\n",
    ];
    for bytes in damaged {
        let folder = folder_with(bytes);
        let loaded = Settings::load(folder.path()).unwrap();
        assert_eq!(loaded.settings, Settings::default());
        let aside = folder.path().join("settings.damaged-1.toml");
        assert_eq!(loaded.damaged.as_ref(), Some(&aside));
        assert_eq!(fs::read(aside).unwrap(), bytes);
        assert_eq!(Settings::load(folder.path()).unwrap(), Loaded::default());
    }
}

#[test]
fn an_older_damaged_file_is_not_overwritten() {
    let folder = folder_with("=");
    fs::write(folder.path().join("settings.damaged-1.toml"), "first").unwrap();
    let loaded = Settings::load(folder.path()).unwrap();
    assert_eq!(
        loaded.damaged,
        Some(folder.path().join("settings.damaged-2.toml"))
    );
    let first = fs::read_to_string(folder.path().join("settings.damaged-1.toml")).unwrap();
    assert_eq!(first, "first");
}

#[test]
fn saving_over_a_damaged_file_keeps_it_aside() {
    let folder = folder_with("=");
    chosen().save(folder.path()).unwrap();
    assert_eq!(Settings::load(folder.path()).unwrap().settings, chosen());
    assert_eq!(names(folder.path()), ["settings.damaged-1.toml", FILE]);
}

#[test]
fn a_mark_at_the_beginning_is_no_damage() {
    let folder = folder_with("\u{feff}address = \"http://a\"\n");
    let loaded = Settings::load(folder.path()).unwrap();
    assert_eq!(loaded.settings.address.as_deref(), Some("http://a"));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join(FILE)).unwrap();
    let error = Settings::load(folder.path()).unwrap_err();
    assert!(error.path.ends_with(FILE));
    assert!(chosen().save(folder.path()).is_err());
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("campana");
    chosen().save(&inner).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&inner), 0o700);
    assert_eq!(mode(&inner.join(FILE)), 0o600);
}

#[test]
fn a_cleared_choice_goes_although_the_version_is_newer() {
    let folder = folder_with("version = 2\nlanguage = \"en\"\ntheme = \"dark\"\n");
    let mut settings = Settings::load(folder.path()).unwrap().settings;
    settings.preferences.language = None;
    settings.save(folder.path()).unwrap();
    let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert!(text.contains("theme = \"dark\"") && !text.contains("language"));
}

#[test]
fn who_only_looks_moves_nothing() {
    let folder = folder_with("address = [");
    let error = Settings::read(folder.path()).unwrap_err();
    assert_eq!(error.source.kind(), ErrorKind::InvalidData);
    assert_eq!(names(folder.path()), [FILE]);
    chosen().save(folder.path()).unwrap();
    assert_eq!(Settings::read(folder.path()).unwrap(), chosen());
}

#[test]
fn preferences_are_written_where_they_differ_from_the_defaults() {
    let folder = tempfile::tempdir().unwrap();
    chosen().save(folder.path()).unwrap();
    let text = fs::read_to_string(folder.path().join(FILE)).unwrap();
    assert!(text.contains("[alerts]\nchime = \"marimba\"\n"), "{text}");
    assert!(!text.contains("volume"), "{text}");
    assert!(!text.contains("[system]"), "{text}");
}

#[test]
fn a_table_keeps_what_only_a_newer_version_understands() {
    let folder = folder_with(
        "version = 2\n[alerts]\nchime = \"organ\"\nvolume = 30\nlamp = true\n[system]\nkeep_awake = true\n",
    );
    let loaded = Settings::load(folder.path()).unwrap();
    assert_eq!(loaded.damaged, None);
    let mut settings = loaded.settings;
    let alerts = &settings.preferences.alerts;
    assert_eq!((alerts.chime, alerts.volume), (Chime::Bell, 30));
    settings.preferences.system.keep_awake = false;
    settings.save(folder.path()).unwrap();
    let table: toml::Table =
        toml::from_str(&fs::read_to_string(folder.path().join(FILE)).unwrap()).unwrap();
    assert_eq!(table["alerts"]["chime"].as_str(), Some("organ"));
    assert_eq!(table["alerts"]["volume"].as_integer(), Some(30));
    assert_eq!(table["alerts"]["lamp"].as_bool(), Some(true));
    assert!(!table.contains_key("system"));
}

#[test]
fn numbers_written_by_hand_are_held_within_what_makes_sense() {
    let folder = folder_with(
        "[alerts]\nvolume = 250\nrepeat_seconds = 0\nwarm_minutes = 20\nlate_minutes = 5\n[appearance]\ncurrency = \"pesos\"\n",
    );
    let preferences = Settings::load(folder.path()).unwrap().settings.preferences;
    let alerts = &preferences.alerts;
    assert_eq!((alerts.volume, alerts.repeat_seconds), (100, 3));
    assert_eq!((alerts.warm_minutes, alerts.late_minutes), (20, 21));
    assert_eq!(preferences.appearance.currency, "MXN");
}
