#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::{Open, Output, Sound, bell};
use crate::view::SoundView;

const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Default)]
struct Room {
    strokes: Arc<AtomicUsize>,
    open: Arc<AtomicUsize>,
    has_no_device: Arc<AtomicBool>,
}

struct Speaker(Room);

impl Output for Speaker {
    fn strike(&self) -> bool {
        self.0.strokes.fetch_add(1, Ordering::SeqCst);
        true
    }
}

impl Drop for Speaker {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Room {
    fn start(&self) -> (Sound, Receiver<SoundView>) {
        let room = self.clone();
        let open: Open = Box::new(move || {
            if room.has_no_device.load(Ordering::SeqCst) {
                return Err("nothing plugged in".into());
            }
            room.open.fetch_add(1, Ordering::SeqCst);
            Ok(Box::new(Speaker(room.clone())))
        });
        let (sender, reports) = channel();
        let sender = Mutex::new(sender);
        let sound = Sound::start(open, move |view| sender.lock().unwrap().send(view).unwrap());
        (sound.unwrap(), reports)
    }
}

#[test]
fn the_alarm_goes_on_until_it_is_hushed() {
    let room = Room::default();
    let (sound, reports) = room.start();
    sound.ring();
    for _ in 0..2 {
        assert_eq!(reports.recv_timeout(PATIENCE), Ok(SoundView::Works));
    }
    assert_eq!(room.strokes.load(Ordering::SeqCst), 2);
    assert_eq!(room.open.load(Ordering::SeqCst), 1);
    sound.hush();
    // The next stroke after a hush opens the output anew.
    sound.chime();
    assert_eq!(reports.recv_timeout(PATIENCE), Ok(SoundView::Works));
    assert_eq!(room.open.load(Ordering::SeqCst), 1);
    assert_eq!(room.strokes.load(Ordering::SeqCst), 3);
}

#[test]
fn a_missing_device_is_reported_and_tried_again() {
    let room = Room::default();
    room.has_no_device.store(true, Ordering::SeqCst);
    let (sound, reports) = room.start();
    sound.ring();
    assert_eq!(reports.recv_timeout(PATIENCE), Ok(SoundView::NoDevice));
    room.has_no_device.store(false, Ordering::SeqCst);
    assert_eq!(reports.recv_timeout(PATIENCE), Ok(SoundView::Works));
}

#[test]
fn a_stroke_is_heard_and_ends_in_silence() {
    let stroke = bell::stroke();
    assert!(
        stroke
            .iter()
            .all(|sample| sample.is_finite() && sample.abs() < 1.0)
    );
    let loudest = stroke
        .iter()
        .fold(0.0_f32, |most, sample| most.max(sample.abs()));
    assert!(loudest > 0.3, "{loudest}");
    assert!(stroke.first().unwrap().abs() < 0.01);
    assert!(stroke.last().unwrap().abs() < 0.01);
    assert!(bell::LENGTH < super::PERIOD);
}
