//! A process that is killed while it stores.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use super::*;

const FOLDER: &str = "CAMPANA_TEST_INBOX_OF_THE_CHILD";
const ROUNDS: usize = 12;

/// The child: not a test of its own, it does nothing unless the test below starts it.
#[test]
fn child_that_stores_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else {
        return;
    };
    let mut inbox = Inbox::open(folder.as_ref()).unwrap();
    let begin = inbox.orders(LONG_AGO).unwrap().len();
    for number in begin.. {
        let id = format!("o{number}");
        inbox.store(SHOP, &page(&[told(&id, 0)]), at(0)).unwrap();
        let mut out = std::io::stdout().lock();
        writeln!(out, "committed {id}").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn every_commit_that_was_told_survives_a_kill_at_any_moment() {
    let folder = tempfile::tempdir().unwrap();
    let mut committed = Vec::new();
    for _ in 0..ROUNDS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture"])
            .arg("inbox::tests::killed::child_that_stores_until_it_is_killed")
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let enough = committed.len() + rand::random_range(1..25);
        for line in lines {
            let line = line.unwrap();
            // The test runner's own words may stand on the same line.
            if let Some((_, id)) = line.split_once("committed ") {
                committed.push(id.to_owned());
            }
            if committed.len() == enough {
                // A random moment within the next commit; what is told until then counts as well.
                let wait = std::time::Duration::from_micros(rand::random_range(0..3000));
                std::thread::sleep(wait);
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(committed.len() >= enough, "the child stopped by itself");
        let inbox = Inbox::open(folder.path()).unwrap();
        assert_eq!(inbox.damage(), None);
        sound(&inbox);
        let kept: std::collections::HashSet<String> = inbox
            .orders(LONG_AGO)
            .unwrap()
            .into_iter()
            .map(|order| order.id.key().to_owned())
            .collect();
        for id in &committed {
            assert!(kept.contains(id), "{id} was told and is lost");
        }
    }
}
