use std::time::Duration;

use campana_contract::{ElementKind, Timestamp};
use campana_sync::inbox::UnreadableOrder;
use campana_sync::report::Report;
use campana_sync::status::{Cause, StatusKind};
use campana_sync::verdict::{Severity, Verdict};

use super::support::{BEGIN, Beginning, Shop, ringing};
use crate::controller::{Command, Input};
use crate::desktop::Alarm;
use crate::icon::Mark;
use crate::view::SoundView;

const HASH: &str = "5d41402abc4b2a76";

/// The engine stores an order that it cannot read.
async fn unreadable_order(shop: &Shop, again: bool) {
    shop.engine().unreadable.push(UnreadableOrder {
        hash: HASH.into(),
        received_at: Timestamp(BEGIN),
        seen_at: None,
        text: Some(r#"{"total":120}"#.into()),
    });
    shop.input(Input::Report(Report::Unreadable {
        kind: ElementKind::Order,
        hash: HASH.into(),
        reason: "it has no identifier".into(),
        again,
    }))
    .await;
}

#[tokio::test(start_paused = true)]
async fn an_order_that_cannot_be_read_rings_until_somebody_has_seen_it() {
    for again in [false, true] {
        let shop = Beginning::complete().start().await;
        shop.status(StatusKind::InSync, None).await;
        unreadable_order(&shop, again).await;
        let view = shop.view().await;
        assert_eq!((view.unseen, view.verdict), (1, Verdict::Unreadable));
        let order = &view.orders[0];
        assert_eq!(order.unreadable.as_deref(), Some(r#"{"total":120}"#));
        assert_eq!(
            shop.screen().alarm,
            Some(Alarm::Orders { louder: false }),
            "again: {again}"
        );
        assert_eq!(shop.screen().standing().len(), 1);
        let (id, version) = (order.id.clone(), order.version);
        shop.mark_seen(&id, version).await.unwrap();
        let view = shop.view().await;
        assert_eq!((view.unseen, view.verdict), (0, Verdict::InSync));
        assert_eq!(shop.screen().alarm, None);
        assert!(shop.screen().standing().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn all_are_marked_seen_with_those_that_cannot_be_read() {
    let shop = Beginning::complete().start().await;
    shop.arrive(vec![ringing("a1")]).await;
    unreadable_order(&shop, false).await;
    assert_eq!(shop.view().await.unseen, 2);
    shop.command(Command::MarkAllSeen {
        orders: None,
        reply: None,
    })
    .await;
    assert_eq!(shop.view().await.unseen, 0);
}

#[tokio::test(start_paused = true)]
async fn a_customer_that_cannot_be_read_rings_for_nobody() {
    let shop = Beginning::complete().start().await;
    shop.input(Input::Report(Report::Unreadable {
        kind: ElementKind::Customer,
        hash: HASH.into(),
        reason: "it has no identifier".into(),
        again: false,
    }))
    .await;
    assert_eq!(shop.screen().alarm, None);
    assert!(shop.screen().notices.is_empty());
}

#[tokio::test(start_paused = true)]
async fn tray_and_windows_show_the_worst_that_is_true() {
    let shop = Beginning::complete().start().await;
    shop.status(StatusKind::InSync, None).await;
    let view = shop.view().await;
    assert_eq!(
        (view.verdict, view.severity),
        (Verdict::InSync, Severity::Fine)
    );
    shop.command(Command::Pause(None)).await;
    assert_eq!(shop.view().await.verdict, Verdict::Paused);
    shop.input(Input::Sound(SoundView::NoDevice)).await;
    let view = shop.view().await;
    assert_eq!(
        (view.verdict, view.severity),
        (Verdict::Unheard, Severity::Trouble)
    );
    assert_eq!(shop.screen().tray.as_ref().unwrap().icon.mark, Mark::Struck);
    shop.status(StatusKind::Offline, Some(Cause::ServerUnreachable))
        .await;
    assert_eq!(shop.view().await.verdict, Verdict::Offline);
}

#[tokio::test(start_paused = true)]
async fn a_shop_that_is_set_up_never_looks_otherwise_while_it_starts() {
    let mut beginning = Beginning::complete();
    beginning.keyring_takes = Duration::from_secs(20);
    let shop = beginning.start().await;
    // The engine was given nothing yet.
    shop.status(StatusKind::NotConfigured, None).await;
    assert_eq!(shop.view().await.verdict, Verdict::Connecting);
    shop.pass(Duration::from_secs(20)).await;
    assert!(shop.configured().is_some());
    shop.status(StatusKind::InSync, None).await;
    assert_eq!(shop.view().await.verdict, Verdict::InSync);
}
