//! A page of a hundred full orders, from its text to its commit, where an fsync costs nothing. What counts is the
//! processor's time: another program's turn in between is not the page's.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use campana_contract::{PAGE_LIMIT, Page, Timestamp};
use campana_sync::inbox::{Arrival, Inbox};
use tokio::process::Command;

use crate::extent::Extent;
use crate::figures::{median, milliseconds};
use crate::orders::{Orders, page_of};
use crate::peer::Places;
use crate::process;
use crate::table::{Row, Verdict};

/// A file system in memory.
const MEMORY: &str = "/dev/shm";

/// Measures it in this process, and in Node's.
///
/// # Errors
/// When there is no file system in memory, or the page cannot be stored.
pub async fn measure(
    places: &Places,
    extent: Extent,
    orders: &mut Orders,
) -> anyhow::Result<Vec<Row>> {
    let made = orders.make_many(PAGE_LIMIT);
    let customers = made.iter().filter_map(|order| order.customer.as_ref());
    let text = page_of(
        made.iter().map(|order| order.body.as_str()),
        customers.map(|(_, customer)| customer.as_str()),
    );
    let folder = tempfile::tempdir_in(MEMORY).context("a file system in memory")?;
    let (mut read, mut both) = (Vec::new(), Vec::new());
    for _ in 0..extent.pages {
        let (parsed, stored) = read_and_store(&text, folder.path())?;
        read.push(parsed);
        both.push(stored);
    }
    let file = folder.path().join("page.json");
    std::fs::write(&file, &text)?;
    let node = in_node(places, extent, folder.path(), &file).await?;
    let ours = median(&both);
    Ok(vec![Row {
        measure: format!(
            "read and store a page of {PAGE_LIMIT} full orders ({} kB) without the fsync: CPU",
            text.len() / 1000
        ),
        target: "< 2 ms".into(),
        campana: Some(format!(
            "{} ({} of it to read)",
            milliseconds(ours),
            milliseconds(median(&read))
        )),
        safe: Some(milliseconds(median(&node))),
        printed: None,
        floor: None,
        verdict: Verdict::of(ours < Duration::from_millis(2), String::new()),
    }])
}

fn read_and_store(text: &str, folder: &Path) -> anyhow::Result<(Duration, Duration)> {
    let folder = tempfile::tempdir_in(folder)?;
    let mut inbox = Inbox::open(folder.path())?;
    let arrival = Arrival {
        received_at: Timestamp(0),
        server_time: None,
    };
    let began = process::time_of_this_thread()?;
    let page = Page::parse(text.as_bytes())?;
    let parsed = process::time_of_this_thread()? - began;
    let stored = inbox.store("a shop", &page, arrival)?;
    let took = process::time_of_this_thread()? - began;
    ensure!(stored.orders.len() == PAGE_LIMIT, "orders are missing");
    Ok((parsed, took))
}

async fn in_node(
    places: &Places,
    extent: Extent,
    folder: &Path,
    page: &Path,
) -> anyhow::Result<Vec<Duration>> {
    let output = Command::new("node")
        .current_dir(&places.tests)
        .arg("peers/page.mjs")
        .args([folder, page])
        .arg(extent.pages.to_string())
        .output()
        .await?;
    ensure!(output.status.success(), "peers/page.mjs: {}", output.status);
    let lines = String::from_utf8(output.stdout)?;
    let times = lines
        .lines()
        .map(|line| Ok(Duration::from_secs_f64(line.parse::<f64>()? / 1000.0)));
    times.collect()
}
