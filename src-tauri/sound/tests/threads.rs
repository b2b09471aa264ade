use std::any::Any;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use campana_shell::desktop::Alarm;
use campana_shell::effects::SoundEffect;
use campana_shell::view::SoundView;

use super::super::device::{Broken, Device, Trouble};
use super::super::feed::Feed;
use super::super::{MOST_THREADS, Sound};
use super::hearing::loudness;

const PATIENCE: Duration = Duration::from_secs(30);
const ORDERS: Alarm = Alarm::Orders { louder: false };

/// Takes samples as fast as a device would, in a thread of its own.
struct Loudspeaker(Sender<Vec<f32>>);

impl Device for Loudspeaker {
    fn open(&self, mut feed: Feed, _: Broken) -> Result<Box<dyn Any>, Trouble> {
        let heard = self.0.clone();
        let (hold, held) = channel::<()>();
        let play = std::thread::spawn(move || {
            let tenth = Duration::from_millis(100);
            while held.recv_timeout(tenth) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                // Nobody listens at the end of the test.
                let _ = heard.send(feed.by_ref().take(4800).collect());
            }
        });
        Ok(Box::new((hold, play)))
    }
}

/// Never opens.
#[derive(Clone, Default)]
struct Hanging(Arc<AtomicUsize>);

impl Device for Hanging {
    fn open(&self, _: Feed, _: Broken) -> Result<Box<dyn Any>, Trouble> {
        self.0.fetch_add(1, Ordering::SeqCst);
        loop {
            std::thread::park();
        }
    }
}

fn reports() -> (impl Fn(SoundView) + Send + 'static, Receiver<SoundView>) {
    let (sender, receiver) = channel();
    let sender = Mutex::new(sender);
    let report = move |view| {
        // Nobody listens at the end of the test.
        let _ = sender.lock().unwrap().send(view);
    };
    (report, receiver)
}

#[test]
fn an_alarm_reaches_the_device_and_ends_there() {
    let (sender, heard) = channel();
    let sound = Sound::start(Loudspeaker(sender), |_| {}).unwrap();
    sound.tell(SoundEffect::Alarm(Some(ORDERS))).unwrap();
    let is_loud = |samples: &Vec<f32>| loudness(samples) > 0.05;
    let deadline = Instant::now() + PATIENCE;
    while !is_loud(&heard.recv_timeout(PATIENCE).unwrap()) {
        assert!(Instant::now() < deadline);
    }
    sound.tell(SoundEffect::Alarm(None)).unwrap();
    // The device is closed, and with it goes the last sender but one.
    while heard.recv_timeout(Duration::from_secs(2)).is_ok() {
        assert!(Instant::now() < deadline);
    }
}

#[test]
fn a_device_that_hangs_blocks_nobody_and_keeps_few_threads() {
    let (report, reported) = reports();
    let device = Hanging::default();
    let sound = Sound::start(device.clone(), report).unwrap();
    sound.tell(SoundEffect::Alarm(Some(ORDERS))).unwrap();
    assert_eq!(reported.recv_timeout(PATIENCE), Ok(SoundView::Failing));
    for _ in 0..1000 {
        sound.tell(SoundEffect::Alarm(Some(ORDERS))).unwrap();
        sound.tell(SoundEffect::Alarm(None)).unwrap();
    }
    assert!(device.0.load(Ordering::SeqCst) <= MOST_THREADS);
    // The end waits for nothing either; a join would hang here.
    drop(sound);
}
