//! How much is measured.

use std::time::Duration;

/// How many orders, turns and seconds.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Peers take turns; a figure is the median of the turns.
    pub turns: usize,
    /// Orders in a turn, one at a time and 20 a second.
    pub orders: usize,
    /// Orders that are pending at the start.
    pub backlog: usize,
    /// Starts with such a backlog.
    pub backlog_runs: usize,
    /// Orders that the full inbox holds already.
    pub history: usize,
    /// Hints in a burst.
    pub burst: usize,
    /// Pages that are read and stored.
    pub pages: usize,
    /// Starts until in sync.
    pub starts: usize,
    /// How long nothing happens.
    pub idle: Duration,
    /// Orders in the history of the app whose window opens.
    pub shown_history: usize,
    /// Starts of the app whose window opens, twice each.
    pub windows: usize,
    /// Starts of the app whose memory is read.
    pub memories: usize,
}

impl Extent {
    /// What the document shows.
    pub const FULL: Self = Self {
        turns: 4,
        orders: 500,
        backlog: 10_000,
        backlog_runs: 3,
        history: 1_000_000,
        burst: 10_000,
        pages: 50,
        starts: 15,
        idle: Duration::from_secs(600),
        shown_history: 100_000,
        windows: 5,
        memories: 3,
    };
    /// For trying: under two minutes.
    pub const QUICK: Self = Self {
        turns: 2,
        orders: 60,
        backlog: 2_000,
        backlog_runs: 1,
        history: 20_000,
        burst: 10_000,
        pages: 20,
        starts: 5,
        idle: Duration::from_secs(20),
        shown_history: 100_000,
        windows: 3,
        memories: 1,
    };
}
