//! What came of one check.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};

use super::check::{Check, Code, Fault, Meaning, Outcome};

/// The longest detail that is passed on, in characters.
const LONGEST: usize = 200;

/// What came of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check.
    pub check: Check,
    /// How it ended.
    pub outcome: Outcome,
    /// What came.
    pub code: Code,
    /// A figure or name, or technical words; without the key.
    pub detail: Option<String>,
    /// How long it took.
    pub took: Duration,
    /// The check whose failure made this one pointless.
    pub because: Option<Check>,
}

impl Finding {
    pub(super) fn new(check: Check, code: Code, detail: Option<String>, took: Duration) -> Self {
        Self {
            check,
            outcome: match check.meaning(code) {
                Meaning::Fine => Outcome::Ok,
                Meaning::Look => Outcome::Warning,
                Meaning::Bad(_) => Outcome::Failed,
                Meaning::Untried => Outcome::Skipped,
            },
            code,
            detail,
            took,
            because: None,
        }
    }

    pub(super) fn skipped(check: Check, because: Check) -> Self {
        Self {
            because: Some(because),
            ..Self::new(check, Code::Skipped, None, Duration::ZERO)
        }
    }

    /// What it is that does not work; `None` unless the check failed.
    pub fn fault(&self) -> Option<Fault> {
        match self.check.meaning(self.code) {
            Meaning::Bad(fault) => Some(fault),
            Meaning::Fine | Meaning::Look | Meaning::Untried => None,
        }
    }
}

/// Words from outside, fit to be shown: without the key, in one line, not long.
pub(super) fn harmless(text: &str, key: Option<&SecretString>) -> String {
    let key = key.map_or("", |key| key.expose_secret().trim());
    let text = if key.is_empty() {
        text.to_owned()
    } else {
        text.replace(key, "…")
    };
    text.chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(LONGEST)
        .collect()
}
