//! From the hint that a server emits to an order that is committed, confirmed and rings.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::time::{MissedTickBehavior, interval, sleep};

use crate::extent::Extent;
use crate::figures::{median, milliseconds, percentile, times};
use crate::floor;
use crate::orders::Orders;
use crate::peer::{Peer, Places, Running};
use crate::server::Server;
use crate::table::{Row, Verdict};

/// Between the end of one order and the next.
const PAUSE: Duration = Duration::from_millis(25);
/// 20 orders a second.
const APART: Duration = Duration::from_millis(50);
/// An order that takes longer is unheard.
const UNHEARD: Duration = Duration::from_secs(2);
/// Orders before the first that counts.
const WARM_UP: usize = 20;

/// How orders come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Pace {
    OneAtATime,
    TwentyASecond,
}

/// What the turns of a peer at one pace brought: their percentiles.
#[derive(Debug, Default)]
struct Turns {
    halves: Vec<Duration>,
    most: Vec<Duration>,
    unheard: usize,
}

/// Measures both paces, peers taking turns.
///
/// # Errors
/// When a peer does not start.
pub async fn measure(
    places: &Places,
    extent: Extent,
    orders: &mut Orders,
) -> anyhow::Result<Vec<Row>> {
    let mut all: HashMap<(Peer, Pace), Turns> = HashMap::new();
    let mut lowest = Turns::default();
    for _ in 0..extent.turns {
        for peer in [Peer::Campana, Peer::Safe, Peer::Printed] {
            let server = Server::start().await?;
            let folder = places.folder()?;
            let running = peer.in_sync(places, &server, folder.path()).await?;
            let turn = Turn {
                server: &server,
                running: &running,
            };
            turn.one_at_a_time(orders, WARM_UP).await?;
            for pace in [Pace::OneAtATime, Pace::TwentyASecond] {
                let took = match pace {
                    Pace::OneAtATime => turn.one_at_a_time(orders, extent.orders).await?,
                    Pace::TwentyASecond => turn.twenty_a_second(orders, extent.orders).await?,
                };
                let turns = all.entry((peer, pace)).or_default();
                turns.unheard += took.iter().filter(|took| took.is_none()).count();
                turns.add(&took.into_iter().flatten().collect::<Vec<_>>());
            }
            running.end().await?;
        }
        let server = Server::start().await?;
        server.take(orders.make_many(1));
        let folder = places.folder()?;
        lowest.add(&floor::measure(&server, folder.path(), extent.orders).await?);
    }
    let paces = [
        (Pace::OneAtATime, "one at a time"),
        (Pace::TwentyASecond, "20 a second"),
    ];
    let mut rows = Vec::new();
    for (pace, name) in paces {
        let of = |peer| all.get(&(peer, pace));
        rows.extend(rows_of(name, extent, of, &lowest));
    }
    Ok(rows)
}

/// One share of all turns.
type Runs = fn(&Turns) -> &[Duration];

struct Turn<'a> {
    server: &'a Server,
    running: &'a Running,
}

impl Turn<'_> {
    /// The time of each order; `None` for one that is unheard.
    async fn one_at_a_time(
        &self,
        orders: &mut Orders,
        count: usize,
    ) -> anyhow::Result<Vec<Option<Duration>>> {
        let mut took = Vec::with_capacity(count);
        for _ in 0..count {
            let order = orders.make();
            let id = order.id.clone();
            self.server.take(vec![order]);
            let at = self.server.announce().await?;
            self.until_done(&[(id.clone(), at)]).await;
            took.push(self.took(&id, at));
            sleep(PAUSE).await;
        }
        Ok(took)
    }

    async fn twenty_a_second(
        &self,
        orders: &mut Orders,
        count: usize,
    ) -> anyhow::Result<Vec<Option<Duration>>> {
        let mut ticks = interval(APART);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut made = Vec::with_capacity(count);
        for _ in 0..count {
            ticks.tick().await;
            let order = orders.make();
            let id = order.id.clone();
            self.server.take(vec![order]);
            made.push((id, self.server.announce().await?));
        }
        self.until_done(&made).await;
        Ok(made.iter().map(|(id, at)| self.took(id, *at)).collect())
    }

    /// Waits until all of them are done, or have waited long enough.
    async fn until_done(&self, made: &[(String, Instant)]) {
        let is_done = || made.iter().all(|(id, at)| self.took(id, *at).is_some());
        // That one is unheard is what is measured.
        let _ = self.running.until(self.server, UNHEARD, is_done).await;
    }

    fn took(&self, id: &str, at: Instant) -> Option<Duration> {
        let confirmed = self.server.confirmed_at(id)?;
        let alerted = self.running.alerted_at(id)?;
        Some(confirmed.max(alerted).saturating_duration_since(at))
    }
}

impl Turns {
    fn add(&mut self, took: &[Duration]) {
        self.halves.push(percentile(took, 50));
        self.most.push(percentile(took, 99));
    }
}

fn rows_of<'a>(
    pace: &str,
    extent: Extent,
    of: impl Fn(Peer) -> Option<&'a Turns>,
    lowest: &Turns,
) -> Vec<Row> {
    let count = extent.turns * extent.orders;
    let shares: [(&str, Runs); 2] = [("p50", |turns| &turns.halves), ("p99", |turns| &turns.most)];
    let rows = shares.into_iter().map(|(share, runs)| {
        let value = |turns: &Turns| median(runs(turns));
        let told = |peer| {
            of(peer).map(|turns| match turns.unheard {
                0 => milliseconds(value(turns)),
                unheard => format!("{} ({unheard} unheard)", milliseconds(value(turns))),
            })
        };
        let floor = value(lowest);
        let verdict = match (of(Peer::Campana), of(Peer::Safe)) {
            (Some(campana), Some(safe)) => {
                let by_node = times(value(campana), value(safe));
                let by_floor = times(value(campana), floor);
                Verdict::of(
                    campana.unheard == 0 && by_node <= 0.5 && by_floor <= 1.5,
                    format!("{by_node:.2} × Node, {by_floor:.1} × floor"),
                )
            }
            _ => Verdict::NotMeasured,
        };
        Row {
            measure: format!(
                "hint emitted → committed, confirmed, rings: {share}, {count} orders {pace}"
            ),
            target: "≤ 0.5 × Node, ≤ 1.5 × floor".into(),
            campana: told(Peer::Campana),
            safe: told(Peer::Safe),
            printed: told(Peer::Printed),
            floor: Some(milliseconds(floor)),
            verdict,
        }
    });
    rows.collect()
}
