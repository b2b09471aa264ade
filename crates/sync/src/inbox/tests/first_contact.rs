//! The first pages of a shop.

use super::*;

fn made(id: &str, hours_before: i64) -> Value {
    let made = NOON - hours_before * HOUR;
    let time = time::OffsetDateTime::from_unix_timestamp(made / 1000).unwrap();
    let text = time
        .format(&time::format_description::well_known::Rfc3339)
        .unwrap();
    with(told(id, 0), "/createdAt", json!(text))
}

fn fresh() -> (TempDir, Inbox) {
    let folder = tempfile::tempdir().unwrap();
    let inbox = Inbox::open(folder.path()).unwrap();
    (folder, inbox)
}

fn alerts(stored: &Stored) -> Vec<Option<AlertKind>> {
    stored.orders.iter().map(|order| order.alert).collect()
}

#[test]
fn old_and_finished_orders_enter_quietly_and_fresh_ones_ring() {
    let (_folder, mut inbox) = fresh();
    let orders = [
        made("old", 13),
        made("young", 11),
        with(made("done", 1), "/orderStatus", json!("DELIVERED")),
        with(made("gone", 1), "/orderStatus", json!("CANCELLED")),
        with(made("undated", 1), "/createdAt", Value::Null),
    ];
    let stored = store(&mut inbox, &orders);
    let rings = Some(AlertKind::NewOrder);
    assert_eq!(alerts(&stored), [None, rings, None, None, rings]);
    let quiet = inbox
        .orders(LONG_AGO)
        .unwrap()
        .iter()
        .filter(|order| order.attention == Attention::FromBefore)
        .count();
    assert_eq!(quiet, 3);
    sound(&inbox);
}

#[test]
fn age_goes_by_the_servers_clock() {
    let (_folder, mut inbox) = fresh();
    let arrival = Arrival {
        received_at: Timestamp(NOON + 100 * HOUR),
        server_time: Some(Timestamp(NOON)),
    };
    let stored = inbox.store(SHOP, &page(&[made("a", 1)]), arrival).unwrap();
    assert_eq!(alerts(&stored), [Some(AlertKind::NewOrder)]);
}

#[test]
fn it_ends_with_a_page_that_is_not_full() {
    let (_folder, mut inbox) = fresh();
    let mut full = page(&[made("a", 20)]);
    full.order_elements = campana_contract::PAGE_LIMIT;
    assert_eq!(alerts(&inbox.store(SHOP, &full, at(0)).unwrap()), [None]);
    assert_eq!(alerts(&store(&mut inbox, &[made("b", 20)])), [None]);
    let late = store(
        &mut inbox,
        &[
            made("c", 20),
            with(made("d", 20), "/orderStatus", json!("CANCELLED")),
        ],
    );
    let rings = [Some(AlertKind::NewOrder), Some(AlertKind::Cancelled)];
    assert_eq!(alerts(&late), rings);
}

#[test]
fn it_ends_after_an_hour_of_full_pages() {
    let (_folder, mut inbox) = fresh();
    let full = |id: &str| {
        let mut full = page(&[made(id, 20)]);
        full.order_elements = campana_contract::PAGE_LIMIT;
        full
    };
    inbox.store(SHOP, &full("a"), at(0)).unwrap();
    let stored = inbox.store(SHOP, &full("b"), at(HOUR - 1)).unwrap();
    assert_eq!(alerts(&stored), [None]);
    let stored = inbox.store(SHOP, &full("c"), at(HOUR)).unwrap();
    assert_eq!(alerts(&stored), [Some(AlertKind::NewOrder)]);
}

#[test]
fn each_shop_has_its_own() {
    let (_folder, mut inbox) = inbox();
    let stored = inbox
        .store("https://otra.example", &page(&[made("a", 20)]), at(0))
        .unwrap();
    assert_eq!(alerts(&stored), [None]);
}

#[test]
fn an_order_from_before_rings_when_it_changes() {
    let (_folder, mut inbox) = fresh();
    store(&mut inbox, &[made("a", 20)]);
    let changed = with(made("a", 20), "/total", json!(999));
    let stored = store(&mut inbox, &[changed]);
    assert_eq!(alerts(&stored), [Some(AlertKind::Changed)]);
    sound(&inbox);
}

#[test]
fn marking_the_quiet_group_seen_leaves_what_rings() {
    let (_folder, mut inbox) = fresh();
    store(&mut inbox, &[made("old", 13), made("young", 1)]);
    assert_eq!(inbox.mark_from_before_seen(Timestamp(NOON)).unwrap(), 1);
    let ringing: Vec<_> = inbox
        .orders(LONG_AGO)
        .unwrap()
        .into_iter()
        .filter(|order| order.attention != Attention::Seen)
        .map(|order| order.id.key().to_owned())
        .collect();
    assert_eq!(ringing, ["young"]);
    sound(&inbox);
}
