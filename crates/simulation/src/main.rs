//! Lives through many histories and tells of the first that breaks a property.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a person reads what this program prints"
)]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use anyhow::Context as _;
use campana_simulation::{
    History, Kept, Options, Outcome, Sabotage, Violation, kept_histories, place_for_files, run,
    shrink,
};
use clap::Parser;

#[derive(Parser)]
#[command(
    about = "Lives through many histories of a shop, and tells of the first that breaks a property"
)]
struct Arguments {
    /// How many.
    #[arg(long, default_value_t = 1_000)]
    histories: u64,
    /// Of the first; the others count on from it. Without it, one of this moment's.
    #[arg(long)]
    seed: Option<u64>,
    /// Plants a bug: the simulation must find it.
    #[arg(long, value_enum)]
    sabotage: Option<Sabotage>,
    /// Tells of a failed history as it was, without making it short.
    #[arg(long)]
    whole: bool,
    /// Replays one history, from a file, and tells all that happens.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["histories", "seed"])]
    replay: Option<PathBuf>,
    /// Where a failed history is written, shortened.
    #[arg(long, value_name = "DIR", default_value = "target/simulation")]
    failures: PathBuf,
}

fn main() -> ExitCode {
    match simulate(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("campana-simulation: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn simulate(arguments: &Arguments) -> anyhow::Result<bool> {
    let place = place_for_files();
    let options = Options {
        sabotage: arguments.sabotage,
        trace: false,
    };
    if let Some(file) = &arguments.replay {
        return replay(file, options, &place);
    }
    if arguments.sabotage.is_none() && !replay_kept(options, &place)? {
        return Ok(false);
    }
    let first = arguments.seed.unwrap_or_else(rand::random);
    println!("{} histories from seed {first}", arguments.histories);
    let began = Instant::now();
    let total = live_through(first, arguments.histories, options, &place)?;
    let took = began.elapsed().as_secs_f64();
    println!(
        "{} histories in {took:.1} s: {} orders, {} deaths, {:.0} hours; edits that this wire lost: {}",
        total.histories,
        total.orders,
        total.deaths,
        total.hours(),
        total.lost_edits,
    );
    let Some((history, violation)) = total.failed else {
        println!("Every property held.");
        return Ok(true);
    };
    let short = if arguments.whole {
        history
    } else {
        println!(
            "Seed {}, {} steps. Making it short ...",
            history.seed,
            history.steps.len()
        );
        shrink(&history, violation.property, options, &place)?
    };
    tell_failure(short, &violation, options, &place, &arguments.failures)?;
    Ok(false)
}

#[derive(Default)]
struct Total {
    histories: u64,
    orders: u64,
    deaths: u64,
    lost_edits: u64,
    milliseconds: u64,
    failed: Option<(History, Violation)>,
}

impl Total {
    fn add(&mut self, history: History, outcome: Outcome) {
        self.histories += 1;
        self.orders += outcome.orders;
        self.deaths += outcome.deaths;
        self.lost_edits += outcome.lost_edits;
        self.milliseconds += outcome.lasted;
        let Some(violation) = outcome.violation else {
            return;
        };
        // Threads finish in any order; the same seeds tell of the same failure.
        let is_first = |(failed, _): &(History, Violation)| history.seed < failed.seed;
        if self.failed.as_ref().is_none_or(is_first) {
            self.failed = Some((history, violation));
        }
    }

    #[allow(clippy::cast_precision_loss, reason = "hours are printed whole")]
    fn hours(&self) -> f64 {
        self.milliseconds as f64 / 3_600_000.0
    }
}

fn live_through(
    first: u64,
    histories: u64,
    options: Options,
    place: &Path,
) -> anyhow::Result<Total> {
    let next = AtomicU64::new(0);
    let failed = AtomicBool::new(false);
    let total = Mutex::new(Total::default());
    let work = || -> anyhow::Result<()> {
        while !failed.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= histories {
                break;
            }
            let history = History::generate(first.wrapping_add(number));
            let outcome = run(&history, options, place)?;
            if outcome.violation.is_some() {
                failed.store(true, Ordering::Relaxed);
            }
            if let Ok(mut total) = total.lock() {
                total.add(history, outcome);
            }
        }
        Ok(())
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        running.into_iter().try_for_each(|thread| {
            thread
                .join()
                .unwrap_or_else(|_| Err(anyhow::anyhow!("a thread panicked")))
        })
    })?;
    total
        .into_inner()
        .map_err(|_| anyhow::anyhow!("a thread panicked"))
}

fn replay_kept(options: Options, place: &Path) -> anyhow::Result<bool> {
    let kept = kept_histories()?;
    for (name, kept) in &kept {
        let outcome = run(&kept.history, options, place)?;
        if let Some(violation) = outcome.violation {
            println!("The kept history {name} fails again ({}).", kept.because);
            tell_violation(&violation);
            return Ok(false);
        }
    }
    println!("{} kept histories hold.", kept.len());
    Ok(true)
}

fn replay(file: &Path, options: Options, place: &Path) -> anyhow::Result<bool> {
    let told = || file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(told)?;
    let kept: Kept = serde_json::from_str(&text).with_context(told)?;
    let options = Options {
        trace: true,
        ..options
    };
    let outcome = run(&kept.history, options, place)?;
    for line in &outcome.trace {
        println!("{line}");
    }
    match &outcome.violation {
        Some(violation) => tell_violation(violation),
        None => println!("Every property held."),
    }
    Ok(outcome.violation.is_none())
}

fn tell_failure(
    short: History,
    violation: &Violation,
    options: Options,
    place: &Path,
    failures: &Path,
) -> anyhow::Result<()> {
    tell_violation(violation);
    let told = Options {
        trace: true,
        ..options
    };
    let outcome = run(&short, told, place)?;
    let because = outcome
        .violation
        .as_ref()
        .map_or_else(String::new, |violation| violation.what.clone());
    println!("{} steps are left: {because}", short.steps.len());
    for line in outcome.trace.iter().rev().take(60).rev() {
        println!("  {line}");
    }
    std::fs::create_dir_all(failures).context("the folder for failures")?;
    let file = failures.join(format!("{}.json", short.seed));
    let kept = Kept {
        broke: violation.property,
        because,
        history: short,
    };
    std::fs::write(&file, serde_json::to_string_pretty(&kept)?).context("the failed history")?;
    println!(
        "Written to {0}. Replay it with --replay {0}; once it is mended, keep it in crates/simulation/kept.",
        file.display()
    );
    Ok(())
}

fn tell_violation(violation: &Violation) {
    let Violation { property, what, at } = violation;
    println!(
        "BROKEN after {:.1} s: {}",
        seconds(*at),
        property.sentence()
    );
    println!("  {property:?}: {what}");
}

#[allow(
    clippy::cast_precision_loss,
    reason = "a history is shorter than 2^52 ms"
)]
fn seconds(milliseconds: u64) -> f64 {
    milliseconds as f64 / 1000.0
}
