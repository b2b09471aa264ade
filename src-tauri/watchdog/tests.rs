use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::{Finding, Watchdog};

/// A part whose lease is as many seconds old as the number says.
fn part(watchdog: &mut Watchdog, name: &'static str) -> Arc<AtomicU64> {
    let age = Arc::new(AtomicU64::new(0));
    let told = age.clone();
    watchdog.watch_age(name, move || {
        Some(Duration::from_secs(told.load(Ordering::Relaxed)))
    });
    age
}

#[test]
fn a_part_whose_lease_grows_old_is_named_and_given_up_within_thirty_seconds() {
    let mut watchdog = Watchdog::default();
    let (_tray, sound) = (part(&mut watchdog, "tray"), part(&mut watchdog, "sound"));
    watchdog.watch_age("engine", || None);
    for (age, finding) in [
        (14, Finding::AllLive),
        (15, Finding::Stopped("sound")),
        (22, Finding::Stopped("sound")),
        (23, Finding::GivenUp("sound")),
    ] {
        sound.store(age, Ordering::Relaxed);
        assert_eq!(watchdog.finding(), finding);
    }
    sound.store(0, Ordering::Relaxed);
    assert_eq!(watchdog.finding(), Finding::AllLive);
}
