//! A burst of hints.

use std::time::Duration;

use tokio::time::{Instant, sleep, timeout};

use crate::extent::Extent;
use crate::figures::{mebibytes, percentile};
use crate::orders::Orders;
use crate::peer::{PATIENCE, Peer, Places};
use crate::server::Server;
use crate::table::{Row, Verdict};

/// As long without a call, and the burst is over.
const QUIET: Duration = Duration::from_millis(1500);
/// What memory may grow by and still count as flat: what a buffer takes once.
const FLAT: u64 = 4 << 20;

/// What a burst caused.
struct Caused {
    pulls: usize,
    /// From the first call to the last.
    lasted: Duration,
    /// How long a pull takes while nothing else happens.
    pull: Duration,
    grew: u64,
}

/// Measures it.
///
/// # Errors
/// When a peer does not start.
pub async fn measure(
    places: &Places,
    extent: Extent,
    orders: &mut Orders,
) -> anyhow::Result<Vec<Row>> {
    let campana = burst(places, extent, orders, Peer::Campana).await?;
    let safe = burst(places, extent, orders, Peer::Safe).await?;
    let printed = burst(places, extent, orders, Peer::Printed).await?;
    let told = |caused: &Caused| {
        format!(
            "{} pulls in {} ms; memory +{}",
            caused.pulls,
            caused.lasted.as_millis(),
            mebibytes(caused.grew)
        )
    };
    let durations = campana.lasted.as_secs_f64() / campana.pull.as_secs_f64().max(f64::EPSILON);
    #[allow(clippy::cast_precision_loss, reason = "a few thousand at most")]
    let holds = (campana.pulls as f64) <= 1.0 + 3.0 * durations.ceil();
    Ok(vec![Row {
        measure: format!("burst of {} hints", extent.burst),
        target: "≤ 3 pulls after the first for each pull's duration, flat memory".into(),
        campana: Some(told(&campana)),
        safe: Some(told(&safe)),
        printed: Some(told(&printed)),
        floor: None,
        verdict: Verdict::of(
            holds && campana.grew <= FLAT,
            format!("{} pulls in {durations:.1} durations", campana.pulls),
        ),
    }])
}

async fn burst(
    places: &Places,
    extent: Extent,
    orders: &mut Orders,
    peer: Peer,
) -> anyhow::Result<Caused> {
    let server = Server::start().await?;
    let folder = places.folder()?;
    let running = peer.in_sync(places, &server, folder.path()).await?;
    let pull = one_pull(&server, &running, orders).await?;
    until_quiet(&server).await?;
    let before = running.reading()?;
    let calls = server.calls().len();
    server.take(orders.make_many(1));
    for _ in 0..extent.burst {
        server.announce().await?;
    }
    until_quiet(&server).await?;
    let after = running.reading()?;
    let caused = server.calls().split_off(calls);
    let first = caused.first().map(|call| call.at);
    let last = caused.last().map(|call| call.at);
    running.end().await?;
    Ok(Caused {
        pulls: caused.iter().filter(|call| !call.confirms).count(),
        lasted: first
            .zip(last)
            .map_or(Duration::ZERO, |(first, last)| last - first),
        pull,
        grew: after.peak.saturating_sub(before.peak),
    })
}

/// How long a round with one order takes, from its pull to its confirmation.
async fn one_pull(
    server: &Server,
    running: &crate::peer::Running,
    orders: &mut Orders,
) -> anyhow::Result<Duration> {
    let mut took = Vec::new();
    for _ in 0..5 {
        until_quiet(server).await?;
        let order = orders.make();
        let id = order.id.clone();
        let calls = server.calls().len();
        server.take(vec![order]);
        server.announce().await?;
        let is_done = || server.confirmed_at(&id).is_some();
        running.until(server, PATIENCE, is_done).await?;
        let pulled = server.calls().get(calls).map(|call| call.at);
        took.extend(
            server
                .confirmed_at(&id)
                .zip(pulled)
                .map(|(confirmed, pulled)| confirmed - pulled),
        );
    }
    Ok(percentile(&took, 50))
}

/// Waits until no call has come for a while.
async fn until_quiet(server: &Server) -> anyhow::Result<()> {
    let quiet = async {
        let mut calls = server.calls().len();
        let mut since = Instant::now();
        while since.elapsed() < QUIET {
            sleep(QUIET / 10).await;
            let now = server.calls().len();
            if now != calls {
                (calls, since) = (now, Instant::now());
            }
        }
    };
    Ok(timeout(PATIENCE, quiet).await?)
}
