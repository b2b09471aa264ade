//! The keyring against a real Secret Service: gnome-keyring on a bus of its own, in a home of its own.
//! Each case runs this program again inside such a session.
#![cfg(target_os = "linux")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use campana_sync::key_store::{KeyStore, KeyStoreError, SystemKeyring};
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;

const KEY: &str = "clave-que-no-se-ve-7f3a";
const SHOP: &str = "https://pedidos.mitienda.mx";
const OTHER_SHOP: &str = "https://pedidos.otra.mx";
/// Set inside the session, so that nobody's own keyring is ever touched.
const INSIDE: &str = "CAMPANA_TEST_KEYRING_SESSION";

/// Begins the Secret Service, with an unlocked collection.
const UNLOCKED: &str = r"printf '\n' | gnome-keyring-daemon --unlock --components=secrets";
/// Begins it as it stands after a login without a password: what there is stays locked.
const NOT_UNLOCKED: &str = "gnome-keyring-daemon --start --components=secrets";

/// Runs one of the ignored tests below in a session of its own that began with `start`.
fn inside(home: &Path, start: &str, case: &str) {
    let script = format!(
        "{start} >/dev/null 2>&1 || exit 9; \"$0\" --exact --ignored --nocapture --test-threads=1 keyring::{case}"
    );
    let run = isolated("dbus-run-session", home)
        .args(["--", "sh", "-c", &script])
        .arg(std::env::current_exe().unwrap())
        .env(INSIDE, "1")
        .output();
    assert_passed(&run.expect("dbus-run-session is installed"), case);
}

/// A program that sees neither this user's bus nor home nor display.
fn isolated(program: &str, home: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_RUNTIME_DIR", home);
    command
}

fn assert_passed(run: &Output, case: &str) {
    let told = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success() && told.contains("1 passed"),
        "{case}: {}\n{told}\n{}",
        run.status,
        String::from_utf8_lossy(&run.stderr)
    );
}

fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

fn some(key: &str) -> SecretString {
    SecretString::from(key)
}

async fn get(source: &str) -> Result<Option<String>, KeyStoreError> {
    let found = SystemKeyring::default().get(source).await?;
    Ok(found.map(|key| key.expose_secret().to_owned()))
}

/// Every file under a folder that holds these bytes.
fn files_with(folder: &Path, bytes: &[u8]) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            found.extend(files_with(&entry.path(), bytes));
        } else if kind.is_file() {
            let content = std::fs::read(entry.path()).unwrap();
            if content.windows(bytes.len()).any(|part| part == bytes) {
                found.push(entry.path());
            }
        }
    }
    found
}

#[test]
fn a_key_is_kept_and_forgotten_for_each_backend() {
    let home = tempfile::tempdir().unwrap();
    inside(home.path(), UNLOCKED, "keeps_and_forgets");
    inside(home.path(), UNLOCKED, "finds_what_an_earlier_run_kept");
    let plain = files_with(home.path(), KEY.as_bytes());
    assert!(plain.is_empty(), "the key stands in {plain:?}");
    assert!(
        home.path().join("data").join("keyrings").exists(),
        "the keyring's files are among those that were searched"
    );
}

#[test]
fn a_locked_keyring_says_so() {
    let home = tempfile::tempdir().unwrap();
    inside(home.path(), UNLOCKED, "keeps_and_forgets");
    inside(home.path(), NOT_UNLOCKED, "is_locked");
}

#[test]
fn a_keyring_without_a_collection_keeps_nothing() {
    let home = tempfile::tempdir().unwrap();
    inside(home.path(), NOT_UNLOCKED, "has_no_collection");
}

#[test]
fn a_system_without_a_keyring_says_so() {
    let home = tempfile::tempdir().unwrap();
    let run = isolated(
        std::env::current_exe().unwrap().to_str().unwrap(),
        home.path(),
    )
    .args([
        "--exact",
        "--ignored",
        "--nocapture",
        "keyring::has_no_keyring",
    ])
    .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
    .env(INSIDE, "1")
    .output();
    assert_passed(&run.unwrap(), "has_no_keyring");
}

#[tokio::test]
#[ignore = "runs inside its own session"]
async fn keeps_and_forgets() {
    if !is_inside() {
        return;
    }
    let keyring = SystemKeyring::default();
    assert_eq!(get(SHOP).await, Ok(None));
    assert_eq!(keyring.remove(SHOP).await, Ok(()), "nothing to forget");
    assert_eq!(keyring.set(SHOP, &some("an older key")).await, Ok(()));
    assert_eq!(keyring.set(SHOP, &some(KEY)).await, Ok(()));
    assert_eq!(get(SHOP).await, Ok(Some(KEY.to_owned())));
    assert_eq!(get(OTHER_SHOP).await, Ok(None), "a key is its backend's");
    assert_eq!(keyring.set(OTHER_SHOP, &some("other")).await, Ok(()));
    assert_eq!(keyring.remove(OTHER_SHOP).await, Ok(()));
    assert_eq!(get(OTHER_SHOP).await, Ok(None));
    assert_eq!(get(SHOP).await, Ok(Some(KEY.to_owned())));
    // Another program finds it under the same name.
    let found = Command::new("secret-tool")
        .args(["lookup", "service", "Campana", "username", SHOP])
        .output()
        .expect("secret-tool is installed");
    assert_eq!(String::from_utf8_lossy(&found.stdout), KEY);
}

#[tokio::test]
#[ignore = "runs inside its own session"]
async fn finds_what_an_earlier_run_kept() {
    if is_inside() {
        assert_eq!(get(SHOP).await, Ok(Some(KEY.to_owned())));
    }
}

#[tokio::test]
#[ignore = "runs inside its own session"]
async fn is_locked() {
    if !is_inside() {
        return;
    }
    let begun = Instant::now();
    assert_eq!(get(SHOP).await, Err(KeyStoreError::Locked));
    let set = SystemKeyring::default().set(SHOP, &some("new")).await;
    assert_eq!(set, Err(KeyStoreError::Locked));
    assert!(begun.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
#[ignore = "runs inside its own session"]
async fn has_no_collection() {
    if !is_inside() {
        return;
    }
    assert_eq!(get(SHOP).await, Ok(None));
    let set = SystemKeyring::default().set(SHOP, &some(KEY)).await;
    assert_eq!(set, Err(KeyStoreError::Locked));
}

#[tokio::test]
#[ignore = "runs inside its own session"]
async fn has_no_keyring() {
    if !is_inside() {
        return;
    }
    let begun = Instant::now();
    assert_eq!(get(SHOP).await, Err(KeyStoreError::NoKeyring));
    let set = SystemKeyring::default().set(SHOP, &some(KEY)).await;
    assert_eq!(set, Err(KeyStoreError::NoKeyring));
    assert!(begun.elapsed() < Duration::from_secs(5));
}
