//! The checks of the project: the short ones, which a contributor runs before each commit, and the long ones.

mod beside;
mod run_alone;
mod steps;
mod unchanged;

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

use crate::setup;
use beside::Beside;
use run_alone::Filter;
use steps::{Step, When};

pub use steps::names;

/// Which checks run.
#[derive(clap::Args)]
pub struct Choice {
    /// The long checks too.
    #[arg(long, conflicts_with = "only")]
    all: bool,
    /// This step alone, after the steps that it needs.
    #[arg(long, value_name = "STEP", value_parser = names())]
    only: Option<String>,
    /// Of that step, only the tests whose name contains this.
    #[arg(long, value_name = "TEXT", requires = "only")]
    name: Option<String>,
    /// What the step needs is built already.
    #[arg(long, hide = true, requires = "only")]
    built: bool,
}

/// Installs what is missing, then runs the steps; stops at the first that fails.
///
/// # Errors
/// When a step fails; the message names it and says how to run it alone.
pub fn run(choice: &Choice) -> anyhow::Result<()> {
    let began = Instant::now();
    let mut times = Vec::new();
    if !choice.built {
        times.push(("setup", timed("setup", setup::run)?));
    }
    if let Some(only) = &choice.only {
        let step = steps::named(only).context("there is no such step")?;
        let filter = choice.name.as_deref().map(Filter::containing);
        for needed in step.needs.iter().filter(|_| !choice.built) {
            let needed = steps::named(needed).context("a step needs one that does not exist")?;
            times.push((needed.name, timed(needed.name, || (needed.run)(None))?));
        }
        times.push((step.name, timed(step.name, || (step.run)(filter.as_ref()))?));
    } else {
        let chosen: Vec<&Step> = steps::TABLE
            .iter()
            .filter(|step| choice.all || step.is_short)
            .collect();
        times.extend(in_turn(&chosen)?);
    }
    println!("\nAll passed:");
    for (name, took) in times {
        println!("  {name:<13} {:>7.1} s", took.as_secs_f64());
    }
    println!(
        "  {:<13} {:>7.1} s",
        "in all",
        began.elapsed().as_secs_f64()
    );
    if choice.only.is_none() && !choice.all {
        left_out();
    }
    Ok(())
}

/// Runs the steps in the order of the table. A step that uses little of the processors runs beside those that follow
/// it, until one that must run alone.
fn in_turn(chosen: &[&Step]) -> anyhow::Result<Vec<(&'static str, Duration)>> {
    let mut times = Vec::new();
    let mut beside = Beside::new()?;
    let foreground = chosen.iter().try_for_each(|step| {
        match step.when {
            When::Beside => return beside.start(step.name),
            When::Alone => times.extend(beside.finish()?),
            When::InTurn => {}
        }
        times.push((step.name, timed(step.name, || (step.run)(None))?));
        Ok(())
    });
    // Also after a failure: the failures of the steps beside it are reported in the same run.
    match (foreground, beside.finish()) {
        (Ok(()), Ok(last)) => times.extend(last),
        (Err(error), Ok(_)) | (Ok(()), Err(error)) => return Err(error),
        (Err(first), Err(second)) => bail!("{first:#}\n{second:#}"),
    }
    Ok(times)
}

fn timed(
    name: &'static str,
    step: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<Duration> {
    println!("\n== {name}");
    let began = Instant::now();
    if let Err(error) = step() {
        bail!(
            "the step \"{name}\" failed after {:.1} s: {error:#}",
            began.elapsed().as_secs_f64()
        );
    }
    let took = began.elapsed();
    println!("== {name}: passed in {:.1} s", took.as_secs_f64());
    Ok(took)
}

fn left_out() {
    println!("\nLeft out, and run by `cargo xtask test --all`:");
    for step in steps::TABLE.iter().filter(|step| !step.is_short) {
        println!(
            "  cargo xtask test --only {:<13} # {}",
            step.name, step.what
        );
    }
}
