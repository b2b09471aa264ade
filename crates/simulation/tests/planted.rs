//! Each planted bug is found, by the property that it breaks, and told by a short history.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use campana_simulation::{History, Options, Property, Sabotage, place_for_files, run, shrink};
use clap::ValueEnum as _;

/// A bug must show within so many histories.
const HISTORIES: u64 = 3_000;
/// And a short one is one of at most so many steps.
const SHORT: usize = 8;

fn is_found_and_told_shortly(sabotage: Sabotage) {
    let options = Options {
        sabotage: Some(sabotage),
        trace: false,
    };
    let place = place_for_files();
    for seed in 0..HISTORIES {
        let history = History::generate(seed);
        let violation = run(&history, options, &place).unwrap().violation;
        let Some(violation) = violation.filter(|found| found.property == sabotage.breaks()) else {
            continue;
        };
        let short = shrink(&history, violation.property, options, &place).unwrap();
        assert!(
            short.steps.len() <= SHORT,
            "{sabotage:?} is told in {} steps: {short:?}",
            short.steps.len()
        );
        let sound = run(&short, Options::default(), &place).unwrap();
        assert_eq!(
            sound.violation, None,
            "without the bug the same history holds"
        );
        return;
    }
    panic!("{sabotage:?} was not noticed in {HISTORIES} histories");
}

macro_rules! planted {
    ($($name:ident: $sabotage:ident,)*) => {
        $(
            #[test]
            fn $name() {
                is_found_and_told_shortly(Sabotage::$sabotage);
            }
        )*

        const PLANTED: &[Sabotage] = &[$(Sabotage::$sabotage),*];
    };
}

planted! {
    a_hint_dropped_during_a_pull: DropHintDuringPull,
    a_confirmation_before_the_commit: ConfirmBeforeCommit,
    a_second_alert: AlertTwice,
    a_page_that_is_not_stored: LosePage,
    a_second_pull_at_once: PullTwice,
    a_connection_that_stays_away: StayAway,
    a_connection_that_spins: Spin,
    a_status_that_lies: SayInSync,
    versions_without_time: ForgetTime,
    a_version_confirmed_and_not_stored: ConfirmUnstoredVersion,
    hidden_orders_kept_quiet: HideLimited,
    what_rings_forgotten_by_the_next_life: ForgetWhatRings,
    an_order_told_only_by_the_disk: WaitForDisk,
}

#[test]
fn every_bug_is_planted_and_every_property_can_fail() {
    for sabotage in Sabotage::value_variants() {
        assert!(PLANTED.contains(sabotage), "{sabotage:?} is never planted");
    }
    for property in Property::ALL {
        // A disk that loses what was committed cannot be planted in front of the engine: see `disk`.
        let is_planted = property == Property::SoundAfterDeath
            || PLANTED.iter().any(|sabotage| sabotage.breaks() == property);
        assert!(is_planted, "nothing shows that {property:?} can fail");
    }
}
