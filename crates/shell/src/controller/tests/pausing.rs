//! The pause silences sound and toasts, and cannot be forgotten.

use std::time::Duration;

use campana_sync::catalogue::{Argument, Catalogue, Language};
use campana_sync::status::StatusKind;

use super::support::{Beginning, ringing};
use crate::controller::{Command, Input};
use crate::desktop::Answer;
use crate::icon::Mark;
use crate::tray::MenuItem;

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(start_paused = true)]
async fn pause_silences_sound_but_not_status() {
    let shop = Beginning::complete().start().await;
    shop.input(Input::Tray(MenuItem::Pause(Some(30)))).await;
    shop.arrive(vec![ringing("a1")]).await;
    assert!(!shop.screen().rings);
    assert!(shop.screen().notices.is_empty());
    shop.status(StatusKind::InSync, None).await;
    assert_eq!(shop.screen().tray.as_ref().unwrap().icon.mark, Mark::Bars);
    shop.status(StatusKind::Offline, None).await;
    assert_eq!(shop.screen().tray.as_ref().unwrap().icon.mark, Mark::Struck);
    assert_eq!(shop.view().await.unseen, 1);
}

#[tokio::test(start_paused = true)]
async fn a_timed_pause_ends_by_itself_and_the_unseen_ring() {
    let shop = Beginning::complete().start().await;
    shop.command(Command::Pause(Some(30))).await;
    shop.arrive(vec![ringing("a1")]).await;
    shop.pass(29 * MINUTE).await;
    assert!(!shop.screen().rings);
    shop.pass(MINUTE).await;
    assert!(shop.screen().rings);
    assert_eq!(shop.view().await.pause, None);
}

#[tokio::test(start_paused = true)]
async fn an_open_ended_pause_lasts_until_somebody_resumes() {
    let shop = Beginning::complete()
        .with_orders(vec![ringing("a1")])
        .start()
        .await;
    assert!(shop.screen().rings);
    shop.command(Command::Pause(None)).await;
    assert!(!shop.screen().rings);
    shop.pass(24 * 60 * MINUTE).await;
    assert!(!shop.screen().rings);
    shop.command(Command::Resume).await;
    assert!(shop.screen().rings);
}

#[tokio::test(start_paused = true)]
async fn what_came_during_the_pause_is_counted_and_told_as_one() {
    let shop = Beginning::complete()
        .with_orders(vec![ringing("before")])
        .start()
        .await;
    shop.command(Command::Pause(Some(30))).await;
    for id in ["a1", "a2", "a3"] {
        shop.arrive(vec![ringing(id)]).await;
    }
    assert_eq!(shop.view().await.pause.unwrap().missed, 3);
    shop.mark_seen("a2", 1).await.unwrap();
    assert_eq!(shop.view().await.pause.unwrap().missed, 2);
    assert!(shop.screen().notices.is_empty());
    shop.pass(31 * MINUTE).await;
    let notices = shop.screen().notices.clone();
    let count = [("number", Argument::Number(2))];
    let catalogue = Catalogue::new(Language::choose(None));
    let title = catalogue.text_with("notification-missed", &count);
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].title, title);
    shop.answer(Answer::Seen).await;
    assert_eq!(shop.view().await.unseen, 1, "the one from before the pause");
    assert!(shop.screen().rings);
}

#[tokio::test(start_paused = true)]
async fn an_alert_that_was_about_to_be_told_is_told_after_the_pause() {
    let shop = Beginning::complete().start().await;
    shop.engine().orders.push(ringing("a1"));
    let alert = campana_sync::report::Report::Alert {
        order_id: "a1".into(),
        kind: campana_sync::inbox::AlertKind::NewOrder,
        again: false,
    };
    assert!(shop.inputs.send(Input::Report(alert)).is_ok());
    shop.command(Command::Pause(Some(30))).await;
    assert!(shop.screen().notices.is_empty());
    shop.command(Command::Resume).await;
    assert_eq!(shop.screen().notices.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_open_ended_pause_is_recalled_every_hour() {
    let shop = Beginning::complete().start().await;
    shop.command(Command::Pause(None)).await;
    shop.pass(185 * MINUTE).await;
    assert_eq!(shop.screen().chimes, 3);
    assert_eq!(shop.screen().notices.len(), 3);
    assert_eq!(shop.screen().standing().len(), 1, "the newest one");
    shop.command(Command::Resume).await;
    assert_eq!(shop.screen().standing().len(), 0);
    shop.pass(120 * MINUTE).await;
    assert_eq!(shop.screen().chimes, 3);
}

#[tokio::test(start_paused = true)]
async fn a_timed_pause_is_not_recalled() {
    let shop = Beginning::complete().start().await;
    shop.command(Command::Pause(Some(120))).await;
    shop.pass(130 * MINUTE).await;
    assert_eq!(shop.screen().chimes, 0);
    assert!(shop.screen().notices.is_empty());
}

#[tokio::test(start_paused = true)]
async fn nothing_flashes_or_comes_forward_during_a_pause() {
    let shop = Beginning::complete().start().await;
    shop.input(Input::Sound(crate::view::SoundView::NoDevice))
        .await;
    shop.command(Command::Pause(Some(120))).await;
    shop.arrive(vec![ringing("a1")]).await;
    for _ in 0..20 {
        shop.pass(Duration::from_millis(350)).await;
        assert!(!shop.screen().is_lit());
    }
    shop.pass(60 * MINUTE).await;
    assert!(shop.screen().opened.is_empty() && !shop.screen().attracts);
}

#[tokio::test(start_paused = true)]
async fn a_pause_does_not_outlive_the_app() {
    // A crash must not leave a shop silent: what nobody has seen rings in the next life.
    let shop = Beginning::complete()
        .with_orders(vec![ringing("a1")])
        .start()
        .await;
    shop.command(Command::Pause(None)).await;
    shop.arrive(vec![ringing("a2")]).await;
    let orders = shop.engine().orders.clone();
    drop(shop);
    let next = Beginning::complete().with_orders(orders).start().await;
    assert!(next.screen().rings);
    assert_eq!(next.view().await.pause, None);
}
