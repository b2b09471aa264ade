//! `docs/reliability.md`.

use crate::case::Row;
use crate::{machine, table};

/// The whole document.
pub fn text(rows: &[Row]) -> String {
    format!(
        r"# Reliability under real faults

Each row is a fault on real sockets: the real engine with its real HTTP client, its real connection and a real inbox on disk, against `campana-backend` or the official Node server, through a proxy or a server that turns hostile while it runs. Orders are made before, during and after each fault. *Noticed* is how long the status stayed green after the fault began; *in sync again* is how long after its end the status was green again, with every order in the inbox; a dash means that the status could stay green. A heartbeat of 6 s stands for the server's usual 45 s, so that nobody waits for it. A status is written as `state/cause`, with the time after the fault's beginning at which it was first said.

Made with `cargo xtask reliability`, which fails when an order is lost or rings twice, when a fault is never noticed, when the status is green for longer than the heartbeat allows, or when it does not become green again. `cargo xtask test --all` runs the same faults and leaves this page alone: it would differ in its times only.

Made on {machine}; many faults at a time, so that times include a busy machine. What takes longest are the half-open peers: an attempt that begins while a peer accepts and swallows everything hangs until its own bound of 10 s.

{summary}
## The faults
{tables}",
        machine = machine::describe(),
        summary = table::summary(rows),
        tables = table::markdown(rows),
    )
}

/// The faults that such a document does not tell of.
pub fn missing<'a>(document: &str, rows: &'a [Row]) -> Vec<&'a str> {
    let told: Vec<&str> = document
        .lines()
        .filter_map(|line| line.strip_prefix("| "))
        .collect();
    let is_told = |row: &&Row| {
        let name = table::cell(&row.name);
        told.iter().any(|line| {
            line.strip_prefix(name.as_str())
                .is_some_and(|rest| rest.starts_with(" |") || rest.starts_with(" ("))
        })
    };
    rows.iter()
        .filter(|row| !is_told(row))
        .map(|row| row.name.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Group;

    fn row(name: &str) -> Row {
        Row {
            group: Group::Network,
            name: name.into(),
            done: "done so".into(),
            said: Vec::new(),
            noticed: None,
            recovered: None,
            orders: 0,
            lost: 0,
            doubled: 0,
            found: None,
            wrong: Vec::new(),
        }
    }

    #[test]
    fn a_document_tells_of_what_it_was_made_from_and_of_nothing_else() {
        let rows = [row("port closed"), row("a | b")];
        let document = text(&rows);
        assert!(missing(&document, &rows).is_empty());
        let more = [row("port closed"), row("port"), row("half-open")];
        assert_eq!(missing(&document, &more), ["port", "half-open"]);
    }
}
