//! Which profile the backend speaks: found out by trying, remembered once it worked.

use std::time::Duration;

use campana_contract::NotUnderstood;

use super::input::{Effect, ExchangeFailure};
use super::pulling::InRound;
use super::{Engine, Setup};
use crate::clock::Now;
use crate::configuration::ProfileChoice;
use crate::http::{Call, HttpFailure, Profile};

/// After a search that found nothing, only the likeliest profile is asked for this long: a hint every
/// second would otherwise be three calls every second.
const SEARCH_EVERY: Duration = Duration::from_secs(10);
/// So long a pull that was refused the key waits for what the connection says of the same key.
const WORD_WITHIN: Duration = Duration::from_secs(10);

/// The profile in use, and the search for one.
#[derive(Debug)]
pub(super) struct Search {
    choice: ProfileChoice,
    /// What worked at this backend: tried first.
    remembered: Option<Profile>,
    present: Profile,
    /// The profiles of this search that led to the next, in the order in which they were tried.
    failed: Vec<(Profile, HttpFailure)>,
    /// When the last search found nothing.
    exhausted: Option<Duration>,
    /// The connection accepted the present key.
    accepted: bool,
    /// A pull was refused the key, and the connection has yet to say what it thinks of it.
    awaiting: Option<(Duration, HttpFailure)>,
}

/// What a failed pull means for the search.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// The next profile is to be tried, at once.
    Next,
    /// The connection's word on the key decides.
    Wait,
    /// The pull failed, and this is what to say of it.
    Stands(HttpFailure),
}

impl Search {
    pub(super) fn new(setup: Setup) -> Self {
        let (choice, remembered) = match setup {
            Setup::Ready {
                profile,
                remembered,
                ..
            } => (profile, remembered),
            Setup::NotConfigured | Setup::KeyMissing | Setup::KeyUnavailable => {
                (ProfileChoice::Auto, None)
            }
        };
        let mut search = Self {
            choice,
            remembered,
            present: Profile::Guide,
            failed: Vec::new(),
            exhausted: None,
            accepted: false,
            awaiting: None,
        };
        search.present = search.likeliest();
        search
    }

    /// How the next call is to be spelled.
    pub(super) fn present(&self) -> Profile {
        self.present
    }

    fn likeliest(&self) -> Profile {
        match self.choice {
            ProfileChoice::Fixed(profile) => profile,
            ProfileChoice::Auto => self.remembered.unwrap_or(Profile::Guide),
        }
    }

    /// A page came. The profile, if that is news.
    pub(super) fn worked(&mut self) -> Option<Profile> {
        self.failed.clear();
        self.exhausted = None;
        self.awaiting = None;
        let is_news = self.choice == ProfileChoice::Auto && self.remembered != Some(self.present);
        is_news.then(|| {
            self.remembered = Some(self.present);
            self.present
        })
    }

    /// A pull failed; `opening`: a connection is on its way.
    fn judge(&mut self, failure: HttpFailure, opening: bool, now: Duration) -> Verdict {
        let is_refusal = matches!(failure, HttpFailure::KeyRefused { .. });
        let leads_on = is_refusal || speaks_otherwise(&failure);
        let rests = self
            .exhausted
            .is_some_and(|exhausted| now < exhausted + SEARCH_EVERY);
        if !leads_on || rests || self.choice != ProfileChoice::Auto {
            return Verdict::Stands(failure);
        }
        if is_refusal && !self.accepted && self.next().is_some() {
            if !opening {
                return Verdict::Stands(failure);
            }
            self.awaiting = Some((now, failure));
            return Verdict::Wait;
        }
        self.lead_on(failure, now)
    }

    fn lead_on(&mut self, failure: HttpFailure, now: Duration) -> Verdict {
        self.failed.push((self.present, failure.clone()));
        if let Some(next) = self.next() {
            self.present = next;
            return Verdict::Next;
        }
        self.exhausted = Some(now);
        self.present = self.likeliest();
        let mut failures = std::mem::take(&mut self.failed).into_iter();
        let first = failures.next().map_or(failure, |(_, failure)| failure);
        // Where a key is asked for, there is something that would answer to the right one.
        let refusal = failures
            .map(|(_, failure)| failure)
            .find(|failure| matches!(failure, HttpFailure::KeyRefused { .. }));
        Verdict::Stands(refusal.unwrap_or(first))
    }

    /// The profile after the present one that this search has not tried.
    fn next(&self) -> Option<Profile> {
        Profile::ALL.into_iter().find(|profile| {
            *profile != self.present && self.failed.iter().all(|(failed, _)| failed != profile)
        })
    }

    /// The connection accepted the key: a pull that is refused it from now on was misunderstood. One
    /// that was refused before goes out once more as it was; the key may have been wrong until now.
    pub(super) fn key_accepted(&mut self) {
        self.accepted = true;
        self.awaiting = None;
    }

    /// The key was refused, or is tried anew: what the connection thought of it holds no more.
    pub(super) fn key_in_doubt(&mut self) {
        self.accepted = false;
        self.awaiting = None;
    }

    /// Whether the connection's word is awaited: no pull before it.
    pub(super) fn is_waiting(&self) -> bool {
        self.awaiting.is_some()
    }

    /// Whether the word does not come: no connection is on its way any more, or not in time.
    pub(super) fn waits_in_vain(&self, opening: bool, now: Duration) -> bool {
        self.awaiting
            .as_ref()
            .is_some_and(|(since, _)| !opening || now >= *since + WORD_WITHIN)
    }

    /// When [`Self::waits_in_vain`] is to be asked at the latest.
    pub(super) fn next_wake(&self) -> Option<Duration> {
        self.awaiting
            .as_ref()
            .map(|(since, _)| *since + WORD_WITHIN)
    }
}

/// An answer of somebody who does not know this profile's calls. Silence, and any other error, says
/// nothing about profiles.
pub(crate) fn speaks_otherwise(failure: &HttpFailure) -> bool {
    match failure {
        HttpFailure::Status { status, .. } => matches!(status, 404 | 405),
        HttpFailure::NotUnderstood(why) => *why == NotUnderstood::NotJson,
        HttpFailure::Unreachable(_)
        | HttpFailure::CertificateRefused(_)
        | HttpFailure::CertificateAuthorityUnusable(_)
        | HttpFailure::TimedOut
        | HttpFailure::BrokenOff(_)
        | HttpFailure::KeyRefused { .. }
        | HttpFailure::Redirected { .. }
        | HttpFailure::TooLarge => false,
    }
}

impl Engine {
    /// An exchange failed. Goes on with another profile where that may help; else the round comes back,
    /// with what to say of it. A failed confirmation says nothing: its round's pull was answered.
    pub(super) fn search_on(
        &mut self,
        mut in_round: InRound,
        mut failed: ExchangeFailure,
        now: Now,
        effects: &mut Vec<Effect>,
    ) -> Option<(InRound, ExchangeFailure)> {
        if in_round.confirming {
            return Some((in_round, failed));
        }
        let opening = self.connection.is_opening();
        match self.search.judge(failed.failure, opening, now.monotonic) {
            Verdict::Next => {
                self.pulling.timeouts = 0;
                in_round.requested = now.monotonic;
                self.send(in_round, Call::Pull, effects);
                None
            }
            Verdict::Wait => {
                self.hints.give_back(in_round.promise);
                if in_round.round.asked_for {
                    self.pulling.ask();
                } else {
                    self.pulling.want();
                }
                None
            }
            Verdict::Stands(failure) => {
                failed.failure = failure;
                Some((in_round, failed))
            }
        }
    }
}
