//! What the driver writes into the event log, and what it does not.

use campana_contract::Refusal;
use rusqlite::Connection as Database;
use tokio::sync::mpsc::unbounded_channel;

use super::*;
use crate::activity::{Activity, ActivityKind};
use crate::driver::saving::Saving;
use crate::link::Closed;

/// Kind, detail and number, with a mark for what did not go well.
fn told(activities: &[Activity]) -> Vec<String> {
    let words = |activity: &Activity| {
        let number = activity.number.map(|number| number.to_string());
        let mark = (!activity.went_well).then(|| "!".to_owned());
        let kind = Some(activity.kind.name().to_owned());
        let words = [kind, activity.detail.clone(), number, mark];
        words.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    activities.iter().map(words).collect()
}

fn saved(folder: &TempDir) -> Vec<Activity> {
    let inbox = Inbox::open_beside(folder.path()).unwrap();
    inbox.activity(usize::MAX).unwrap()
}

/// Waits until the log has an entry that is told so.
async fn until_told(handle: &Handle, wanted: &str) {
    let deadline = tokio::time::Instant::now() + Duration::from_secs(20);
    while !told(&handle.activity(KEPT))
        .iter()
        .any(|entry| entry == wanted)
    {
        assert!(
            tokio::time::Instant::now() < deadline,
            "never told: {wanted}"
        );
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_round_is_told_from_the_connection_to_the_confirmation() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let before = handle.activity(KEPT).len();
    shop.order("a");
    shop.hint();
    until(&mut reports, |r| matches!(r, Report::Confirmed { .. })).await;
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let activities = handle.activity(KEPT);
    assert_eq!(
        told(&activities[before..]),
        [
            "hint changes:pending",
            "pull guide 1",
            "store 1",
            "confirm guide 1"
        ]
    );
    let beginning = told(&activities[..before]);
    for entry in [
        "started",
        "configured ready",
        "connecting web_socket 1",
        "joined",
        "question 0",
        "pull guide 0",
        "status in_sync",
    ] {
        assert!(
            beginning.contains(&entry.to_owned()),
            "{entry}: {beginning:?}"
        );
    }
    assert!(
        activities
            .iter()
            .all(|activity| activity.at.0 > 1_700_000_000_000)
    );
    handle.shut_down().await;
    let rest = told(&saved(&folder)[activities.len()..]);
    assert_eq!(
        rest,
        ["closed by_campana", "ended"],
        "all is saved at the end"
    );
}

#[tokio::test]
async fn the_next_run_goes_on_with_the_log_of_the_one_before() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    handle.shut_down().await;
    drop((handle, reports));
    let (handle, mut reports) = loop_until_free(&shop, &folder).await;
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let kinds: Vec<_> = handle.activity(KEPT).iter().map(|a| a.kind).collect();
    let started = kinds.iter().filter(|kind| **kind == ActivityKind::Started);
    assert_eq!(started.count(), 2);
    assert_eq!(kinds[0], ActivityKind::Started);
    assert!(kinds.contains(&ActivityKind::Ended));
}

#[tokio::test]
async fn what_goes_wrong_is_told_by_its_code_and_how_long_it_waits() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let unavailable = HttpFailure::Status {
        status: 503,
        reason: "Service Unavailable".into(),
        retry_after: Some(Duration::from_secs(7)),
        well_formed: true,
    };
    shop.failures.lock().unwrap().push_back(unavailable);
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::Offline)).await;
    let entries = told(&handle.activity(KEPT));
    for entry in [
        "pull guide status 503 !",
        "status offline server_error !",
        "retry 7",
    ] {
        assert!(entries.contains(&entry.to_owned()), "{entry}: {entries:?}");
    }
    handle.sync_now();
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let lost = LinkEvent::Closed(Closed::Lost("gone".into()));
    shop.connection().send(lost).await.unwrap();
    until_told(&handle, "closed lost !").await;
    assert!(told(&handle.activity(KEPT)).contains(&"asked sync_now".to_owned()));
}

#[tokio::test]
async fn an_exchange_that_is_given_up_is_told_as_such() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let _held = shop.gate.lock().await;
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::Syncing)).await;
    handle.configure(None);
    until(&mut reports, is_status(StatusKind::NotConfigured)).await;
    let entries = told(&handle.activity(KEPT));
    for entry in [
        "configured not_configured",
        "pull guide abandoned !",
        "closed by_campana",
    ] {
        assert!(entries.contains(&entry.to_owned()), "{entry}: {entries:?}");
    }
}

#[tokio::test]
async fn nothing_of_people_and_nothing_of_the_key_gets_into_it() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let order = r#"{"id":"a","notes":"Zutano 5512345678","updatedAt":"2026-11-24T19:00:00Z",
        "customer":{"firstName":"Zutano"},"deliveryInfo":{"street":"Calle Zutano"}}"#;
    shop.pending.lock().unwrap().push(order.to_owned());
    let failures = [
        HttpFailure::Status {
            status: 500,
            reason: "Zutano secreta".into(),
            retry_after: None,
            well_formed: false,
        },
        HttpFailure::BrokenOff("Zutano secreta".into()),
        HttpFailure::Unreachable("Zutano secreta".into()),
    ];
    shop.failures.lock().unwrap().extend(failures);
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::Offline)).await;
    for _ in 0..3 {
        handle.sync_now();
    }
    until(&mut reports, |r| matches!(r, Report::Confirmed { .. })).await;
    for event in [
        LinkEvent::Other {
            name: format!("secreta{}", "x".repeat(500)),
            bytes: 9,
        },
        LinkEvent::Refused(Refusal::Other("Zutano secreta".into())),
    ] {
        shop.connection().send(event).await.unwrap();
    }
    until_told(&handle, "refused other !").await;
    let connections = shop.connections.lock().unwrap().len();
    while shop.connections.lock().unwrap().len() == connections {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let lost = LinkEvent::Closed(Closed::Lost("Zutano secreta".into()));
    shop.connection().send(lost).await.unwrap();
    until_told(&handle, "closed lost !").await;
    let in_memory = handle.activity(KEPT);
    handle.shut_down().await;
    for activities in [in_memory, saved(&folder)] {
        let text = format!("{activities:?}");
        assert!(
            !text.contains("Zutano") && !text.contains("5512345678"),
            "{text}"
        );
        assert!(!text.contains("secreta"), "{text}");
        let longest = activities
            .iter()
            .filter_map(|activity| activity.detail.as_ref());
        assert!(longest.map(|detail| detail.chars().count()).max() <= Some(64));
        assert!(
            text.contains("\"…xxx"),
            "the name is there, without the key: {text}"
        );
    }
}

#[tokio::test]
async fn it_stays_bounded_whatever_comes() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let connection = shop.connection();
    for number in 0..2_000 {
        let name = format!("event {number}");
        let event = LinkEvent::Other { name, bytes: 1 };
        connection.send(event).await.unwrap();
    }
    until_told(&handle, "hint event 1999").await;
    assert_eq!(handle.activity(usize::MAX).len(), KEPT);
    assert_eq!(handle.activity(3).len(), 3);
    handle.shut_down().await;
    assert_eq!(saved(&folder).len(), KEPT);
}

#[tokio::test]
async fn that_it_cannot_be_saved_is_no_trouble() {
    let (shop, folder) = (Arc::new(Shop::default()), TempDir::new().unwrap());
    let (handle, mut reports) = shop.run(&folder);
    until(&mut reports, is_status(StatusKind::InSync)).await;
    let database = Database::open(folder.path().join("inbox.sqlite3")).unwrap();
    database.execute_batch("DROP TABLE activity").unwrap();
    // On Windows nobody could move a file that this test holds.
    drop(database);
    shop.order("a");
    shop.hint();
    until(&mut reports, |r| matches!(r, Report::Confirmed { .. })).await;
    handle.shut_down().await;
    let told = handle.activity(KEPT);
    assert_eq!(
        told.last().map(|activity| activity.kind),
        Some(ActivityKind::Ended)
    );
    assert_eq!(handle.orders(Timestamp(0)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn batches_are_seconds_apart_and_let_a_page_go_first() {
    let folder = TempDir::new().unwrap();
    let (reports, _told) = unbounded_channel();
    let inbox = inbox_thread(Inbox::open(folder.path()).unwrap(), reports);
    let log = SharedLog::new(Log::default());
    let mut saving = Saving::new(log.clone());
    let second = Duration::from_secs;
    let in_table = async || inbox.run(|inbox| inbox.activity(KEPT)).await.unwrap().len();
    let entry = Activity {
        at: Timestamp(1),
        kind: ActivityKind::Pull,
        went_well: true,
        detail: None,
        bytes: None,
        milliseconds: None,
        number: None,
    };

    assert_eq!(saving.wait(second(100)), None, "there is nothing to save");
    log.lock().add(entry.clone());
    assert_eq!(saving.wait(second(1)), Some(second(4)));
    saving.save(&inbox, second(5), true);
    assert_eq!(in_table().await, 0, "a page goes first");
    assert_eq!(saving.wait(second(5)), Some(second(1)));
    saving.save(&inbox, second(31), true);
    assert_eq!(in_table().await, 1, "but not for ever");
    // The batch is written; its task has yet to hear of it, and does in its turn.
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    log.lock().add(entry);
    assert_eq!(saving.wait(second(32)), Some(second(4)));
    saving.save(&inbox, second(36), false);
    assert_eq!(in_table().await, 2);
    assert_eq!(saving.wait(second(36)), None);
}
