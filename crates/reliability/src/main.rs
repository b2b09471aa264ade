//! `campana-reliability`: tries every fault and tells what came of it.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a person reads what this program prints"
)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use campana_reliability::case::Row;
use campana_reliability::{document, faults, run, table, traces};
use clap::Parser;
use tracing_subscriber::EnvFilter;

/// How long threads and sockets may take to end.
const ENDING: Duration = Duration::from_secs(30);

/// Tries real faults on real sockets; fails when an order is lost or the status lies.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Only faults whose name holds this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Write the document with the table into this file
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Check that this document tells of every fault
    #[arg(long, value_name = "FILE")]
    check: Option<PathBuf>,
    /// List the faults and try none
    #[arg(long)]
    list: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let filter = EnvFilter::try_from_env("CAMPANA_LOG").unwrap_or_else(|_| EnvFilter::new("off"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .init();
    // An error means that it is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match go(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("campana-reliability: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all was as it must be.
async fn go(arguments: Arguments) -> anyhow::Result<bool> {
    let mut cases = faults::all();
    if let Some(only) = &arguments.only {
        cases.retain(|case| case.name.contains(only.as_str()));
    }
    if arguments.list {
        for case in &cases {
            println!("{:?}: {}", case.group, case.name);
        }
        return Ok(true);
    }
    println!("Trying {} faults, many at a time.", cases.len());
    traces::count();
    let files = traces::open_files();
    let began = Instant::now();
    let rows = run::all(cases, |row| println!("{}", table::line(row))).await;
    println!(
        "\nIn {:.0} s:\n{}",
        began.elapsed().as_secs_f64(),
        table::summary(&rows)
    );
    let mut is_sound = is_sound(&rows, files).await;
    if let Some(path) = arguments.check {
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let missing = document::missing(&text, &rows);
        if missing.is_empty() {
            println!(
                "{} tells of all of them; made anew, it would differ in its times.",
                path.display()
            );
        } else {
            eprintln!(
                "{} is out of date (`cargo xtask reliability` makes it anew); it lacks: {}",
                path.display(),
                missing.join("; ")
            );
            is_sound = false;
        }
    }
    if let Some(path) = arguments.write {
        let text = document::text(&rows);
        std::fs::write(&path, text).with_context(|| path.display().to_string())?;
        println!("Written to {}", path.display());
    }
    Ok(is_sound)
}

/// Tells what is wrong, if anything; `files` were open before.
async fn is_sound(rows: &[Row], files: Option<usize>) -> bool {
    let wrong: Vec<&Row> = rows.iter().filter(|row| !row.wrong.is_empty()).collect();
    for row in &wrong {
        eprintln!("{}", table::line(row));
    }
    let counted = traces::counted();
    println!(
        "Panics inside the library of the connection: {}, elsewhere: {}",
        counted.caged, counted.loose
    );
    let threads = settled(traces::cages, Some(0)).await;
    let files_left = settled(traces::open_files, files).await;
    println!(
        "Left behind: {} threads of connections, {} open files",
        threads, files_left
    );
    wrong.is_empty() && counted.loose == 0 && threads == 0 && files_left == 0
}

/// Waits until there are no more of them than before; how many more there are in the end.
async fn settled(count: impl Fn() -> Option<usize>, before: Option<usize>) -> usize {
    let until = Instant::now() + ENDING;
    loop {
        let more = count()
            .unwrap_or_default()
            .saturating_sub(before.unwrap_or_default());
        if more == 0 || Instant::now() > until {
            return more;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
