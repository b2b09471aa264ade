//! The machine that the table was made on, without its name.

use std::fs;

/// Processor, its number, memory and system, in one line.
pub fn describe() -> String {
    let value = |file: &str, name: &str, separator: char| {
        let text = fs::read_to_string(file).ok()?;
        let line = text.lines().find(|line| line.starts_with(name))?;
        let (_, value) = line.split_once(separator)?;
        Some(value.trim().trim_matches('"').to_owned())
    };
    let processor = value("/proc/cpuinfo", "model name", ':');
    let number = std::thread::available_parallelism().map_or(1, usize::from);
    let memory = value("/proc/meminfo", "MemTotal", ':')
        .and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .map(|kib| format!("{} GiB of memory", kib.div_ceil(1024 * 1024)));
    let system = value("/etc/os-release", "PRETTY_NAME", '=');
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")
        .ok()
        .and_then(|text| text.trim().split(['-', '+']).next().map(str::to_owned))
        .map(|version| format!("Linux {version}"));
    let processor = processor.unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    [
        Some(format!("{number} × {processor}")),
        memory,
        system,
        kernel,
    ]
    .into_iter()
    .flatten()
    .collect::<Vec<_>>()
    .join(", ")
}
