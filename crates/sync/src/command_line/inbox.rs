//! `inbox list`, `inbox set-aside`, `inbox seen`, `inbox check`: what is stored, read beside a running Campana.

use std::io;
use std::path::PathBuf;

use campana_contract::{Amount, ElementKind, OrderType, Timestamp};
use campana_sync::catalogue::{Argument, Catalogue};
use campana_sync::clock::{Clock, SystemClock};
use campana_sync::inbox::{Aside, AsideReason, Attention, Inbox, InboxOrder};
use campana_sync::places::Places;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::arguments::{Inbox as InboxArguments, InboxCommand, Seen};
use super::failure::Failure;
use super::lines::{alert_name, element_name, moment};
use super::output::Output;

/// Carries out a command on the inbox.
pub(super) fn run(arguments: InboxArguments, output: &Output) -> Result<(), Failure> {
    let mut inbox = beside(arguments.data_dir)?;
    match arguments.command {
        InboxCommand::List(form) => list(&inbox, form.json, output),
        InboxCommand::SetAside(form) => set_aside(&inbox, form.json, output),
        InboxCommand::Seen(which) => seen(&mut inbox, which, output),
        InboxCommand::Check => check(&inbox, output),
    }
}

/// The inbox of that folder, beside a Campana that may be running.
pub(super) fn beside(named: Option<PathBuf>) -> Result<Inbox, Failure> {
    let folder = data_folder(named)?;
    if !folder.join("inbox.sqlite3").exists() {
        return Err(Failure::NoInbox(folder));
    }
    Ok(Inbox::open_beside(&folder)?)
}

/// The folder that was named, else the usual one.
pub(super) fn data_folder(named: Option<PathBuf>) -> Result<PathBuf, Failure> {
    match named {
        Some(folder) => Ok(folder),
        None => Places::of_this_user()
            .map(|places| places.data)
            .map_err(|error| Failure::Storage(error.to_string())),
    }
}

fn list(inbox: &Inbox, as_json: bool, output: &Output) -> Result<(), Failure> {
    let orders = inbox.orders(Timestamp(i64::MIN))?;
    if orders.is_empty() && !as_json {
        output.say("cli-inbox-empty", &[])?;
    }
    for order in &orders {
        let line = if as_json {
            json_for(order).to_string()
        } else {
            line_for(order, output.catalogue())
        };
        output.line(&line)?;
    }
    Ok(())
}

fn set_aside(inbox: &Inbox, as_json: bool, output: &Output) -> Result<(), Failure> {
    let asides = inbox.set_aside()?;
    if asides.is_empty() && !as_json {
        output.say("cli-nothing-set-aside", &[])?;
    }
    for aside in &asides {
        let line = if as_json {
            aside_json(aside).to_string()
        } else {
            aside_line(aside, output.catalogue())
        };
        output.line(&line)?;
    }
    Ok(())
}

fn aside_json(aside: &Aside) -> Value {
    let (reason, what, detail) = match &aside.reason {
        AsideReason::Unreadable { hash, words, .. } => ("unreadable", hash, Some(words)),
        AsideReason::NotConfirmable { id } => ("not_confirmable", id, None),
    };
    let mut line = json!({
        "source": aside.source, "kind": element_name(aside.kind), "reason": reason, "what": what,
        "detail": detail, "at": moment(aside.at),
    });
    if let AsideReason::Unreadable { seen_at, .. } = &aside.reason
        && aside.kind == ElementKind::Order
    {
        line["seen_at"] = json!(seen_at.and_then(moment));
    }
    line
}

fn aside_line(aside: &Aside, catalogue: &Catalogue) -> String {
    let kind = element_name(aside.kind);
    let (reason, what) = match &aside.reason {
        AsideReason::Unreadable { hash, .. } => ("unreadable", hash),
        AsideReason::NotConfirmable { id } => ("not-confirmable", id),
    };
    let key = format!("cli-aside-{kind}-{reason}");
    let reason = catalogue.text_with(&key, &[("what", Argument::Text(what))]);
    format!("{}  {reason}", local_time(aside.at))
}

fn seen(inbox: &mut Inbox, which: Seen, output: &Output) -> Result<(), Failure> {
    let now = SystemClock::new().now().wall;
    let number = match which.id {
        None => {
            let unreadable = inbox.unreadable_orders(Timestamp(i64::MAX))?;
            let hashes: Vec<_> = unreadable.into_iter().map(|order| order.hash).collect();
            inbox.mark_all_seen(now)? + inbox.mark_unreadable_seen(&hashes, now)?
        }
        Some(id) => {
            let orders = inbox.orders(Timestamp(i64::MIN))?;
            let named: Vec<_> = orders.iter().filter(|o| o.id.key() == id).collect();
            if named.is_empty() {
                return Err(Failure::NoOrder(id));
            }
            for order in &named {
                inbox.mark_seen(&order.source, &id, order.version, now)?;
            }
            named.len()
        }
    };
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    output.say("cli-marked-seen", &[("number", Argument::Number(number))])?;
    Ok(())
}

fn check(inbox: &Inbox, output: &Output) -> Result<(), Failure> {
    let findings = inbox.check()?;
    for finding in &findings {
        output.line(finding)?;
    }
    if !findings.is_empty() {
        return Err(Failure::Unsound(findings.len()));
    }
    output.say("cli-inbox-sound", &[]).map_err(io::Error::into)
}

fn state(attention: Attention) -> &'static str {
    match attention {
        Attention::Ringing(_) => "ringing",
        Attention::FromBefore => "from_before",
        Attention::Seen => "seen",
    }
}

fn json_for(stored: &InboxOrder) -> Value {
    let order = stored.order.as_ref();
    json!({
        "id": stored.id.key(),
        "source": stored.source,
        "version": stored.version,
        "state": state(stored.attention),
        "kind": match stored.attention {
            Attention::Ringing(kind) => Some(alert_name(kind)),
            Attention::FromBefore | Attention::Seen => None,
        },
        "number": order.and_then(|o| o.shift_order_number),
        "total": order.and_then(|o| o.total).map(amount),
        "customer": order.and_then(customer),
        "created_at": order.and_then(|o| o.created_at).and_then(moment),
        "received_at": moment(stored.received_at),
        "seen_at": stored.seen_at.and_then(moment),
        "confirmed_at": stored.confirmed_at.and_then(moment),
    })
}

fn line_for(stored: &InboxOrder, catalogue: &Catalogue) -> String {
    let order = stored.order.as_ref();
    let id = stored.id.key();
    let number = order.and_then(|o| o.shift_order_number).map_or_else(
        || {
            id.chars()
                .rev()
                .take(4)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect()
        },
        |number| number.to_string(),
    );
    let kind = order
        .map_or(&OrderType::Other(String::new()), |o| &o.order_type)
        .clone();
    let kind = catalogue.text(match kind {
        OrderType::DineIn => "cli-type-dine-in",
        OrderType::TakeAway => "cli-type-take-away",
        OrderType::Delivery => "cli-type-delivery",
        OrderType::Other(_) => "cli-type-other",
    });
    let at = order
        .and_then(|o| o.created_at)
        .unwrap_or(stored.received_at);
    format!(
        "{number:>6}  {}  {kind:<12}  {:<24}  {:>10}  {:<12}  {id}",
        local_time(at),
        order.and_then(customer).unwrap_or_default(),
        order.and_then(|o| o.total).map(amount).unwrap_or_default(),
        catalogue.text(&format!(
            "cli-state-{}",
            state(stored.attention).replace('_', "-")
        )),
    )
}

fn customer(order: &campana_contract::Order) -> Option<String> {
    let recipient = order
        .delivery
        .as_ref()
        .and_then(|d| d.recipient_name.clone());
    let named = order.customer.as_ref().map(|customer| {
        let names = [&customer.first_name, &customer.last_name];
        names
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
            .join(" ")
    });
    named.filter(|name| !name.is_empty()).or(recipient)
}

fn amount(amount: Amount) -> String {
    let sign = if amount.0 < 0 { "-" } else { "" };
    let hundredths = amount.0.unsigned_abs();
    format!("{sign}{}.{:02}", hundredths / 100, hundredths % 100)
}

/// Day and time as the shop's clock shows them.
pub(super) fn local_time(at: Timestamp) -> String {
    let offset = time::UtcOffset::current_local_offset().unwrap_or(time::UtcOffset::UTC);
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(at.0) * 1_000_000)
        .ok()
        .and_then(|at| {
            let form = format_description!("[year]-[month]-[day] [hour]:[minute]");
            at.to_offset(offset).format(form).ok()
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_with_two_decimals() {
        assert_eq!(amount(Amount(41_450)), "414.50");
        assert_eq!(amount(Amount(-5)), "-0.05");
    }
}
