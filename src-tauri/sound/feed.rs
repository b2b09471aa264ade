//! What a device plays, sample by sample: the present stroke, and what fades away below it.

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use rodio::Source;

use super::synthesis::RATE;

/// From full loudness to silence: a step in the wave would crack.
pub(super) const RAMP: Duration = Duration::from_millis(40);
/// Commands are looked for every so many samples.
const LOOK: u64 = 64;

/// What a feed can be told.
#[derive(Debug)]
enum Command {
    Play { samples: Arc<[f32]>, gain: f32 },
    Gain(f32),
    Fade,
}

/// The way to a feed, from another thread.
#[derive(Debug)]
pub(super) struct Steering {
    commands: Sender<Command>,
    pulled: Arc<AtomicU64>,
}

impl Steering {
    /// Begins a stroke; what sounds fades away below it.
    pub fn play(&self, samples: Arc<[f32]>, gain: f32) {
        self.tell(Command::Play { samples, gain });
    }
    /// The present stroke is so loud from now on.
    pub fn gain(&self, gain: f32) {
        self.tell(Command::Gain(gain));
    }
    /// Ends what sounds, within [`RAMP`].
    pub fn fade(&self) {
        self.tell(Command::Fade);
    }
    /// So many samples were taken so far.
    pub fn pulled(&self) -> u64 {
        self.pulled.load(Ordering::Relaxed)
    }

    fn tell(&self, command: Command) {
        // A device that went away tells so by itself.
        let _ = self.commands.send(command);
    }
}

/// Sound without end, mostly silence; one channel, `RATE` samples a second.
pub struct Feed {
    commands: Receiver<Command>,
    strokes: Vec<Stroke>,
    pulled: u64,
    told: Arc<AtomicU64>,
}

struct Stroke {
    samples: Arc<[f32]>,
    at: usize,
    gain: f32,
    target: f32,
    ends: bool,
}

/// A feed and the way to it.
pub(super) fn feed() -> (Steering, Feed) {
    let (sender, commands) = channel();
    let told = Arc::new(AtomicU64::new(0));
    let steering = Steering {
        commands: sender,
        pulled: told.clone(),
    };
    let feed = Feed {
        commands,
        strokes: Vec::with_capacity(8),
        pulled: 0,
        told,
    };
    (steering, feed)
}

impl Feed {
    /// So many samples were taken so far.
    pub(super) fn pulled(&self) -> Arc<AtomicU64> {
        self.told.clone()
    }

    fn obey(&mut self) {
        while let Ok(command) = self.commands.try_recv() {
            match command {
                Command::Play { samples, gain } => {
                    self.end_all();
                    self.strokes.push(Stroke {
                        samples,
                        at: 0,
                        gain,
                        target: gain,
                        ends: false,
                    });
                }
                Command::Gain(gain) => {
                    for stroke in self.strokes.iter_mut().filter(|stroke| !stroke.ends) {
                        stroke.target = gain;
                    }
                }
                Command::Fade => self.end_all(),
            }
        }
    }

    fn end_all(&mut self) {
        for stroke in &mut self.strokes {
            stroke.target = 0.0;
            stroke.ends = true;
        }
    }
}

impl Stroke {
    /// `None` once there is nothing more to hear.
    fn next(&mut self, step: f32) -> Option<f32> {
        if self.ends && self.gain <= 0.0 {
            return None;
        }
        let sample = *self.samples.get(self.at)?;
        self.at += 1;
        let way = self.target - self.gain;
        self.gain += way.clamp(-step, step);
        Some(sample * self.gain)
    }
}

impl Iterator for Feed {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        if self.pulled.is_multiple_of(LOOK) {
            self.obey();
        }
        self.pulled += 1;
        self.told.store(self.pulled, Ordering::Relaxed);
        #[allow(clippy::cast_precision_loss, reason = "far from the limits")]
        let step = 1.0 / (RAMP.as_secs_f32() * RATE.get() as f32);
        let mut sum = 0.0;
        self.strokes.retain_mut(|stroke| {
            let sample = stroke.next(step);
            sum += sample.unwrap_or(0.0);
            sample.is_some()
        });
        Some(sum.clamp(-1.0, 1.0))
    }
}

impl Source for Feed {
    fn current_span_len(&self) -> Option<usize> {
        None
    }
    fn channels(&self) -> NonZero<u16> {
        NonZero::<u16>::MIN
    }
    fn sample_rate(&self) -> NonZero<u32> {
        RATE
    }
    fn total_duration(&self) -> Option<Duration> {
        None
    }
}
