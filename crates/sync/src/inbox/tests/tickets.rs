//! Tickets: what is on paper, and what may be.

use super::super::{TicketWay, Tickets};
use super::*;

const NOW: Timestamp = Timestamp(NOON + 5);

fn begin(inbox: &mut Inbox, way: TicketWay) -> Option<bool> {
    let begun = inbox.begin_ticket(SHOP, "a", way, NOW).unwrap();
    begun.map(|ticket| ticket.is_duplicate)
}

#[test]
fn a_ticket_is_printed_by_itself_once_and_never_again() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let ticket = inbox
        .begin_ticket(SHOP, "a", TicketWay::Automatic, NOW)
        .unwrap()
        .unwrap();
    let unsure = Tickets {
        printed: 0,
        unsure: true,
    };
    assert_eq!(
        only(&inbox).tickets,
        unsure,
        "begun, and it may have died there"
    );
    drop(inbox);
    let mut inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(begin(&mut inbox, TicketWay::Automatic), None);
    inbox.end_ticket(ticket, NOW).unwrap();
    let printed = Tickets {
        printed: 1,
        unsure: false,
    };
    assert_eq!(only(&inbox).tickets, printed);
    assert_eq!(begin(&mut inbox, TicketWay::Automatic), None);
    assert_eq!(begin(&mut inbox, TicketWay::Printer), Some(true));
}

#[test]
fn a_ticket_that_never_reached_the_printer_may_be_printed_by_itself() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let ticket = inbox
        .begin_ticket(SHOP, "a", TicketWay::Automatic, NOW)
        .unwrap()
        .unwrap();
    inbox.forget_ticket(ticket).unwrap();
    assert_eq!(only(&inbox).tickets, Tickets::default());
    assert_eq!(begin(&mut inbox, TicketWay::Automatic), Some(false));
}

#[test]
fn an_order_that_is_not_there_has_no_ticket() {
    let (_folder, mut inbox) = inbox();
    assert_eq!(begin(&mut inbox, TicketWay::Printer), None);
}

#[test]
fn tickets_are_saved_from_a_damaged_file() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    begin(&mut inbox, TicketWay::Automatic);
    inbox.back_up_if_due(Timestamp(NOON + HOUR)).unwrap();
    drop(inbox);
    std::fs::write(folder.path().join("inbox.sqlite3"), [b'x'; 8192]).unwrap();
    let mut inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(begin(&mut inbox, TicketWay::Automatic), None);
}
