//! What a peer costs while nothing happens, and how soon it is there.

use std::time::{Duration, Instant};

use tokio::task::JoinHandle;
use tokio::time::sleep;

use crate::extent::Extent;
use crate::figures::{mebibytes, median, milliseconds};
use crate::peer::{Peer, Places};
use crate::process::Reading;
use crate::server::Server;
use crate::table::{Row, Verdict};

/// What starting is done with, and what settles.
const SETTLES: Duration = Duration::from_secs(5);

/// What a peer cost while nothing happened.
#[derive(Clone, Copy, Debug)]
struct Idle {
    before: Reading,
    after: Reading,
    lasted: Duration,
}

/// Peers that idle beside everything else that is measured: what they cost is counted, not timed.
#[derive(Debug)]
pub struct Idling(JoinHandle<anyhow::Result<(Idle, Idle)>>);

impl Idling {
    /// Starts them.
    pub fn start(places: &Places, extent: Extent) -> Self {
        let places = places.clone();
        Self(tokio::spawn(async move {
            let (campana, safe) = tokio::try_join!(
                idle(&places, extent, Peer::Campana),
                idle(&places, extent, Peer::Safe)
            )?;
            Ok((campana, safe))
        }))
    }

    /// Waits for their end.
    ///
    /// # Errors
    /// When one does not start.
    pub async fn rows(self) -> anyhow::Result<Vec<Row>> {
        let (campana, safe) = self.0.await??;
        let minutes = campana.lasted.as_secs_f64() / 60.0;
        let rss = campana.after.rss;
        Ok(vec![
            Row {
                measure: "the engine alone (`campana-sync watch`), idle: resident memory".into(),
                target: "≤ 12 MiB".into(),
                campana: Some(mebibytes(rss)),
                safe: Some(mebibytes(safe.after.rss)),
                printed: None,
                floor: None,
                verdict: Verdict::of(rss <= 12 << 20, String::new()),
            },
            Row {
                measure: format!("idle over {minutes:.1} min, connected: CPU of a core"),
                target: "< 0.05 %".into(),
                campana: Some(format!("{:.4} %", campana.percent())),
                safe: Some(format!("{:.4} %", safe.percent())),
                printed: None,
                floor: None,
                verdict: Verdict::of(campana.percent() < 0.05, String::new()),
            },
            Row {
                measure: "the same: wake-ups a second".into(),
                target: "counted".into(),
                campana: Some(format!("{:.2}", campana.waits())),
                safe: Some(format!("{:.2}", safe.waits())),
                printed: None,
                floor: None,
                verdict: Verdict::NoTarget,
            },
        ])
    }
}

impl Idle {
    fn percent(&self) -> f64 {
        let spent = self.after.cpu.saturating_sub(self.before.cpu);
        100.0 * spent.as_secs_f64() / self.lasted.as_secs_f64()
    }

    #[allow(clippy::cast_precision_loss, reason = "for people")]
    fn waits(&self) -> f64 {
        self.after.waits.saturating_sub(self.before.waits) as f64 / self.lasted.as_secs_f64()
    }
}

async fn idle(places: &Places, extent: Extent, peer: Peer) -> anyhow::Result<Idle> {
    let server = Server::start().await?;
    let folder = places.folder()?;
    let running = peer.in_sync(places, &server, folder.path()).await?;
    sleep(SETTLES).await;
    let before = running.reading()?;
    let began = Instant::now();
    sleep(extent.idle).await;
    let after = running.reading()?;
    let lasted = began.elapsed();
    running.end().await?;
    Ok(Idle {
        before,
        after,
        lasted,
    })
}

/// From the start of the process to the word that it is in sync.
///
/// # Errors
/// When a peer does not start.
pub async fn starts(places: &Places, extent: Extent) -> anyhow::Result<Vec<Row>> {
    let (mut campana, mut safe) = (Vec::new(), Vec::new());
    for _ in 0..extent.starts {
        for (peer, took) in [(Peer::Campana, &mut campana), (Peer::Safe, &mut safe)] {
            let server = Server::start().await?;
            let folder = places.folder()?;
            let running = peer.in_sync(places, &server, folder.path()).await?;
            took.push(running.until_in_sync().await - running.started);
            running.end().await?;
        }
    }
    let ours = median(&campana);
    Ok(vec![Row {
        measure: format!(
            "process start → in sync on loopback, median of {}",
            extent.starts
        ),
        target: "≤ 500 ms".into(),
        campana: Some(milliseconds(ours)),
        safe: Some(milliseconds(median(&safe))),
        printed: None,
        floor: None,
        verdict: Verdict::of(ours <= Duration::from_millis(500), String::new()),
    }])
}
