//! Puts thousands of clients on two processes of the backend, which share a Redis and a PostgreSQL of their own, and
//! measures how long it takes from an order to the hint at every client, how much memory a client costs, and whether
//! one misses anything when its process is killed. Prints a table in Markdown.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a person reads what this program prints"
)]

mod backend;
mod client;
mod figures;
mod run;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;

/// Clients, orders, and how fast.
#[derive(Clone, Debug, Parser)]
#[command(name = "cargo xtask load")]
struct Arguments {
    /// How many clients, half on each process
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(2..=15_000))]
    clients: u32,
    /// How many orders, one after the other, at both processes in turn
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    orders: u32,
    /// How many of them a second
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    rate: u32,
    /// The backend's program
    #[arg(long, value_name = "FILE")]
    backend: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // Nothing here is encrypted; the HTTP client wants a provider all the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match run::run(&arguments).await {
        Ok(figures) => {
            println!("{}", figures.table());
            if figures.nothing_missed() {
                ExitCode::SUCCESS
            } else {
                eprintln!("something was missed");
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
