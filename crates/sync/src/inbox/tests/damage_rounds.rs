//! Random histories of an inbox, random damage to its files, and what must hold afterwards. All of it
//! follows from one seed: `CAMPANA_SEED` sets it, `CAMPANA_ROUNDS` the number of rounds.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use campana_contract::{Confirmation, ConfirmedOrder, Id};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, RngExt as _, SeedableRng as _};

use super::*;
use crate::inbox::{Damage, files};

const ROUNDS: u64 = 40;
const PAGE: u64 = 4096;
const MINUTE: i64 = 60_000;

/// An order as it should be: each text that the server told, when it was stored, and how many of the
/// versions somebody has seen.
#[derive(Clone, Default)]
struct Known {
    texts: Vec<(String, i64)>,
    seen: usize,
}

impl Known {
    fn is_seen(&self) -> bool {
        self.seen == self.texts.len()
    }
}

struct Shop {
    random: StdRng,
    folder: TempDir,
    inbox: Inbox,
    known: BTreeMap<String, Known>,
    now: i64,
    /// What the backup holds.
    backup: Option<BTreeMap<String, Known>>,
}

/// In memory, where a commit costs nothing: what is damaged here is what the files hold.
fn quick_folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").unwrap_or_else(|_| tempfile::tempdir().unwrap())
}

impl Shop {
    fn new(seed: u64) -> Self {
        let folder = quick_folder();
        let mut inbox = Inbox::open(folder.path()).unwrap();
        inbox.store(SHOP, &page(&[]), at(-HOUR)).unwrap();
        Self {
            random: StdRng::seed_from_u64(seed),
            folder,
            inbox,
            known: BTreeMap::new(),
            now: 0,
            backup: None,
        }
    }

    fn chance(&mut self, of_a_hundred: u32) -> bool {
        self.random.random_ratio(of_a_hundred, 100)
    }

    fn some_order(&mut self) -> Option<String> {
        let ids: Vec<&String> = self.known.keys().collect();
        ids.choose(&mut self.random).map(|id| (*id).clone())
    }

    /// The next version of this order, as a server tells it.
    fn next_version(&mut self, id: &str) -> Value {
        let version = self.known.get(id).map_or(0, |known| known.texts.len());
        // Some are so long that they need pages of their own.
        let long = if self.chance(10) { 6000 } else { 60 };
        let notes = "ñ".repeat(self.random.random_range(0..long));
        let order = told(id, u32::try_from(version).unwrap());
        let order = with(order, "/total", json!(100 + version));
        with(order, "/notes", json!(notes))
    }

    fn store(&mut self, orders: &[Value]) {
        self.now += MINUTE;
        self.inbox.store(SHOP, &page(orders), at(self.now)).unwrap();
        for value in orders {
            let order = order(value);
            let known = self.known.entry(order.id.key().to_owned()).or_default();
            known.texts.push((order.body, NOON + self.now));
        }
    }

    fn act(&mut self) {
        match self.random.random_range(0..100) {
            0..45 => {
                let first = self.known.len();
                let count = self.random.random_range(1..9);
                let ids = (first..first + count).map(|number| format!("o{number:03}"));
                let orders: Vec<Value> = ids.map(|id| self.next_version(&id)).collect();
                self.store(&orders);
            }
            45..60 => {
                if let Some(id) = self.some_order() {
                    let order = self.next_version(&id);
                    self.store(&[order]);
                }
            }
            60..80 => {
                if let Some(id) = self.some_order() {
                    let known = self.known.get_mut(&id).unwrap();
                    known.seen = known.texts.len();
                    let version = i64::try_from(known.seen).unwrap();
                    let moment = Timestamp(NOON + self.now + 1);
                    assert!(self.inbox.mark_seen(SHOP, &id, version, moment).unwrap());
                }
            }
            80..88 => {
                if let Some(id) = self.some_order() {
                    let orders = vec![ConfirmedOrder {
                        id: Id::from_token(&json!(id).to_string()).unwrap(),
                        shift_order_number: None,
                    }];
                    let confirmation = Confirmation {
                        orders,
                        customers: Vec::new(),
                    };
                    let moment = Timestamp(NOON + self.now);
                    self.inbox.confirmed(SHOP, &confirmation, moment).unwrap();
                }
            }
            88..94 => {
                let sql = "PRAGMA wal_checkpoint(PASSIVE)";
                self.inbox
                    .connection
                    .query_row(sql, [], |_| Ok(()))
                    .unwrap();
            }
            _ => {
                self.now += MINUTE;
                if self
                    .inbox
                    .back_up_if_due(Timestamp(NOON + self.now))
                    .unwrap()
                {
                    self.backup = Some(self.known.clone());
                }
            }
        }
    }

    /// Ends as a program that was closed, or leaves the files as one that was killed.
    fn end(self, cleanly: bool) -> (TempDir, BTreeMap<String, Known>, Backup, StdRng) {
        let folder = if cleanly {
            drop(self.inbox);
            self.folder
        } else {
            let copy = quick_folder();
            for file in fs::read_dir(self.folder.path()).unwrap() {
                let file = file.unwrap();
                fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
            }
            copy
        };
        (folder, self.known, self.backup, self.random)
    }
}

type Backup = Option<BTreeMap<String, Known>>;

/// Overwrites part of a file; nothing where there is no such file.
fn scribble(file: &Path, from: u64, length: usize, random: &mut StdRng) {
    let Ok(size) = fs::metadata(file).map(|file| file.len()) else {
        return;
    };
    let length = length.min(usize::try_from(size.saturating_sub(from)).unwrap());
    let mut bytes = vec![0; length];
    match random.random_range(0..3) {
        0 => {}
        1 => bytes.fill(0xA5),
        _ => random.fill_bytes(&mut bytes),
    }
    let mut file = OpenOptions::new().write(true).open(file).unwrap();
    file.seek(SeekFrom::Start(from)).unwrap();
    file.write_all(&bytes).unwrap();
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |file| file.len())
}

/// Damages one file; what was done, in words.
fn damage(file: &Path, random: &mut StdRng) -> &'static str {
    let size = size(file);
    if size == 0 {
        return "nothing";
    }
    match random.random_range(0..8) {
        0 | 1 => {
            for _ in 0..random.random_range(1..5) {
                let page = random.random_range(0..size.div_ceil(PAGE));
                scribble(file, page * PAGE, 4096, random);
            }
            "whole pages"
        }
        2 | 3 => {
            for _ in 0..random.random_range(1..20) {
                let length = random.random_range(1..64);
                scribble(file, random.random_range(0..size), length, random);
            }
            "some bytes"
        }
        4 => {
            let length = *[16, 100, 4096].choose(random).unwrap();
            scribble(file, 0, length, random);
            "its head"
        }
        5 => {
            for _ in 0..random.random_range(1..4) {
                scribble(file, random.random_range(0..100), 1, random);
            }
            "bytes of its head"
        }
        6 => {
            let length = random.random_range(0..size);
            let file = OpenOptions::new().write(true).open(file).unwrap();
            file.set_len(length).unwrap();
            "cut off"
        }
        _ => {
            let mut garbage = vec![0; random.random_range(1..100_000)];
            random.fill_bytes(&mut garbage);
            fs::write(file, garbage).unwrap();
            "garbage instead of it"
        }
    }
}

/// Damages the files of an inbox; what was done, in words, and whether the backup is still whole.
fn damage_some(folder: &Path, random: &mut StdRng) -> (String, bool) {
    let database = files::database(folder);
    let beside = |ending| files::beside(&database, ending);
    let mut words = Vec::new();
    let mut damaged = |file: PathBuf, random: &mut StdRng| {
        let what = damage(&file, random);
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        words.push(format!("{name}: {what}"));
    };
    match random.random_range(0..10) {
        0..5 => damaged(database.clone(), random),
        5 | 6 => damaged(beside("-wal"), random),
        7 => damaged(beside("-shm"), random),
        8 => {
            let file = [database.clone(), beside("-wal"), beside("-shm")];
            let _ = fs::remove_file(file.choose(random).unwrap());
        }
        _ => {
            for ending in ["", "-wal", "-shm"] {
                damaged(beside(ending), random);
            }
        }
    }
    let backup = files::backup(folder);
    let spoils_backup = random.random_ratio(1, 5) && backup.exists();
    if spoils_backup {
        damaged(backup, random);
    }
    let words = if words.is_empty() {
        "a file is gone".to_owned()
    } else {
        words.join("; ")
    };
    (words, !spoils_backup)
}

/// Whether people were told to look at this moment.
fn told_to_check(damage: Option<&Damage>, moment: i64) -> bool {
    damage.is_some_and(|damage| damage.missing_since.is_none_or(|since| since.0 <= moment))
}

/// How many orders a round kept, lost after telling so, and rang again although they had been seen.
#[derive(Default)]
struct Figures {
    rounds: usize,
    salvaged: usize,
    orders: usize,
    lost: usize,
    again: usize,
}

fn round(seed: u64, figures: &mut Figures) {
    let mut shop = Shop::new(seed);
    for _ in 0..shop.random.random_range(1..60) {
        shop.act();
    }
    let cleanly = shop.chance(40);
    let (folder, known, backup, mut random) = shop.end(cleanly);
    let (what, is_backup_whole) = damage_some(folder.path(), &mut random);
    let context =
        format!("CAMPANA_SEED={seed} CAMPANA_ROUNDS=1: {what}, closed cleanly: {cleanly}");

    let mut inbox = Inbox::open(folder.path()).unwrap_or_else(|error| panic!("{error}; {context}"));
    let damage = inbox.damage().cloned();
    assert_eq!(inbox.check().unwrap(), Vec::<String>::new(), "{context}");
    let found: BTreeMap<String, InboxOrder> = inbox
        .orders(LONG_AGO)
        .unwrap()
        .into_iter()
        // The name of a backend may be damaged too: its order rings under that name, and is nobody's.
        .filter(|order| order.source == SHOP)
        .map(|order| (order.id.key().to_owned(), order))
        .collect();
    for id in found.keys() {
        assert!(known.contains_key(id), "{id} was never told; {context}");
    }
    figures.rounds += 1;
    figures.salvaged += usize::from(damage.is_some());
    figures.orders += known.len();
    let backup = backup.filter(|_| is_backup_whole);
    for (id, known) in &known {
        let saved = backup.as_ref().and_then(|backup| backup.get(id));
        let Some(order) = found.get(id) else {
            figures.lost += 1;
            assert!(saved.is_none(), "{id} is in the backup and lost; {context}");
            let lost = told_to_check(damage.as_ref(), known.texts[0].1);
            assert!(
                lost,
                "{id} is lost and nobody is told; {damage:?}; {context}"
            );
            continue;
        };
        let body = order.order.as_ref().map(|order| order.body.as_str());
        let version = known
            .texts
            .iter()
            .position(|(text, _)| Some(text.as_str()) == body);
        let Some(version) = version else {
            assert_eq!(body, None, "{id} has a text that nobody sent; {context}");
            let lost = told_to_check(damage.as_ref(), known.texts[0].1);
            assert!(lost, "{id} lost its text; {damage:?}; {context}");
            continue;
        };
        if version + 1 < known.texts.len() {
            figures.lost += 1;
            let in_backup = saved.is_some_and(|saved| saved.texts.len() > version + 1);
            assert!(!in_backup, "the backup knows a newer {id}; {context}");
            let lost = told_to_check(damage.as_ref(), known.texts[version + 1].1);
            assert!(lost, "a version of {id} is lost; {damage:?}; {context}");
            continue;
        }
        let is_seen = order.attention == Attention::Seen;
        if is_seen != known.is_seen() {
            assert!(!is_seen, "{id} was never seen and is silent; {context}");
            let kept = saved
                .is_some_and(|saved| saved.is_seen() && saved.texts.len() == known.texts.len());
            assert!(!kept, "the backup knows that {id} was seen; {context}");
            assert!(damage.is_some(), "{id} was seen and rings; {context}");
            figures.again += 1;
        }
    }
    goes_on(&mut inbox, &known, &found, &context);
    if let Some(damage) = damage {
        let gone = what == "a file is gone";
        assert!(damage.kept_at.exists() || gone, "{context}");
        drop(inbox);
        let inbox = Inbox::open(folder.path()).unwrap();
        assert_eq!(inbox.damage(), None, "told once; {context}");
    }
}

/// The server hands everything out once more: what is there does not ring for it, what is lost does.
fn goes_on(
    inbox: &mut Inbox,
    known: &BTreeMap<String, Known>,
    found: &BTreeMap<String, InboxOrder>,
    context: &str,
) {
    inbox.store(SHOP, &page(&[]), at(HOUR)).unwrap();
    for (id, known) in known {
        let latest = &known.texts.last().unwrap().0;
        let value: Value = serde_json::from_str(latest).unwrap();
        let stored = inbox.store(SHOP, &page(&[value]), at(HOUR)).unwrap();
        assert_eq!(stored.orders.len(), 1, "{id}; {context}");
        let rings = stored.orders[0].alert.is_some();
        match found.get(id).map(|order| &order.order) {
            Some(Some(order)) => assert_eq!(rings, order.body != *latest, "{id}; {context}"),
            // It may be the version that lost its text, and rings already if nobody saw it.
            Some(None) => {}
            None => assert!(rings, "{id} was lost and came again; {context}"),
        }
    }
    let mut orders = inbox.orders(LONG_AGO).unwrap();
    orders.retain(|order| order.source == SHOP);
    assert_eq!(orders.len(), known.len(), "{context}");
    let texts = orders.iter().filter(|order| order.order.is_some());
    assert_eq!(
        texts.count(),
        known.len(),
        "each has its text again; {context}"
    );
    assert_eq!(inbox.check().unwrap(), Vec::<String>::new(), "{context}");
}

#[test]
fn whatever_is_damaged_nothing_is_lost_unsaid_and_nothing_unseen_is_silent() {
    let number = |name| std::env::var(name).ok().and_then(|text| text.parse().ok());
    let seed = number("CAMPANA_SEED").unwrap_or_else(|| rand::random_range(0..1 << 40));
    let mut figures = Figures::default();
    for round_seed in seed..seed + number("CAMPANA_ROUNDS").unwrap_or(ROUNDS) {
        round(round_seed, &mut figures);
    }
    assert!(
        figures.salvaged > 0 || figures.rounds < 20,
        "none was damaged"
    );
    if let Ok(file) = std::env::var("CAMPANA_FIGURES") {
        let Figures {
            rounds,
            salvaged,
            orders,
            lost,
            again,
        } = figures;
        let told = format!(
            "{rounds} rounds, {salvaged} salvaged, {orders} orders, {lost} lost and told, {again} rang again\n"
        );
        fs::write(file, told).unwrap();
    }
}
