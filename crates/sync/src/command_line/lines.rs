//! One report, one line: JSON for programs, a sentence for people.

use campana_contract::{ElementKind, Timestamp};
use campana_sync::catalogue::{Argument, Catalogue};
use campana_sync::inbox::{AlertKind, Change};
use campana_sync::report::Report;
use campana_sync::status::Status;
use campana_sync::verdict::{Surroundings, Verdict};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::inbox::local_time;

/// Returns the JSON object for a report, or `None` for what only the windows need. A status has its verdict with it.
pub(super) fn json_for(report: &Report, around: Surroundings) -> Option<Value> {
    Some(match report {
        Report::Status(status) => json!({
            "event": "status",
            "verdict": Verdict::of(status, around),
            "status": status.kind,
            "cause": status.cause,
            "since": moment(status.since),
            "another_receiver": status.another_receiver,
            "detail": status.detail,
        }),
        Report::Order { id, change } => json!({
            "event": "order", "id": id, "change": change_name(*change),
        }),
        Report::Alert {
            order_id,
            kind,
            again,
        } => json!({
            "event": "alert", "order_id": order_id, "kind": alert_name(*kind), "again": again,
        }),
        Report::Confirmed { orders, customers } => json!({
            "event": "confirmed", "orders": orders, "customers": customers,
        }),
        Report::Unreadable {
            kind,
            hash,
            reason,
            again,
        } => json!({
            "event": "set_aside", "kind": element_name(*kind), "what": hash, "reason": reason,
            "again": again,
        }),
        Report::ConfirmationRefused { kind, id, reason } => json!({
            "event": "set_aside", "kind": element_name(*kind), "what": id, "reason": reason,
        }),
        Report::Hint { name } => json!({ "event": "hint", "name": name }),
        Report::Damaged(damage) => json!({
            "event": "damaged", "kept_at": damage.kept_at, "saved": damage.saved,
            "missing_since": damage.missing_since.and_then(moment),
        }),
        Report::Unstored(_) | Report::Round { .. } => return None,
    })
}

/// Returns the sentence for a report, or `None` for what people need not read.
pub(super) fn sentence_for(
    report: &Report,
    around: Surroundings,
    catalogue: &Catalogue,
) -> Option<String> {
    let about = |key: &str, id: &str| catalogue.text_with(key, &[("id", Argument::Text(id))]);
    Some(match report {
        Report::Status(status) => status_sentence(status, around, catalogue),
        Report::Alert {
            order_id,
            kind,
            again,
        } => match (again, kind) {
            (true, _) => about("cli-still-rings", order_id),
            (false, AlertKind::NewOrder) => about("cli-rings-new", order_id),
            (false, AlertKind::Changed) => about("cli-rings-changed", order_id),
            (false, AlertKind::Cancelled) => about("cli-rings-cancelled", order_id),
        },
        Report::Confirmed { orders, .. } if !orders.is_empty() => catalogue.text_with(
            "cli-confirmed",
            &[(
                "number",
                Argument::Number(i64::try_from(orders.len()).unwrap_or(i64::MAX)),
            )],
        ),
        Report::Unreadable {
            hash, again: true, ..
        } => about("cli-still-rings", hash),
        Report::Unreadable { hash: what, .. } | Report::ConfirmationRefused { id: what, .. } => {
            about("cli-set-aside", what)
        }
        Report::Damaged(damage) => {
            let path = damage.kept_at.display().to_string();
            let path = ("path", Argument::Text(&path));
            match damage.missing_since.map(local_time) {
                None => catalogue.text_with("cli-inbox-was-damaged", &[path]),
                Some(since) => catalogue.text_with(
                    "cli-inbox-was-damaged-since",
                    &[path, ("since", Argument::Text(&since))],
                ),
            }
        }
        Report::Confirmed { .. }
        | Report::Order { .. }
        | Report::Hint { .. }
        | Report::Unstored(_)
        | Report::Round { .. } => return None,
    })
}

/// Returns the verdict in words, with the status's cause where the verdict is the status's own.
pub(super) fn status_sentence(
    status: &Status,
    around: Surroundings,
    catalogue: &Catalogue,
) -> String {
    let key = |prefix: &str, code: Value| {
        format!(
            "{prefix}-{}",
            code.as_str().unwrap_or_default().replace('_', "-")
        )
    };
    let verdict = Verdict::of(status, around);
    let text = catalogue.text(&key("verdict", json!(verdict)));
    let is_of_status = verdict == Verdict::from(status.kind);
    match status.cause.filter(|_| is_of_status) {
        Some(cause) => format!("{text}: {}", catalogue.text(&key("cause", json!(cause)))),
        None => text,
    }
}

/// RFC 3339 in UTC.
pub(super) fn moment(at: Timestamp) -> Option<String> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000)
        .ok()?
        .format(&Rfc3339)
        .ok()
}

fn change_name(change: Change) -> &'static str {
    match change {
        Change::New => "new",
        Change::Updated => "updated",
        Change::Unchanged => "unchanged",
        Change::Older => "older",
    }
}

pub(super) fn alert_name(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::NewOrder => "new_order",
        AlertKind::Changed => "changed",
        AlertKind::Cancelled => "cancelled",
    }
}

pub(super) fn element_name(kind: ElementKind) -> &'static str {
    match kind {
        ElementKind::Order => "order",
        ElementKind::Customer => "customer",
    }
}

#[cfg(test)]
mod tests {
    use campana_sync::catalogue::Language;
    use campana_sync::status::{Cause, StatusKind};

    use super::*;

    fn status(kind: StatusKind, cause: Option<Cause>) -> Report {
        Report::Status(state(kind, cause))
    }

    fn state(kind: StatusKind, cause: Option<Cause>) -> Status {
        Status {
            cause,
            ..Status::new(kind, Timestamp(1_795_510_800_000))
        }
    }

    #[test]
    fn a_status_names_its_cause_and_since_when() {
        let offline = status(StatusKind::Offline, Some(Cause::NoNetwork));
        let line = json_for(&offline, Surroundings::default());
        let expected = json!({
            "event": "status", "verdict": "offline", "status": "offline", "cause": "no_network",
            "since": "2026-11-24T09:00:00Z", "another_receiver": false, "detail": null,
        });
        assert_eq!(line, Some(expected));
    }

    #[test]
    fn what_still_rings_says_so() {
        let alert = Report::Alert {
            order_id: "a".into(),
            kind: AlertKind::NewOrder,
            again: true,
        };
        let expected =
            json!({"event": "alert", "order_id": "a", "kind": "new_order", "again": true});
        assert_eq!(json_for(&alert, Surroundings::default()), Some(expected));
        let unreadable = Report::Unreadable {
            kind: ElementKind::Order,
            hash: "5e1f".into(),
            reason: "no readable id".into(),
            again: true,
        };
        let expected = json!({
            "event": "set_aside", "kind": "order", "what": "5e1f", "reason": "no readable id",
            "again": true,
        });
        assert_eq!(
            json_for(&unreadable, Surroundings::default()),
            Some(expected)
        );
        let catalogue = Catalogue::new(Language::En);
        assert_eq!(
            sentence_for(&unreadable, Surroundings::default(), &catalogue).as_deref(),
            Some("Still not seen: 5e1f")
        );
    }

    #[test]
    fn the_verdict_is_said_and_the_cause_only_where_it_explains_it() {
        let late = status(StatusKind::PollingOnly, Some(Cause::NoHints));
        let catalogue = Catalogue::new(Language::En);
        let said = |around| sentence_for(&late, around, &catalogue).unwrap_or_default();
        let cause = catalogue.text("cause-no-hints");
        assert_eq!(
            said(Surroundings::default()),
            format!("Delayed: once a minute: {cause}")
        );
        let around = Surroundings {
            unreadable: true,
            ..Surroundings::default()
        };
        assert_eq!(said(around), "An order cannot be read");
        let line = json_for(&late, around).unwrap_or_default();
        assert_eq!(line["verdict"], "unreadable");
        assert_eq!(line["status"], "polling_only");
        assert_eq!(line["cause"], "no_hints");
    }

    #[test]
    fn damage_names_what_to_check_in_both_languages() {
        let damaged = |missing_since| {
            Report::Damaged(campana_sync::inbox::Damage {
                kept_at: "/d/inbox.damaged.sqlite3".into(),
                saved: 3,
                missing_since,
            })
        };
        let since = damaged(Some(Timestamp(1_795_510_800_000)));
        let expected = json!({
            "event": "damaged", "kept_at": "/d/inbox.damaged.sqlite3", "saved": 3,
            "missing_since": "2026-11-24T09:00:00Z",
        });
        assert_eq!(json_for(&since, Surroundings::default()), Some(expected));
        for (language, today) in [(Language::Es, "de hoy"), (Language::En, "today's")] {
            let catalogue = Catalogue::new(language);
            let told = |report| {
                sentence_for(&report, Surroundings::default(), &catalogue).unwrap_or_default()
            };
            let since = told(since.clone());
            assert!(since.contains("/d/inbox.damaged.sqlite3"), "{since}");
            assert!(since.contains("2026-11-24"), "{since}");
            let whole = told(damaged(None));
            assert!(whole.contains(today), "{whole}");
        }
    }

    #[test]
    fn every_verdict_and_cause_has_words_in_both_languages() {
        let kinds = [
            StatusKind::NotConfigured,
            StatusKind::Connecting,
            StatusKind::InSync,
            StatusKind::Syncing,
            StatusKind::PollingOnly,
            StatusKind::Limited,
            StatusKind::Offline,
            StatusKind::KeyMissing,
            StatusKind::KeyRefused,
            StatusKind::StorageFailed,
        ];
        let causes = [
            Cause::NoNetwork,
            Cause::ServerUnreachable,
            Cause::CertificateRefused,
            Cause::CertificateAuthorityUnusable,
            Cause::ServerError,
            Cause::AnswerNotUnderstood,
            Cause::Redirected,
            Cause::AnswerTooLarge,
            Cause::NamespaceMissing,
            Cause::LinkDown,
            Cause::NoHints,
            Cause::ConfirmationOff,
            Cause::PageStuck,
            Cause::DiskFull,
            Cause::InboxUnwritable,
            Cause::KeyringUnavailable,
            Cause::AddressPlainHttp,
        ];
        for language in [Language::Es, Language::En] {
            let catalogue = Catalogue::new(language);
            let is_in_words = |status: &Status, around| {
                let text = status_sentence(status, around, &catalogue);
                assert!(
                    !text.contains("verdict-") && !text.contains("cause-"),
                    "{text}"
                );
            };
            for kind in kinds {
                for cause in causes {
                    is_in_words(&state(kind, Some(cause)), Surroundings::default());
                }
            }
            let fine = state(StatusKind::InSync, None);
            let unreadable = Surroundings {
                unreadable: true,
                ..Surroundings::default()
            };
            is_in_words(&fine, unreadable);
            let taken = Status {
                another_receiver: true,
                ..fine.clone()
            };
            is_in_words(&taken, Surroundings::default());
            let refused = Status {
                confirmations_refused: 1,
                ..fine
            };
            is_in_words(&refused, Surroundings::default());
        }
    }
}
