//! The same questions to both databases.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use campana_servers::Postgres;
use secrecy::SecretString;
use serde_json::{Value, json};
use time::Duration;

use super::NOW;
use crate::confirmation::Confirmation;
use crate::intake::{Change, change, new_orders};
use crate::keys::Shop;
use crate::store::{Database, Store, StoreError};

/// The PostgreSQL that the tests of this process share; it ends with the last of them.
pub(super) fn postgres() -> Arc<Postgres> {
    static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = shared.upgrade() {
        return running;
    }
    let started = Arc::new(Postgres::start().unwrap());
    *shared = Arc::downgrade(&started);
    started
}

/// One question to each database, each time to an empty one.
macro_rules! for_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                let store = super::Store::open(super::Database::Memory).await.unwrap();
                super::$name(store).await;
            })*
        }
        mod postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                let postgres = super::postgres();
                let url = postgres.new_database().unwrap();
                let database = super::Database::Postgres(super::SecretString::from(url));
                let store = super::Store::open(database).await.unwrap();
                super::$name(store.clone()).await;
                store.close().await;
            })*
        }
    };
}

for_both!(
    clears_only_the_version_that_it_handed_out,
    takes_all_orders_of_a_call_or_none,
    keeps_and_erases_the_number_of_the_shop,
    counts_a_customer_as_updated_until_confirmed,
    hands_out_the_oldest_hundred_and_the_same_again,
    what_is_due_is_taken_by_one_alone,
    tells_each_new_version,
    one_bad_id_blocks_all_only_where_deployed_servers_are_imitated,
);

fn shop() -> Shop {
    Shop::stored("centro")
}

async fn add(store: &Store, orders: Value) -> Result<(), StoreError> {
    let orders = new_orders(orders, NOW).unwrap();
    store.add(shop(), orders, NOW).await
}

async fn edit(store: &Store, id: &str, members: Value) -> Option<bool> {
    let change = change(members, id).unwrap();
    store.edit(shop(), id.into(), change, NOW).await.unwrap()
}

fn confirmation(orders: &[&str], customers: &[&str]) -> Confirmation {
    let orders: Vec<Value> = orders.iter().map(|id| json!({"orderId": id})).collect();
    Confirmation::read(&json!({"confirmedOrders": orders, "confirmedCustomerIds": customers}))
}

async fn confirm(store: &Store, orders: &[&str], customers: &[&str]) -> Value {
    let confirmation = confirmation(orders, customers);
    let page = store
        .confirm_and_hand_out(shop(), confirmation, false)
        .await
        .unwrap();
    serde_json::from_str(&page.json()).unwrap()
}

fn ids<'a>(page: &'a Value, list: &str) -> Vec<&'a str> {
    let list = page[list].as_array().unwrap();
    list.iter().map(|one| one["id"].as_str().unwrap()).collect()
}

async fn pending(store: &Store) -> Vec<String> {
    let orders = store.pending(shop()).await.unwrap();
    orders
        .iter()
        .map(|order| order["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn clears_only_the_version_that_it_handed_out(store: Store) {
    add(&store, json!([{"id": "a"}, {"id": "b"}]))
        .await
        .unwrap();
    // A confirmation hands out the next page: what it names was not seen before that.
    let page = confirm(&store, &["a"], &[]).await;
    assert_eq!(ids(&page, "pending_orders"), ["a", "b"]);
    assert_eq!(
        edit(&store, "a", json!({"notes": "Sin piña"})).await,
        Some(true)
    );
    let page = confirm(&store, &["a", "b"], &[]).await;
    assert_eq!(ids(&page, "pending_orders"), ["a"]);
    assert_eq!(page["pending_orders"][0]["notes"], "Sin piña");
    let page = confirm(&store, &["a"], &[]).await;
    assert_eq!(ids(&page, "pending_orders"), [""; 0]);
    assert_eq!(store.count_pending().await.unwrap(), 0);
    assert_eq!(edit(&store, "nobody", json!({})).await, None);
}

async fn takes_all_orders_of_a_call_or_none(store: Store) {
    let twice = json!([{"id": "a"}, {"id": "b"}, {"id": "a"}]);
    let error = add(&store, twice).await.unwrap_err();
    assert!(matches!(error, StoreError::Taken(id) if id == "a"));
    assert_eq!(pending(&store).await, [""; 0]);
    let strange = "ñ'\"; DROP TABLE orders; --";
    add(&store, json!({"id": strange, "notes": "a\u{0}b 🍕"}))
        .await
        .unwrap();
    assert_eq!(pending(&store).await, [strange]);
    let page = confirm(&store, &[], &[]).await;
    assert_eq!(page["pending_orders"][0]["notes"], "a\u{0}b 🍕");
}

async fn keeps_and_erases_the_number_of_the_shop(store: Store) {
    add(&store, json!({"id": "a"})).await.unwrap();
    confirm(&store, &[], &[]).await;
    for (number, expected) in [(json!(12), json!(12)), (Value::Null, Value::Null)] {
        let call = json!({"confirmedOrders": [{"orderId": "a", "shiftOrderNumber": number}]});
        let call = Confirmation::read(&call);
        store
            .confirm_and_hand_out(shop(), call, true)
            .await
            .unwrap();
        confirm(&store, &["a"], &[]).await;
        edit(&store, "a", json!({})).await;
        let page = confirm(&store, &[], &[]).await;
        assert_eq!(page["pending_orders"][0]["shiftOrderNumber"], expected);
    }
}

async fn counts_a_customer_as_updated_until_confirmed(store: Store) {
    let order =
        |id: &str, name: &str| json!({"id": id, "customer": {"id": "c", "firstName": name}});
    add(&store, order("a", "Íñigo")).await.unwrap();
    let page = confirm(&store, &[], &[]).await;
    assert_eq!(page["updated_customers"][0]["firstName"], "Íñigo");
    add(&store, order("b", "Íñigo R.")).await.unwrap();
    let page = confirm(&store, &[], &["c"]).await;
    assert_eq!(page["updated_customers"][0]["firstName"], "Íñigo R.");
    let page = confirm(&store, &[], &["c"]).await;
    assert_eq!(ids(&page, "updated_customers"), [""; 0]);
    // A change of the order alone is none of its customer.
    edit(&store, "a", json!({"notes": "Sin cebolla"})).await;
    let page = confirm(&store, &[], &[]).await;
    assert_eq!(ids(&page, "updated_customers"), [""; 0]);
}

async fn hands_out_the_oldest_hundred_and_the_same_again(store: Store) {
    let names: Vec<String> = (0..120).map(|number| format!("o-{number}")).collect();
    let orders: Value = names.iter().map(|id| json!({"id": id})).collect();
    add(&store, orders).await.unwrap();
    let first = confirm(&store, &[], &[]).await;
    assert_eq!(ids(&first, "pending_orders"), names[..100]);
    assert_eq!(confirm(&store, &[], &[]).await, first);
    let names_seen: Vec<&str> = names[..100].iter().map(String::as_str).collect();
    let page = confirm(&store, &names_seen, &[]).await;
    assert_eq!(ids(&page, "pending_orders"), names[100..]);
}

async fn what_is_due_is_taken_by_one_alone(store: Store) {
    add(&store, json!([{"id": "a"}, {"id": "b"}]))
        .await
        .unwrap();
    let taken = |seconds| store.take_due(NOW + Duration::seconds(seconds));
    assert_eq!(taken(59).await.unwrap(), []);
    let at_once = tokio::join!(taken(60), taken(60), taken(60), taken(60));
    let mut all = at_once.0.unwrap();
    all.extend(at_once.1.unwrap());
    all.extend(at_once.2.unwrap());
    all.extend(at_once.3.unwrap());
    all.dedup();
    assert_eq!(all, [shop()]);
    assert_eq!(taken(60).await.unwrap(), []);
    assert_eq!(taken(179).await.unwrap(), []);
    assert_eq!(taken(180).await.unwrap(), [shop()]);
    confirm(&store, &[], &[]).await;
    assert_eq!(taken(100_000).await.unwrap(), []);
    store
        .edit(shop(), "a".into(), Change::Cancel, NOW)
        .await
        .unwrap();
    assert_eq!(taken(60).await.unwrap(), [shop()]);
}

async fn tells_each_new_version(store: Store) {
    add(&store, json!({"id": "a"})).await.unwrap();
    let since = |seconds| store.news_since(NOW + Duration::seconds(seconds));
    let first = since(0).await.unwrap();
    assert_eq!(first[0].shop, shop());
    assert_eq!(since(0).await.unwrap(), first);
    assert_eq!(since(1).await.unwrap(), []);
    edit(&store, "a", json!({})).await;
    let second = since(0).await.unwrap();
    assert_eq!(second.len(), 1);
    assert_ne!(second, first);
}

async fn one_bad_id_blocks_all_only_where_deployed_servers_are_imitated(store: Store) {
    add(&store, json!({"id": "a"})).await.unwrap();
    confirm(&store, &[], &[]).await;
    for bad in [
        confirmation(&["a", "A"], &[]),
        confirmation(&["a"], &["nobody"]),
    ] {
        let error = store.confirm_and_hand_out(shop(), bad, true).await;
        assert!(matches!(error, Err(StoreError::CannotConfirm(which)) if which.len() == 1));
        assert_eq!(pending(&store).await, ["a"]);
    }
    let unreadable = Confirmation::read(&json!({"confirmedOrders": [12]}));
    let error = store.confirm_and_hand_out(shop(), unreadable, true).await;
    assert!(matches!(error, Err(StoreError::CannotConfirm(_))));
    let page = confirm(&store, &["a", "A"], &["nobody"]).await;
    assert_eq!(page["not_confirmed"].as_array().unwrap().len(), 2);
    assert_eq!(pending(&store).await, [""; 0]);
}
