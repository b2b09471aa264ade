//! What holds of the simulation itself, and a first few histories.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use campana_simulation::{
    Event, History, Options, Property, Step, Torn, kept_histories, place_for_files, run,
};

/// `cargo xtask simulate` lives through many more.
const FEW: u64 = 150;

#[test]
fn every_history_that_failed_once_holds_now() {
    let kept = kept_histories().unwrap();
    assert!(!kept.is_empty());
    for (name, kept) in kept {
        let outcome = run(&kept.history, Options::default(), &place_for_files()).unwrap();
        assert_eq!(outcome.violation, None, "{name}: {}", kept.because);
    }
}

#[test]
fn a_few_random_histories_hold() {
    for seed in 0..FEW {
        let history = History::generate(seed);
        let outcome = run(&history, Options::default(), &place_for_files()).unwrap();
        assert_eq!(outcome.violation, None, "seed {seed}");
    }
}

#[test]
fn the_same_history_happens_the_same_way_again() {
    let options = Options {
        trace: true,
        ..Options::default()
    };
    for seed in 0..20 {
        let history = History::generate(seed);
        assert_eq!(history, History::generate(seed));
        let place = place_for_files();
        let once = run(&history, options, &place).unwrap();
        let again = run(&history, options, &place).unwrap();
        assert!(!once.trace.is_empty());
        let differs = once.trace.iter().zip(&again.trace).find(|(a, b)| a != b);
        assert_eq!(differs, None, "seed {seed}");
        assert_eq!(once.trace.len(), again.trace.len(), "seed {seed}");
    }
}

#[test]
fn a_history_survives_being_written_down() {
    for seed in 0..200 {
        let history = History::generate(seed);
        let text = serde_json::to_string(&history).unwrap();
        assert_eq!(serde_json::from_str::<History>(&text).unwrap(), history);
    }
}

#[test]
fn a_death_between_any_two_writes_leaves_what_was_committed() {
    let mut history = History::generate(0);
    for part in (0..=u16::MAX).step_by(257) {
        let crash = Event::Crash {
            writing: Torn::At { part },
            away: 100,
        };
        let event = |event| Step { after: 30, event };
        history.shop.pending_at_first = 20;
        history.steps = vec![
            event(Event::Orders { count: 3 }),
            event(Event::Edit {
                order: 1,
                matters: true,
            }),
            Step {
                // While the first page is being written, or just before or after.
                after: u64::from(part) % 40,
                event: crash.clone(),
            },
            Step {
                after: 5_000,
                event: Event::Orders { count: 2 },
            },
            Step {
                after: 25 + u64::from(part) % 60,
                event: crash,
            },
        ];
        let outcome = run(&history, Options::default(), &place_for_files()).unwrap();
        assert_eq!(outcome.violation, None, "part {part}");
        assert_eq!(outcome.deaths, 2);
    }
}

#[test]
fn the_properties_stand_in_the_intended_behaviour() {
    let document = include_str!("../../../docs/intended-behaviour.md");
    let document = document.split_whitespace().collect::<Vec<_>>().join(" ");
    for property in Property::ALL {
        assert!(
            document.contains(property.sentence()),
            "docs/intended-behaviour.md lacks: {}",
            property.sentence()
        );
    }
}
