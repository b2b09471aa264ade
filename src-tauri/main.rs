//! The app: reads its arguments and runs.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::io::Write;
use std::process::ExitCode;

use campana_app::application::{self, Options};
use campana_app::logging;
use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::crash;
use campana_sync::key_store::{KEY_VARIABLE, key_from_environment};
use campana_sync::places::Places;
use secrecy::SecretString;

fn main() -> ExitCode {
    let mut options = Options::default();
    for argument in std::env::args_os().skip(1) {
        match argument.to_str() {
            Some("--demo") => options.demo = true,
            Some("--version") => {
                let version = concat!("campana ", env!("CARGO_PKG_VERSION"), "\n");
                return say(&mut std::io::stdout(), version, ExitCode::SUCCESS);
            }
            Some("--help") => return say(&mut std::io::stdout(), &usage(), ExitCode::SUCCESS),
            _ => return say(&mut std::io::stderr(), &usage(), ExitCode::from(2)),
        }
    }
    let key = take_key();
    #[cfg(target_os = "linux")]
    draw_without_graphics_card();
    // The demo leaves no trace.
    let places = Places::of_this_user().ok().filter(|_| !options.demo);
    logging::start(places.map(|places| logging::folder(&places.data)));
    if let Err(error) = crash::leave_no_image() {
        tracing::warn!(%error, "a crash may leave an image of the memory");
    }
    match application::run(tauri::generate_context!(), options, key) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "Campana cannot start");
            logging::flush();
            ExitCode::FAILURE
        }
    }
}

/// The key that the environment names. It is taken out of it, so that no program that the app starts inherits it: the
/// windows' processes, a browser.
#[allow(
    unsafe_code,
    reason = "there is no other way to change the environment"
)]
fn take_key() -> Option<SecretString> {
    let key = key_from_environment();
    // SAFETY: this is the only thread yet, so nobody reads the environment meanwhile.
    unsafe { std::env::remove_var(KEY_VARIABLE) };
    key
}

/// Pages are drawn by the processor, unless the environment says otherwise: a window opens sooner, with a third less
/// memory, and does not stay blank where a graphics driver fails (docs/decisions/0015-drawing-without-the-card.md).
#[cfg(target_os = "linux")]
#[allow(
    unsafe_code,
    reason = "WebKit decides by its environment before the first page exists; its setting comes after that"
)]
fn draw_without_graphics_card() {
    const WEBKIT_SWITCH: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";
    if std::env::var_os(WEBKIT_SWITCH).is_none() {
        // SAFETY: this is the only thread yet, so nobody reads the environment meanwhile.
        unsafe { std::env::set_var(WEBKIT_SWITCH, "1") };
    }
}

fn usage() -> String {
    let catalogue = Catalogue::new(Language::choose(None));
    let lines = [
        ("campana          ", "app-usage"),
        ("campana --demo   ", "app-usage-demo"),
        ("campana --version", "app-usage-version"),
    ];
    lines
        .iter()
        .map(|(typed, key)| format!("{typed}  {}\n", catalogue.text(key)))
        .collect()
}

fn say(to: &mut dyn Write, words: &str, code: ExitCode) -> ExitCode {
    // Nobody reads what cannot be written.
    let _ = to.write_all(words.as_bytes());
    code
}
