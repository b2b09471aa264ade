//! The table of what was measured.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

/// One measure.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Row {
    /// What.
    pub measure: String,
    /// What it should be.
    pub target: String,
    /// Campana's figure.
    pub campana: Option<String>,
    /// The figure of the guide's client made equally safe.
    pub safe: Option<String>,
    /// The figure of the guide's client as it is printed.
    pub printed: Option<String>,
    /// One HTTP round trip and one fsync.
    pub floor: Option<String>,
    /// Whether the target holds.
    pub verdict: Verdict,
}

/// Whether a target holds, with the comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Verdict {
    /// It does.
    Holds(String),
    /// It does not.
    Fails(String),
    /// There is none.
    #[default]
    NoTarget,
    /// It was not tried.
    NotMeasured,
}

impl Verdict {
    /// By a comparison, which is told.
    pub fn of(holds: bool, told: String) -> Self {
        if holds {
            Self::Holds(told)
        } else {
            Self::Fails(told)
        }
    }

    fn text(&self) -> String {
        let joined = |word: &str, told: &str| match told {
            "" => word.to_owned(),
            told => format!("{word}: {told}"),
        };
        match self {
            Self::Holds(told) => joined("yes", told),
            Self::Fails(told) => joined("**no**", told),
            Self::NoTarget => "–".into(),
            Self::NotMeasured => "not measured".into(),
        }
    }
}

/// The rows in Markdown.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from(
        "| measure | target | Campana | Node, equally safe | Node, as printed | floor | holds |\n\
         | --- | --- | ---: | ---: | ---: | ---: | --- |\n",
    );
    for row in rows {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".into());
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} | {} |",
            row.measure,
            row.target,
            value(&row.campana),
            value(&row.safe),
            value(&row.printed),
            value(&row.floor),
            row.verdict.text(),
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_that_does_not_hold_is_seen() {
        let row = Row {
            measure: "m".into(),
            target: "≤ 1".into(),
            campana: Some("2".into()),
            safe: None,
            printed: None,
            floor: None,
            verdict: Verdict::of(2 <= 1, "2 × Node".into()),
        };
        let text = markdown(&[row]);
        assert!(
            text.contains("| m | ≤ 1 | 2 | – | – | – | **no**: 2 × Node |"),
            "{text}"
        );
    }
}
