//! Everything a person types: `cargo xtask setup | demo | shots | simulate | reliability | load | bench | licences |
//! package | fuzz | check-windows | check-macos | test`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a person reads what this program prints"
)]

mod bench;
mod command;
mod demo;
mod fuzz;
mod install;
mod licence_texts;
mod licences;
mod linked;
mod load;
mod macos;
mod other_system;
mod package;
mod packages;
mod reliability;
mod setup;
mod shots;
mod simulate;
mod test;
mod third_party;
mod windows;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, shows and tests Campana")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Installs what building and testing need; does nothing where it is there already.
    Setup,
    /// Shows the app with sample orders; without a display, on a virtual one, and saves screenshots.
    Demo,
    /// Draws every window in every state into docs/tour.md.
    Shots,
    /// Lives through simulated histories and tells of one that breaks a property, made short
    /// (`--histories N --seed S`, `--sabotage BUG`, `--replay FILE`).
    #[command(disable_help_flag = true)]
    Simulate {
        /// For the simulation.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Tries every fault on real sockets and writes docs/reliability.md.
    Reliability {
        /// Only faults whose name holds this; nothing is written then.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
    },
    /// Puts thousands of clients on two processes of the backend and writes the figures into docs/backend.md.
    Load(load::Load),
    /// Measures Campana beside the guide's client on Node, and writes docs/performance.md.
    Bench {
        /// Less of everything, for trying.
        #[arg(long)]
        quick: bool,
        /// Only measures whose name holds this; nothing is written then.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
    },
    /// Writes the list of others' software that the settings window shows, and their licences word by word.
    Licences,
    /// Builds the app and packs it into a deb and an rpm, with the licences of others' software in them.
    Package,
    /// Looks at what is shipped for Windows, links it, and runs its tests and the app on Wine.
    CheckWindows,
    /// Looks at what is shipped for macOS.
    CheckMacos,
    /// Runs the checks that belong before each commit, or with `--all` every check of the project.
    Test(test::Choice),
    /// Throws hostile input at everything that reads what the network sends.
    Fuzz {
        /// Only this target.
        #[arg(value_parser = fuzz::names())]
        target: Option<String>,
        /// How long each target runs.
        #[arg(long, value_name = "N", default_value_t = 60)]
        seconds: u64,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Setup => setup::run(),
        Task::Demo => demo::show(),
        Task::Shots => shots::make(),
        Task::Simulate { arguments } => simulate::histories(&arguments),
        Task::Reliability { only } => reliability::run(only.as_deref()),
        Task::Load(load) => load::measure(load),
        Task::Bench { quick, only } => bench::run(quick, only.as_deref()),
        Task::Licences => third_party::write(),
        Task::Package => package::make(),
        Task::CheckWindows => setup::debian_packages().and_then(|()| windows::check()),
        Task::CheckMacos => setup::debian_packages().and_then(|()| macos::check()),
        Task::Test(choice) => test::run(&choice),
        Task::Fuzz { target, seconds } => fuzz::all(target.as_deref(), seconds),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\ncargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
