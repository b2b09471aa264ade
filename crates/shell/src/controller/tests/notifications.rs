use std::time::Duration;

use campana_contract::Order;
use campana_sync::catalogue::{Argument, Catalogue, Language};
use campana_sync::inbox::{AlertKind, Attention, Facet, InboxOrder};
use campana_sync::settings::NotificationContent;
use campana_sync::status::{Cause, StatusKind};

use super::support::{Beginning, ringing};
use crate::controller::{Command, Input};
use crate::desktop::{Answer, Window};

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
    assert_eq!(notices[0].answers, [Answer::Open, Answer::Seen]);
    assert!(notices[0].urgent);
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
    assert_eq!(shop.screen().standing().len(), 5, "each tells of its own");
}

#[tokio::test(start_paused = true)]
async fn a_tap_shows_the_order_and_visto_marks_it() {
    let shop = Beginning::complete().start().await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.arrive(vec![ringing("a2")]).await;
    shop.answer(Answer::Open).await;
    assert_eq!(shop.screen().opened, [Window::Main]);
    assert_eq!(shop.screen().shown_orders, ["a2"]);
    assert_eq!(shop.view().await.unseen, 2);
    shop.answer(Answer::Seen).await;
    assert_eq!(shop.view().await.unseen, 1);
    assert_eq!(shop.screen().opened.len(), 1);
    assert_eq!(shop.screen().standing().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn visto_on_a_group_marks_what_it_told_of_and_nothing_else() {
    let shop = Beginning::complete().start().await;
    shop.arrive(orders(0..7)).await;
    let group = shop.screen().notices[0].id;
    shop.arrive(orders(7..8)).await;
    shop.input(Input::Notification(group, Answer::Seen)).await;
    let view = shop.view().await;
    assert_eq!(view.unseen, 1);
    assert!(shop.screen().rings);
    assert_eq!(shop.screen().withdrawn, [group]);
}

#[tokio::test(start_paused = true)]
async fn a_group_stays_until_its_last_order_is_seen_wherever_that_is() {
    let shop = Beginning::complete().start().await;
    shop.arrive(orders(0..7)).await;
    let group = shop.screen().notices[0].id;
    for id in 0..7 {
        assert!(shop.screen().withdrawn.is_empty());
        shop.mark_seen(&format!("order-{id:04}"), 1).await.unwrap();
    }
    assert_eq!(shop.screen().withdrawn, [group]);
    assert!(!shop.screen().rings);
    // Somebody answers it all the same: the desktop was late.
    shop.input(Input::Notification(group, Answer::Seen)).await;
    shop.input(Input::Notification(group, Answer::Open)).await;
    assert_eq!(shop.screen().opened, [Window::Main]);
}

#[tokio::test(start_paused = true)]
async fn an_order_that_changes_again_is_told_anew_and_once() {
    let shop = Beginning::complete().start().await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.mark_seen("a1", 1).await.unwrap();
    assert!(!shop.screen().rings);
    let mut changed = ringing("a1");
    changed.version = 2;
    changed.attention = Attention::Ringing(AlertKind::Changed);
    changed.changes = vec![Facet::Items, Facet::Total];
    shop.arrive(vec![changed]).await;
    assert!(shop.screen().rings);
    let said = shop.screen().notices.last().unwrap().clone();
    assert!(said.body.contains(&spanish("change-items")), "{said:?}");
    assert!(said.body.contains(&spanish("change-total")), "{said:?}");
    let mut cancelled = ringing("a1");
    cancelled.version = 3;
    cancelled.attention = Attention::Ringing(AlertKind::Cancelled);
    shop.arrive(vec![cancelled]).await;
    let last = shop.screen().notices.last().unwrap().clone();
    assert_ne!(last.title, said.title);
    assert!(last.body.contains(&spanish("notification-do-not-prepare")));
    assert_eq!(shop.screen().standing(), [last]);
    shop.answer(Answer::Seen).await;
    assert!(!shop.screen().rings);
    assert_eq!(shop.screen().standing(), []);
}

/// An order that says everything about somebody.
fn planted(id: &str, kind: AlertKind) -> InboxOrder {
    let raw = format!(
        r#"{{"id":"{id}","orderType":"DELIVERY","total":414.5,"shiftOrderNumber":12,
            "customer":{{"firstName":"SECRETO","lastName":"SECRETO","phone":"SECRETO"}},
            "notes":"SECRETO","deliveryInfo":{{"recipientName":"SECRETO","recipientPhone":"SECRETO",
            "street":"SECRETO","number":"SECRETO","deliveryInstructions":"SECRETO"}},
            "orderItems":[{{"product":{{"name":"SECRETO"}},"notes":"SECRETO"}}]}}"#
    );
    let mut order = ringing(id);
    order.order = Some(Order::parse(&raw).unwrap());
    order.attention = Attention::Ringing(kind);
    order.changes = vec![Facet::Address, Facet::Notes];
    order
}

#[tokio::test(start_paused = true)]
async fn a_discreet_notification_names_nobody() {
    let kinds = [
        AlertKind::NewOrder,
        AlertKind::Changed,
        AlertKind::Cancelled,
    ];
    let mut beginning = Beginning::complete();
    beginning.settings.preferences.alerts.content = NotificationContent::Discreet;
    let shop = beginning.start().await;
    for (index, kind) in kinds.into_iter().enumerate() {
        shop.arrive(vec![planted(&format!("single-{index}"), kind)])
            .await;
    }
    let burst = (0..9).map(|id| planted(&format!("burst-{id}"), kinds[id % 3]));
    shop.arrive(burst.collect()).await;
    shop.command(Command::Pause(None)).await;
    shop.arrive(vec![planted("missed", AlertKind::NewOrder)])
        .await;
    shop.pass(Duration::from_secs(3700)).await;
    shop.command(Command::Resume).await;
    let notices = shop.screen().notices.clone();
    assert_eq!(notices.len(), 6, "{notices:?}");
    assert!(notices[0].title.contains("12") && notices[0].body.contains("$414.50"));
    for notice in notices {
        let told = format!("{notice:?}");
        assert!(!told.contains("SECRETO"), "{told}");
    }
    // The same order tells it where nobody asked for discretion.
    let shop = Beginning::complete().start().await;
    shop.arrive(vec![planted("single", AlertKind::NewOrder)])
        .await;
    assert!(shop.screen().notices[0].body.contains("SECRETO"));
}

#[tokio::test(start_paused = true)]
async fn trouble_is_told_once_after_its_time() {
    let shop = Beginning::complete().start().await;
    shop.status(StatusKind::Offline, Some(Cause::ServerUnreachable))
        .await;
    shop.pass(Duration::from_secs(30)).await;
    // Trying again is not the end of the trouble.
    shop.status(StatusKind::Connecting, None).await;
    shop.status(StatusKind::Offline, Some(Cause::ServerUnreachable))
        .await;
    assert!(shop.screen().notices.is_empty());
    shop.pass(Duration::from_secs(10)).await;
    let notices = shop.screen().notices.clone();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].title, spanish("verdict-offline"));
    assert_eq!(notices[0].body, spanish("cause-server-unreachable"));
    shop.pass(Duration::from_secs(3600)).await;
    assert_eq!(shop.screen().notices.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn trouble_that_goes_by_is_not_told() {
    let shop = Beginning::complete().start().await;
    shop.status(StatusKind::Offline, None).await;
    shop.pass(Duration::from_secs(30)).await;
    shop.status(StatusKind::InSync, None).await;
    shop.pass(Duration::from_secs(30)).await;
    shop.status(StatusKind::Offline, None).await;
    shop.pass(Duration::from_secs(35)).await;
    assert!(shop.screen().notices.is_empty());
}
