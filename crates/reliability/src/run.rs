//! Carries out cases, many at a time.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use campana_contract::Timestamp;
use campana_sync::inbox::Inbox;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval, sleep, sleep_until};

use crate::case::{Case, Expect, Fault, Row, World};
use crate::engine::Engine;
use crate::history::{History, Recorder};

/// So many faults at a time: they mostly wait.
const AT_A_TIME: usize = 36;
/// They begin so far apart, so that not all of them recover in one moment.
const APART: Duration = Duration::from_millis(150);
/// What takes longer than this never comes.
const PATIENCE: Duration = Duration::from_secs(90);
/// A busy machine is late by so much.
const SLACK: Duration = Duration::from_secs(8);
/// How often what only the server knows is asked for.
const AGAIN: Duration = Duration::from_millis(250);

/// Carries out all of them; the rows in the order of the cases. `tell` hears of each as it ends.
pub async fn all(cases: Vec<Case>, tell: impl Fn(&Row) + Send + Sync + 'static) -> Vec<Row> {
    let room = Arc::new(Semaphore::new(AT_A_TIME));
    let mut pace = interval(APART);
    let tell = Arc::new(tell);
    let mut running = JoinSet::new();
    // Those that last longest begin first.
    let mut order: Vec<(usize, Case)> = cases.into_iter().enumerate().collect();
    order.sort_by_key(|(_, case)| std::cmp::Reverse(case.hold));
    for (index, case) in order {
        let place = Arc::clone(&room).acquire_owned().await;
        pace.tick().await;
        let tell = Arc::clone(&tell);
        running.spawn(async move {
            let row = one(case).await;
            tell(&row);
            drop(place);
            (index, row)
        });
    }
    let mut rows = Vec::new();
    // One that panicked has no row; the panic itself is counted.
    while let Some(done) = running.join_next().await {
        rows.extend(done);
    }
    rows.sort_by_key(|(index, _)| *index);
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Carries out one.
pub async fn one(case: Case) -> Row {
    let Case {
        group,
        name,
        done,
        expect,
        hold,
        mut fault,
    } = case;
    let mut row = Row {
        group,
        name,
        done,
        said: Vec::new(),
        noticed: None,
        recovered: None,
        orders: 0,
        lost: 0,
        doubled: 0,
        found: None,
        wrong: Vec::new(),
    };
    if let Err(error) = carry_out(fault.as_mut(), &expect, hold, &mut row).await {
        row.wrong.push(format!("{error:#}"));
    }
    row
}

async fn carry_out(
    fault: &mut dyn Fault,
    expect: &Expect,
    hold: Duration,
    row: &mut Row,
) -> anyhow::Result<()> {
    let mut world = World::start(fault).await?;
    world.make_order().await?;
    world.all_stored("before the fault").await?;

    let ends = Instant::now() + hold;
    let began = world.recorder.now();
    fault.begin(&mut world.scene, &mut world.engine).await?;
    let over = world.recorder.now();
    if fault.takes_orders() {
        world.make_order().await?;
    }
    world.observe(expect, began, row).await?;
    sleep_until(ends).await;
    if fault.takes_orders() {
        world.make_order().await?;
    }
    let before_end = world.recorder.now();
    row.said = world.said_since(began);
    if fault.lasts()
        && let Expect::Told { within, .. } = expect
        && let Some(at) = world
            .recorder
            .history()
            .green_within(began + *within + SLACK, before_end)
    {
        let after = (at - began).as_secs_f64();
        row.wrong.push(format!(
            "the status was in_sync {after:.1} s after the fault began"
        ));
    }

    fault.end(&mut world.scene, &mut world.engine).await?;
    let ended = if fault.lasts() {
        world.recorder.now()
    } else {
        over
    };
    world.recover(expect, ended, row).await?;
    if !fault.lasts() {
        row.said = world.said_since(began);
    }
    world.make_order().await?;
    world.all_stored("after the fault").await?;
    world.all_confirmed().await?;
    row.found = fault.verify(&world.scene, &world.engine).await?;
    world.count(row).await
}

impl World {
    /// Everything up and green.
    async fn start(fault: &mut dyn Fault) -> anyhow::Result<Self> {
        let scene = fault.scene().await?;
        let recorder = Recorder::default();
        let engine = Engine::start(
            &scene.way,
            &scene.address,
            scene.authority.as_deref(),
            &scene.folder.path().join("inbox"),
            &recorder,
        )?;
        let world = Self {
            scene,
            engine,
            recorder,
            made: Vec::new(),
        };
        let green = world
            .recorder
            .until(PATIENCE, |history| history.is_in_sync())
            .await;
        ensure!(
            green,
            "never in sync before the fault: {:?}",
            world.recorder.history().said
        );
        Ok(world)
    }

    async fn make_order(&mut self) -> anyhow::Result<()> {
        let id = self.scene.server.make_order().await;
        self.made.push(id.context("the server takes no order")?);
        Ok(())
    }

    async fn all_stored(&self, when: &str) -> anyhow::Result<()> {
        let stored = self
            .recorder
            .until(PATIENCE, |history| {
                self.made.iter().all(|id| history.stored.contains(id))
            })
            .await;
        ensure!(
            stored,
            "an order that was made {when} does not come: {:?}",
            self.recorder.history().said
        );
        Ok(())
    }

    async fn all_confirmed(&self) -> anyhow::Result<()> {
        let until = Instant::now() + PATIENCE;
        while self.scene.server.pending().await? > 0 {
            ensure!(Instant::now() < until, "an order is never confirmed");
            sleep(AGAIN).await;
        }
        Ok(())
    }

    /// Waits until it is said what must be said.
    async fn observe(&self, expect: &Expect, began: Duration, row: &mut Row) -> anyhow::Result<()> {
        let Expect::Told { within, one_of } = expect else {
            return Ok(());
        };
        let noticed = self
            .recorder
            .until(*within + PATIENCE, |history| {
                history.first(began, |said| !said.is_in_sync()).is_some()
            })
            .await;
        ensure!(noticed, "the fault is never noticed");
        let history = self.recorder.history();
        row.noticed = history
            .first(began, |said| !said.is_in_sync())
            .map(|said| said.at - began);
        if one_of.is_empty() {
            return Ok(());
        }
        let told = self
            .recorder
            .until(PATIENCE, |history| {
                history
                    .first(began, |said| one_of.contains(&said.code().as_str()))
                    .is_some()
            })
            .await;
        let said = self.said_since(began);
        ensure!(told, "none of {one_of:?} is ever said, but {said:?}");
        Ok(())
    }

    /// Waits until it is green again, with all orders there.
    async fn recover(&self, expect: &Expect, ended: Duration, row: &mut Row) -> anyhow::Result<()> {
        let must_return = match expect {
            Expect::Told { .. } => true,
            Expect::Tolerated => !self.recorder.history().is_in_sync(),
        };
        if !must_return {
            return self.all_stored("during the fault").await;
        }
        let green = self.recorder.until(PATIENCE, History::is_in_sync).await;
        let history = self.recorder.history();
        let since = self.said_since(ended);
        ensure!(green, "never in sync after the fault, but {since:?}");
        let at = history.said.last().map_or(ended, |last| last.at);
        row.recovered = Some(at.saturating_sub(ended));
        let missing = self.made.iter().filter(|id| !history.stored.contains(*id));
        let missing = missing.count();
        if missing > 0 {
            row.wrong.push(format!(
                "{missing} orders were missing when the status said in_sync"
            ));
        }
        Ok(())
    }

    /// What was said since then, as far as it was news.
    fn said_since(&self, began: Duration) -> Vec<(Duration, String)> {
        let history = self.recorder.history();
        let later = history.said.iter().filter(|said| said.at >= began);
        later.map(|said| (said.at - began, said.code())).collect()
    }

    /// Ends the engine and looks at what is on disk.
    async fn count(self, row: &mut Row) -> anyhow::Result<()> {
        let Self {
            scene,
            engine,
            recorder,
            made,
        } = self;
        engine.end().await?;
        let folder = scene.folder.path().join("inbox");
        let stored =
            tokio::task::spawn_blocking(move || Inbox::open_beside(&folder)?.orders(Timestamp(0)))
                .await??;
        let is_there = |id: &&String| stored.iter().any(|order| order.id.key() == **id);
        row.orders = made.len();
        row.lost = made.len() - made.iter().filter(is_there).count();
        row.doubled = recorder.history().doubled();
        if row.lost + row.doubled > 0 {
            row.wrong
                .push(format!("{} lost, {} doubled", row.lost, row.doubled));
        }
        let rang = recorder.history();
        let silent = made.iter().filter(|id| !rang.alerts.contains_key(*id));
        let silent = silent.count();
        if silent > 0 {
            row.wrong.push(format!("{silent} orders never rang"));
        }
        Ok(())
    }
}
