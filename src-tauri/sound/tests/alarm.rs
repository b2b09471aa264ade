use std::time::Duration;

use campana_shell::desktop::Alarm;
use campana_shell::view::SoundView;
use campana_sync::settings::{Alerts, Chime, Repeat};

use super::super::loudness::gain;
use super::super::ringer::Event;
use super::super::tune::Tune;
use super::hearing::{count, loudness, steepest, strength, strokes};
use super::stage::Stage;

const ORDERS: Alarm = Alarm::Orders { louder: false };
const LATE: Alarm = Alarm::Orders { louder: true };
const BELL: Tune = Tune::Chime(Chime::Bell);
const BUZZER: Tune = Tune::Chime(Chime::Buzzer);

fn seconds(seconds: f32) -> Duration {
    Duration::from_secs_f32(seconds)
}

fn alerts() -> Alerts {
    Alerts {
        volume: 50,
        ..Alerts::default()
    }
}

#[test]
fn an_alarm_is_heard_at_once_and_goes_on_until_it_is_hushed() {
    let mut stage = Stage::new();
    stage.tell(Event::Ring(ORDERS));
    let first = stage.hear(seconds(0.2));
    assert!(loudness(&first) > 0.05, "{}", loudness(&first));
    for _ in 0..10 {
        let later = stage.hear(seconds(2.0));
        assert!(loudness(&later) > 0.05);
    }
    assert_eq!(stage.opened, 1, "one device for the whole alarm");
    stage.tell(Event::Hush);
    stage.pass(seconds(0.1));
    assert!(loudness(&stage.hear(seconds(30.0))) == 0.0);
    assert!(!stage.is_open());
}

#[test]
fn a_hush_in_mid_stroke_is_silent_within_a_tenth_of_a_second_and_without_a_crack() {
    for chime in [Chime::Bell, Chime::Marimba, Chime::Buzzer] {
        let mut stage = Stage::new();
        stage.prefer(Alerts {
            chime,
            volume: 100,
            ..Alerts::default()
        });
        let natural = steepest(&Tune::Chime(chime).samples());
        stage.tell(Event::Ring(ORDERS));
        let before = stage.hear(seconds(0.04));
        stage.tell(Event::Hush);
        let mut end = before[before.len() - 1..].to_vec();
        end.extend(stage.hear(seconds(0.1)));
        assert!(loudness(&before) > 0.1, "{chime:?}");
        assert!(
            steepest(&end) <= natural + 0.001,
            "{chime:?}: {}",
            steepest(&end)
        );
        assert!(loudness(&stage.hear(seconds(5.0))) == 0.0, "{chime:?}");
    }
}

#[test]
fn an_alarm_without_pause_leaves_none_of_a_second() {
    let mut stage = Stage::new();
    for chime in [Chime::Bell, Chime::Marimba, Chime::Buzzer] {
        stage.prefer(Alerts { chime, ..alerts() });
        stage.tell(Event::Ring(ORDERS));
        stage.pass(seconds(1.0));
        let heard = stage.hear(seconds(20.0));
        for second in heard.chunks(count(seconds(1.0))) {
            assert!(loudness(second) > 0.001, "{chime:?}");
        }
        stage.tell(Event::Hush);
        stage.pass(seconds(1.0));
    }
}

#[test]
fn every_so_many_seconds_is_what_it_says() {
    let mut stage = Stage::new();
    stage.prefer(Alerts {
        repeat: Repeat::Interval,
        repeat_seconds: 10,
        ..alerts()
    });
    stage.tell(Event::Ring(ORDERS));
    let heard = stage.hear(seconds(59.0));
    assert_eq!(strokes(&heard), 6);
    // The device is opened for each, so that each finds the default of then.
    assert_eq!(stage.opened, 6);
}

#[test]
fn once_is_once_for_each_order() {
    let mut stage = Stage::new();
    stage.prefer(Alerts {
        repeat: Repeat::Once,
        ..alerts()
    });
    stage.tell(Event::Ring(ORDERS));
    assert_eq!(strokes(&stage.hear(seconds(60.0))), 1);
    stage.tell(Event::Chime);
    assert_eq!(strokes(&stage.hear(seconds(60.0))), 1);
    // The same alarm told again is no new one.
    stage.tell(Event::Ring(ORDERS));
    assert_eq!(strokes(&stage.hear(seconds(60.0))), 0);
    stage.tell(Event::Ring(LATE));
    assert_eq!(strokes(&stage.hear(seconds(60.0))), 1);
}

#[test]
fn a_chime_sounds_once_and_not_into_an_alarm_without_pause() {
    let mut stage = Stage::new();
    stage.tell(Event::Chime);
    assert_eq!(strokes(&stage.hear(seconds(20.0))), 1);
    stage.tell(Event::Ring(ORDERS));
    stage.pass(seconds(0.5));
    let played = stage.played.len();
    stage.tell(Event::Chime);
    assert_eq!(stage.played.len(), played);
}

#[test]
fn each_alarm_has_its_sound_and_a_changed_alarm_is_heard_at_once() {
    let mut stage = Stage::new();
    for (alarm, tune) in [
        (ORDERS, BELL),
        (Alarm::ConnectionLost, Tune::ConnectionLost),
        (Alarm::KeyRefused, Tune::KeyRefused),
        (ORDERS, BELL),
    ] {
        stage.tell(Event::Ring(alarm));
        assert_eq!(*stage.played.last().unwrap_or(&BELL), tune);
        let heard = stage.hear(seconds(0.3));
        assert!(loudness(&heard) > 0.03, "{alarm:?}");
        assert_eq!(stage.played.last(), Some(&tune));
    }
}

#[test]
fn half_the_percentage_is_half_as_loud_and_none_is_silence() {
    let heard = |volume| {
        let mut stage = Stage::new();
        stage.prefer(Alerts { volume, ..alerts() });
        stage.tell(Event::Ring(ORDERS));
        loudness(&stage.hear(seconds(1.5)))
    };
    let decibels = |loud: f32, quiet: f32| 20.0 * (loud / quiet).log10();
    let step = decibels(heard(100), heard(50));
    assert!((step - 10.0).abs() < 0.3, "{step} dB");
    let step = decibels(heard(60), heard(30));
    assert!((step - 10.0).abs() < 0.3, "{step} dB");
    assert!(heard(0) == 0.0);
    assert!(heard(1) > 0.0);
    assert!((gain(100) - 1.0).abs() < f32::EPSILON);
}

#[test]
fn late_orders_are_clearly_louder_or_where_that_cannot_be_twice_as_often() {
    for volume in [10, 30, 50, 80, 100] {
        let heard = |alarm| {
            let mut stage = Stage::new();
            stage.prefer(Alerts { volume, ..alerts() });
            stage.tell(Event::Ring(alarm));
            let heard = stage.hear(seconds(12.0));
            let loudest = heard.iter().fold(0.0_f32, |most, one| most.max(one.abs()));
            (loudest, stage.played.len())
        };
        let ((usual, few), (urgent, many)) = (heard(ORDERS), heard(LATE));
        assert!(urgent <= 1.0);
        assert!(
            urgent > usual * 1.9 || many > few * 3 / 2,
            "{volume} %: {usual} {urgent}, {few} {many}"
        );
    }
}

#[test]
fn late_orders_seen_give_way_to_the_usual_alarm_without_a_new_stroke() {
    let mut stage = Stage::new();
    stage.prefer(alerts());
    stage.tell(Event::Ring(LATE));
    stage.pass(seconds(0.3));
    let played = stage.played.len();
    stage.tell(Event::Ring(ORDERS));
    stage.pass(seconds(0.3));
    assert_eq!(stage.played.len(), played);
    stage.pass(seconds(2.0));
    assert!(stage.played.len() > played);
}

#[test]
fn changed_settings_are_heard_at_once() {
    let mut stage = Stage::new();
    stage.prefer(alerts());
    stage.tell(Event::Ring(ORDERS));
    let bell = stage.hear(seconds(0.3));
    assert!(strength(&bell, 1318.5) > 0.05);

    stage.prefer(Alerts {
        chime: Chime::Buzzer,
        ..alerts()
    });
    stage.pass(seconds(0.05));
    let buzzer = stage.hear(seconds(0.3));
    assert!(strength(&buzzer, 700.0) > 0.05);
    assert!(strength(&buzzer, 1318.5) < strength(&bell, 1318.5) / 5.0);
    assert_eq!(stage.played.last(), Some(&BUZZER));

    // The loudness of a stroke that sounds already.
    let played = stage.played.len();
    stage.prefer(Alerts {
        chime: Chime::Buzzer,
        volume: 0,
        ..alerts()
    });
    stage.pass(seconds(0.05));
    assert!(loudness(&stage.hear(seconds(10.0))) == 0.0);
    assert_eq!(stage.played.len(), played);
    assert_eq!(stage.reports.last(), Some(&SoundView::Muted));

    stage.prefer(Alerts {
        chime: Chime::Buzzer,
        volume: 100,
        ..alerts()
    });
    assert!(loudness(&stage.hear(seconds(0.3))) > 0.2);
    assert_eq!(stage.reports.last(), Some(&SoundView::Works));

    // From endless to a rhythm, and back before the next one would have been due.
    let interval = Alerts {
        repeat: Repeat::Interval,
        repeat_seconds: 300,
        ..alerts()
    };
    stage.prefer(interval.clone());
    stage.pass(seconds(2.0));
    assert!(loudness(&stage.hear(seconds(60.0))) == 0.0);
    stage.prefer(Alerts {
        repeat: Repeat::Continuous,
        ..interval
    });
    assert!(loudness(&stage.hear(seconds(0.3))) > 0.03);
}

#[test]
fn a_preview_is_heard_in_its_own_way_also_while_an_alarm_sounds() {
    let mut stage = Stage::new();
    stage.prefer(alerts());
    stage.tell(Event::Preview(Chime::Buzzer, 100));
    let alone = stage.hear(seconds(5.0));
    assert!(strength(&alone[..count(seconds(1.0))], 700.0) > 0.1);

    stage.tell(Event::Ring(ORDERS));
    stage.pass(seconds(0.5));
    stage.tell(Event::Preview(Chime::Buzzer, 100));
    stage.pass(seconds(0.05));
    let preview = stage.hear(seconds(0.5));
    assert!(strength(&preview, 700.0) > 0.1);
    assert!(strength(&preview, 1318.5) < 0.01);
    let after = stage.hear(seconds(2.0));
    assert!(strength(&after, 1318.5) > 0.01, "the alarm goes on");

    // Also where the alarm itself is mute.
    let mut stage = Stage::new();
    stage.prefer(Alerts {
        volume: 0,
        ..alerts()
    });
    stage.tell(Event::Preview(Chime::Marimba, 60));
    assert!(loudness(&stage.hear(seconds(1.0))) > 0.02);
    assert_eq!(stage.reports.last(), Some(&SoundView::Muted));
}
