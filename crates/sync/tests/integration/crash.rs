//! A panic, in whatever thread, is told with its place and without what was in memory.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test may stop at the first surprise, and this one wants to see panics"
)]

use std::process::{Command, Output};

use campana_sync::{crash, logging};
use secrecy::{ExposeSecret as _, SecretString};
use tracing::level_filters::LevelFilter;

const INSIDE: &str = "CAMPANA_TEST_CRASH";
const KEY: &str = "clave-secreta-0b71";
const CUSTOMER: &str = "Señora Núñez";

/// This test's program once more, as one that panics.
fn crashed(backtrace: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "crash::inside",
            "--nocapture",
            "--include-ignored",
            "--test-threads=2",
        ])
        .env(INSIDE, "1")
        .env("CAMPANA_LOG", "trace")
        .env("RUST_BACKTRACE", backtrace)
        .output()
        .unwrap()
}

#[test]
fn a_panic_of_any_thread_is_told_without_what_was_in_memory() {
    for backtrace in ["0", "1"] {
        let run = crashed(backtrace);
        let told = String::from_utf8_lossy(&run.stderr).into_owned();
        let printed = String::from_utf8_lossy(&run.stdout).into_owned();
        for (thread, message) in [
            ("named", "the first of all"),
            (
                "tokio",
                "byte index 3 is not a char boundary; it is inside …",
            ),
            ("crash::inside", "called …"),
        ] {
            let line = told.lines().find(|line| {
                line.contains(&format!("thread=\"{thread}")) && line.contains("panicked")
            });
            let line = line.unwrap_or_else(|| panic!("nothing of {thread}: {told}"));
            assert!(line.contains("crash.rs:"), "{line}");
            assert!(line.contains(message), "{line}");
        }
        assert_eq!(backtrace == "1", told.contains("std::panicking"), "{told}");
        for secret in [KEY, CUSTOMER, "Núñez"] {
            assert!(
                !told.contains(secret) && !printed.contains(secret),
                "{told}{printed}"
            );
        }
    }
}

/// The program that panics; as a test of its own it does nothing.
#[test]
#[ignore = "the other test runs it"]
fn inside() {
    if std::env::var_os(INSIDE).is_none() {
        return;
    }
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_env_filter(logging::filter(LevelFilter::WARN))
        .with_writer(std::io::stderr)
        .init();
    crash::note_panics(|| {});
    crash::leave_no_image().unwrap();
    let key = SecretString::from(KEY);
    let thread = std::thread::Builder::new().name("named".into());
    let ended = thread.spawn(|| panic!("the first of all")).unwrap().join();
    ended.unwrap_err();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_name("tokio")
        .build()
        .unwrap();
    let name = CUSTOMER.to_owned();
    // What a message quotes is what was worked on.
    let cut = runtime.block_on(runtime.spawn(async move { name[3..].len() }));
    assert!(cut.unwrap_err().is_panic());
    assert_eq!(key.expose_secret(), KEY);
    let number = format!("{CUSTOMER} {}", key.expose_secret()).parse::<u32>();
    number
        .map_err(|_| format!("{CUSTOMER} {}", key.expose_secret()))
        .unwrap();
}
