//! One run: the clients come, orders are made, a process is killed and started again.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use campana_servers::{Postgres, Redis};
use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::task::JoinSet;

use crate::Arguments;
use crate::backend::{Backend, Shared};
use crate::client::{self, Count, Told};
use crate::figures::Figures;

/// How long everybody may take to come, to hear of an order, and to come again.
const PATIENCE: Duration = Duration::from_secs(120);
/// So many come at a time.
const AT_A_TIME: usize = 50;
/// Orders that are made while the killed process is away.
const MEANWHILE: usize = 20;
/// From one look at how many are connected to the next.
const LOOK: Duration = Duration::from_millis(20);

/// The clients, and what each tells.
struct Clients {
    tasks: JoinSet<anyhow::Result<()>>,
    joined: Count,
    /// The first half is at the first process.
    told: Vec<UnboundedReceiver<Told>>,
}

impl Clients {
    async fn start(count: u32, servers: [&Backend; 2]) -> anyhow::Result<Self> {
        let joined = Count::default();
        let (mut tasks, mut told) = (JoinSet::new(), Vec::new());
        let count = usize::try_from(count)?;
        for index in 0..count {
            let server = servers[usize::from(index >= count / 2)].address();
            let (tell, hear) = unbounded_channel();
            tasks.spawn(client::run(server, Count::clone(&joined), tell));
            told.push(hear);
            if index % AT_A_TIME == AT_A_TIME - 1 {
                wait_for(&joined, index + 1, &mut tasks).await?;
            }
        }
        wait_for(&joined, count, &mut tasks).await?;
        Ok(Self {
            tasks,
            joined,
            told,
        })
    }

    /// The moments of the next hints of a client, as many as there are to come; fewer if they do not come in time.
    async fn hints(hear: &mut UnboundedReceiver<Told>, count: usize) -> Vec<Instant> {
        let mut hints = Vec::with_capacity(count);
        let hearing = async {
            while hints.len() < count
                && let Some(told) = hear.recv().await
            {
                if let Told::Hint(at) = told {
                    hints.push(at);
                }
            }
        };
        // What is missing then is counted.
        let _ = tokio::time::timeout(PATIENCE, hearing).await;
        hints
    }
}

/// Waits until so many are connected.
async fn wait_for(
    joined: &Count,
    count: usize,
    tasks: &mut JoinSet<anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let waiting = async {
        while joined.load(Ordering::Relaxed) != count {
            if let Some(ended) = tasks.try_join_next() {
                ended?.context("a client does not come in")?;
            }
            tokio::time::sleep(LOOK).await;
        }
        anyhow::Ok(())
    };
    let so = tokio::time::timeout(PATIENCE, waiting).await;
    so.with_context(|| {
        format!(
            "{} of {count} are connected",
            joined.load(Ordering::Relaxed)
        )
    })?
}

/// All of it.
///
/// # Errors
/// When a server does not start, or the clients do not come in.
pub async fn run(arguments: &Arguments) -> anyhow::Result<Figures> {
    let postgres = tokio::task::spawn_blocking(Postgres::start).await??;
    let shared = Shared {
        program: arguments.backend.clone(),
        database: postgres.new_database()?,
        redis: Redis::start()?,
    };
    let first = Backend::start(&shared, 0).await?;
    let second = Backend::start(&shared, 0).await?;
    // Both have answered once: what everybody needs is there.
    first.make_order().await?;
    second.confirm_all().await?;
    let mut figures = Figures::new(arguments);

    let before = first.memory()?.saturating_add(second.memory()?);
    let began = Instant::now();
    let mut clients = Clients::start(arguments.clients, [&first, &second]).await?;
    figures.joined_in = began.elapsed();
    let after = first.memory()?.saturating_add(second.memory()?);
    figures.memory = after.saturating_sub(before);

    // A till that fetches and confirms, as in a shop: what nobody fetches is announced again, and would be counted.
    let making = make_orders(arguments, [&first, &second]);
    let made = tokio::select! {
        made = making => made?,
        failed = till(&first) => {
            failed?;
            bail!("the till ended");
        }
    };
    figures.answered = made
        .iter()
        .map(|(began, took)| (*took).saturating_duration_since(*began))
        .collect();
    let began: Vec<Instant> = made.iter().map(|(began, _)| *began).collect();
    let heard: Vec<Vec<Instant>> = stream::iter(&mut clients.told)
        .map(|hear| Clients::hints(hear, began.len()))
        .buffered(usize::MAX)
        .collect()
        .await;
    figures.count_hints(&began, &heard);

    kill_and_start_again(&shared, &first, second, &mut clients, &mut figures).await?;
    clients.tasks.shutdown().await;
    Ok(figures)
}

/// Fetches and confirms what there is, every second.
async fn till(server: &Backend) -> anyhow::Result<()> {
    let mut seconds = tokio::time::interval(Duration::from_secs(1));
    loop {
        seconds.tick().await;
        server.confirm_all().await?;
    }
}

/// Makes the orders at their pace, at both processes in turn; when each call began and when it was answered.
async fn make_orders(
    arguments: &Arguments,
    servers: [&Backend; 2],
) -> anyhow::Result<Vec<(Instant, Instant)>> {
    let mut pace = tokio::time::interval(Duration::from_secs(1) / arguments.rate);
    let mut made = Vec::new();
    for number in 0..usize::try_from(arguments.orders)? {
        pace.tick().await;
        let began = Instant::now();
        servers[number % 2].make_order().await?;
        made.push((began, Instant::now()));
    }
    Ok(made)
}

/// Kills the second process, makes orders meanwhile, starts it again; every client of it has to come again and find
/// all of them, and everybody has to hear of the next one.
async fn kill_and_start_again(
    shared: &Shared,
    first: &Backend,
    second: Backend,
    clients: &mut Clients,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    first.confirm_all().await?;
    let count = clients.told.len();
    let half = count / 2;
    let port = second.address().port();
    second.kill().await?;
    let mut meanwhile = Vec::new();
    for _ in 0..MEANWHILE {
        meanwhile.push(first.make_order().await?);
    }
    wait_for(&clients.joined, half, &mut clients.tasks).await?;
    let began = Instant::now();
    let second = Backend::start(shared, port).await?;
    wait_for(&clients.joined, count, &mut clients.tasks).await?;
    for hear in clients.told.iter_mut().skip(half) {
        let back = async {
            loop {
                match hear.recv().await {
                    Some(Told::Back(at, found)) => return Some((at, found)),
                    Some(Told::Hint(_)) => {}
                    None => return None,
                }
            }
        };
        let back = tokio::time::timeout(PATIENCE, back).await.ok().flatten();
        let (at, found) = back.context("a client did not come again")?;
        figures.back.push(at.saturating_duration_since(began));
        figures.missed_away += meanwhile.iter().filter(|id| !found.contains(id)).count();
    }
    figures.found_away = MEANWHILE.saturating_mul(count.saturating_sub(half));
    // What the first half heard meanwhile.
    let heard = MEANWHILE;
    for hear in clients.told.iter_mut().take(half) {
        let hints = Clients::hints(hear, heard).await;
        figures.missed_after += heard.saturating_sub(hints.len());
    }
    first.confirm_all().await?;
    for hear in &mut clients.told {
        while hear.try_recv().is_ok() {}
    }
    second.make_order().await?;
    for hear in &mut clients.told {
        let hints = Clients::hints(hear, 1).await;
        figures.missed_after += 1_usize.saturating_sub(hints.len());
    }
    ensure!(
        clients.joined.load(Ordering::Relaxed) == count,
        "a client lost its connection without cause"
    );
    Ok(())
}
