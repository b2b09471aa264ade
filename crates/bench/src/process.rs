//! What the system says of a process: its time, its memory, how often it woke.

use std::fs;
use std::time::Duration;

/// The kernel counts in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// One reading.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reading {
    /// Processor time of all its threads.
    pub cpu: Duration,
    /// How often its living threads went to sleep by themselves, and so were woken.
    pub waits: u64,
    /// Resident memory in bytes.
    pub rss: u64,
    /// The most that it ever was, in bytes.
    pub peak: u64,
}

/// Reads a process; `None` once it is gone, and where there is no `/proc`.
pub fn read(pid: u32) -> Option<Reading> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name in parentheses may hold blanks.
    let (_, fields) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |place: usize| fields.get(place)?.parse::<u32>().ok();
    let by_ticks = TICK * (ticks(11)? + ticks(12)?);
    let mut by_threads = Duration::ZERO;
    let mut waits = 0;
    for task in fs::read_dir(format!("/proc/{pid}/task")).ok()?.flatten() {
        let file = |name: &str| fs::read_to_string(task.path().join(name)).unwrap_or_default();
        let ran = file("schedstat").split(' ').next()?.parse().unwrap_or(0);
        by_threads += Duration::from_nanos(ran);
        waits += number(&file("status"), "voluntary_ctxt_switches:").unwrap_or(0);
    }
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    Some(Reading {
        // Ticks know threads that ended, threads know fractions of a tick.
        cpu: by_ticks.max(by_threads),
        waits,
        rss: number(&status, "VmRSS:")? * 1024,
        peak: number(&status, "VmHWM:")? * 1024,
    })
}

/// The processor time of the thread that asks.
///
/// # Errors
/// Where there is no `/proc`.
pub fn time_of_this_thread() -> anyhow::Result<Duration> {
    let schedstat = fs::read_to_string("/proc/thread-self/schedstat")?;
    let ran = schedstat.split(' ').next().unwrap_or_default().parse()?;
    Ok(Duration::from_nanos(ran))
}

fn number(text: &str, name: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_has_time_and_memory() {
        let mut sum = 0_u64;
        while read(std::process::id()).is_none_or(|now| now.cpu.is_zero()) {
            sum = (0..100_000_u64).fold(sum, u64::wrapping_add);
        }
        let now = read(std::process::id());
        assert!(
            now.is_some_and(|now| now.rss > 0 && now.peak >= now.rss),
            "{sum}"
        );
    }
}
