//! Thousands of clients on two processes of the backend.

use std::fs;

use anyhow::{Context as _, ensure};

use crate::command::{cargo, output, program, run, target, top};
use crate::setup;

const DOCUMENT: &str = "docs/backend.md";
const BEGIN: &str = "<!-- cargo xtask load: from here -->";
const END: &str = "<!-- cargo xtask load: to here -->";

/// What the load is asked for.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Load {
    /// How many clients, half on each process.
    #[arg(long, value_name = "N", default_value_t = 2_000)]
    clients: u32,
    /// How many orders.
    #[arg(long, value_name = "N", default_value_t = 100)]
    orders: u32,
    /// How many of them a second.
    #[arg(long, value_name = "N", default_value_t = 5)]
    rate: u32,
}

impl Load {
    fn arguments(self) -> String {
        let Self {
            clients,
            orders,
            rate,
        } = self;
        format!("--clients {clients} --orders {orders} --rate {rate}")
    }
}

/// Builds both with optimisation, runs, and writes the figures into docs/backend.md.
///
/// # Errors
/// When something does not start, or a client missed something.
pub fn measure(load: Load) -> anyhow::Result<()> {
    setup::run()?;
    run(cargo().args([
        "build",
        "--release",
        "--locked",
        "--package",
        "campana-backend",
        "--package",
        "campana-load",
    ]))?;
    let table = figures("release", load)?;
    println!("{table}");
    write(load, &table)
}

/// A small run with what the tests have built: nobody misses anything.
///
/// # Errors
/// As [`measure`].
pub fn small() -> anyhow::Result<()> {
    let load = Load {
        clients: 60,
        orders: 20,
        rate: 10,
    };
    println!("{}", figures("debug", load)?);
    Ok(())
}

fn figures(profile: &str, load: Load) -> anyhow::Result<String> {
    let folder = target().join(profile);
    output(
        program(folder.join("campana-load"))
            .arg("--backend")
            .arg(folder.join("campana-backend"))
            .args(load.arguments().split(' ')),
    )
}

fn write(load: Load, table: &str) -> anyhow::Result<()> {
    let path = top().join(DOCUMENT);
    let text = fs::read_to_string(&path).context(DOCUMENT)?;
    let (before, rest) = text
        .split_once(BEGIN)
        .with_context(|| format!("{DOCUMENT}: {BEGIN} is missing"))?;
    let (_, after) = rest
        .split_once(END)
        .with_context(|| format!("{DOCUMENT}: {END} is missing"))?;
    let cores = std::thread::available_parallelism()?;
    ensure!(!table.trim().is_empty(), "the load printed nothing");
    let command = format!("cargo xtask load {}", load.arguments());
    let told = format!(
        "`{command}`, on {cores} cores that clients, both processes, PostgreSQL and Redis share:"
    );
    let text = format!("{before}{BEGIN}\n{told}\n\n{}\n{END}{after}", table.trim());
    fs::write(&path, text).context(DOCUMENT)
}
