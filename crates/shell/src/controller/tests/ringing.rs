use std::time::Duration;

use campana_sync::inbox::{AlertKind, Attention};
use campana_sync::report::Report;

use super::support::{Beginning, ringing, wire_order};
use crate::controller::{Command, Input};
use crate::desktop::{Answer, Window};
use crate::view::AttentionView;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn rings_until_seen() {
    let shop = Beginning::complete().start().await;
    assert!(!shop.screen().rings);
    shop.arrive(vec![ringing("a1")]).await;
    assert!(shop.screen().rings);
    assert_eq!(
        shop.screen().tray.as_ref().unwrap().label.as_deref(),
        Some("1")
    );
    shop.pass(60 * MINUTE).await;
    assert!(shop.screen().rings);
    assert_eq!(shop.mark_seen("a1", 1).await, Ok(()));
    assert!(!shop.screen().rings);
    assert_eq!(shop.screen().tray.as_ref().unwrap().label, None);
    assert_eq!(shop.screen().standing(), []);
}

#[tokio::test(start_paused = true)]
async fn a_newer_version_goes_on_ringing() {
    let shop = Beginning::complete().start().await;
    let mut changed = ringing("a1");
    changed.version = 2;
    changed.attention = Attention::Ringing(AlertKind::Changed);
    shop.arrive(vec![changed]).await;
    // The window still showed the first version when somebody pressed *Visto*.
    assert_eq!(shop.mark_seen("a1", 1).await, Ok(()));
    assert!(shop.screen().rings);
}

#[tokio::test(start_paused = true)]
async fn unseen_from_an_earlier_run_ring_again() {
    let orders = vec![ringing("a1"), ringing("a2")];
    let shop = Beginning::complete().with_orders(orders).start().await;
    assert!(shop.screen().rings);
    assert_eq!(shop.view().await.unseen, 2);
    for id in ["a1", "a2"] {
        let order_id = id.to_owned();
        let alert = Report::Alert {
            order_id,
            kind: AlertKind::NewOrder,
            again: true,
        };
        assert!(shop.inputs.send(Input::Report(alert)).is_ok());
    }
    shop.settle().await;
    assert_eq!(shop.screen().notices.len(), 1);
    // *Visto* on it marks both.
    shop.answer(Answer::Seen).await;
    assert!(!shop.screen().rings);
    assert_eq!(shop.screen().standing(), []);
}

#[tokio::test(start_paused = true)]
async fn rings_although_the_inbox_cannot_be_read() {
    let shop = Beginning::complete().start().await;
    shop.engine().cannot_read = true;
    shop.arrive(vec![ringing("a1")]).await;
    assert!(shop.screen().rings);
    shop.pass(Duration::from_secs(3)).await;
    assert_eq!(shop.screen().notices.len(), 1, "told without its content");
    shop.engine().cannot_read = false;
    shop.pass(Duration::from_secs(10)).await;
    assert_eq!(shop.view().await.unseen, 1);
}

#[tokio::test(start_paused = true)]
async fn the_quiet_group_of_the_first_contact_chimes_once() {
    let shop = Beginning::complete().start().await;
    for id in ["v1", "v2"] {
        let mut old = ringing(id);
        old.attention = Attention::FromBefore;
        shop.engine().orders.push(old);
    }
    let change = campana_sync::inbox::Change::New;
    for id in ["v1", "v2"] {
        let id = id.to_owned();
        shop.input(Input::Report(Report::Order { id, change }))
            .await;
    }
    assert_eq!(shop.screen().chimes, 1);
    assert!(!shop.screen().rings);
    let view = shop.view().await;
    assert_eq!((view.unseen, view.from_before), (0, 2));
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_stored_rings_and_can_be_seen() {
    let shop = Beginning::complete().start().await;
    shop.input(Input::Report(Report::Unstored(vec![wire_order("a1")])))
        .await;
    assert!(shop.screen().rings);
    assert!(shop.view().await.orders[0].unstored);
    assert_eq!(shop.mark_seen("a1", 0).await, Ok(()));
    assert!(!shop.screen().rings);
    // Once it is stored, what somebody has seen does not ring again.
    shop.engine().orders.push(ringing("a1"));
    shop.input(Input::Report(Report::Unstored(Vec::new())))
        .await;
    assert!(!shop.screen().rings);
    assert_eq!(shop.view().await.orders[0].attention, AttentionView::Seen);
}

#[tokio::test(start_paused = true)]
async fn marking_the_quiet_group_seen_leaves_what_rings() {
    let mut from_before = ringing("a2");
    from_before.attention = Attention::FromBefore;
    let orders = vec![ringing("a1"), from_before];
    let shop = Beginning::complete().with_orders(orders).start().await;
    assert_eq!(shop.view().await.from_before, 1);
    shop.command(Command::MarkFromBeforeSeen(None)).await;
    assert!(shop.screen().rings);
    let view = shop.view().await;
    assert_eq!((view.unseen, view.from_before), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn the_demo_opens_its_window() {
    let mut beginning = Beginning::complete();
    beginning.demo = true;
    let shop = beginning.start().await;
    assert_eq!(shop.screen().opened, [Window::Main]);
}

#[tokio::test(start_paused = true)]
async fn second_instance_opens_window() {
    let shop = Beginning::complete().start().await;
    assert!(shop.screen().opened.is_empty());
    shop.input(Input::SecondInstance).await;
    assert_eq!(shop.screen().opened, [Window::Main]);
}

#[tokio::test(start_paused = true)]
async fn without_a_tray_the_window_opens() {
    let shop = Beginning::complete().start().await;
    shop.input(Input::TrayPresence(false)).await;
    assert_eq!(shop.screen().opened, [Window::Main]);
    assert!(!shop.view().await.tray);
    shop.input(Input::TrayPresence(true)).await;
    assert!(shop.view().await.tray);
}

#[tokio::test(start_paused = true)]
async fn a_damaged_inbox_is_told_and_stays_in_the_window() {
    let shop = Beginning::complete().start().await;
    let notices = shop.screen().notices.len();
    let damage = campana_sync::inbox::Damage {
        kept_at: "inbox.damaged.sqlite3".into(),
        saved: 3,
        missing_since: Some(campana_contract::Timestamp(5)),
    };
    shop.input(Input::Report(Report::Damaged(damage))).await;
    assert_eq!(shop.screen().notices.len(), notices + 1);
    let missing_since = shop.view().await.damage.and_then(|d| d.missing_since);
    assert_eq!(missing_since, Some(5));
}
