//! Everything a person types: `cargo xtask setup | demo | test | reliability`.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a person reads what this program prints"
)]

mod command;
mod demo;
mod licences;
mod packages;
mod reliability;
mod setup;
mod test;

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
    /// Tries every fault on real sockets and writes docs/reliability.md.
    Reliability {
        /// Only faults whose name holds this; nothing is written then.
        #[arg(long, value_name = "TEXT")]
        only: Option<String>,
    },
    /// Runs every test of the project.
    Test {
        /// Only the step with this name.
        #[arg(long, value_name = "NAME", value_parser = test::step_names())]
        only: Option<String>,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Setup => setup::run(),
        Task::Demo => demo::show(),
        Task::Reliability { only } => reliability::run(only.as_deref()),
        Task::Test { only } => test::all(only.as_deref()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\ncargo xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
