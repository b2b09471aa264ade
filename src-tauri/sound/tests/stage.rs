//! A ringer, a device of its own kind, and time that goes by only when it is told to.

use std::time::{Duration, Instant};

use campana_shell::view::SoundView;
use campana_sync::settings::Alerts;

use super::super::device::Trouble;
use super::super::feed::{Feed, Steering, feed};
use super::super::ringer::{Deed, Event, Now, Ringer};
use super::super::tune::Tune;
use super::hearing::count;

/// Time goes by in steps of this.
const STEP: Duration = Duration::from_millis(5);

/// What there is to open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Device {
    /// Plays what it is given.
    Works,
    /// There is none.
    None,
    /// Opens, and takes no more than fits into its buffer.
    Stuck,
    /// Never opens.
    Hangs,
    /// Takes whatever it gets at once, and plays it to nobody.
    Devours,
}

pub struct Stage {
    ringer: Ringer,
    now: Instant,
    pub device: Device,
    open: Option<(Steering, Feed, Device)>,
    /// What came out of a loudspeaker, silence included.
    pub heard: Vec<f32>,
    pub played: Vec<Tune>,
    pub opened: usize,
    pub reports: Vec<SoundView>,
}

impl Stage {
    /// With a device that was found to work before anything happens.
    pub fn new() -> Self {
        let mut stage = Self::with(Device::Works);
        stage.pass(Duration::from_secs(2));
        assert!(stage.open.is_none(), "it is closed while nothing sounds");
        stage.heard.clear();
        stage.played.clear();
        stage.opened = 0;
        stage
    }

    pub fn with(device: Device) -> Self {
        let now = Instant::now();
        let mut stage = Self {
            ringer: Ringer::new(now),
            now,
            device,
            open: None,
            heard: Vec::new(),
            played: Vec::new(),
            opened: 0,
            reports: Vec::new(),
        };
        stage.tell(Event::Time);
        stage
    }

    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    pub fn prefer(&mut self, alerts: Alerts) {
        self.tell(Event::Prefer(alerts));
    }

    /// The present device goes away under the alarm.
    pub fn pull_out(&mut self) {
        if self.open.take().is_some() {
            self.tell(Event::Broken(Trouble::NoDevice));
        }
    }

    pub fn tell(&mut self, event: Event) {
        let mut events = vec![event];
        while let Some(event) = events.pop() {
            let now = Now {
                at: self.now,
                pulled: self.open.as_ref().map_or(0, |(way, _, _)| way.pulled()),
            };
            for deed in self.ringer.handle(event, now) {
                events.extend(self.act(deed));
            }
        }
    }

    fn act(&mut self, deed: Deed) -> Option<Event> {
        match deed {
            Deed::Open => {
                assert!(self.open.is_none(), "one device at a time");
                self.opened += 1;
                if self.device == Device::Hangs {
                    return None;
                }
                if self.device == Device::None {
                    return Some(Event::Refused(Trouble::NoDevice));
                }
                let (way, feed) = feed();
                self.open = Some((way, feed, self.device));
                return Some(Event::Opened);
            }
            Deed::Close => self.open = None,
            Deed::Play(tune, gain) => {
                self.played.push(tune);
                let (way, _, _) = self.open.as_ref().unwrap();
                way.play(tune.samples().into(), gain);
            }
            Deed::Gain(gain) => self.open.as_ref().unwrap().0.gain(gain),
            Deed::Fade => self.open.as_ref().unwrap().0.fade(),
            Deed::Report(view) => self.reports.push(view),
        }
        None
    }

    /// Time goes by, and what was to be done by itself was done.
    pub fn pass(&mut self, span: Duration) {
        let end = self.now + span;
        while self.now < end {
            self.now += STEP;
            self.flow();
            for _ in 0..4 {
                let deadline = self.ringer.deadline();
                if deadline.is_none_or(|at| at > self.now) {
                    break;
                }
                self.tell(Event::Time);
            }
            let spins = self.ringer.deadline().filter(|at| *at <= self.now);
            assert_eq!(spins, None, "nothing is left to be done at once");
        }
    }

    fn flow(&mut self) {
        let step = count(STEP);
        let before = self.heard.len();
        if let Some((way, feed, device)) = &mut self.open {
            match device {
                Device::Works => self.heard.extend(feed.take(step)),
                Device::Stuck if way.pulled() < count(Duration::from_millis(100)) as u64 => {
                    feed.take(step).for_each(drop);
                }
                Device::Devours => feed.take(step * 50).for_each(drop),
                Device::Stuck | Device::None | Device::Hangs => {}
            }
        }
        self.heard.resize(before + step, 0.0);
    }

    /// What is heard from now on for so long.
    pub fn hear(&mut self, span: Duration) -> Vec<f32> {
        let before = self.heard.len();
        self.pass(span);
        self.heard.split_off(before)
    }
}
