#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use campana_shell::desktop::{Answer, Notice, NoticeId};

use super::{Board, Call, MOST, Shown};

fn notice(id: u32) -> Notice {
    Notice {
        id: NoticeId(id),
        title: format!("pedido {id}"),
        body: String::new(),
        answers: &[Answer::Open, Answer::Seen],
        urgent: true,
    }
}

fn shown(number: u32, by: &str) -> Shown {
    let by = by.to_owned();
    Shown { number, by }
}

#[test]
fn one_is_asked_for_at_a_time_and_in_order() {
    let mut board = Board::default();
    board.show(notice(1));
    board.show(notice(2));
    assert_eq!(board.next(), Some(Call::Show(notice(1))));
    assert_eq!(board.next(), None);
    board.was_shown(Some(shown(7, ":1.5")));
    assert_eq!(board.next(), Some(Call::Show(notice(2))));
}

#[test]
fn what_was_seen_before_the_desktop_took_it_is_never_shown() {
    let mut board = Board::default();
    board.show(notice(1));
    board.show(notice(2));
    board.show(notice(3));
    assert_eq!(board.next(), Some(Call::Show(notice(1))));
    board.withdraw(NoticeId(1));
    board.withdraw(NoticeId(2));
    board.was_shown(Some(shown(7, ":1.5")));
    assert_eq!(board.next(), Some(Call::Show(notice(3))));
    board.was_shown(Some(shown(8, ":1.5")));
    assert_eq!(board.next(), Some(Call::Close(7)), "it was out already");
    assert_eq!(board.next(), None);
}

#[test]
fn a_desktop_that_never_answers_is_owed_only_so_many() {
    let mut board = Board::default();
    for id in 0..1000 {
        board.show(notice(id));
        assert_eq!(board.next().is_some(), id == 0);
    }
    assert_eq!(board.waiting.len(), MOST);
    for id in 0..1000 {
        board.withdraw(NoticeId(id));
    }
    assert_eq!(board.waiting.len(), 1, "the one that is out");
}

#[test]
fn a_new_desktop_shows_what_still_has_something_to_say() {
    let mut board = Board::default();
    for id in 1..=3 {
        board.show(notice(id));
        board.next().unwrap();
        board.was_shown(Some(shown(10 + id, ":1.5")));
    }
    let mut news = notice(4);
    news.urgent = false;
    board.show(news);
    board.next().unwrap();
    board.was_shown(Some(shown(14, ":1.5")));
    board.was_closed(11);
    board.withdraw(NoticeId(2));
    board.begin_anew(":1.9");
    assert_eq!(board.next(), Some(Call::Show(notice(3))));
    board.was_shown(Some(shown(1, ":1.9")));
    assert_eq!(board.next(), None);
    board.begin_anew(":1.9");
    assert_eq!(board.next(), None, "it is there already");
}

#[test]
fn what_nobody_showed_is_shown_once_somebody_can() {
    let mut board = Board::default();
    board.show(notice(1));
    board.next().unwrap();
    board.was_shown(None);
    assert_eq!(board.next(), None);
    board.begin_anew(":1.9");
    assert_eq!(board.next(), Some(Call::Show(notice(1))));
}

#[test]
fn what_was_asked_of_somebody_who_went_is_asked_of_the_next() {
    let mut board = Board::default();
    board.show(notice(1));
    board.next().unwrap();
    board.begin_anew(":1.9");
    board.was_shown(None);
    assert_eq!(board.next(), Some(Call::Show(notice(1))));
    // That call itself brought somebody: the bus starts who is missing.
    board.begin_anew(":1.10");
    board.was_shown(Some(shown(1, ":1.10")));
    assert_eq!(board.next(), None);
}

#[test]
fn answers_lead_back_to_the_notification() {
    let mut board = Board::default();
    board.show(notice(1));
    board.next().unwrap();
    board.was_shown(Some(shown(7, ":1.5")));
    assert_eq!(
        board.answered(7, "default"),
        Some((NoticeId(1), Answer::Open))
    );
    assert_eq!(board.answered(7, "seen"), Some((NoticeId(1), Answer::Seen)));
    assert_eq!(board.answered(7, "else"), None);
    assert_eq!(board.answered(8, "seen"), None);
}
