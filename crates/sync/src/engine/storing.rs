//! Pages and rows on their way to the disk. One that is not stored by its deadline rings from memory: a disk that
//! hangs must keep no order unheard.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use campana_contract::{Order, Page};

use super::backoff::Burden;
use super::input::{Effect, Generation, NotStored, Source, StoreFailure};
use super::memory::Memory;
use super::pulling::{Failed, InRound, Stage};
use super::round::Arrived;
use super::{Engine, tell};
use crate::clock::Now;
use crate::http::Answer;
use crate::inbox::Stored;
use crate::status::Cause;

/// A page that is not on disk by then rings from memory.
const STORED_WITHIN: Duration = Duration::from_secs(10);

/// What the inbox was given and has not answered, oldest first.
#[derive(Debug, Default)]
pub(super) struct Writes(Vec<Write>);

#[derive(Debug)]
struct Write {
    what: What,
    due: Duration,
    /// The deadline has passed.
    is_late: bool,
    source: Source,
}

#[derive(Clone, Debug)]
enum What {
    Page(Generation, Arc<Page>),
    /// Rows of `orders:pending`.
    Rows(Vec<Order>),
    /// The question which rows of `orders:pending` the inbox does not know.
    Comparison,
}

impl Writes {
    fn begin(&mut self, what: What, source: &Source, now: Duration) {
        self.0.push(Write {
            what,
            due: now + STORED_WITHIN,
            is_late: false,
            source: Source::clone(source),
        });
    }

    /// Takes out the first one that is meant.
    fn answered(&mut self, is_meant: impl Fn(&What) -> bool) -> Option<Write> {
        let at = self.0.iter().position(|write| is_meant(&write.what))?;
        Some(self.0.remove(at))
    }

    /// Once a deadline passes, the inbox hangs, and everything that it was given is overdue: what is of `present`, newest
    /// first, so that of an order only the newest version rings.
    fn overdue(&mut self, present: &Source, now: Duration) -> Vec<What> {
        if self.next_wake().is_none_or(|due| now < due) {
            return Vec::new();
        }
        let mut overdue = Vec::new();
        for write in self.0.iter_mut().rev() {
            if !write.is_late {
                write.is_late = true;
                if write.source == *present {
                    overdue.push(write.what.clone());
                }
            }
        }
        overdue
    }

    /// Whether the inbox hangs: a deadline has passed, and there is still no answer.
    fn hang(&self) -> bool {
        self.0.iter().any(|write| write.is_late)
    }

    /// When the next deadline passes.
    pub(super) fn next_wake(&self) -> Option<Duration> {
        let waiting = self.0.iter().filter(|write| !write.is_late);
        waiting.map(|write| write.due).min()
    }

    /// The computer slept: the disk had none of that time.
    pub(super) fn postpone(&mut self, now: Duration) {
        for write in self.0.iter_mut().filter(|write| !write.is_late) {
            write.due = now + STORED_WITHIN;
        }
    }
}

impl Engine {
    /// Has the answer's page stored; while the inbox hangs, it rings from memory at once.
    pub(super) fn store(
        &mut self,
        mut in_round: InRound,
        answer: Answer,
        now: Now,
        effects: &mut Vec<Effect>,
    ) {
        if self.writes.hang() {
            let reports = self
                .memories
                .present()
                .keep(&answer.page.orders, &HashMap::new());
            tell(effects, reports);
            self.storing_failed(in_round, hangs(), now, effects);
            return;
        }
        in_round.received = now.monotonic;
        in_round.server_time = answer.server_time;
        let generation = self.pulling.generation;
        let page = What::Page(generation, Arc::clone(&answer.page));
        self.writes
            .begin(page, self.memories.source(), now.monotonic);
        self.pulling.stage = Stage::Storing(in_round);
        effects.push(Effect::Store(generation, answer));
    }

    /// Has rows of `orders:pending` stored; while the inbox hangs, they ring from memory at once.
    pub(super) fn store_rows(&mut self, rows: Vec<Order>, now: Now, effects: &mut Vec<Effect>) {
        if self.writes.hang() {
            let memory = self.memories.present();
            tell(effects, memory.keep_partial(&rows, &HashMap::new()));
            return;
        }
        let what = What::Rows(rows.clone());
        self.writes
            .begin(what, self.memories.source(), now.monotonic);
        effects.push(Effect::StorePartial(rows));
    }

    /// Rows of `orders:pending` are being compared with the inbox: while it hangs, nobody hears of what they announce.
    pub(super) fn compare(&mut self, now: Now) {
        self.writes
            .begin(What::Comparison, self.memories.source(), now.monotonic);
    }

    /// The inbox compared them.
    pub(super) fn compared(&mut self, now: Now) {
        let is_meant = |what: &What| matches!(what, What::Comparison);
        if self.writes.answered(is_meant).is_some_and(|it| it.is_late) {
            self.pulling.inbox_works(now.monotonic);
        }
    }

    /// Rings from memory what is past its deadline.
    pub(super) fn mind_writes(&mut self, now: Now, effects: &mut Vec<Effect>) {
        // Nothing is known of what the disk holds: it cannot be asked.
        let known = HashMap::new();
        for overdue in self.writes.overdue(self.memories.source(), now.monotonic) {
            let memory = self.memories.present();
            match overdue {
                What::Page(generation, page) => {
                    tell(effects, memory.keep(&page.orders, &known));
                    match self.pulling.take(generation) {
                        Some(in_round) => self.storing_failed(in_round, hangs(), now, effects),
                        None => self.note_storage_failure(hangs(), now),
                    }
                }
                What::Rows(rows) => {
                    tell(effects, memory.keep_partial(&rows, &known));
                    self.note_storage_failure(hangs(), now);
                }
                // The pull that follows tells what they announced.
                What::Comparison => self.note_storage_failure(hangs(), now),
            }
        }
    }

    pub(super) fn stored(
        &mut self,
        generation: Generation,
        result: Result<Stored, NotStored>,
        now: Now,
        effects: &mut Vec<Effect>,
    ) {
        let is_meant =
            |what: &What| matches!(what, What::Page(written, _) if *written == generation);
        let (source, page) = match self.writes.answered(is_meant) {
            Some(Write {
                what: What::Page(_, page),
                source,
                ..
            }) => (source, page),
            // It was given by the engine in whose place this one is.
            Some(_) | None => (Source::clone(self.memories.source()), Arc::default()),
        };
        let in_round = self.pulling.take(generation);
        match result {
            Ok(stored) => {
                let learn = |memory: &mut Memory| memory.stored(&page.orders, &stored);
                tell(effects, self.memories.told(&source, learn));
                let Some(mut in_round) = in_round else {
                    // It came too late for its round. The next one confirms what is committed.
                    self.pulling.inbox_works(now.monotonic);
                    return;
                };
                self.judge_hints(&in_round, &page, &stored);
                let arrived = Arrived {
                    requested: in_round.requested,
                    received: in_round.received,
                };
                in_round
                    .round
                    .stored(&page, &stored, arrived, &mut self.refused);
                self.advance(in_round, now, effects);
            }
            Err(NotStored { failure, known }) => {
                let orders = self.memories.not_stored(&source, &page.orders, &known);
                let learn = |memory: &mut Memory| memory.keep(&orders, &known);
                tell(effects, self.memories.told(&source, learn));
                match in_round {
                    Some(in_round) => self.storing_failed(in_round, failure, now, effects),
                    None => self.note_storage_failure(failure, now),
                }
            }
        }
    }

    pub(super) fn rows_stored(
        &mut self,
        rows: &[Order],
        result: Result<Stored, NotStored>,
        now: Now,
        effects: &mut Vec<Effect>,
    ) {
        let is_meant = |what: &What| matches!(what, What::Rows(written) if written == rows);
        let write = self.writes.answered(is_meant);
        let is_late = write.as_ref().is_some_and(|write| write.is_late);
        let source = write.map_or_else(
            || Source::clone(self.memories.source()),
            |write| write.source,
        );
        match &result {
            Ok(stored) => {
                // Of what is known already a row changes nothing.
                let taken = |row: &&Order| stored.orders.iter().any(|order| order.id == row.id);
                let taken: Vec<Order> = rows.iter().filter(taken).cloned().collect();
                let learn = |memory: &mut Memory| memory.stored(&taken, stored);
                tell(effects, self.memories.told(&source, learn));
                if is_late {
                    self.pulling.inbox_works(now.monotonic);
                }
            }
            Err(NotStored { known, .. }) => {
                let orders = self.memories.not_stored(&source, rows, known);
                let learn = |memory: &mut Memory| memory.keep_partial(&orders, known);
                tell(effects, self.memories.told(&source, learn));
            }
        }
    }

    /// The round's page is not on disk.
    fn storing_failed(
        &mut self,
        in_round: InRound,
        failure: StoreFailure,
        now: Now,
        effects: &mut Vec<Effect>,
    ) {
        let failed = failed(failure);
        self.pulling.failed(now.monotonic, failed, &mut self.random);
        self.let_go(in_round, effects);
    }

    /// The inbox fails, whether or not a round waits for it.
    pub(super) fn note_storage_failure(&mut self, failure: StoreFailure, now: Now) {
        self.pulling
            .note_failure(now.monotonic, failed(failure), &mut self.random);
    }
}

fn hangs() -> StoreFailure {
    StoreFailure::Unwritable("the disk does not answer".to_owned())
}

fn failed(failure: StoreFailure) -> Failed {
    let (cause, detail) = match failure {
        StoreFailure::DiskFull => (Cause::DiskFull, "the disk is full".to_owned()),
        StoreFailure::Unwritable(why) => (Cause::InboxUnwritable, why),
    };
    Failed {
        cause,
        detail,
        storage: true,
        burden: Burden::Server,
        retry_after: None,
    }
}
