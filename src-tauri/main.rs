//! The app: reads its arguments and runs.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::io::Write;
use std::process::ExitCode;

use campana_app::application::{self, Options};
use campana_sync::catalogue::{Catalogue, Language};

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
    tracing_subscriber::fmt()
        .with_env_filter(campana_sync::logging::filter())
        .with_writer(std::io::stderr)
        .init();
    match application::run(tauri::generate_context!(), options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "Campana cannot start");
            ExitCode::FAILURE
        }
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
