//! A page of a hundred full orders, from its text to its commit, where an fsync costs nothing. What counts is the
//! processor's time: another program's turn in between is not the page's.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use campana_contract::{PAGE_LIMIT, Page, Timestamp};
use campana_sync::inbox::{Arrival, Inbox};
use tokio::process::Command;

use crate::extent::Extent;
use crate::figures::milliseconds;
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
    let earlier = orders.make_many(1);
    let earlier = page_of(
        earlier.iter().map(|order| order.body.as_str()),
        std::iter::empty(),
    );
    let earlier = Page::parse(earlier.as_bytes())?;
    let cost = read_and_store(&text, &earlier, folder.path(), extent.pages)?;
    let file = folder.path().join("page.json");
    std::fs::write(&file, &text)?;
    let node = in_node(places, extent, folder.path(), &file).await?;
    Ok(vec![Row {
        measure: format!(
            "read and store a page of {PAGE_LIMIT} full orders ({} kB) without the fsync: CPU",
            text.len() / 1000
        ),
        target: "< 2 ms".into(),
        campana: Some(format!(
            "{} ({} of it to read); {} more for its words, behind it",
            milliseconds(cost.read + cost.stored),
            milliseconds(cost.read),
            milliseconds(cost.behind)
        )),
        safe: Some(milliseconds(node)),
        printed: None,
        floor: None,
        verdict: Verdict::of(
            cost.read + cost.stored < Duration::from_millis(2),
            String::new(),
        ),
    }])
}

/// What a page costs.
struct Cost {
    read: Duration,
    stored: Duration,
    /// What is done behind it, when it is committed.
    behind: Duration,
}

/// How long a page takes to read, to store, and what is done behind it, each in an inbox of its own that took an
/// `earlier` page: its statements are compiled, as Node's are. Over all of them: the system
/// counts a thread's time in steps that are longer than a page takes.
fn read_and_store(text: &str, earlier: &Page, folder: &Path, times: usize) -> anyhow::Result<Cost> {
    let arrival = Arrival {
        received_at: Timestamp(0),
        server_time: None,
    };
    let mut inboxes = Vec::new();
    for number in 0..times {
        let mut inbox = Inbox::open(&folder.join(number.to_string()))?;
        inbox.store("a shop", earlier, arrival)?;
        inbox.do_all_behind()?;
        inboxes.push(inbox);
    }
    let began = process::time_of_this_thread()?;
    let mut page = Page::default();
    for _ in 0..times {
        page = Page::parse(text.as_bytes())?;
    }
    let read = process::time_of_this_thread()?;
    for inbox in &mut inboxes {
        let stored = inbox.store("a shop", &page, arrival)?;
        ensure!(stored.orders.len() == PAGE_LIMIT, "orders are missing");
    }
    let stored = process::time_of_this_thread()?;
    for inbox in &mut inboxes {
        inbox.do_all_behind()?;
    }
    let behind = process::time_of_this_thread()?;
    let times = u32::try_from(times)?;
    Ok(Cost {
        read: (read - began) / times,
        stored: (stored - read) / times,
        behind: (behind - stored) / times,
    })
}

async fn in_node(
    places: &Places,
    extent: Extent,
    folder: &Path,
    page: &Path,
) -> anyhow::Result<Duration> {
    let output = Command::new("node")
        .current_dir(&places.tests)
        .arg("peers/page.mjs")
        .args([folder, page])
        .arg(extent.pages.to_string())
        .output()
        .await?;
    ensure!(output.status.success(), "peers/page.mjs: {}", output.status);
    let text = String::from_utf8(output.stdout)?;
    Ok(Duration::from_secs_f64(
        text.trim().parse::<f64>()? / 1000.0,
    ))
}
