//! What notifications say.

use campana_sync::catalogue::{Argument, Catalogue};
use campana_sync::inbox::AlertKind;

use crate::desktop::{Notice, NoticeOrder, Words};
use crate::tray::status_key;
use crate::view::{OrderTypeView, OrderView, StatusView};

/// Lines of an order that a notification holds.
const MOST_ITEMS: usize = 3;

/// An order began to ring.
pub(super) fn alert(kind: AlertKind, order: &OrderView, catalogue: &Catalogue) -> Notice {
    let key = match kind {
        AlertKind::NewOrder => "notification-new-order",
        AlertKind::Changed => "notification-changed",
        AlertKind::Cancelled => "notification-cancelled",
    };
    let number = Argument::Text(&order.number);
    let order_type = match order.order_type {
        OrderTypeView::DineIn => Some("notification-dine-in"),
        OrderTypeView::TakeAway => Some("notification-take-away"),
        OrderTypeView::Delivery => Some("notification-delivery"),
        OrderTypeView::Unknown => None,
    };
    let first = [
        order.customer.clone(),
        order_type.map(|key| catalogue.text(key)),
        order.total.map(money),
    ];
    let mut lines = vec![first.into_iter().flatten().collect::<Vec<_>>().join(" · ")];
    let items = order.items.iter().filter_map(|item| {
        let name = item.name.as_deref()?;
        Some(format!("{} × {name}", item.quantity))
    });
    lines.extend(items.take(MOST_ITEMS));
    if order.items.len() > MOST_ITEMS {
        lines.push("…".into());
    }
    lines.retain(|line| !line.is_empty());
    Notice {
        title: catalogue.text_with(key, &[("number", number)]),
        body: lines.join("\n"),
        order: Some(NoticeOrder {
            id: order.id.clone(),
            version: order.version,
        }),
    }
}

/// The inbox was damaged.
pub(super) fn damaged(catalogue: &Catalogue) -> Notice {
    plain(catalogue, "damage-title", "damage-notice", &[])
}

/// An order rings whose content cannot be read.
pub(super) fn unreadable(catalogue: &Catalogue) -> Notice {
    plain(
        catalogue,
        "notification-some-order",
        "notification-open-to-see",
        &[],
    )
}

/// Several orders at once.
pub(super) fn summary(count: usize, catalogue: &Catalogue) -> Notice {
    let count = Argument::Number(i64::try_from(count).unwrap_or(i64::MAX));
    let arguments = [("number", count)];
    plain(
        catalogue,
        "notification-several",
        "notification-open-to-see",
        &arguments,
    )
}

/// Orders that ring since an earlier run.
pub(super) fn still_ringing(count: usize, catalogue: &Catalogue) -> Notice {
    let count = Argument::Number(i64::try_from(count).unwrap_or(i64::MAX));
    let arguments = [("number", count)];
    plain(
        catalogue,
        "notification-still-ringing",
        "notification-open-to-see",
        &arguments,
    )
}

/// Trouble lasts.
pub(super) fn trouble(status: &StatusView, catalogue: &Catalogue) -> Notice {
    let body = status.cause.as_deref().map_or_else(
        || catalogue.text("notification-trouble-body"),
        |cause| catalogue.text(&format!("cause-{}", cause.replace('_', "-"))),
    );
    Notice {
        title: catalogue.text(&status_key(status.kind)),
        body,
        order: None,
    }
}

/// *Probar la alarma*.
pub(super) fn test_alarm(catalogue: &Catalogue) -> Notice {
    plain(
        catalogue,
        "notification-test",
        "notification-test-body",
        &[],
    )
}

pub(super) fn plain(
    catalogue: &Catalogue,
    title: &str,
    body: &str,
    arguments: &[(&str, Argument<'_>)],
) -> Notice {
    Notice {
        title: catalogue.text_with(title, arguments),
        body: catalogue.text(body),
        order: None,
    }
}

/// What the desktop itself has to say.
pub(super) fn of_desktop(catalogue: &Catalogue) -> Words {
    Words {
        main_title: catalogue.text("window-main-title"),
        settings_title: catalogue.text("window-settings-title"),
        seen: catalogue.text("notification-seen"),
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
