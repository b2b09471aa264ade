//! The rows as people read them.

use std::fmt::Write as _;
use std::time::Duration;

use crate::case::{Group, Row};

const PARTS: [(Group, &str); 6] = [
    (Group::Network, "The network"),
    (Group::Server, "The server"),
    (Group::Trust, "Trust: certificates, redirects, proxies"),
    (Group::Http, "Garbage in the answer to a pull"),
    (Group::EngineIo, "Garbage at the Engine.IO layer"),
    (Group::SocketIo, "Garbage at the Socket.IO layer"),
];

/// Figures over many rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Faults.
    pub faults: usize,
    /// Those after which it was green again.
    pub recovered: usize,
    /// Half of these took no longer.
    pub median: Duration,
    /// 95 of 100 took no longer.
    pub p95: Duration,
    /// None took longer.
    pub longest: Duration,
    /// Orders that were made.
    pub orders: usize,
    /// Orders that were lost.
    pub lost: usize,
    /// Orders that rang more than once.
    pub doubled: usize,
}

impl Figures {
    /// Over the rows that `wanted` likes.
    pub fn over(rows: &[Row], wanted: impl Fn(&Row) -> bool) -> Self {
        let rows: Vec<&Row> = rows.iter().filter(|row| wanted(row)).collect();
        let mut times: Vec<Duration> = rows.iter().filter_map(|row| row.recovered).collect();
        times.sort();
        let at = |share: usize| {
            let rank = (times.len() * share).div_ceil(100);
            let place = rank.saturating_sub(1);
            times.get(place).copied().unwrap_or_default()
        };
        Self {
            faults: rows.len(),
            recovered: times.len(),
            median: at(50),
            p95: at(95),
            longest: at(100),
            orders: rows.iter().map(|row| row.orders).sum(),
            lost: rows.iter().map(|row| row.lost).sum(),
            doubled: rows.iter().map(|row| row.doubled).sum(),
        }
    }

    /// In one line.
    pub fn line(&self) -> String {
        format!(
            "{} faults; {} orders made, {} lost, {} rang twice; in sync again after {} (p50), {} (p95), {} at most",
            self.faults,
            self.orders,
            self.lost,
            self.doubled,
            seconds(self.median),
            seconds(self.p95),
            seconds(self.longest),
        )
    }
}

/// The figures over all faults, and apart for what is no garbage.
pub fn summary(rows: &[Row]) -> String {
    let is_garbage =
        |row: &Row| matches!(row.group, Group::Http | Group::EngineIo | Group::SocketIo);
    format!(
        "- All: {}\n- Network, server and trust: {}\n- Garbage: {}\n",
        Figures::over(rows, |_| true).line(),
        Figures::over(rows, |row| !is_garbage(row)).line(),
        Figures::over(rows, is_garbage).line(),
    )
}

/// A line for a row that has just ended.
pub fn line(row: &Row) -> String {
    let outcome = if row.wrong.is_empty() { "ok" } else { "WRONG" };
    let mut line = format!(
        "{outcome:<5} {}: noticed {}, in sync again {}",
        row.name,
        optional(row.noticed),
        optional(row.recovered),
    );
    for wrong in &row.wrong {
        let _ = write!(line, "\n      {wrong}");
    }
    line
}

/// The tables in Markdown.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::new();
    for (group, title) in PARTS {
        let _ = write!(
            text,
            "\n### {title}\n\n| fault | the status said | noticed | in sync again | orders | lost | twice |\n| --- | --- | ---: | ---: | ---: | ---: | ---: |\n"
        );
        for row in rows.iter().filter(|row| row.group == group) {
            let notes = [Some(row.done.as_str()), row.found.as_deref()];
            let notes: Vec<&str> = notes
                .into_iter()
                .flatten()
                .filter(|note| !note.is_empty())
                .collect();
            let notes = if notes.is_empty() {
                String::new()
            } else {
                format!(" ({})", notes.join("; "))
            };
            let _ = writeln!(
                text,
                "| {}{} | {} | {} | {} | {} | {} | {} |",
                cell(&row.name),
                cell(&notes),
                said(row),
                optional(row.noticed),
                optional(row.recovered),
                row.orders,
                row.lost,
                row.doubled,
            );
        }
    }
    text
}

/// Each status once, with the time at which it was first said.
fn said(row: &Row) -> String {
    let mut seen: Vec<&str> = Vec::new();
    let mut told = Vec::new();
    for (at, code) in &row.said {
        if !seen.contains(&code.as_str()) {
            seen.push(code);
            told.push(format!("`{code}` {}", seconds(*at)));
        }
    }
    if told.is_empty() {
        return "`in_sync`".to_owned();
    }
    told.join(", ")
}

fn optional(time: Option<Duration>) -> String {
    time.map_or_else(|| "–".to_owned(), seconds)
}

fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// A text as it stands in a table.
pub(crate) fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(recovered: Option<u64>) -> Row {
        Row {
            group: Group::Network,
            name: "a | b".into(),
            done: String::new(),
            said: vec![
                (Duration::from_millis(100), "connecting".into()),
                (Duration::from_secs(2), "offline/server_error".into()),
                (Duration::from_secs(3), "connecting".into()),
            ],
            noticed: Some(Duration::from_millis(100)),
            recovered: recovered.map(Duration::from_secs),
            orders: 4,
            lost: 0,
            doubled: 0,
            found: None,
            wrong: Vec::new(),
        }
    }

    #[test]
    fn percentiles_are_of_those_that_recovered() {
        let mut rows: Vec<Row> = (1..=20).map(|time| row(Some(time))).collect();
        rows.push(row(None));
        let figures = Figures::over(&rows, |_| true);
        assert_eq!((figures.faults, figures.recovered), (21, 20));
        let s = Duration::from_secs;
        assert_eq!(
            (figures.median, figures.p95, figures.longest),
            (s(10), s(19), s(20))
        );
    }

    #[test]
    fn a_row_tells_each_status_once() {
        let text = markdown(&[row(Some(1))]);
        let line = "| a \\| b | `connecting` 0.1 s, `offline/server_error` 2.0 s | 0.1 s | 1.0 s | 4 | 0 | 0 |";
        assert!(text.contains(line), "{text}");
    }
}
