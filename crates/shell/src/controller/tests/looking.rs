//! What the windows look up in the history.

use campana_contract::Order;
use tokio::sync::oneshot;

use super::support::{Beginning, SHOP, Shop, wire_order};
use crate::controller::{Command, Input, Look, Reply};
use crate::view::{AttentionView, CommandError, HistoryPage, HistoryQuery, LinkKind};

const OTHER_SHOP: &str = "https://otra.mx";

impl Shop {
    async fn look<T>(&self, look: impl FnOnce(Reply<T>) -> Look) -> Result<T, CommandError> {
        let (reply, answer) = oneshot::channel();
        self.command(Command::Look(look(Some(reply)))).await;
        answer.await.unwrap()
    }
    async fn search(&self, text: &str) -> HistoryPage {
        let query = HistoryQuery {
            text: text.into(),
            limit: 50,
            ..HistoryQuery::default()
        };
        self.look(|reply| Look::History(query, reply))
            .await
            .unwrap()
    }
}

async fn shop() -> Shop {
    let shop = Beginning::complete().start().await;
    shop.archive.store(SHOP, &[wire_order("a")], 5);
    shop.archive.store(OTHER_SHOP, &[wire_order("b|c")], 6);
    shop
}

#[tokio::test(start_paused = true)]
async fn the_history_spans_every_shop_and_each_order_opens() {
    let shop = shop().await;
    let page = shop.search("lucia").await;
    assert_eq!(page.total, 2);
    let ids: Vec<&str> = page.rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["https://otra.mx|b|c", "a"]);
    for row in &page.rows {
        let id = row.id.clone();
        let order = shop.look(|reply| Look::Order(id, reply)).await.unwrap();
        assert_eq!(order.id, row.id);
        assert_eq!(order.total, Some(41_450));
        assert!(!order.emptied && !row.emptied);
    }
    assert_eq!(shop.search("nadie").await, HistoryPage::default());
}

#[tokio::test(start_paused = true)]
async fn the_technician_gets_every_value_as_the_server_wrote_it() {
    let shop = shop().await;
    let raw = r#"{"id":"n","total":414.50,"shift":12345678901234567890123}"#;
    shop.archive.store(SHOP, &[Order::parse(raw).unwrap()], 7);
    let json = shop.look(|reply| Look::Json("n".into(), reply)).await;
    assert_eq!(
        json.unwrap(),
        "{\n  \"id\": \"n\",\n  \"total\": 414.50,\n  \"shift\": 12345678901234567890123\n}"
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_not_there_is_said_so() {
    let shop = shop().await;
    let order = shop.look(|reply| Look::Order("x".into(), reply)).await;
    assert_eq!(order.unwrap_err().code, "order-unknown");
    let unseen = shop.look(|reply| Look::Unseen("x|y".into(), reply)).await;
    assert_eq!(unseen.unwrap_err().code, "order-unknown");
}

#[tokio::test(start_paused = true)]
async fn an_order_that_was_seen_by_mistake_rings_again() {
    let shop = shop().await;
    shop.archive
        .inbox
        .lock()
        .unwrap()
        .mark_all_seen(campana_contract::Timestamp(9))
        .unwrap();
    let id = "https://otra.mx|b|c";
    let done = shop.look(|reply| Look::Unseen(id.into(), reply)).await;
    assert_eq!(done, Ok(()));
    let order = shop.look(|reply| Look::Order(id.into(), reply)).await;
    assert_eq!(order.unwrap().attention, AttentionView::New);
}

#[tokio::test(start_paused = true)]
async fn what_happened_comes_newest_first() {
    let shop = shop().await;
    let page = shop.look(|reply| Look::Activity(10, reply)).await.unwrap();
    let kinds: Vec<&str> = page
        .activities
        .iter()
        .map(|one| one.kind.as_str())
        .collect();
    assert_eq!(kinds, ["pull", "started"]);
}

#[tokio::test(start_paused = true)]
async fn old_orders_are_kept_for_as_long_as_the_owner_says() {
    let shop = shop().await;
    shop.input(Input::EngineRuns).await;
    let mut preferences = shop.view().await.preferences;
    preferences.system.retention_days = 7;
    shop.prefer(preferences).await.unwrap();
    assert_eq!(*shop.archive.retained.lock().unwrap(), [90, 7]);
}

#[tokio::test(start_paused = true)]
async fn a_window_names_the_order_and_the_app_makes_the_page() {
    let shop = shop().await;
    let raw = r#"{"id":"full","customer":{"whatsappPhoneNumber":"33 1234 5678"},
        "deliveryInfo":{"street":"Av. Hidalgo","number":"214"}}"#;
    shop.archive.store(SHOP, &[Order::parse(raw).unwrap()], 9);
    let open = |id: &str, kind| {
        let id = id.to_owned();
        shop.look(move |reply| Look::Link(id, kind, reply))
    };
    assert_eq!(open("full", LinkKind::Whatsapp).await, Ok(()));
    assert_eq!(open("full", LinkKind::Map).await, Ok(()));
    let unknown = open("nobody", LinkKind::Map).await.unwrap_err();
    assert_eq!(unknown.code, "order-unknown");
    shop.archive
        .store(SHOP, &[Order::parse(r#"{"id":"bare"}"#).unwrap()], 8);
    let none = open("bare", LinkKind::Map).await.unwrap_err();
    assert_eq!(none.code, "link-none");
    shop.settle().await;
    let pages = shop.screen().pages.clone();
    assert!(pages[0].starts_with("https://wa.me/52"), "{pages:?}");
    assert!(
        pages[1].starts_with("https://www.google.com/maps/search/"),
        "{pages:?}"
    );
    assert_eq!(pages.len(), 2);
}
