//! The backend as a program.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use campana_backend::{Backend, Options};
use clap::Parser;
use secrecy::SecretString;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Keeps a shop's orders until they are confirmed and announces each new one.
///
/// The API key comes in the environment, as CLOUD_API_KEY.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:5000")]
    listen: SocketAddr,
    /// The SQLite file; without one, orders are kept in memory only
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let filter = EnvFilter::try_from_env("CAMPANA_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // The carrier logs what it carries: keys when a client joins, orders when they are told.
    let of_ours = filter_fn(|metadata| {
        !metadata.target().starts_with("socketioxide")
            && !metadata.target().starts_with("engineioxide")
    });
    tracing_subscriber::registry()
        .with(filter)
        .with(of_ours)
        .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr))
        .init();
    let key = std::env::var("CLOUD_API_KEY").unwrap_or_default();
    if key.trim().is_empty() {
        return fail(
            "The API key is missing: put it into the environment as CLOUD_API_KEY.",
            2,
        );
    }
    let options = Options {
        listen: arguments.listen,
        key: SecretString::from(key.trim()),
        database: arguments.db,
    };
    let backend = match Backend::start(options).await {
        Ok(backend) => backend,
        Err(error) => return fail(&format!("The backend did not start: {error}."), 1),
    };
    let address = backend.address();
    // Nobody may be reading; that is no reason to stop.
    let _ = writeln!(std::io::stdout(), "listening on http://{address}");
    until_told_to_stop().await;
    backend.stop().await;
    ExitCode::SUCCESS
}

fn fail(reason: &str, code: u8) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{reason}");
    ExitCode::from(code)
}

#[cfg(unix)]
async fn until_told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        let _ = tokio::signal::ctrl_c().await;
        return;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}

#[cfg(not(unix))]
async fn until_told_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
