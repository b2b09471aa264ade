//! Makes a failing history short.

use std::path::Path;

use campana_sync::inbox::InboxError;

use crate::history::{Event, History};
use crate::property::Property;
use crate::world::{Options, run};

/// So many runs at most.
const RUNS: u32 = 500;

/// The shortest history found that still breaks `property`: steps are left out, in ever smaller
/// pieces, then numbers are made small.
///
/// # Errors
/// When the real disk below `place` fails.
pub fn shrink(
    history: &History,
    property: Property,
    options: Options,
    place: &Path,
) -> Result<History, InboxError> {
    let mut shrinking = Shrinking {
        shortest: history.clone(),
        property,
        options,
        place,
        runs: 0,
    };
    loop {
        let before = shrinking.shortest.clone();
        shrinking.simplify_shop()?;
        shrinking.leave_out_steps()?;
        shrinking.simplify_numbers()?;
        if shrinking.shortest == before || shrinking.runs >= RUNS {
            return Ok(shrinking.shortest);
        }
    }
}

struct Shrinking<'a> {
    shortest: History,
    property: Property,
    options: Options,
    place: &'a Path,
    runs: u32,
}

impl Shrinking<'_> {
    /// Takes the candidate if it still fails in the same way.
    fn try_one(&mut self, candidate: History) -> Result<bool, InboxError> {
        if self.runs >= RUNS || candidate == self.shortest {
            return Ok(false);
        }
        self.runs += 1;
        let outcome = run(&candidate, self.options, self.place)?;
        let fails = outcome
            .violation
            .is_some_and(|violation| violation.property == self.property);
        if fails {
            self.shortest = candidate;
        }
        Ok(fails)
    }

    fn leave_out_steps(&mut self) -> Result<(), InboxError> {
        let mut piece = self.shortest.steps.len();
        while piece > 0 {
            let mut from = 0;
            while from < self.shortest.steps.len() {
                let mut candidate = self.shortest.clone();
                let end = (from + piece).min(candidate.steps.len());
                let left_out: u64 = candidate
                    .steps
                    .drain(from..end)
                    .map(|step| step.after)
                    .sum();
                let mut at_the_same_time = candidate.clone();
                if let Some(next) = at_the_same_time.steps.get_mut(from) {
                    next.after += left_out;
                }
                if !self.try_one(candidate)? && !self.try_one(at_the_same_time)? {
                    from += piece;
                }
            }
            piece /= 2;
        }
        Ok(())
    }

    fn simplify_numbers(&mut self) -> Result<(), InboxError> {
        for index in 0..self.shortest.steps.len() {
            for after in [0, 1_000, 60_000] {
                let mut candidate = self.shortest.clone();
                if candidate.steps[index].after <= after {
                    break;
                }
                candidate.steps[index].after = after;
                if self.try_one(candidate)? {
                    break;
                }
            }
            let mut candidate = self.shortest.clone();
            simplify(&mut candidate.steps[index].event);
            self.try_one(candidate)?;
        }
        Ok(())
    }

    fn simplify_shop(&mut self) -> Result<(), InboxError> {
        let shop = self.shortest.shop;
        let fewer = [
            0,
            shop.pending_at_first / 2,
            shop.pending_at_first.saturating_sub(1),
        ];
        let candidates = [
            crate::history::Shop {
                answers_questions: true,
                ..shop
            },
            crate::history::Shop {
                announces: true,
                ..shop
            },
            crate::history::Shop {
                has_websocket: true,
                ..shop
            },
            crate::history::Shop {
                guards_versions: true,
                ..shop
            },
        ]
        .into_iter()
        .chain(fewer.map(|pending_at_first| crate::history::Shop {
            pending_at_first,
            ..shop
        }));
        for shop in candidates {
            let mut candidate = self.shortest.clone();
            candidate.shop = shop;
            self.try_one(candidate)?;
        }
        Ok(())
    }
}

fn simplify(event: &mut Event) {
    match event {
        Event::Orders { count } | Event::OthersConfirm { count } => *count = 1,
        Event::Edit { order, .. }
        | Event::Cancel { order }
        | Event::Poison { order }
        | Event::See { order } => *order = 0,
        Event::Http { lasts, .. }
        | Event::Joining { lasts, .. }
        | Event::Hints { lasts, .. }
        | Event::Disk { lasts, .. }
        | Event::KeysRefused { lasts }
        | Event::Sleep { lasts } => *lasts = lasts.next_multiple_of(1_000),
        Event::Crash { away, .. } => *away = 0,
        Event::BadElement
        | Event::StalePage
        | Event::Drop
        | Event::DieSilently
        | Event::Kick
        | Event::IdleHint
        | Event::ClockJump { .. }
        | Event::NetworkChanged
        | Event::SyncNow
        | Event::EnterKey { .. }
        | Event::Receiver { .. }
        | Event::Address { .. } => {}
    }
}
