//! `activity`: the event log, read beside a running Campana.

use campana_sync::activity::Activity;
use campana_sync::catalogue::Catalogue;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::arguments::Activity as Arguments;
use super::failure::Failure;
use super::inbox::beside;
use super::lines::moment;
use super::output::Output;

/// Prints the newest activities, oldest first.
pub(super) fn run(arguments: Arguments, output: &Output) -> Result<(), Failure> {
    let inbox = beside(arguments.data_dir)?;
    let activities = inbox.activity(arguments.limit)?;
    if activities.is_empty() && !arguments.form.json {
        output.say("cli-activity-empty", &[])?;
    }
    for activity in &activities {
        let line = if arguments.form.json {
            json_for(activity).to_string()
        } else {
            line_for(activity, output.catalogue())
        };
        output.line(&line)?;
    }
    Ok(())
}

fn json_for(activity: &Activity) -> Value {
    json!({
        "event": "activity",
        "at": moment(activity.at),
        "kind": activity.kind,
        "outcome": if activity.went_well { "ok" } else { "failed" },
        "detail": activity.detail,
        "bytes": activity.bytes,
        "milliseconds": activity.milliseconds,
        "number": activity.number,
    })
}

fn line_for(activity: &Activity, catalogue: &Catalogue) -> String {
    let kind = catalogue.text(&format!(
        "activity-{}",
        activity.kind.name().replace('_', "-")
    ));
    let outcome = catalogue.text(if activity.went_well {
        "doctor-outcome-ok"
    } else {
        "doctor-outcome-failed"
    });
    let detail = activity.detail.as_deref().unwrap_or("");
    let figure = |value: Option<u64>, unit: &str| {
        value.map_or_else(String::new, |value| format!("{value}{unit}"))
    };
    format!(
        "{}  {outcome:<6}  {kind:<22}  {:>5}  {:>9}  {:>12}  {detail}",
        local_time(activity),
        figure(activity.number, ""),
        figure(activity.milliseconds, " ms"),
        figure(activity.bytes, " bytes"),
    )
    .trim_end()
    .to_owned()
}

fn local_time(activity: &Activity) -> String {
    let offset = time::UtcOffset::current_local_offset().unwrap_or(time::UtcOffset::UTC);
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(activity.at.0) * 1_000_000)
        .ok()
        .and_then(|at| {
            let form = format_description!(
                "[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:3]"
            );
            at.to_offset(offset).format(form).ok()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use campana_contract::Timestamp;
    use campana_sync::activity::ActivityKind;
    use campana_sync::catalogue::Language;

    use super::*;

    fn pull() -> Activity {
        Activity {
            at: Timestamp(1_795_543_200_000),
            kind: ActivityKind::Pull,
            went_well: true,
            detail: Some("guide".into()),
            bytes: Some(1_204),
            milliseconds: Some(43),
            number: Some(2),
        }
    }

    #[test]
    fn an_activity_is_an_object_for_programs() {
        let expected = json!({
            "event": "activity", "at": "2026-11-24T18:00:00Z", "kind": "pull", "outcome": "ok",
            "detail": "guide", "bytes": 1204, "milliseconds": 43, "number": 2,
        });
        assert_eq!(json_for(&pull()), expected);
    }

    #[test]
    fn every_kind_has_words_in_both_languages() {
        for language in [Language::Es, Language::En] {
            let catalogue = Catalogue::new(language);
            for kind in ActivityKind::ALL {
                let line = line_for(&Activity { kind, ..pull() }, &catalogue);
                assert!(!line.contains("activity-"), "{line}");
            }
        }
    }
}
