//! What sounds, flashes and comes forward, and when.

use std::time::Duration;

use campana_sync::report::Report;
use campana_sync::settings::Repeat;
use campana_sync::status::{Cause, StatusKind};
use tokio::sync::oneshot;

use super::support::{Beginning, Shop, ringing, wire_order};
use crate::controller::{Command, Input};
use crate::desktop::{Alarm, Answer, Window};
use crate::tray::MenuItem;
use crate::view::{ShownOrder, SoundView};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const PLAIN: Option<Alarm> = Some(Alarm::Orders { louder: false });
const LOUDER: Option<Alarm> = Some(Alarm::Orders { louder: true });

/// Whether the tray's icon turned bright and dark again within some seconds.
async fn flashes(shop: &Shop) -> bool {
    let mut seen = Vec::new();
    for _ in 0..12 {
        shop.pass(Duration::from_millis(350)).await;
        seen.push(shop.screen().is_lit());
    }
    seen.contains(&true) && seen.contains(&false)
}

#[tokio::test(start_paused = true)]
async fn what_nobody_sees_gets_louder_and_then_brings_the_window() {
    let shop = Beginning::complete().start().await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(170 * SECOND).await;
    assert_eq!(shop.screen().alarm, PLAIN);
    shop.pass(15 * SECOND).await;
    assert_eq!(shop.screen().alarm, LOUDER);
    assert!(shop.screen().opened.is_empty() && !shop.screen().attracts);
    shop.pass(MINUTE).await;
    assert_eq!(shop.screen().opened, [Window::Main]);
    assert!(shop.screen().attracts);
    shop.pass(60 * MINUTE).await;
    assert_eq!(shop.screen().opened.len(), 1, "each order brings it once");
    shop.mark_seen("a1", 1).await.unwrap();
    assert_eq!(shop.screen().alarm, None);
    assert!(!shop.screen().attracts);
}

#[tokio::test(start_paused = true)]
async fn each_order_has_its_own_time() {
    let shop = Beginning::complete().start().await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(2 * MINUTE).await;
    shop.arrive(vec![ringing("a2")]).await;
    shop.pass(2 * MINUTE).await;
    assert_eq!(shop.screen().alarm, LOUDER);
    shop.mark_seen("a1", 1).await.unwrap();
    assert_eq!(shop.screen().alarm, PLAIN);
    shop.pass(80 * SECOND).await;
    assert_eq!(shop.screen().alarm, LOUDER);
}

#[tokio::test(start_paused = true)]
async fn the_window_stays_where_it_is_when_the_owner_wants_it_so() {
    let mut beginning = Beginning::complete();
    beginning.settings.preferences.alerts.window_to_front = false;
    let shop = beginning.start().await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(10 * MINUTE).await;
    assert_eq!(shop.screen().alarm, LOUDER);
    assert!(shop.screen().opened.is_empty());
    assert!(shop.screen().attracts);
}

#[tokio::test(start_paused = true)]
async fn without_escalation_it_rings_on_as_it_began() {
    let mut beginning = Beginning::complete();
    beginning.settings.preferences.alerts.louder_minutes = 0;
    let shop = beginning.start().await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(60 * MINUTE).await;
    assert_eq!(shop.screen().alarm, PLAIN);
    assert!(shop.screen().opened.is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_heard_flashes_and_brings_the_window_at_once() {
    for sound in [SoundView::NoDevice, SoundView::Failing, SoundView::Muted] {
        let shop = Beginning::complete().start().await;
        shop.input(Input::Sound(sound)).await;
        assert!(!flashes(&shop).await, "nothing rings");
        shop.arrive(vec![ringing("a1")]).await;
        assert_eq!(shop.screen().opened, [Window::Main]);
        assert!(shop.screen().attracts);
        assert!(flashes(&shop).await);
        shop.input(Input::Sound(SoundView::Works)).await;
        assert!(!flashes(&shop).await, "it is heard now");
        shop.input(Input::Sound(sound)).await;
        shop.mark_seen("a1", 1).await.unwrap();
        assert!(!shop.screen().is_lit() && !flashes(&shop).await);
        assert!(!shop.screen().attracts);
    }
}

#[tokio::test(start_paused = true)]
async fn an_order_that_cannot_be_heard_brings_the_window_again_every_minute_until_it_is_seen() {
    let shop = Beginning::complete().start().await;
    shop.input(Input::Sound(SoundView::NoDevice)).await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(5 * MINUTE).await;
    assert_eq!(shop.screen().opened, [Window::Main; 6]);
    shop.mark_seen("a1", 1).await.unwrap();
    shop.pass(5 * MINUTE).await;
    assert_eq!(shop.screen().opened.len(), 6, "nobody is called for it");
}

#[tokio::test(start_paused = true)]
async fn where_each_sounds_once_each_further_one_chimes() {
    let mut beginning = Beginning::complete();
    beginning.settings.preferences.alerts.repeat = Repeat::Once;
    let shop = beginning.start().await;
    shop.arrive(vec![ringing("a1"), ringing("a2")]).await;
    assert_eq!(shop.screen().alarm, PLAIN);
    assert_eq!(shop.screen().chimes, 0);
    shop.arrive(vec![ringing("a3")]).await;
    assert_eq!(shop.screen().chimes, 1);
}

#[tokio::test(start_paused = true)]
async fn a_lost_connection_sounds_and_ends_by_itself_with_a_word() {
    let shop = Beginning::complete().start().await;
    shop.status(StatusKind::Offline, Some(Cause::NoNetwork))
        .await;
    shop.pass(38 * SECOND).await;
    assert_eq!(shop.screen().alarm, None);
    assert!(!shop.view().await.trouble_alarm);
    shop.pass(2 * SECOND).await;
    assert_eq!(shop.screen().alarm, Some(Alarm::ConnectionLost));
    assert!(shop.view().await.trouble_alarm);
    let told = shop.screen().notices.clone();
    assert_eq!(told[0].answers, [Answer::Open, Answer::Quiet]);
    shop.status(StatusKind::Syncing, None).await;
    assert_eq!(shop.screen().alarm, Some(Alarm::ConnectionLost));
    shop.status(StatusKind::InSync, None).await;
    assert_eq!(shop.screen().alarm, None);
    assert_eq!(shop.screen().notices.len(), 2);
    assert_eq!(shop.screen().withdrawn, [told[0].id]);
    assert!(!shop.screen().notices[1].urgent);
}

#[tokio::test(start_paused = true)]
async fn the_time_until_trouble_is_told_is_the_owners() {
    let mut beginning = Beginning::complete();
    beginning
        .settings
        .preferences
        .alerts
        .connection_lost_seconds = 300;
    let shop = beginning.start().await;
    shop.status(StatusKind::Offline, None).await;
    shop.pass(295 * SECOND).await;
    assert_eq!(shop.screen().alarm, None);
    shop.pass(10 * SECOND).await;
    assert_eq!(shop.screen().alarm, Some(Alarm::ConnectionLost));
}

#[tokio::test(start_paused = true)]
async fn a_refused_key_has_a_sound_of_its_own() {
    for kind in [StatusKind::KeyRefused, StatusKind::KeyMissing] {
        let shop = Beginning::complete().start().await;
        shop.status(kind, None).await;
        shop.pass(MINUTE).await;
        assert_eq!(shop.screen().alarm, Some(Alarm::KeyRefused));
    }
}

#[tokio::test(start_paused = true)]
async fn somebody_can_silence_the_trouble_and_still_sees_it() {
    let shop = Beginning::complete().start().await;
    shop.status(StatusKind::Offline, None).await;
    shop.pass(MINUTE).await;
    shop.command(Command::QuietTrouble).await;
    assert_eq!(shop.screen().alarm, None);
    let view = shop.view().await;
    assert!(!view.trouble_alarm);
    assert_eq!(view.status.kind, StatusKind::Offline);
    shop.pass(60 * MINUTE).await;
    assert_eq!(shop.screen().alarm, None);
    // Something else is wrong: whoever silenced the network does not know of the key.
    shop.status(StatusKind::KeyRefused, None).await;
    assert_eq!(shop.screen().alarm, Some(Alarm::KeyRefused));
    shop.answer(Answer::Quiet).await;
    assert_eq!(shop.screen().alarm, None);
    // The next time of trouble is another one.
    shop.status(StatusKind::InSync, None).await;
    shop.status(StatusKind::Offline, None).await;
    shop.pass(MINUTE).await;
    assert_eq!(shop.screen().alarm, Some(Alarm::ConnectionLost));
}

#[tokio::test(start_paused = true)]
async fn a_closed_shop_is_not_rung_at_all_night() {
    let shop = Beginning::complete().start().await;
    shop.status(StatusKind::Offline, None).await;
    let mut sounded = 0;
    for _ in 0..3600 {
        shop.pass(SECOND).await;
        sounded += usize::from(shop.screen().alarm.is_some());
    }
    // Three minutes at first, then three reminders of 20 s in the hour.
    assert!((235..=245).contains(&sounded), "{sounded} s");
    shop.pass(5 * MINUTE).await;
    assert_eq!(shop.screen().alarm, None);
    assert!(flashes(&shop).await && shop.screen().attracts);
    assert!(shop.view().await.trouble_alarm);
}

#[tokio::test(start_paused = true)]
async fn orders_go_before_trouble_which_is_heard_once_all_the_same() {
    let shop = Beginning::complete().start().await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.status(StatusKind::Offline, None).await;
    shop.pass(41 * SECOND).await;
    assert_eq!(shop.screen().alarm, Some(Alarm::ConnectionLost));
    shop.pass(6 * SECOND).await;
    assert_eq!(shop.screen().alarm, PLAIN);
    shop.mark_seen("a1", 1).await.unwrap();
    assert_eq!(shop.screen().alarm, Some(Alarm::ConnectionLost));
}

#[tokio::test(start_paused = true)]
async fn a_pause_silences_trouble_and_its_alarm_begins_afterwards() {
    let shop = Beginning::complete().start().await;
    shop.command(Command::Pause(Some(30))).await;
    shop.status(StatusKind::Offline, None).await;
    shop.pass(29 * MINUTE).await;
    assert_eq!(shop.screen().alarm, None);
    assert!(shop.screen().notices.is_empty());
    shop.pass(2 * MINUTE).await;
    assert_eq!(shop.screen().alarm, Some(Alarm::ConnectionLost));
    assert_eq!(shop.screen().notices.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_test_is_what_would_happen_and_ends() {
    let shop = Beginning::complete().start().await;
    shop.command(Command::TestAlarm).await;
    assert_eq!(shop.screen().alarm, PLAIN);
    assert!(shop.view().await.rehearsing);
    assert!(flashes(&shop).await);
    assert_eq!(shop.screen().standing().len(), 1);
    shop.pass(10 * SECOND).await;
    assert_eq!(shop.screen().alarm, None);
    assert!(!shop.view().await.rehearsing);
    assert!(!shop.screen().is_lit());
    assert_eq!(shop.screen().standing(), []);
    shop.command(Command::TestAlarm).await;
    shop.command(Command::TestAlarm).await;
    assert_eq!(shop.screen().alarm, None, "a second press ends it");
}

#[tokio::test(start_paused = true)]
async fn a_test_changes_nothing_about_what_rings() {
    let shop = Beginning::complete().start().await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(4 * MINUTE).await;
    shop.command(Command::TestAlarm).await;
    assert_eq!(shop.screen().alarm, LOUDER);
    shop.pass(11 * SECOND).await;
    assert_eq!(shop.screen().alarm, LOUDER);
}

async fn mark_all(shop: &Shop, orders: Option<Vec<ShownOrder>>) {
    let (reply, answer) = oneshot::channel();
    let reply = Some(reply);
    shop.command(Command::MarkAllSeen { orders, reply }).await;
    assert_eq!(answer.await.unwrap(), Ok(()));
}

#[tokio::test(start_paused = true)]
async fn marking_all_silences_what_was_shown_and_nothing_that_just_came() {
    let shop = Beginning::complete().start().await;
    let shown = ["a1", "a2"].map(|id| ShownOrder {
        id: id.into(),
        version: 1,
    });
    shop.arrive(vec![ringing("a1"), ringing("a2")]).await;
    shop.arrive(vec![ringing("a3")]).await;
    mark_all(&shop, Some(shown.to_vec())).await;
    assert_eq!(shop.view().await.unseen, 1);
    assert!(shop.screen().rings);
    assert_eq!(shop.screen().standing().len(), 1);
    // The tray's line marks what was drawn; an order that is not drawn yet rings on.
    shop.engine().orders.push(ringing("a4"));
    shop.input(Input::Tray(MenuItem::MarkAllSeen)).await;
    assert_eq!(shop.view().await.unseen, 1);
    shop.input(Input::Tray(MenuItem::MarkAllSeen)).await;
    assert!(!shop.screen().rings);
    assert_eq!(shop.screen().standing(), []);
}

#[tokio::test(start_paused = true)]
async fn marking_all_takes_what_lives_in_memory_too() {
    let shop = Beginning::complete().start().await;
    shop.arrive(vec![ringing("a1")]).await;
    let unstored = Report::Unstored(vec![wire_order("a2")]);
    shop.input(Input::Report(unstored)).await;
    assert_eq!(shop.view().await.unseen, 2);
    mark_all(&shop, None).await;
    assert_eq!(shop.view().await.unseen, 0);
    assert!(!shop.screen().rings);
}
