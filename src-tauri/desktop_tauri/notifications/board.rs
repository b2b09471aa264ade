//! What is shown, what waits to be, and what is to be asked of the desktop next. One call is out at a
//! time: so their order holds, and a desktop that does not answer holds up this queue and nothing else.

#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use campana_shell::desktop::{Answer, Notice, NoticeId};

/// So many wait, and so many are remembered; then the oldest goes. Sound and tray tell of it all the same.
const MOST: usize = 32;

/// What to ask of the desktop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Call {
    /// Show this.
    Show(Notice),
    /// Close the one that the desktop knows under this number.
    Close(u32),
}

/// How a [`Call::Show`] ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    /// The desktop's number for it.
    pub number: u32,
    /// Who showed it, as the bus names it.
    pub by: String,
}

/// The notifications of one run.
#[derive(Debug, Default)]
pub(super) struct Board {
    waiting: VecDeque<Deed>,
    out: Option<Notice>,
    /// Who shows notifications since the call that is out began, where that changed.
    changed_to: Option<String>,
    known: VecDeque<Known>,
}

#[derive(Debug)]
enum Deed {
    Show(Notice),
    Withdraw(NoticeId),
}

/// One that was shown, or that nobody was there to show.
#[derive(Debug)]
struct Known {
    notice: Notice,
    shown: Option<Shown>,
}

impl Board {
    /// This is to be shown.
    pub fn show(&mut self, notice: Notice) {
        let is_show = |deed: &Deed| matches!(deed, Deed::Show(_));
        if self.waiting.iter().filter(|deed| is_show(deed)).count() >= MOST
            && let Some(oldest) = self.waiting.iter().position(is_show)
        {
            self.waiting.remove(oldest);
        }
        self.waiting.push_back(Deed::Show(notice));
    }

    /// This has nothing to say any more.
    pub fn withdraw(&mut self, id: NoticeId) {
        let before = self.waiting.len();
        self.waiting
            .retain(|deed| !matches!(deed, Deed::Show(notice) if notice.id == id));
        let is_out = self.out.as_ref().is_some_and(|out| out.id == id);
        let is_known = self.known.iter().any(|known| known.notice.id == id);
        if self.waiting.len() == before && (is_out || is_known) {
            self.waiting.push_back(Deed::Withdraw(id));
        }
    }

    /// The next call; none while one is out.
    pub fn next(&mut self) -> Option<Call> {
        if self.out.is_some() {
            return None;
        }
        loop {
            match self.waiting.pop_front()? {
                Deed::Show(notice) => {
                    self.out = Some(notice.clone());
                    return Some(Call::Show(notice));
                }
                Deed::Withdraw(id) => {
                    let place = self.known.iter().position(|known| known.notice.id == id);
                    let known = place.and_then(|place| self.known.remove(place));
                    if let Some(shown) = known.and_then(|known| known.shown) {
                        return Some(Call::Close(shown.number));
                    }
                }
            }
        }
    }

    /// A [`Call::Show`] ended; `None` when nobody showed it.
    pub fn was_shown(&mut self, shown: Option<Shown>) {
        let changed_to = self.changed_to.take();
        let Some(notice) = self.out.take() else {
            return;
        };
        let by = shown.as_ref().map(|shown| shown.by.as_str());
        if changed_to.is_some() && by != changed_to.as_deref() && notice.urgent {
            // It was asked of somebody who is gone.
            if !self.is_withdrawn(notice.id) {
                self.waiting.push_front(Deed::Show(notice));
            }
            return;
        }
        // Good news that nobody showed is none later.
        if shown.is_none() && !notice.urgent {
            return;
        }
        if self.known.len() >= MOST {
            self.known.pop_front();
        }
        self.known.push_back(Known { notice, shown });
    }

    /// Somebody else shows notifications now: what the one before showed is gone, and what still has
    /// something to say is shown once more.
    pub fn begin_anew(&mut self, by: &str) {
        self.changed_to = self.out.is_some().then(|| by.to_owned());
        let is_there = |known: &Known| known.shown.as_ref().is_some_and(|shown| shown.by == by);
        let (there, gone): (VecDeque<_>, VecDeque<_>) = std::mem::take(&mut self.known)
            .into_iter()
            .partition(is_there);
        self.known = there;
        let again: Vec<Deed> = gone
            .into_iter()
            .map(|known| known.notice)
            .filter(|notice| notice.urgent && !self.is_withdrawn(notice.id))
            .map(Deed::Show)
            .collect();
        for deed in again.into_iter().rev() {
            self.waiting.push_front(deed);
        }
    }

    fn is_withdrawn(&self, id: NoticeId) -> bool {
        let is_it = |deed: &Deed| matches!(deed, Deed::Withdraw(other) if *other == id);
        self.waiting.iter().any(is_it)
    }

    /// The desktop shows this one no more: it ran out, or somebody closed it.
    pub fn was_closed(&mut self, number: u32) {
        self.known.retain(|known| {
            known
                .shown
                .as_ref()
                .is_none_or(|shown| shown.number != number)
        });
    }

    /// Whether the desktop shows one of Campana's under this number.
    pub fn is_shown(&self, number: u32) -> bool {
        self.with_number(number).is_some()
    }

    fn with_number(&self, number: u32) -> Option<&Known> {
        self.known.iter().find(|known| {
            let shown = known.shown.as_ref();
            shown.is_some_and(|shown| shown.number == number)
        })
    }

    /// Somebody answered the one with this number.
    pub fn answered(&self, number: u32, action: &str) -> Option<(NoticeId, Answer)> {
        let known = self.with_number(number)?;
        let answer = match action {
            "default" => Answer::Open,
            other => Answer::with_id(other)?,
        };
        Some((known.notice.id, answer))
    }
}
