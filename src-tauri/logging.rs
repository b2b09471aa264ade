//! The log: on stderr, and in a few files of a bounded size beside the orders. A line is handed to a thread that
//! writes it; nobody waits for the disk, and lines that it cannot take are counted and let go.

mod rolling;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Arc, mpsc::RecvTimeoutError};
use std::time::Duration;

use campana_sync::logging::filter;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer as _;
use tracing_subscriber::fmt::{MakeWriter, layer};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use rolling::Rolling;

/// So many lines wait for the disk; further ones are let go.
const WAITING: usize = 1024;
/// Of one line, no more than this many bytes.
const LONGEST: usize = 8 * 1024;
/// The end of the app, and a panic, wait this long for the disk.
const PATIENCE: Duration = Duration::from_millis(300);
/// A file grows to this many bytes.
const SIZE: u64 = 1024 * 1024;
/// So many files are kept, the present one among them.
const FILES: usize = 5;
const THREAD: &str = "log";

static WRITER: OnceLock<LogWriter> = OnceLock::new();

/// The folder with the log of whoever keeps the orders in `data`.
pub fn folder(data: &Path) -> PathBuf {
    data.join("logs")
}

/// Logs from now on: on stderr what `CAMPANA_LOG` asks for or what is worse than usual, in `folder` also what is
/// usual. Panics are noted in both.
pub fn start(folder: Option<PathBuf>) {
    let file = folder.and_then(|folder| {
        let rolling = Rolling::new(folder, SIZE, FILES);
        LogWriter::start(rolling).ok()
    });
    let in_file = file.clone().map(|file| {
        layer()
            .with_ansi(false)
            .with_writer(file)
            .with_filter(filter(LevelFilter::INFO))
    });
    let on_stderr = layer()
        .with_writer(io::stderr)
        .with_filter(filter(LevelFilter::WARN));
    // Only a test could have begun before.
    let _ = tracing_subscriber::registry()
        .with(on_stderr)
        .with(in_file)
        .try_init();
    if let Some(file) = file {
        let _ = WRITER.set(file);
    }
    campana_sync::crash::note_panics(flush);
}

/// Waits, not for long, until everything is in the file.
pub fn flush() {
    if std::thread::current().name() != Some(THREAD)
        && let Some(writer) = WRITER.get()
    {
        writer.flush(PATIENCE);
    }
}

/// The newest lines of the files in this folder, at most so many bytes: each file's name and text, the present one
/// first.
pub fn latest(folder: &Path, mut bytes: usize) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for number in 0..FILES {
        let path = rolling::path(folder, number);
        let (Some(name), Ok(content)) = (path.file_name(), fs::read(&path)) else {
            continue;
        };
        let mut from = content.len().saturating_sub(bytes);
        if from > 0 {
            // A piece of a line could hold a piece of something that would be known as a whole.
            let rest = content[from..].iter().position(|byte| *byte == b'\n');
            from = rest.map_or(content.len(), |end| from + end + 1);
        }
        bytes = bytes.saturating_sub(content.len() - from);
        let text = String::from_utf8_lossy(&content[from..]).into_owned();
        files.push((name.to_string_lossy().into_owned(), text));
        if from > 0 || bytes == 0 {
            break;
        }
    }
    files
}

/// Hands lines to the thread that writes them.
#[derive(Clone)]
struct LogWriter {
    jobs: SyncSender<Job>,
    lost: Arc<AtomicU64>,
}

enum Job {
    Line(Vec<u8>),
    Flush(SyncSender<()>),
}

impl LogWriter {
    fn start(rolling: Rolling) -> io::Result<Self> {
        let (jobs, todo) = mpsc::sync_channel(WAITING);
        let lost = Arc::new(AtomicU64::new(0));
        let counter = lost.clone();
        std::thread::Builder::new()
            .name(THREAD.into())
            .spawn(move || work(rolling, &todo, &counter))?;
        Ok(Self { jobs, lost })
    }

    /// Whether everything was written in time.
    fn flush(&self, within: Duration) -> bool {
        let (done, wait) = mpsc::sync_channel(1);
        // With a full queue there is nothing to wait for: the disk hangs.
        self.jobs.try_send(Job::Flush(done)).is_ok()
            && wait.recv_timeout(within) != Err(RecvTimeoutError::Timeout)
    }
}

fn work(mut rolling: Rolling, todo: &Receiver<Job>, lost: &AtomicU64) {
    while let Ok(job) = todo.recv() {
        match job {
            Job::Line(line) => {
                let missing = lost.swap(0, Ordering::Relaxed);
                let told = missing == 0
                    || rolling
                        .write(format!("({missing} lines are missing here)\n").as_bytes())
                        .is_ok();
                if !told {
                    lost.fetch_add(missing, Ordering::Relaxed);
                }
                if rolling.write(&line).is_err() {
                    lost.fetch_add(1, Ordering::Relaxed);
                }
            }
            Job::Flush(done) => {
                let _ = done.try_send(());
            }
        }
    }
}

impl Write for LogWriter {
    /// A whole line; it is never an error.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let mut kept = line[..line.len().min(LONGEST)].to_vec();
        if kept.len() < line.len() {
            kept.push(b'\n');
        }
        if self.jobs.try_send(Job::Line(kept)).is_err() {
            self.lost.fetch_add(1, Ordering::Relaxed);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for LogWriter {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}
