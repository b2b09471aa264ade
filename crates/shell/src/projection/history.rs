//! The history and the event log in the view's words.

use campana_contract::ElementKind;
use campana_sync::activity::Activity;
use campana_sync::inbox::{Aside, AsideReason, InboxOrder};

use super::order::of_inbox;
use crate::view::{ActivityPage, ActivityView, HistoryRow, OrderView, RefusedView, SetAsideView};

/// An order of the inbox, with everything in it.
pub fn order(stored: &InboxOrder, present: Option<&str>) -> OrderView {
    of_inbox(stored, present)
}

/// An order of the inbox as a line of the history.
pub fn history_row(stored: &InboxOrder, present: Option<&str>) -> HistoryRow {
    let view = order(stored, present);
    HistoryRow {
        id: view.id,
        number: view.number,
        customer: view.customer,
        order_type: view.order_type,
        cancelled: view.cancelled,
        total: view.total,
        created_at: view.created_at,
        attention: view.attention,
        confirmed: view.confirmed,
        emptied: view.emptied,
    }
}

/// What happened lately and what could not be taken; both come oldest first.
pub fn activity_page(activities: Vec<Activity>, asides: Vec<Aside>) -> ActivityPage {
    let figure = |value: Option<u64>| value.and_then(|value| i64::try_from(value).ok());
    let activities = activities.into_iter().rev().map(|activity| ActivityView {
        at: activity.at.0,
        kind: activity.kind.name().to_owned(),
        went_well: activity.went_well,
        detail: activity.detail,
        bytes: figure(activity.bytes),
        milliseconds: figure(activity.milliseconds),
        number: figure(activity.number),
    });
    let mut page = ActivityPage {
        activities: activities.collect(),
        ..ActivityPage::default()
    };
    for aside in asides.into_iter().rev() {
        let kind = match aside.kind {
            ElementKind::Order => "order",
            ElementKind::Customer => "customer",
        };
        let (at, kind) = (aside.at.0, kind.to_owned());
        match aside.reason {
            AsideReason::Unreadable {
                words, beginning, ..
            } => page.set_aside.push(SetAsideView {
                at,
                kind,
                reason: words,
                raw: beginning,
            }),
            AsideReason::NotConfirmable { id } => page.refused.push(RefusedView { at, kind, id }),
        }
    }
    page
}

/// JSON text in lines, each value as it was written: reading and writing it anew would round numbers.
pub fn indented(json: &str) -> String {
    let mut lines = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut letters = json.chars().peekable();
    let break_line = |lines: &mut String, depth: usize| {
        lines.push('\n');
        lines.extend(std::iter::repeat_n("  ", depth));
    };
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                lines.push('"');
                let mut escaped = false;
                for letter in letters.by_ref() {
                    lines.push(letter);
                    match letter {
                        '"' if !escaped => break,
                        _ => escaped = letter == '\\' && !escaped,
                    }
                }
            }
            '{' | '[' => {
                lines.push(letter);
                while letters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                match letters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(end) => lines.push(end),
                    None => {
                        depth += 1;
                        break_line(&mut lines, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut lines, depth);
                lines.push(letter);
            }
            ',' => {
                lines.push(',');
                break_line(&mut lines, depth);
            }
            ':' => lines.push_str(": "),
            letter if letter.is_ascii_whitespace() => {}
            letter => lines.push(letter),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::indented;

    #[test]
    fn json_is_put_in_lines_and_no_value_is_touched() {
        let text = r#"{"total":414.50,"big":12345678901234567890123, "empty":{},"none":[ ],"text":"a, \"b\": {c}\\","list":[1,{"x":null}]}"#;
        let lines = r#"{
  "total": 414.50,
  "big": 12345678901234567890123,
  "empty": {},
  "none": [],
  "text": "a, \"b\": {c}\\",
  "list": [
    1,
    {
      "x": null
    }
  ]
}"#;
        assert_eq!(indented(text), lines);
        assert_eq!(indented(lines), lines);
    }

    #[test]
    fn json_nested_without_end_stays_bounded() {
        let deep = "[".repeat(3_000);
        assert!(indented(&deep).len() < 100_000_000);
    }
}
