//! The memory of a process and of everything that it started.

use std::collections::HashMap;
use std::fs;

/// What a process and its children hold, in bytes.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Of all of them: what is shared counts by its share (PSS).
    pub together: u64,
    /// Each by its name, the largest first.
    pub each: Vec<(String, u64)>,
}

impl Held {
    /// For people: the parts.
    pub fn parts(&self) -> String {
        let part = |(name, bytes): &(String, u64)| format!("{name} {}", bytes >> 20);
        self.each.iter().map(part).collect::<Vec<_>>().join(", ")
    }
}

/// Reads it; a process that ends meanwhile holds nothing.
pub fn held(root: u32) -> Held {
    let mut each: Vec<(String, u64)> = tree(root)
        .into_iter()
        .filter_map(|process| Some((name(process)?, pss(process)?)))
        .collect();
    each.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    Held {
        together: each.iter().map(|(_, bytes)| bytes).sum(),
        each,
    }
}

/// The process and all below it.
fn tree(root: u32) -> Vec<u32> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Ok(process) = entry.file_name().to_string_lossy().parse() else {
            continue;
        };
        if let Some(parent) = parent(process) {
            children.entry(parent).or_default().push(process);
        }
    }
    let mut found = vec![root];
    let mut next = 0;
    while let Some(process) = found.get(next).copied() {
        found.extend(children.remove(&process).unwrap_or_default());
        next += 1;
    }
    found
}

fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name in parentheses may hold blanks.
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(1)?.parse().ok()
}

fn name(process: u32) -> Option<String> {
    let name = fs::read_to_string(format!("/proc/{process}/comm")).ok()?;
    Some(name.trim().to_owned())
}

fn pss(process: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).ok()?;
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_part_of_what_is_held() -> anyhow::Result<()> {
        let alone = held(std::process::id());
        assert_eq!(alone.each.len(), 1, "{alone:?}");
        let mut child = std::process::Command::new("cat")
            .stdin(std::process::Stdio::piped())
            .spawn()?;
        let both = held(std::process::id());
        let _ = child.kill();
        let _ = child.wait();
        assert_eq!(both.each.len(), 2, "{both:?}");
        let sum: u64 = both.each.iter().map(|(_, bytes)| bytes).sum();
        assert_eq!(both.together, sum);
        Ok(())
    }
}
