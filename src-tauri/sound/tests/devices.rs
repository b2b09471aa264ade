use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use campana_shell::desktop::Alarm;
use campana_shell::view::SoundView;
use rodio::cpal::{Error, ErrorKind};

use campana_sync::settings::{Alerts, Repeat};

use super::super::device::{Trouble, Watch};
use super::super::ringer::Event;
use super::super::tune::Tune;
use super::hearing::loudness;
use super::stage::{Device, Stage};

const ORDERS: Alarm = Alarm::Orders { louder: false };

fn seconds(seconds: f32) -> Duration {
    Duration::from_secs_f32(seconds)
}

#[test]
fn whether_orders_could_be_heard_is_found_out_before_the_first_one_in_silence() {
    for (device, view) in [
        (Device::None, SoundView::NoDevice),
        (Device::Stuck, SoundView::Failing),
        (Device::Hangs, SoundView::Failing),
        (Device::Devours, SoundView::Failing),
    ] {
        let mut stage = Stage::with(device);
        stage.pass(seconds(10.0));
        assert_eq!(stage.reports, [view], "{device:?}");
    }
    let mut stage = Stage::with(Device::Works);
    assert!(loudness(&stage.hear(seconds(10.0))) == 0.0);
    assert_eq!(stage.played, [Tune::Silence]);
    assert_eq!(stage.reports, []);
    assert_eq!(stage.opened, 1, "once is enough");
}

#[test]
fn a_device_that_comes_while_the_alarm_rings_is_heard_within_seconds_and_then_only_said_to_work() {
    for device in [Device::None, Device::Stuck, Device::Hangs, Device::Devours] {
        for repeat in [Repeat::Continuous, Repeat::Interval, Repeat::Once] {
            let mut stage = Stage::with(device);
            stage.prefer(Alerts {
                repeat,
                repeat_seconds: 300,
                ..Alerts::default()
            });
            stage.tell(Event::Ring(ORDERS));
            assert!(loudness(&stage.hear(seconds(60.0))) == 0.0);
            assert!(!stage.reports.contains(&SoundView::Works), "{device:?}");
            stage.device = Device::Works;
            let heard = stage.hear(seconds(10.0));
            assert!(loudness(&heard) > 0.02, "{device:?} {repeat:?}");
            assert_eq!(stage.reports.last(), Some(&SoundView::Works));
        }
    }
}

#[test]
fn a_device_that_comes_while_nothing_rings_ends_the_complaint() {
    let mut stage = Stage::with(Device::None);
    stage.pass(seconds(300.0));
    assert_eq!(stage.reports, [SoundView::NoDevice]);
    assert!(stage.opened < 10, "looked for {} times", stage.opened);
    stage.device = Device::Works;
    assert!(loudness(&stage.hear(seconds(70.0))) == 0.0);
    assert_eq!(stage.reports, [SoundView::NoDevice, SoundView::Works]);
}

#[test]
fn the_alarm_follows_when_another_device_becomes_the_default() {
    let mut stage = Stage::new();
    stage.tell(Event::Ring(ORDERS));
    stage.pass(seconds(1.0));
    stage.pull_out();
    assert!(
        loudness(&stage.hear(seconds(0.3))) > 0.03,
        "it sounds anew at once"
    );
    assert_eq!(stage.opened, 2);
    assert_eq!(stage.reports, [], "nothing was amiss");
}

#[test]
fn a_device_that_is_pulled_out_is_missed_at_once() {
    let mut stage = Stage::new();
    stage.tell(Event::Ring(ORDERS));
    stage.pass(seconds(1.0));
    stage.device = Device::None;
    stage.pull_out();
    stage.pass(seconds(0.5));
    assert_eq!(stage.reports, [SoundView::NoDevice]);
    stage.device = Device::Works;
    assert!(loudness(&stage.hear(seconds(3.0))) > 0.03);
    assert_eq!(stage.reports, [SoundView::NoDevice, SoundView::Works]);
}

#[test]
fn a_chime_that_could_not_be_heard_is_not_made_up_for() {
    let mut stage = Stage::with(Device::None);
    stage.tell(Event::Chime);
    stage.pass(seconds(1.0));
    stage.device = Device::Works;
    assert!(loudness(&stage.hear(seconds(120.0))) == 0.0);
}

#[test]
fn orders_that_come_and_go_while_a_device_hangs_open_no_further_ones() {
    let mut stage = Stage::with(Device::Hangs);
    for _ in 0..50 {
        stage.tell(Event::Ring(ORDERS));
        stage.pass(seconds(0.02));
        stage.tell(Event::Hush);
        stage.pass(seconds(0.02));
    }
    assert_eq!(stage.opened, 1);
}

#[test]
fn an_error_that_the_device_gets_over_does_not_end_it_and_a_lasting_one_does() {
    let error = |kind| Error::with_message(kind, "as the system says it");
    let pulled = Arc::new(AtomicU64::new(0));
    let begun = Instant::now();
    let mut watch = Watch::new(pulled.clone());
    let mut told = |millis: u64, kind, samples: u64| {
        pulled.fetch_add(samples, Ordering::Relaxed);
        watch.error(&error(kind), begun + Duration::from_millis(millis))
    };
    for tenth in 0..20 {
        assert_eq!(told(tenth * 100, ErrorKind::BackendError, 480), None);
        assert_eq!(told(tenth * 100, ErrorKind::Xrun, 0), None);
    }
    assert_eq!(told(2000, ErrorKind::BackendError, 0), None);
    let ended = told(2500, ErrorKind::BackendError, 0);
    assert_eq!(ended, Some(Trouble::Failing));
    assert_eq!(
        told(9000, ErrorKind::BackendError, 0),
        None,
        "once is enough"
    );

    let gone = Watch::new(pulled.clone()).error(&error(ErrorKind::DeviceNotAvailable), begun);
    assert_eq!(gone, Some(Trouble::NoDevice));
}
