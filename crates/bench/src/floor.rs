//! What no client can beat: one HTTP round trip and one fsync.

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::server::{KEY, Server};

/// A page of SQLite with its head in the WAL: the least that a commit writes.
const COMMIT: [u8; 4096 + 24] = [b'x'; 4096 + 24];

/// Measures it so many times on this server and this disk.
///
/// # Errors
/// When the server does not answer or the disk takes nothing.
pub async fn measure(
    server: &Server,
    folder: &Path,
    times: usize,
) -> anyhow::Result<Vec<Duration>> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let url = format!("{}/sync/pull-changes", server.url);
    let mut file = File::create(folder.join("floor"))?;
    let mut took = Vec::with_capacity(times);
    // The first opens the connection.
    for round in 0..=times {
        let began = Instant::now();
        let answer = client.get(&url).bearer_auth(KEY).send().await?;
        answer.error_for_status()?.bytes().await?;
        file.write_all(&COMMIT)?;
        file.sync_data()?;
        if round > 0 {
            took.push(began.elapsed());
        }
    }
    Ok(took)
}
