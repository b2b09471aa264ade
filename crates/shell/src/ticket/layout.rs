//! What stands on a ticket, line by line: pure.

use campana_sync::catalogue::{Argument, Catalogue};

use crate::view::{ItemView, OrderTypeView, OrderView, PartView};

/// Letters in a line of a roll of 80 mm.
pub const WIDTH: usize = 48;

/// A line of a ticket, no longer than the paper is wide.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it says.
    pub text: String,
    /// How it looks.
    pub style: Style,
}

/// How a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// As the printer writes.
    Plain,
    /// Strong.
    Bold,
    /// Twice as high and wide, in the middle: half as many letters fit.
    Large,
}

impl Style {
    fn width(self) -> usize {
        match self {
            Self::Plain | Self::Bold => WIDTH,
            Self::Large => WIDTH / 2,
        }
    }
}

/// How a ticket is worded.
pub struct Wording<'a> {
    /// Its language.
    pub catalogue: &'a Catalogue,
    /// ISO 4217.
    pub currency: &'a str,
    /// A moment as the clock on the wall shows it, with its day.
    pub moment: &'a dyn Fn(i64) -> String,
}

/// The ticket of this order; a duplicate is marked as one.
pub fn lines(order: &OrderView, is_duplicate: bool, wording: &Wording<'_>) -> Vec<Line> {
    let mut ticket = Ticket {
        lines: Vec::new(),
        wording,
    };
    if is_duplicate {
        ticket.put(Style::Large, &wording.text("paper-duplicate"));
    }
    ticket.head(order);
    ticket.customer(order);
    ticket.items(order);
    ticket.end(order);
    ticket.lines
}

impl Wording<'_> {
    fn text(&self, key: &str) -> String {
        self.catalogue.text(key)
    }

    fn with(&self, key: &str, name: &str, value: &str) -> String {
        self.catalogue
            .text_with(key, &[(name, Argument::Text(value))])
    }

    /// Hundredths: `$1,234.50`, or with the letters of a currency that no till writes as `$`.
    fn amount(&self, hundredths: i64) -> String {
        let whole = (hundredths.unsigned_abs() / 100).to_string();
        let mut grouped = String::new();
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let minus = if hundredths < 0 { "-" } else { "" };
        let cents = hundredths.unsigned_abs() % 100;
        match self.currency {
            "MXN" | "USD" | "COP" | "CLP" | "ARS" => format!("{minus}${grouped}.{cents:02}"),
            other => format!("{minus}{grouped}.{cents:02} {other}"),
        }
    }
}

struct Ticket<'a> {
    lines: Vec<Line>,
    wording: &'a Wording<'a>,
}

impl Ticket<'_> {
    fn put(&mut self, style: Style, text: &str) {
        for text in wrapped(text, style.width(), "") {
            self.lines.push(Line { text, style });
        }
    }

    fn indented(&mut self, text: &str) {
        for text in wrapped(&format!("  {text}"), WIDTH, "    ") {
            self.lines.push(Line {
                text,
                style: Style::Plain,
            });
        }
    }

    /// Text on the left, an amount on the right of its first line.
    fn row(&mut self, style: Style, text: &str, amount: Option<i64>) {
        let amount = amount.map(|amount| self.wording.amount(amount));
        let room = amount.as_ref().map_or(0, |amount| letters(amount) + 1);
        let rows = wrapped(text, WIDTH.saturating_sub(room), "  ");
        for (index, mut text) in rows.into_iter().enumerate() {
            if let Some(amount) = amount.as_ref().filter(|_| index == 0) {
                let gap = WIDTH.saturating_sub(letters(&text) + letters(amount));
                text.extend(std::iter::repeat_n(' ', gap));
                text.push_str(amount);
            }
            self.lines.push(Line { text, style });
        }
    }

    fn rule(&mut self) {
        self.lines.push(Line {
            text: "-".repeat(WIDTH),
            style: Style::Plain,
        });
    }

    fn head(&mut self, order: &OrderView) {
        let number = self.wording.with("paper-order", "number", &order.number);
        self.put(Style::Large, &number);
        let kind = match (order.order_type, &order.table) {
            (OrderTypeView::DineIn, Some(table)) => self.wording.with("type-table", "table", table),
            (OrderTypeView::DineIn, None) => self.wording.text("type-dine-in"),
            (OrderTypeView::TakeAway, _) => self.wording.text("type-take-away"),
            (OrderTypeView::Delivery, _) => self.wording.text("type-delivery"),
            (OrderTypeView::Unknown, _) => String::new(),
        };
        self.put(Style::Large, &kind);
        if order.cancelled {
            let cancelled = self.wording.text("tag-cancelled").to_uppercase();
            self.put(Style::Large, &cancelled);
        }
        let made = (self.wording.moment)(order.created_at);
        let line = match order.due_at {
            Some(due) => {
                let due = (self.wording.moment)(due);
                let key = match (order.scheduled, order.order_type) {
                    (true, _) => "due-scheduled",
                    (false, OrderTypeView::Delivery) => "due-delivery",
                    (false, OrderTypeView::TakeAway) => "due-take-away",
                    (false, OrderTypeView::DineIn | OrderTypeView::Unknown) => "due-ready",
                };
                let arguments = [
                    ("made", Argument::Text(&made)),
                    ("due", Argument::Text(&due)),
                ];
                self.wording.catalogue.text_with(key, &arguments)
            }
            None => made,
        };
        let style = if order.scheduled {
            Style::Bold
        } else {
            Style::Plain
        };
        self.put(style, &line);
    }

    fn customer(&mut self, order: &OrderView) {
        let address = order.address.as_ref();
        if order.customer.is_none() && order.phone.is_none() && address.is_none() {
            return;
        }
        self.rule();
        if let Some(customer) = &order.customer {
            self.put(Style::Bold, customer);
        }
        if let Some(phone) = &order.phone {
            self.put(Style::Plain, phone);
        }
        if let Some(address) = address {
            self.put(Style::Plain, &address.street);
            for part in [&address.area, &address.instructions].into_iter().flatten() {
                self.put(Style::Plain, part);
            }
        }
    }

    fn items(&mut self, order: &OrderView) {
        self.rule();
        if order.items.is_empty() {
            let none = self.wording.text("no-items");
            self.put(Style::Bold, &none);
        }
        for item in &order.items {
            self.item(item);
        }
        if let Some(notes) = &order.notes {
            self.rule();
            let heading = self.wording.text("customer-note");
            self.put(Style::Bold, &format!("{heading}: {notes}"));
        }
    }

    fn item(&mut self, item: &ItemView) {
        let unnamed = || self.wording.text("item-unnamed");
        let name = item.name.clone().unwrap_or_else(unnamed);
        self.row(
            Style::Bold,
            &format!("{} x {name}", item.quantity),
            item.price,
        );
        for part in &item.parts {
            self.part(part);
        }
        for modifier in &item.modifiers {
            self.indented(&format!("+ {modifier}"));
        }
        if let Some(notes) = &item.notes {
            self.indented(&format!("* {notes}"));
        }
    }

    fn part(&mut self, part: &PartView) {
        if part.half {
            let flavors = part.flavors.join(", ");
            let half = if flavors.is_empty() {
                self.wording.text("half-unnamed")
            } else {
                self.wording.with("half-flavor", "flavors", &flavors)
            };
            self.indented(&half);
        } else if !part.flavors.is_empty() {
            self.indented(&part.flavors.join(", "));
        }
        for (key, names) in [
            ("part-added", &part.added),
            ("part-left-out", &part.left_out),
        ] {
            if !names.is_empty() {
                let text = self.wording.with(key, "names", &names.join(", "));
                self.indented(&format!("  {text}"));
            }
        }
    }

    fn end(&mut self, order: &OrderView) {
        self.rule();
        if let Some(other) = order.other_charges {
            let key = match (other < 0, order.order_type) {
                (true, _) => "charges-discount",
                (false, OrderTypeView::Delivery) => "charges-delivery",
                (
                    false,
                    OrderTypeView::DineIn | OrderTypeView::TakeAway | OrderTypeView::Unknown,
                ) => "charges-other",
            };
            let text = self.wording.text(key);
            self.row(Style::Plain, &text, Some(other));
        }
        if let Some(total) = order.total {
            let text = format!(
                "{} {}",
                self.wording.text("total"),
                self.wording.amount(total)
            );
            self.put(Style::Large, &text);
        }
        if let Some(payment) = &order.payment {
            let method = self.wording.text(&format!("method-{}", payment.method));
            let key = if payment.paid {
                "payment-paid"
            } else {
                "payment-due"
            };
            let text = self.wording.with(key, "method", &method);
            self.put(Style::Bold, &text);
        }
    }
}

fn letters(text: &str) -> usize {
    text.chars().count()
}

/// The text in lines of at most `width` letters, broken between words where that is possible; those after
/// the first begin with `indent`. What is no letter, a control of the printer above all, becomes a blank.
fn wrapped(text: &str, width: usize, indent: &str) -> Vec<String> {
    let lead: String = text.chars().take_while(|letter| *letter == ' ').collect();
    let mut rows = Vec::new();
    let mut row = lead;
    let mut is_blank = true;
    let words = text
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty());
    for word in words {
        let mut rest: Vec<char> = word.chars().collect();
        loop {
            let gap = usize::from(!is_blank);
            let room = width.saturating_sub(letters(&row) + gap);
            let fits = rest.len() <= room;
            if fits || (is_blank && room > 0) {
                if gap == 1 {
                    row.push(' ');
                }
                row.extend(rest.drain(..rest.len().min(room)));
                is_blank = false;
                if rest.is_empty() {
                    break;
                }
            }
            rows.push(std::mem::replace(&mut row, indent.to_owned()));
            is_blank = true;
        }
    }
    if !is_blank {
        rows.push(row);
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::{WIDTH, letters, wrapped};

    #[test]
    fn text_breaks_between_words_and_never_runs_over_the_edge() {
        assert_eq!(wrapped("uno dos tres", 8, "  "), ["uno dos", "  tres"]);
        assert_eq!(wrapped("  sin piña", 20, ""), ["  sin piña"]);
        assert_eq!(wrapped("abcdefghij", 4, " "), ["abcd", " efg", " hij"]);
        assert_eq!(
            wrapped(" \u{1b}@ \n", 10, ""),
            ["@"].map(|t| format!(" {t}"))
        );
        assert!(wrapped("", 10, "").is_empty());
        let long = "palabra ".repeat(50) + &"x".repeat(500);
        for row in wrapped(&long, WIDTH, "   ") {
            assert!(letters(&row) <= WIDTH, "{row}");
        }
    }
}
