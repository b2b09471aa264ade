//! What a run shows, as a table.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use crate::Arguments;

/// All figures of a run.
pub struct Figures {
    clients: u32,
    orders: u32,
    rate: u32,
    /// From the first client that comes to the last that joined.
    pub joined_in: Duration,
    /// What the clients added to the memory of both processes, in bytes.
    pub memory: u64,
    /// From each order to its answer.
    pub answered: Vec<Duration>,
    /// From each order to the hint, at each client.
    hints: Vec<Duration>,
    /// From each order to the hint at the last client.
    last: Vec<Duration>,
    /// Hints that never came.
    missed: usize,
    /// From the start of the killed process to each client that was back and had its answer.
    pub back: Vec<Duration>,
    /// Orders that those who were away had to find, over all of them.
    pub found_away: usize,
    /// Orders that one of them did not find.
    pub missed_away: usize,
    /// Hints that never came while a process was away and after it was back.
    pub missed_after: usize,
}

/// The value below which a share of all are.
fn quantile(values: &[Duration], share: f64) -> Duration {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    let count = sorted.len();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a place in a list of some thousands"
    )]
    let place = (count as f64 * share).ceil() as usize;
    let place = place.clamp(1, count.max(1)) - 1;
    sorted.get(place).copied().unwrap_or_default()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

impl Figures {
    pub fn new(arguments: &Arguments) -> Self {
        Self {
            clients: arguments.clients,
            orders: arguments.orders,
            rate: arguments.rate,
            joined_in: Duration::ZERO,
            memory: 0,
            answered: Vec::new(),
            hints: Vec::new(),
            last: Vec::new(),
            missed: 0,
            back: Vec::new(),
            found_away: 0,
            missed_away: 0,
            missed_after: 0,
        }
    }

    /// Takes the hints that each client heard: the first belongs to the first order, and so on.
    pub fn count_hints(&mut self, orders: &[Instant], heard: &[Vec<Instant>]) {
        for (number, order) in orders.iter().enumerate() {
            let hints: Vec<Duration> = heard
                .iter()
                .filter_map(|hints| hints.get(number))
                .map(|hint| hint.saturating_duration_since(*order))
                .collect();
            self.missed += heard.len().saturating_sub(hints.len());
            self.last.extend(hints.iter().max());
            self.hints.extend(hints);
        }
    }

    /// Whether everybody heard and found everything.
    pub fn nothing_missed(&self) -> bool {
        self.missed + self.missed_away + self.missed_after == 0
    }

    /// The table, in Markdown.
    pub fn table(&self) -> String {
        let of = |values: &[Duration]| {
            format!(
                "p50 {}, p99 {}",
                milliseconds(quantile(values, 0.5)),
                milliseconds(quantile(values, 0.99))
            )
        };
        let each = self.memory / u64::from(self.clients.max(1));
        let rows = [
            ("clients, half on each process", self.clients.to_string()),
            (
                "all of them joined",
                format!("in {:.1} s", self.joined_in.as_secs_f64()),
            ),
            (
                "memory of the processes for each client",
                format!("{:.1} KiB", each as f64 / 1024.0),
            ),
            (
                "orders",
                format!(
                    "{}, {} a second, at both processes in turn",
                    self.orders, self.rate
                ),
            ),
            ("from order to its answer", of(&self.answered)),
            ("from order to the hint, all clients", of(&self.hints)),
            ("from order to the hint, last client", of(&self.last)),
            (
                "hints missed",
                format!("{} of {}", self.missed, self.hints.len() + self.missed),
            ),
            (
                "after kill -9 of one process and its new start: clients back",
                of(&self.back),
            ),
            (
                "orders of that time that they do not find",
                format!("{} of {}", self.missed_away, self.found_away),
            ),
            (
                "hints missed by the others meanwhile, and by all after it",
                self.missed_after.to_string(),
            ),
        ];
        let mut table = String::from("| | |\n| --- | --- |\n");
        for (name, value) in rows {
            // Writing to a String cannot fail.
            let _ = writeln!(table, "| {name} | {value} |");
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_a_value_that_was_measured() {
        let values: Vec<Duration> = (1..=100).rev().map(Duration::from_millis).collect();
        assert_eq!(quantile(&values, 0.5), Duration::from_millis(50));
        assert_eq!(quantile(&values, 0.99), Duration::from_millis(99));
        assert_eq!(quantile(&values[..1], 0.99), Duration::from_millis(100));
        assert_eq!(quantile(&[], 0.5), Duration::ZERO);
    }

    #[test]
    fn a_hint_that_did_not_come_is_counted() {
        let mut figures = Figures::new(&Arguments {
            clients: 2,
            orders: 2,
            rate: 1,
            backend: "".into(),
        });
        let order = Instant::now();
        let later = |milliseconds| order + Duration::from_millis(milliseconds);
        let heard = [vec![later(3), later(105)], vec![later(7)]];
        figures.count_hints(&[order, later(100)], &heard);
        assert_eq!(figures.missed, 1);
        assert_eq!(figures.last, [7, 5].map(Duration::from_millis));
        assert!(!figures.nothing_missed());
        assert!(figures.table().contains("| hints missed | 1 of 4 |"));
    }
}
