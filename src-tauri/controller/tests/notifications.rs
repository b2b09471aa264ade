use std::time::Duration;

use campana_sync::catalogue::{Argument, Catalogue, Language};
use campana_sync::inbox::InboxOrder;
use campana_sync::status::{Cause, StatusKind};

use super::support::{Beginning, ringing};
use crate::controller::Input;
use crate::desktop::{NoticeOrder, Window};

fn spanish(key: &str) -> String {
    // The controller speaks the language of the system; the tests compare in the same one.
    Catalogue::new(Language::choose(None)).text(key)
}

fn orders(ids: std::ops::Range<usize>) -> Vec<InboxOrder> {
    ids.map(|id| ringing(&format!("order-{id:04}"))).collect()
}

#[tokio::test(start_paused = true)]
async fn each_order_makes_one_notification_with_its_gist() {
    let shop = Beginning::complete().start().await;
    shop.arrive(vec![ringing("abcd-1234")]).await;
    let notices = shop.screen().notices.clone();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].title.contains("1234"), "{notices:?}");
    assert!(notices[0].body.contains("Lucía"), "{notices:?}");
    assert!(notices[0].body.contains("$414.50"), "{notices:?}");
    let about = NoticeOrder {
        id: "abcd-1234".into(),
        version: 1,
    };
    assert_eq!(notices[0].order, Some(about));
}

#[tokio::test(start_paused = true)]
async fn burst_makes_one_summary() {
    let shop = Beginning::complete().start().await;
    shop.arrive(orders(0..250)).await;
    let notices = shop.screen().notices.clone();
    let catalogue = Catalogue::new(Language::choose(None));
    let count = [("number", Argument::Number(250))];
    assert_eq!(notices.len(), 1);
    assert_eq!(
        notices[0].title,
        catalogue.text_with("notification-several", &count)
    );
}

#[tokio::test(start_paused = true)]
async fn three_at_once_are_no_burst_and_later_ones_start_anew() {
    let shop = Beginning::complete().start().await;
    shop.arrive(orders(0..3)).await;
    assert_eq!(shop.screen().notices.len(), 3);
    shop.pass(Duration::from_secs(2)).await;
    shop.arrive(orders(3..5)).await;
    assert_eq!(shop.screen().notices.len(), 5);
    assert!(
        shop.screen()
            .notices
            .iter()
            .all(|notice| notice.order.is_some())
    );
}

#[tokio::test(start_paused = true)]
async fn a_tap_shows_the_order_and_visto_marks_it() {
    let shop = Beginning::complete()
        .with_orders(vec![ringing("a1"), ringing("a2")])
        .start()
        .await;
    shop.input(Input::Notification {
        order: Some("a2".into()),
        seen: None,
    })
    .await;
    assert_eq!(shop.screen().opened, [Window::Main]);
    assert_eq!(shop.screen().shown_orders, ["a2"]);
    assert_eq!(shop.view().await.unseen, 2);
    shop.input(Input::Notification {
        order: Some("a2".into()),
        seen: Some(1),
    })
    .await;
    assert_eq!(shop.view().await.unseen, 1);
    assert_eq!(shop.screen().opened.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn trouble_is_told_once_after_a_minute() {
    let shop = Beginning::complete().start().await;
    shop.status(StatusKind::Offline, Some(Cause::ServerUnreachable))
        .await;
    shop.pass(Duration::from_secs(50)).await;
    // Trying again is not the end of the trouble.
    shop.status(StatusKind::Connecting, None).await;
    shop.status(StatusKind::Offline, Some(Cause::ServerUnreachable))
        .await;
    assert!(shop.screen().notices.is_empty());
    shop.pass(Duration::from_secs(10)).await;
    let notices = shop.screen().notices.clone();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].title, spanish("status-offline"));
    assert_eq!(notices[0].body, spanish("cause-server-unreachable"));
    shop.pass(Duration::from_secs(3600)).await;
    assert_eq!(shop.screen().notices.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn trouble_that_goes_by_is_not_told() {
    let shop = Beginning::complete().start().await;
    shop.status(StatusKind::Offline, None).await;
    shop.pass(Duration::from_secs(40)).await;
    shop.status(StatusKind::InSync, None).await;
    shop.pass(Duration::from_secs(40)).await;
    shop.status(StatusKind::Offline, None).await;
    shop.pass(Duration::from_secs(50)).await;
    assert!(shop.screen().notices.is_empty());
}
