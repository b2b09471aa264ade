//! What notifications say.

use campana_sync::catalogue::{Argument, Catalogue};
use campana_sync::inbox::AlertKind;
use campana_sync::settings::NotificationContent;
use campana_sync::status::StatusKind;

use super::alerts::Group;
use crate::desktop::Words;
use crate::tray::verdict_key;
use crate::view::{AttentionView, OrderTypeView, OrderView, StatusView};

/// Lines of an order that a notification holds.
const MOST_ITEMS: usize = 3;

/// The words of a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    /// One line.
    pub title: String,
    /// A few lines.
    pub body: String,
}

/// An order began to ring. A discreet one names nobody: the screen of a counter faces people.
pub(super) fn alert(
    kind: AlertKind,
    order: &OrderView,
    content: NotificationContent,
    catalogue: &Catalogue,
) -> Said {
    if order.unreadable.is_some() {
        return plain(
            catalogue,
            "notification-unreadable",
            "notification-unreadable-body",
        );
    }
    let (key, reason) = match kind {
        AlertKind::NewOrder => ("notification-new-order", None),
        AlertKind::Changed => ("notification-changed", Some(changes(order, catalogue))),
        AlertKind::Cancelled => (
            "notification-cancelled",
            Some(catalogue.text("notification-do-not-prepare")),
        ),
    };
    let number = Argument::Text(&order.number);
    let mut lines = Vec::from_iter(reason);
    lines.extend(match content {
        NotificationContent::Full => full(order, catalogue),
        NotificationContent::Discreet => vec![gist(None, order, catalogue)],
    });
    lines.retain(|line| !line.is_empty());
    Said {
        title: catalogue.text_with(key, &[("number", number)]),
        body: lines.join("\n"),
    }
}

fn full(order: &OrderView, catalogue: &Catalogue) -> Vec<String> {
    let mut lines = vec![gist(order.customer.as_deref(), order, catalogue)];
    lines.extend(order.address.as_ref().map(|address| address.street.clone()));
    let items = order.items.iter().filter_map(|item| {
        let name = item.name.as_deref()?;
        Some(format!("{} × {name}", item.quantity))
    });
    lines.extend(items.take(MOST_ITEMS));
    if order.items.len() > MOST_ITEMS {
        lines.push("…".into());
    }
    lines
}

/// Whose it is where that may be said, its type, its total.
fn gist(customer: Option<&str>, order: &OrderView, catalogue: &Catalogue) -> String {
    let order_type = match order.order_type {
        OrderTypeView::DineIn => Some("notification-dine-in"),
        OrderTypeView::TakeAway => Some("notification-take-away"),
        OrderTypeView::Delivery => Some("notification-delivery"),
        OrderTypeView::Unknown => None,
    };
    let words = [
        customer.map(str::to_owned),
        order_type.map(|key| catalogue.text(key)),
        order.total.map(money),
    ];
    words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// What changed, in words; never what it changed to.
fn changes(order: &OrderView, catalogue: &Catalogue) -> String {
    let facets: Vec<String> = order
        .changes
        .iter()
        .map(|facet| catalogue.text(&format!("change-{}", facet.replace('_', "-"))))
        .collect();
    if facets.is_empty() {
        return catalogue.text("notification-read-again");
    }
    let changes = facets.join(", ");
    catalogue.text_with(
        "notification-changes",
        &[("changes", Argument::Text(&changes))],
    )
}

/// The inbox was damaged.
pub(super) fn damaged(catalogue: &Catalogue) -> Said {
    plain(catalogue, "damage-title", "damage-notice")
}

/// An order rings whose content cannot be read.
pub(super) fn unreadable(catalogue: &Catalogue) -> Said {
    let title = "notification-some-order";
    plain(catalogue, title, "notification-open-to-see")
}

/// Several orders at once: how many, and nothing about anybody.
pub(super) fn group(group: Group, orders: &[&OrderView], catalogue: &Catalogue) -> Said {
    let of = |attention| {
        let alike = orders.iter().filter(|order| order.attention == attention);
        alike.count()
    };
    let kinds = [
        (of(AttentionView::New), "notification-count-new"),
        (of(AttentionView::Changed), "notification-count-changed"),
        (of(AttentionView::Cancelled), "notification-count-cancelled"),
    ];
    let are_new = kinds[0].0 == orders.len();
    let title = match group {
        Group::Burst if are_new => "notification-several",
        Group::Burst => "notification-several-kinds",
        Group::StillRinging => "notification-still-ringing",
        Group::Missed => "notification-missed",
    };
    let body = if are_new {
        catalogue.text("notification-open-to-see")
    } else {
        let counts = kinds.into_iter().filter(|(count, _)| *count > 0);
        let counts = counts.map(|(count, key)| numbered(catalogue, key, count));
        counts.collect::<Vec<_>>().join(" · ")
    };
    Said {
        title: numbered(catalogue, title, orders.len()),
        body,
    }
}

/// Trouble lasts.
pub(super) fn trouble(status: &StatusView, catalogue: &Catalogue) -> Said {
    let body = status.cause.as_deref().map_or_else(
        || catalogue.text("notification-trouble-body"),
        |cause| catalogue.text(&format!("cause-{}", cause.replace('_', "-"))),
    );
    Said {
        title: catalogue.text(&verdict_key(status.kind.into())),
        body,
    }
}

/// What was told of is over: how things stand now.
pub(super) fn trouble_over(
    over: &[StatusKind],
    status: &StatusView,
    catalogue: &Catalogue,
) -> Said {
    let is_about_storage = over.iter().all(|code| *code == StatusKind::StorageFailed);
    let title = if is_about_storage {
        "notification-stored-again"
    } else {
        "notification-trouble-over"
    };
    Said {
        title: catalogue.text(title),
        body: catalogue.text(&verdict_key(status.kind.into())),
    }
}

/// The open-ended pause goes on, and so many orders came meanwhile.
pub(super) fn still_paused(missed: u32, catalogue: &Catalogue) -> Said {
    let missed = usize::try_from(missed).unwrap_or(usize::MAX);
    Said {
        title: catalogue.text("notification-still-paused"),
        body: numbered(catalogue, "notification-still-paused-body", missed),
    }
}

/// *Probar la alarma*.
pub(super) fn test_alarm(catalogue: &Catalogue) -> Said {
    plain(catalogue, "notification-test", "notification-test-body")
}

/// A notification without figures, by its keys.
pub(super) fn plain(catalogue: &Catalogue, title: &str, body: &str) -> Said {
    Said {
        title: catalogue.text(title),
        body: catalogue.text(body),
    }
}

fn numbered(catalogue: &Catalogue, key: &str, count: usize) -> String {
    let number = Argument::Number(i64::try_from(count).unwrap_or(i64::MAX));
    catalogue.text_with(key, &[("number", number)])
}

/// What the desktop itself has to say.
pub(super) fn of_desktop(catalogue: &Catalogue) -> Words {
    Words {
        main_title: catalogue.text("window-main-title"),
        settings_title: catalogue.text("window-settings-title"),
        open: catalogue.text("notification-open"),
        seen: catalogue.text("notification-seen"),
        quiet: catalogue.text("notification-quiet"),
    }
}

/// Hundredths as pesos: `$1,234.50`.
fn money(hundredths: i64) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let whole = (hundredths.unsigned_abs() / 100).to_string();
    let mut grouped = String::new();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}${grouped}.{:02}", hundredths.unsigned_abs() % 100)
}

#[cfg(test)]
mod tests {
    use super::money;

    #[test]
    fn money_is_grouped_and_has_two_places() {
        assert_eq!(money(41_450), "$414.50");
        assert_eq!(money(123_456_705), "$1,234,567.05");
        assert_eq!(money(-5), "-$0.05");
        assert_eq!(money(100_000), "$1,000.00");
    }
}
