#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;

use super::*;

fn turn() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(1))
}

#[tokio::test]
async fn a_question_that_nobody_answers_holds_up_each_caller_for_its_own_time_only() {
    let turn = turn();
    let (unlock, question) = mpsc::channel::<()>();
    // Paused time runs on by itself as long as only the blocked thread is busy.
    tokio::time::pause();
    let begun = tokio::time::Instant::now();
    let blocked = in_turn(&turn, TO_WRITE, move || {
        question.recv().unwrap();
        Ok(())
    });
    assert_eq!(blocked.await, Err(KeyStoreError::Locked));
    assert_eq!(begun.elapsed().as_secs(), TO_WRITE.as_secs());

    let was_begun = Arc::new(AtomicBool::new(false));
    let begins = Arc::clone(&was_begun);
    let waiting = in_turn(&turn, TO_READ, move || {
        begins.store(true, Ordering::SeqCst);
        Ok(())
    });
    assert_eq!(waiting.await, Err(KeyStoreError::Locked));
    assert_eq!(
        begun.elapsed().as_secs(),
        TO_WRITE.as_secs() + TO_READ.as_secs()
    );

    tokio::time::resume();
    unlock.send(()).unwrap();
    let next = in_turn(&turn, TO_WRITE, || Ok("the key"));
    assert_eq!(next.await, Ok("the key"));
    assert!(
        !was_begun.load(Ordering::SeqCst),
        "what was given up before its turn is never done"
    );
}

#[tokio::test]
async fn a_library_that_panics_costs_one_call() {
    let turn = turn();
    let call = in_turn(&turn, TO_WRITE, || -> Result<(), _> {
        panic!("inside the library")
    });
    assert_eq!(call.await, Err(KeyStoreError::Denied));
    assert_eq!(in_turn(&turn, TO_WRITE, || Ok(7)).await, Ok(7));
}

#[test]
fn each_error_means_what_the_person_can_do() {
    let why = |words: &str| Box::new(io::Error::other(words.to_owned()));
    let cases = [
        (Error::NoDefaultStore, KeyStoreError::NoKeyring),
        (
            Error::NoStorageAccess(why("object locked")),
            KeyStoreError::Locked,
        ),
        (
            Error::PlatformFailure(why("org.freedesktop.DBus.Error.AccessDenied")),
            KeyStoreError::Denied,
        ),
        (
            Error::BadEncoding(b"\xffsecret".to_vec()),
            KeyStoreError::Denied,
        ),
    ];
    for (error, meant) in cases {
        assert_eq!(meaning(&error), meant, "{error}");
    }
}
