//! What happens when the desktop fails or hangs.

use std::time::Duration;

use campana_sync::status::StatusKind;

use super::support::{Beginning, ringing};
use crate::controller::Input;
use crate::desktop::{Alarm, Answer, Window};
use crate::effects::Kind;
use crate::tray::MenuItem;

const SECOND: Duration = Duration::from_secs(1);

#[tokio::test(start_paused = true)]
async fn a_tray_that_fails_once_is_drawn_again() {
    let shop = Beginning::complete().start().await;
    shop.screen().failing.insert(Kind::Tray, 1);
    shop.arrive(vec![ringing("1")]).await;
    let unseen = || shop.screen().tray.as_ref().unwrap().icon.unseen;
    assert_eq!(unseen(), 0);
    assert_eq!(shop.screen().failures_of(&Kind::Tray).len(), 1);
    shop.pass(SECOND).await;
    assert_eq!(unseen(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_window_that_cannot_be_opened_is_tried_again() {
    let shop = Beginning::complete().start().await;
    shop.screen().opened.clear();
    shop.screen().failing.insert(Kind::Window(Window::Main), 2);
    shop.input(Input::Tray(MenuItem::Open)).await;
    assert_eq!(shop.screen().opened, []);
    shop.pass(4 * SECOND).await;
    assert_eq!(shop.screen().opened, [Window::Main]);
    shop.pass(600 * SECOND).await;
    assert_eq!(shop.screen().opened, [Window::Main], "once is enough");
}

#[tokio::test(start_paused = true)]
async fn a_desktop_that_hangs_delays_no_sound() {
    let mut beginning = Beginning::complete();
    beginning.screen.hangs = true;
    let shop = beginning.start().await;
    shop.arrive(vec![ringing("1")]).await;
    let orders = Some(Alarm::Orders { louder: false });
    assert_eq!(shop.screen().alarm, orders);
    assert_eq!(shop.view().await.unseen, 1, "and the windows are answered");
    shop.mark_seen("1", 1).await.unwrap();
    assert_eq!(shop.screen().alarm, None);
}

#[tokio::test(start_paused = true)]
async fn what_goes_on_failing_is_tried_less_often_and_never_given_up() {
    let shop = Beginning::complete().start().await;
    shop.screen().failing.insert(Kind::Tray, usize::MAX);
    shop.arrive(vec![ringing("1")]).await;
    shop.pass(600 * SECOND).await;
    let failures = shop.screen().failures_of(&Kind::Tray);
    let pauses = failures.windows(2).map(|two| (two[1] - two[0]).as_secs());
    let pauses: Vec<u64> = pauses.collect();
    assert_eq!(pauses[..6], [1, 2, 4, 8, 16, 32]);
    assert!(pauses[6..].iter().all(|pause| *pause == 60), "{pauses:?}");
    shop.screen().failing.clear();
    shop.pass(60 * SECOND).await;
    assert_eq!(shop.screen().tray.as_ref().unwrap().icon.unseen, 1);
    shop.screen().failing.insert(Kind::Tray, 1);
    shop.mark_seen("1", 1).await.unwrap();
    shop.pass(SECOND).await;
    let unseen = shop.screen().tray.as_ref().unwrap().icon.unseen;
    assert_eq!(unseen, 0, "what worked again begins at a second");
}

#[tokio::test(start_paused = true)]
async fn a_notification_that_failed_comes_unless_it_has_nothing_to_say_any_more() {
    let shop = Beginning::complete().start().await;
    let next = |offset: u32| {
        let last = shop.screen().notices.last().map_or(0, |notice| notice.id.0);
        Kind::Notice(crate::desktop::NoticeId(last + offset))
    };
    let first = next(1);
    shop.screen().failing.insert(first, 1);
    shop.arrive(vec![ringing("1")]).await;
    assert_eq!(shop.screen().notices.len(), 0);
    shop.pass(SECOND).await;
    assert_eq!(shop.screen().notices.len(), 1);
    shop.answer(Answer::Seen).await;
    let second = next(1);
    shop.screen().failing.insert(second, usize::MAX);
    shop.arrive(vec![ringing("2")]).await;
    shop.mark_seen("2", 1).await.unwrap();
    shop.screen().failing.clear();
    shop.pass(600 * SECOND).await;
    assert_eq!(shop.screen().notices.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_tray_that_is_drawn_by_nobody_holds_up_nothing() {
    let mut beginning = Beginning::complete();
    beginning.screen.hangs = true;
    let shop = beginning.start().await;
    shop.status(StatusKind::Offline, None).await;
    shop.pass(60 * SECOND).await;
    assert_eq!(shop.screen().alarm, Some(Alarm::ConnectionLost));
}
