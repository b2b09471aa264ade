//! The backend as a program.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use campana_backend::{Backend, Configuration, Database, Keys, KeysError, RedisPlace};
use clap::{Parser, ValueEnum};
use secrecy::SecretString;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

/// The guide's port of Redis.
const REDIS_PORT: u16 = 6380;

/// Keeps the orders of shops until they are confirmed and announces each new one.
///
/// What is secret comes in the environment:
/// CLOUD_API_KEY, the key of the only shop;
/// CLOUD_API_KEYS, name:key for each of several shops, separated by commas;
/// DATABASE_URL, a postgres:// address, for several processes;
/// REDIS_HOST, REDIS_PORT and REDIS_PASSWORD, over which the processes tell each other of new orders.
#[derive(Parser)]
#[command(version, verbatim_doc_comment)]
struct Arguments {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:5000")]
    listen: SocketAddr,
    /// The SQLite file; without one and without DATABASE_URL, orders are kept in memory only
    #[arg(long, value_name = "FILE")]
    db: Option<PathBuf>,
    /// A file with name:key on each line, which nobody else may read
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
    /// Let one unknown id make a whole confirmation fail, as deployed servers do
    #[arg(long)]
    imitate_deployed: bool,
    /// How log lines are written
    #[arg(long, value_enum, default_value = "text")]
    log: LogForm,
}

#[derive(Clone, Copy, ValueEnum)]
enum LogForm {
    Text,
    Json,
}

/// What is wrong with arguments or environment.
#[derive(Debug, thiserror::Error)]
enum Usage {
    #[error(
        "The API key is missing: put it into the environment as CLOUD_API_KEY, or several as CLOUD_API_KEYS."
    )]
    NoKey,
    #[error("The API keys cannot be used: {0}.")]
    Keys(#[from] KeysError),
    #[error("REDIS_PORT is a number from 1 to 65535.")]
    RedisPort,
    #[error("There is --db and DATABASE_URL: leave one of them out.")]
    TwoDatabases,
}

fn variable(name: &str) -> Option<String> {
    let value = std::env::var(name).ok()?.trim().to_owned();
    (!value.is_empty()).then_some(value)
}

fn keys(file: Option<PathBuf>) -> Result<Keys, Usage> {
    let secret = |name| variable(name).map(SecretString::from);
    let mut keys = secret("CLOUD_API_KEY").map_or_else(Keys::default, |key| Keys::only(&key));
    if let Some(named) = secret("CLOUD_API_KEYS") {
        keys = keys.with_named(&named)?;
    }
    if let Some(file) = file {
        keys = keys.with_file(&file)?;
    }
    if keys.is_empty() {
        return Err(Usage::NoKey);
    }
    Ok(keys)
}

/// Redis is used where the environment says anything of its place.
fn redis() -> Result<Option<RedisPlace>, Usage> {
    let (host, port) = (variable("REDIS_HOST"), variable("REDIS_PORT"));
    if host.is_none() && port.is_none() {
        return Ok(None);
    }
    let port = match port {
        None => REDIS_PORT,
        Some(port) => port
            .parse()
            .ok()
            .filter(|port| *port > 0)
            .ok_or(Usage::RedisPort)?,
    };
    Ok(Some(RedisPlace {
        host: host.unwrap_or_else(|| "localhost".into()),
        port,
        password: variable("REDIS_PASSWORD").map(SecretString::from),
    }))
}

fn configuration(arguments: Arguments) -> Result<Configuration, Usage> {
    let database = match (arguments.db, variable("DATABASE_URL")) {
        (Some(_), Some(_)) => return Err(Usage::TwoDatabases),
        (Some(file), None) => Database::File(file),
        (None, Some(url)) => Database::Postgres(SecretString::from(url)),
        (None, None) => Database::Memory,
    };
    let redis = redis()?;
    if redis.is_some() && !matches!(database, Database::Postgres(_)) {
        tracing::warn!(
            "Redis is for several processes, and those share orders only with DATABASE_URL"
        );
    }
    if redis.is_none() && matches!(database, Database::Postgres(_)) {
        tracing::warn!(
            "without REDIS_HOST, an order is announced only by the process that took it"
        );
    }
    Ok(Configuration {
        listen: arguments.listen,
        keys: keys(arguments.keys)?,
        database,
        redis,
        imitate_deployed: arguments.imitate_deployed,
    })
}

fn log_as(form: LogForm) {
    let filter = EnvFilter::try_from_env("CAMPANA_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // The carriers log what they carry: keys when a client joins, orders when they are told.
    let of_ours = filter_fn(|metadata| metadata.target().starts_with("campana"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match form {
        LogForm::Text => lines.boxed(),
        LogForm::Json => lines.json().boxed(),
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(lines.with_filter(of_ours))
        .init();
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log_as(arguments.log);
    let configuration = match configuration(arguments) {
        Ok(configuration) => configuration,
        Err(error) => return fail(&error.to_string(), 2),
    };
    // Before anybody is told where it listens: whoever reads that may end it at once.
    let told_to_stop = told_to_stop();
    let backend = match Backend::start(configuration).await {
        Ok(backend) => backend,
        Err(error) => return fail(&format!("The backend did not start: {error}."), 1),
    };
    let address = backend.address();
    // Nobody may be reading; that is no reason to stop.
    let _ = writeln!(std::io::stdout(), "listening on http://{address}");
    told_to_stop.await;
    backend.stop().await;
    ExitCode::SUCCESS
}

fn fail(reason: &str, code: u8) -> ExitCode {
    let _ = writeln!(std::io::stderr(), "{reason}");
    ExitCode::from(code)
}

/// Waits for a signal to end; heard from the call on, not from the first wait.
#[cfg(unix)]
fn told_to_stop() -> impl Future<Output = ()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut signals = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
    async move {
        let [Ok(terminate), Ok(interrupt)] = &mut signals else {
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}

/// Waits for a signal to end.
#[cfg(not(unix))]
async fn told_to_stop() {
    let _ = tokio::signal::ctrl_c().await;
}
