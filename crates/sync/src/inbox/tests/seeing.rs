//! What rings, and what a person's *Visto* does to it.

use super::*;

#[test]
fn seeing_the_present_version_silences_it() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    assert!(see(&mut inbox, "a", 1));
    assert_eq!(only(&inbox).attention, Attention::Seen);
    assert_eq!(only(&inbox).seen_at, Some(Timestamp(NOON + 1)));
    assert_eq!(inbox.orders(Timestamp(NOON + 2)).unwrap(), []);
    assert!(!see(&mut inbox, "unknown", 1));
    sound(&inbox);
}

#[test]
fn seeing_an_earlier_version_leaves_the_newer_one_ringing() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    store(&mut inbox, &[with(told("a", 1), "/total", json!(130))]);
    assert!(see(&mut inbox, "a", 1));
    assert_eq!(only(&inbox).attention, ringing(AlertKind::NewOrder));
    sound(&inbox);
    assert!(see(&mut inbox, "a", 2));
    assert_eq!(only(&inbox).attention, Attention::Seen);
    sound(&inbox);
}

#[test]
fn seeing_a_version_that_differs_in_nothing_that_matters_is_enough() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    store(
        &mut inbox,
        &[with(told("a", 1), "/orderStatus", json!("READY"))],
    );
    assert!(see(&mut inbox, "a", 1));
    assert_eq!(only(&inbox).attention, Attention::Seen);
    sound(&inbox);
}

#[test]
fn a_change_of_an_unseen_order_rings_again_as_new() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    let progress = with(told("a", 1), "/orderStatus", json!("IN_PROGRESS"));
    let stored = store(&mut inbox, &[progress]);
    assert_eq!(change_and_alert(&stored), (Change::Updated, None));
    let stored = store(&mut inbox, &[with(told("a", 2), "/total", json!(130))]);
    let new = (Change::Updated, Some(AlertKind::NewOrder));
    assert_eq!(change_and_alert(&stored), new);
    let cancelled = with(told("a", 3), "/orderStatus", json!("CANCELLED"));
    let stored = store(&mut inbox, &[cancelled]);
    let cancelled = (Change::Updated, Some(AlertKind::Cancelled));
    assert_eq!(change_and_alert(&stored), cancelled);
    let back = with(told("a", 4), "/total", json!(130));
    assert_eq!(change_and_alert(&store(&mut inbox, &[back])), new);
    sound(&inbox);
}

#[test]
fn what_changed_is_added_up_until_somebody_sees_it() {
    use crate::inbox::Facet;
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    see(&mut inbox, "a", 1);
    let dearer = with(told("a", 1), "/total", json!(130));
    store(&mut inbox, std::slice::from_ref(&dearer));
    let noted = with(dearer, "/notes", json!("Tocar"));
    let noted = with(noted, "/updatedAt", json!("2026-11-24T18:02:00Z"));
    store(&mut inbox, &[noted]);
    assert_eq!(only(&inbox).changes, [Facet::Total, Facet::Notes]);
    see(&mut inbox, "a", 3);
    assert_eq!(only(&inbox).changes, []);
}

#[test]
fn an_unseen_order_that_was_delivered_goes_on_ringing() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    store(
        &mut inbox,
        &[with(told("a", 1), "/orderStatus", json!("DELIVERED"))],
    );
    assert_eq!(only(&inbox).attention, ringing(AlertKind::NewOrder));
}

#[test]
fn marking_several_marks_the_versions_that_were_shown_and_no_others() {
    use crate::inbox::OrderVersion;
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0), told("b", 0), told("c", 0)]);
    store(&mut inbox, &[with(told("b", 1), "/total", json!(130))]);
    let shown = ["a", "b", "unknown"].map(|id| OrderVersion {
        source: SHOP.into(),
        id: id.into(),
        version: 1,
    });
    assert_eq!(inbox.mark_these_seen(&shown, Timestamp(NOON)).unwrap(), 2);
    let unseen: Vec<_> = inbox
        .orders(Timestamp(NOON + 1))
        .unwrap()
        .iter()
        .map(|order| order.id.key().to_owned())
        .collect();
    assert_eq!(unseen.len(), 2, "b changed, c was not shown: {unseen:?}");
    assert!(!unseen.contains(&"a".to_owned()));
    sound(&inbox);
}

#[test]
fn marking_all_counts_what_was_unseen() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0), told("b", 0), told("c", 0)]);
    see(&mut inbox, "b", 1);
    assert_eq!(inbox.mark_all_seen(Timestamp(NOON)).unwrap(), 2);
    assert_eq!(inbox.mark_all_seen(Timestamp(NOON)).unwrap(), 0);
    sound(&inbox);
}

#[test]
fn the_newest_order_comes_first() {
    let (_folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0), told("b", 0)]);
    inbox.store(SHOP, &page(&[told("c", 0)]), at(1)).unwrap();
    let ids: Vec<_> = inbox
        .orders(LONG_AGO)
        .unwrap()
        .iter()
        .map(|order| order.id.key().to_owned())
        .collect();
    assert_eq!(ids, ["c", "b", "a"]);
}

#[test]
fn what_was_seen_by_mistake_rings_again_as_a_version_of_its_own() {
    let (folder, mut inbox) = inbox();
    store(&mut inbox, &[told("a", 0)]);
    assert!(see(&mut inbox, "a", 1));
    assert!(inbox.mark_unseen(SHOP, "a").unwrap());
    let order = only(&inbox);
    assert_eq!(order.attention, ringing(AlertKind::NewOrder));
    assert_eq!(order.version, 2);
    sound(&inbox);
    see(&mut inbox, "a", 1);
    assert_eq!(
        only(&inbox).attention,
        ringing(AlertKind::NewOrder),
        "who looks at the earlier version marks nothing"
    );
    drop(inbox);
    let mut inbox = Inbox::open(folder.path()).unwrap();
    assert_eq!(inbox.damage(), None, "nothing was set back");
    assert_eq!(only(&inbox).attention, ringing(AlertKind::NewOrder));
    store(&mut inbox, &[told("a", 0)]);
    assert_eq!(only(&inbox).version, 2, "the same order again is no news");
    assert!(see(&mut inbox, "a", 2));
    assert_eq!(only(&inbox).attention, Attention::Seen);
    assert!(!inbox.mark_unseen(SHOP, "x").unwrap());
}
