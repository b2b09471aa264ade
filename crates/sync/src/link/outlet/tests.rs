#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use campana_contract::PendingOrders;
use tokio::sync::mpsc;

use super::*;
use crate::link::Closed;

fn pending(count: usize) -> LinkEvent {
    LinkEvent::Pending(PendingOrders {
        count,
        ..PendingOrders::default()
    })
}

fn other() -> LinkEvent {
    LinkEvent::Other {
        name: "menu".to_owned(),
        bytes: 0,
    }
}

#[tokio::test]
async fn with_room_everything_passes_in_order() {
    let (events, mut received) = mpsc::channel(8);
    let mut outlet = Outlet::new(events);
    for event in [LinkEvent::Joined, other(), LinkEvent::Changes] {
        outlet.push(event);
    }
    assert!(!outlet.owes());
    assert_eq!(received.recv().await, Some(LinkEvent::Joined));
    assert_eq!(received.recv().await, Some(other()));
    assert_eq!(received.recv().await, Some(LinkEvent::Changes));
}

#[tokio::test]
async fn a_full_channel_costs_neither_a_hint_nor_the_end() {
    let (events, mut received) = mpsc::channel(1);
    let mut outlet = Outlet::new(events);
    outlet.push(LinkEvent::Joined);
    for round in 0..1_000 {
        outlet.push(other());
        outlet.push(LinkEvent::Changes);
        outlet.push(pending(round));
    }
    outlet.push(LinkEvent::Closed(Closed::Kicked));
    assert_eq!(outlet.owed.len(), 3, "a handful is owed, not thousands");

    let mut heard = vec![received.recv().await.unwrap()];
    while outlet.owes() {
        outlet.deliver().await.unwrap();
        heard.push(received.recv().await.unwrap());
    }
    assert_eq!(
        heard,
        [
            LinkEvent::Joined,
            LinkEvent::Changes,
            pending(999),
            LinkEvent::Closed(Closed::Kicked)
        ]
    );
}

#[tokio::test]
async fn giving_up_a_delivery_loses_nothing() {
    let (events, mut received) = mpsc::channel(1);
    let mut outlet = Outlet::new(events);
    outlet.push(LinkEvent::Joined);
    outlet.push(LinkEvent::Changes);
    tokio::select! {
        biased;
        _ = outlet.deliver() => panic!("there is no room"),
        () = std::future::ready(()) => {}
    }
    assert_eq!(received.recv().await, Some(LinkEvent::Joined));
    assert_eq!(outlet.deliver().await, Ok(()));
    assert_eq!(received.recv().await, Some(LinkEvent::Changes));
}

#[tokio::test]
async fn it_notices_that_nobody_listens() {
    let (events, received) = mpsc::channel(1);
    let mut outlet = Outlet::new(events);
    drop(received);
    assert_eq!(outlet.deliver().await, Err(Abandoned));
    outlet.push(LinkEvent::Joined);
    assert_eq!(outlet.deliver().await, Err(Abandoned));
}
