//! The command line: what it is told, what it does, and what it says.

mod activity;
mod arguments;
mod doctor;
mod failure;
mod inbox;
mod lines;
mod output;
mod usage;
mod watch;

use std::process::ExitCode;

use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::places::Places;
use campana_sync::settings::Settings;
use campana_sync::{crash, logging};
use clap::FromArgMatches;
use tracing::level_filters::LevelFilter;

use arguments::{Arguments, Command};
use failure::Failure;
use output::Output;

/// Reads the arguments, does it, and says how it went by the exit code.
pub(crate) fn main() -> ExitCode {
    let chosen = Places::of_this_user()
        .ok()
        .and_then(|places| Settings::read(&places.config).ok())
        .and_then(|settings| settings.preferences.language);
    let catalogue = Catalogue::new(Language::choose(chosen));
    let parsed = arguments::command(&catalogue)
        .try_get_matches()
        .and_then(|matches| Arguments::from_arg_matches(&matches));
    let arguments = match parsed {
        Ok(arguments) => arguments,
        Err(error) => {
            usage::tell(&error, &catalogue);
            return ExitCode::from(u8::from(error.use_stderr()) * failure::USAGE);
        }
    };
    tracing_subscriber::fmt()
        .with_env_filter(logging::filter(LevelFilter::WARN))
        .with_writer(std::io::stderr)
        .init();
    crash::note_panics(|| {});
    if let Err(error) = crash::leave_no_image() {
        tracing::warn!(%error, "a crash may leave an image of the memory");
    }
    let mut output = Output::new(catalogue);
    match run(arguments.command, &mut output) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output.complain(&failure);
            ExitCode::from(failure.code())
        }
    }
}

fn run(command: Command, output: &mut Output) -> Result<(), Failure> {
    let done = match command {
        Command::Watch(arguments) => watch::run(
            &arguments.server,
            watch::Until::Told,
            arguments.form.json,
            output,
        ),
        Command::Pull(server) => watch::run(&server, watch::Until::Pulled, false, output),
        Command::Inbox(inbox) => inbox::run(inbox, output),
        Command::Activity(arguments) => activity::run(arguments, output),
        Command::Doctor(arguments) => doctor::run(&arguments.server, arguments.form.json, output),
    };
    match done {
        // Whoever read the output has seen enough.
        Err(Failure::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}
