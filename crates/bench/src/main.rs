//! `campana-bench`: Campana beside the guide's client on Node, on the same server in the same run.
#![allow(
    clippy::print_stdout,
    reason = "a person reads what this program prints"
)]

mod backlog;
mod burst;
mod desktop;
mod document;
mod extent;
mod figures;
mod floor;
mod latency;
mod orders;
mod page;
mod peer;
mod process;
mod server;
mod still;
mod table;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Context as _;
use campana_reliability::machine;
use clap::Parser;

use desktop::Program;
use extent::Extent;
use orders::Orders;
use peer::Places;
use still::Idling;
use table::Row;

/// Measures Campana and its peers, and prints a table.
#[derive(Parser)]
struct Arguments {
    /// The program campana-sync, a release build
    #[arg(long)]
    campana_sync: PathBuf,
    /// The app, a release build
    #[arg(long)]
    app: PathBuf,
    /// Where the app's packages are
    #[arg(long)]
    packages: PathBuf,
    /// The project's folder `tests`
    #[arg(long)]
    tests: PathBuf,
    /// A folder on the disk that is to be measured
    #[arg(long)]
    scratch: PathBuf,
    /// Less of everything: for trying
    #[arg(long)]
    quick: bool,
    /// Only measures whose name holds this: latency, backlog, burst, page, start, idle, desktop
    #[arg(long, value_name = "TEXT", default_value = "")]
    only: String,
    /// The document whose table is replaced
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// This is the part that runs on the virtual desktop
    #[arg(long, hide = true)]
    on_desktop: bool,
}

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    // An error means that the process has chosen its provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    std::fs::create_dir_all(&arguments.scratch)?;
    if arguments.on_desktop {
        let (places, extent) = (arguments.places(), arguments.extent());
        let mut orders = Orders::new().await?;
        return desktop::on_desktop(&arguments.program(), &places, extent, &mut orders).await;
    }
    let began = Instant::now();
    let rows = measure(&arguments).await?;
    let text = format!(
        "Made with `cargo xtask bench{}` in {} min on {}.\n\n{}",
        if arguments.quick { " --quick" } else { "" },
        began.elapsed().as_secs().div_ceil(60),
        machine::describe(),
        table::markdown(&rows)
    );
    println!("\n{text}");
    if let Some(file) = &arguments.write {
        document::write(file, text.trim_end()).with_context(|| file.display().to_string())?;
    }
    Ok(())
}

impl Arguments {
    fn extent(&self) -> Extent {
        if self.quick {
            Extent::QUICK
        } else {
            Extent::FULL
        }
    }

    fn places(&self) -> Places {
        Places {
            campana: self.campana_sync.clone(),
            tests: self.tests.clone(),
            scratch: self.scratch.clone(),
        }
    }

    fn program(&self) -> Program {
        Program {
            app: self.app.clone(),
            packages: self.packages.clone(),
            picture: self.scratch.join("window.png"),
        }
    }
}

async fn measure(arguments: &Arguments) -> anyhow::Result<Vec<Row>> {
    let (extent, places) = (arguments.extent(), arguments.places());
    let wanted = |name: &str| {
        let is_wanted = name.contains(&arguments.only);
        if is_wanted {
            println!("{name} …");
        }
        is_wanted
    };
    let mut orders = Orders::new().await?;
    let told = |more: Vec<Row>| {
        // The whole table comes at the end; whoever waits sees what there is.
        println!("{}", table::markdown(&more));
        more
    };
    let idling = wanted("idle").then(|| Idling::start(&places, extent));
    let mut rows = Vec::new();
    if wanted("latency") {
        rows.extend(told(latency::measure(&places, extent, &mut orders).await?));
    }
    if wanted("backlog") {
        rows.extend(told(backlog::measure(&places, extent, &mut orders).await?));
    }
    if wanted("page") {
        rows.extend(told(page::measure(&places, extent, &mut orders).await?));
    }
    if wanted("burst") {
        rows.extend(told(burst::measure(&places, extent, &mut orders).await?));
    }
    if wanted("start") {
        rows.extend(told(still::starts(&places, extent).await?));
    }
    if wanted("desktop") {
        let same: Vec<String> = std::env::args().skip(1).collect();
        rows.extend(told(
            desktop::measure(&arguments.program(), &places.tests, &same).await?,
        ));
    }
    if let Some(idling) = idling {
        rows.extend(idling.rows().await?);
    }
    Ok(rows)
}
