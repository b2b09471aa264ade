//! Thousands of orders that are pending at the start, with an empty inbox and with a full one.

use std::path::Path;
use std::time::{Duration, Instant};

use campana_contract::{Page, Timestamp};
use campana_sync::inbox::{Arrival, Inbox};

use crate::extent::Extent;
use crate::figures::{mebibytes, median, seconds, times};
use crate::orders::{Orders, page_of};
use crate::peer::{PATIENCE, Peer, Places};
use crate::process::Reading;
use crate::server::Server;
use crate::table::{Row, Verdict};

/// Orders that the full inbox takes in one transaction.
const CHUNK: usize = 5_000;

/// What one start cost.
#[derive(Clone, Copy, Debug)]
struct Cost {
    wall: Duration,
    /// From the first call for a page on.
    since_first_call: Duration,
    reading: Reading,
}

/// A part of a cost.
type Part = fn(&Cost) -> Duration;

/// Measures both.
///
/// # Errors
/// When a peer does not start, or does not get through.
pub async fn measure(
    places: &Places,
    extent: Extent,
    orders: &mut Orders,
) -> anyhow::Result<Vec<Row>> {
    let (mut campana, mut safe) = (Vec::new(), Vec::new());
    for _ in 0..extent.backlog_runs {
        for (peer, costs) in [(Peer::Campana, &mut campana), (Peer::Safe, &mut safe)] {
            let folder = places.folder()?;
            costs.push(start(places, peer, extent.backlog, orders, folder.path()).await?);
        }
    }
    let mut rows = beside_node(extent, &campana, &safe);
    rows.push(full_inbox(places, extent, orders, &campana).await?);
    Ok(rows)
}

fn beside_node(extent: Extent, campana: &[Cost], safe: &[Cost]) -> Vec<Row> {
    let of = |costs: &[Cost], value: Part| median(&costs.iter().map(value).collect::<Vec<_>>());
    let peak = |costs: &[Cost]| costs.iter().map(|cost| cost.reading.peak).max();
    let kinds: [(&str, Part, f64); 2] = [
        ("wall", |cost| cost.wall, 0.5),
        ("CPU", |cost| cost.reading.cpu, 0.25),
    ];
    let mut rows: Vec<Row> = kinds
        .into_iter()
        .map(|(name, value, target)| {
            let (ours, theirs) = (of(campana, value), of(safe, value));
            let share = times(ours, theirs);
            Row {
                measure: format!(
                    "{} pending orders at start, until all are stored and confirmed: {name}",
                    extent.backlog
                ),
                target: format!("≤ {target} × Node"),
                campana: Some(seconds(ours)),
                safe: Some(seconds(theirs)),
                printed: Some("never: one page a hint".into()),
                floor: None,
                verdict: Verdict::of(share <= target, format!("{share:.2} × Node")),
            }
        })
        .collect();
    rows.push(Row {
        measure: "the same: the most memory".into(),
        target: "–".into(),
        campana: peak(campana).map(mebibytes),
        safe: peak(safe).map(mebibytes),
        printed: None,
        floor: None,
        verdict: Verdict::NoTarget,
    });
    rows
}

/// Starts with that many orders pending and waits until nothing is.
async fn start(
    places: &Places,
    peer: Peer,
    count: usize,
    orders: &mut Orders,
    folder: &Path,
) -> anyhow::Result<Cost> {
    let server = Server::start().await?;
    server.take(orders.make_many(count));
    let running = peer.start(places, &server, folder)?;
    let is_done = || server.pending() == 0 && running.alerts() >= count;
    running.until(&server, PATIENCE, is_done).await?;
    let ended = Instant::now();
    let reading = running.reading()?;
    let first = server.calls().first().map_or(ended, |call| call.at);
    let cost = Cost {
        wall: ended - running.started,
        since_first_call: ended - first,
        reading,
    };
    running.end().await?;
    Ok(cost)
}

/// The same with a long history in the inbox. What opening it costs is told apart: what is compared is the
/// time from the first call on.
async fn full_inbox(
    places: &Places,
    extent: Extent,
    orders: &mut Orders,
    empty: &[Cost],
) -> anyhow::Result<Row> {
    let folder = places.folder()?;
    fill(folder.path(), extent.history, orders)?;
    let full = start(places, Peer::Campana, extent.backlog, orders, folder.path()).await?;
    let empty: Vec<Duration> = empty.iter().map(|cost| cost.since_first_call).collect();
    let share = times(full.since_first_call, median(&empty));
    Ok(Row {
        measure: format!(
            "the same with {} orders in the inbox, from the first pull on",
            extent.history
        ),
        target: "≤ 1.1 × the empty one".into(),
        campana: Some(format!(
            "{} (empty: {}); opened in {}, {} at most",
            seconds(full.since_first_call),
            seconds(median(&empty)),
            seconds(full.wall - full.since_first_call),
            mebibytes(full.reading.peak),
        )),
        safe: None,
        printed: None,
        floor: None,
        verdict: Verdict::of(share <= 1.1, format!("{share:.2} × the empty one")),
    })
}

/// Stores a history of that many seen orders, and backs it up.
///
/// # Errors
/// When the inbox cannot be written.
pub fn fill(folder: &Path, count: usize, orders: &mut Orders) -> anyhow::Result<()> {
    let mut inbox = Inbox::open(folder)?;
    let arrival = Arrival {
        received_at: Timestamp(0),
        server_time: None,
    };
    let mut left = count;
    while left > 0 {
        let made = orders.make_many(CHUNK.min(left));
        left -= made.len();
        let text = page_of(
            made.iter().map(|order| order.body.as_str()),
            std::iter::empty(),
        );
        let page = Page::parse(text.as_bytes())?;
        inbox.store("an earlier shop", &page, arrival)?;
        inbox.mark_all_seen(arrival.received_at)?;
        inbox.do_all_behind()?;
    }
    // As it is in a shop, where the history did not come in the last minute.
    inbox.back_up_if_due(arrival.received_at)?;
    Ok(())
}
