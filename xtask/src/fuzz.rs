//! Fuzzing: builds the targets of `fuzz/` for libFuzzer and runs them. The coverage comes from flags that
//! every stable Rust takes; `cargo fuzz`, whose layout `fuzz/` has, asks for a nightly one.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use anyhow::{Context as _, bail, ensure};

use crate::command::{cargo, output, program, run, target, top};

/// A target, the folder of `fuzz/corpus` that it begins with, and its dictionary.
type Target = (&'static str, &'static str, &'static str);

const TARGETS: &[Target] = &[
    ("page", "page", "json"),
    ("inbox", "page", "json"),
    ("pending", "pending", "json"),
    ("refusal", "refusal", "json"),
    ("frame", "frame", "wire"),
    ("packet", "packet", "wire"),
    ("answer", "answer", "wire"),
];

/// How many seconds each target runs in the short checks: its corpus, and a little beyond it.
pub const SHORT: u64 = 2;
/// And in the long ones.
pub const LONG: u64 = 8;

/// What makes a program tell libFuzzer where its input led it.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module \
    -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// No input may take longer, need more at once, or be longer: seconds, MiB, MiB and bytes.
const BOUNDS: [&str; 4] = [
    "-timeout=20",
    "-rss_limit_mb=1024",
    "-malloc_limit_mb=256",
    "-max_len=65536",
];

/// What `cargo xtask fuzz` takes.
pub fn names() -> Vec<&'static str> {
    TARGETS.iter().map(|(name, ..)| *name).collect()
}

/// Runs the targets, or the named one, each for so many seconds, beginning with its corpus.
///
/// # Errors
/// When a target finds a defect; the message says where the input lies that shows it.
pub fn all(only: Option<&str>, seconds: u64) -> anyhow::Result<()> {
    let programs = build()?;
    let targets: Vec<Target> = TARGETS
        .iter()
        .filter(|(name, ..)| only.is_none_or(|only| only == *name))
        .copied()
        .collect();
    let at_once = thread::available_parallelism().map_or(1, usize::from);
    let mut failures = Vec::new();
    for some in targets.chunks(at_once) {
        thread::scope(|scope| {
            let running: Vec<_> = some
                .iter()
                .map(|target| scope.spawn(|| fuzz(&programs, *target, seconds)))
                .collect();
            for done in running {
                match done.join() {
                    Ok(Ok(told)) => println!("{told}"),
                    Ok(Err(error)) => failures.push(format!("{error:#}")),
                    Err(_) => failures.push("a thread of this program panicked".to_owned()),
                }
            }
        });
    }
    ensure!(failures.is_empty(), "{}", failures.join("\n\n"));
    Ok(())
}

/// Builds all targets; the folder that they are in.
fn build() -> anyhow::Result<PathBuf> {
    let host = host()?;
    let folder = target().join("fuzz");
    run(cargo()
        .args(["build", "--release", "--locked", "--bins"])
        .args(["--manifest-path", "fuzz/Cargo.toml"])
        // With a named target the flags are not for build scripts, which no fuzzer runs.
        .args(["--target", &host])
        .arg("--target-dir")
        .arg(&folder)
        .env("RUSTFLAGS", COVERAGE))?;
    Ok(folder.join(host).join("release"))
}

fn host() -> anyhow::Result<String> {
    let told = output(program("rustc").arg("-vV"))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc names no host")?.to_owned())
}

/// Runs one target; its name and figures in one line.
fn fuzz(
    programs: &Path,
    (name, corpus, dictionary): Target,
    seconds: u64,
) -> anyhow::Result<String> {
    let folder = target().join("fuzz");
    let (found, failed) = (
        folder.join("corpus").join(name),
        folder.join("failed").join(name),
    );
    for folder in [&found, &failed] {
        fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    }
    let log = folder.join(format!("{name}.log"));
    let file = File::create(&log).with_context(|| log.display().to_string())?;
    let status = Command::new(programs.join(name))
        .current_dir(top())
        .args(BOUNDS)
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-dict=fuzz/{dictionary}.dict"))
        .arg(format!("-artifact_prefix={}/", failed.display()))
        // What is found goes into the first of them, and stays out of the repository.
        .arg(&found)
        .arg(top().join("fuzz/corpus").join(corpus))
        .stderr(file)
        .status()
        .with_context(|| format!("cannot start the target {name}"))?;
    let told = fs::read(&log).with_context(|| log.display().to_string())?;
    let told = String::from_utf8_lossy(&told);
    if !status.success() {
        let lines: Vec<&str> = told.lines().collect();
        let last = lines[lines.len().saturating_sub(40)..].join("\n");
        bail!(
            "the target {name} failed; the input that shows it is in {}, its log in {}\n{last}\n\
             to run it alone: {} FILE",
            failed.display(),
            log.display(),
            programs.join(name).display()
        );
    }
    let figures = told.lines().rfind(|line| line.contains("DONE"));
    let figures = figures.context("libFuzzer told no figures")?.trim();
    Ok(format!("{name:<8} {figures}"))
}
