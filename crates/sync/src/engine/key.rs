//! How far the key is trusted: a refused one is tried again rarely, and never for ever given up.

use std::time::Duration;

const NEVER_WORKED: Duration = Duration::from_secs(5 * 60);
const WORKED_BEFORE: [Duration; 3] = [
    Duration::from_secs(60),
    Duration::from_secs(2 * 60),
    Duration::from_secs(5 * 60),
];
/// How often a person may insist.
const INSISTING: Duration = Duration::from_secs(10);

/// The key's standing with the server.
#[derive(Debug, Default)]
pub(super) struct Key {
    worked: bool,
    refusals: usize,
    state: State,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    /// In use.
    #[default]
    Open,
    /// Refused; nothing is sent with it until then.
    Refused { since: Duration, retry: Duration },
    /// Being tried again: one connection, then at most one pull.
    Trial { may_pull: bool },
}

impl Key {
    /// A pull was answered: the key works.
    pub(super) fn worked(&mut self) {
        *self = Self {
            worked: true,
            ..Self::default()
        };
    }

    /// The server refused it.
    pub(super) fn refused(&mut self, now: Duration) {
        let wait = if self.worked {
            WORKED_BEFORE[self.refusals.min(WORKED_BEFORE.len() - 1)]
        } else {
            NEVER_WORKED
        };
        self.refusals += 1;
        self.state = State::Refused {
            since: now,
            retry: now + wait,
        };
    }

    /// Whether the server's last word on the key was a refusal.
    pub(super) fn is_refused(&self) -> bool {
        self.state != State::Open
    }

    /// Whether a connection may be made with it.
    pub(super) fn may_connect(&self) -> bool {
        !matches!(self.state, State::Refused { .. })
    }

    /// Whether a pull may be made with it.
    pub(super) fn may_pull(&self) -> bool {
        match self.state {
            State::Open | State::Trial { may_pull: true } => true,
            State::Refused { .. } | State::Trial { may_pull: false } => false,
        }
    }

    /// When it is tried again, if it is refused.
    pub(super) fn retry(&self) -> Option<Duration> {
        match self.state {
            State::Refused { retry, .. } => Some(retry),
            State::Open | State::Trial { .. } => None,
        }
    }

    /// Begins the trial when its time has come, or when somebody insists. True when it begins.
    pub(super) fn try_again(&mut self, now: Duration, insist: bool) -> bool {
        let begins = match self.state {
            State::Refused { since, retry } => now >= retry || (insist && now >= since + INSISTING),
            State::Open | State::Trial { .. } => false,
        };
        if begins {
            self.state = State::Trial { may_pull: false };
        }
        begins
    }

    /// The computer slept or its network changed: a refusal may have been another network's, and is
    /// asked about again as soon as a person could insist.
    pub(super) fn hurry(&mut self, now: Duration) {
        if let State::Refused { since, retry } = &mut self.state {
            *retry = (*retry).min(now.max(*since + INSISTING));
        }
    }

    /// The connection of the trial was not refused (it joined, or failed for another reason): the one
    /// pull may go.
    pub(super) fn link_did_not_refuse(&mut self) {
        if let State::Trial { may_pull } = &mut self.state {
            *may_pull = true;
        }
    }

    /// The pull of the trial failed for a reason that says nothing about the key.
    pub(super) fn undecided(&mut self) {
        if matches!(self.state, State::Trial { .. }) {
            self.state = State::Open;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_key_that_never_worked_rests_five_minutes() {
        let mut key = Key::default();
        key.refused(s(0));
        assert!(!key.may_connect() && !key.may_pull());
        assert!(!key.try_again(s(299), false));
        assert!(key.try_again(s(300), false));
        assert!(key.may_connect() && !key.may_pull());
    }

    #[test]
    fn a_key_that_worked_is_tried_after_one_two_and_then_every_five_minutes() {
        let mut key = Key::default();
        key.worked();
        let mut now = s(0);
        for minutes in [1, 2, 5, 5] {
            key.refused(now);
            assert_eq!(key.retry(), Some(now + s(minutes * 60)));
            now += s(minutes * 60);
            assert!(key.try_again(now, false));
        }
    }

    #[test]
    fn another_network_is_asked_at_once() {
        let mut key = Key::default();
        key.refused(s(0));
        key.hurry(s(100));
        assert!(key.try_again(s(100), false));
        key.refused(s(101));
        key.hurry(s(102));
        assert!(!key.try_again(s(110), false));
        assert!(key.try_again(s(111), false));
    }

    #[test]
    fn insisting_helps_every_ten_seconds() {
        let mut key = Key::default();
        key.refused(s(0));
        assert!(!key.try_again(s(9), true));
        assert!(key.try_again(s(10), true));
        key.link_did_not_refuse();
        assert!(key.may_pull() && key.is_refused());
        key.worked();
        assert!(!key.is_refused());
    }
}
