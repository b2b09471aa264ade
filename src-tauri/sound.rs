//! The alarm: made by computing, played by a device that is opened for it, until somebody has seen the order.

mod device;
mod feed;
mod loudness;
mod manner;
mod ringer;
mod speaker;
mod synthesis;
#[cfg(test)]
mod tests;
mod tune;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Instant;

use campana_shell::effects::SoundEffect;
use campana_shell::view::SoundView;

pub use device::{Broken, Device, SystemDevice, Trouble};
pub use feed::Feed;
use ringer::{Deed, Event, Now, Ringer};
use speaker::{Speaker, Told};
use tune::Tune;

/// A device that hangs keeps its thread; so many may, before no other one is opened.
const MOST_THREADS: usize = 3;

/// The way to the thread of the alarm. The thread ends with it.
#[derive(Debug)]
pub struct Sound {
    sender: Sender<Message>,
    thread: JoinHandle<()>,
}

#[derive(Debug)]
enum Message {
    Order(Event),
    Device(Told),
    End,
}

impl Sound {
    /// Starts the thread, which finds out at once whether it could be heard. Whenever that changes it
    /// goes to `report`; until then it is [`SoundView::Works`].
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        device: impl Device,
        report: impl Fn(SoundView) + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sender, messages) = channel();
        let work = Work {
            ringer: Ringer::new(Instant::now()),
            device: Arc::new(device),
            speaker: None,
            threads: 0,
            opened: 0,
            rendered: HashMap::new(),
            sender: sender.clone(),
        };
        let thread = std::thread::Builder::new()
            .name("alarm".into())
            .spawn(move || work.run(&messages, &report))?;
        Ok(Self { sender, thread })
    }

    /// Hands it to the thread, which never lets anybody wait.
    ///
    /// # Errors
    /// When the thread is gone.
    pub fn tell(&self, effect: SoundEffect) -> Result<(), Gone> {
        let order = match effect {
            SoundEffect::Alarm(Some(alarm)) => Event::Ring(alarm),
            SoundEffect::Alarm(None) => Event::Hush,
            SoundEffect::Chime => Event::Chime,
            SoundEffect::Preview(chime, volume) => Event::Preview(chime, volume),
            SoundEffect::Preferences(alerts) => Event::Prefer(alerts),
        };
        self.sender.send(Message::Order(order)).map_err(|_| Gone)
    }

    /// Whether the thread has ended.
    pub fn is_gone(&self) -> bool {
        self.thread.is_finished()
    }
}

/// The thread of the alarm has ended.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the thread of the alarm is gone")]
pub struct Gone;

impl Drop for Sound {
    fn drop(&mut self) {
        // Whoever is gone already has ended too.
        let _ = self.sender.send(Message::End);
    }
}

/// What the thread works with.
struct Work {
    ringer: Ringer,
    device: Arc<dyn Device>,
    speaker: Option<Speaker>,
    /// Of devices, open or hanging.
    threads: usize,
    opened: u64,
    rendered: HashMap<Tune, Arc<[f32]>>,
    sender: Sender<Message>,
}

impl Work {
    fn run(mut self, messages: &Receiver<Message>, report: &dyn Fn(SoundView)) {
        let mut events = VecDeque::from([Event::Time]);
        loop {
            while let Some(event) = events.pop_front() {
                for deed in self.ringer.handle(event, self.now()) {
                    events.extend(self.act(deed, report));
                }
            }
            let message = match self.ringer.deadline() {
                Some(at) => messages.recv_timeout(at.saturating_duration_since(Instant::now())),
                None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match message {
                Ok(Message::Order(order)) => events.push_back(order),
                Ok(Message::Device(told)) => events.extend(self.told(told)),
                Err(RecvTimeoutError::Timeout) => events.push_back(Event::Time),
                Ok(Message::End) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn now(&self) -> Now {
        Now {
            at: Instant::now(),
            pulled: self
                .speaker
                .as_ref()
                .map_or(0, |speaker| speaker.steering.pulled()),
        }
    }

    /// `None` for what comes from a device that is given up.
    fn told(&mut self, told: Told) -> Option<Event> {
        let (number, event) = match told {
            Told::Opened(number) => (number, Event::Opened),
            Told::Refused(number, trouble) => (number, Event::Refused(trouble)),
            Told::Broken(number, trouble) => (number, Event::Broken(trouble)),
            Told::Gone => {
                self.threads = self.threads.saturating_sub(1);
                return None;
            }
        };
        let present = self.speaker.as_ref().map(|speaker| speaker.number);
        (present == Some(number)).then_some(event)
    }

    /// What comes of it at once.
    fn act(&mut self, deed: Deed, report: &dyn Fn(SoundView)) -> Option<Event> {
        match deed {
            Deed::Open => return self.open().err().map(Event::Refused),
            Deed::Close => self.speaker = None,
            Deed::Play(tune, gain) => {
                let samples = self
                    .rendered
                    .entry(tune)
                    .or_insert_with(|| tune.samples().into())
                    .clone();
                self.steer(|steering| steering.play(samples, gain));
            }
            Deed::Gain(gain) => self.steer(|steering| steering.gain(gain)),
            Deed::Fade => self.steer(feed::Steering::fade),
            Deed::Report(view) => {
                tracing::info!(?view, "the sound");
                report(view);
            }
        }
        None
    }

    fn steer(&self, how: impl FnOnce(&feed::Steering)) {
        if let Some(speaker) = &self.speaker {
            how(&speaker.steering);
        }
    }

    fn open(&mut self) -> Result<(), Trouble> {
        if self.threads >= MOST_THREADS {
            tracing::warn!("the sound devices hang");
            return Err(Trouble::Failing);
        }
        self.opened += 1;
        let sender = self.sender.clone();
        let tell = move |told| {
            // The alarm's thread ends before those of its devices.
            let _ = sender.send(Message::Device(told));
        };
        let speaker = Speaker::open(self.opened, self.device.clone(), tell)
            .inspect_err(|error| tracing::error!(%error, "the alarm has no thread"))
            .map_err(|_| Trouble::Failing)?;
        self.threads += 1;
        self.speaker = Some(speaker);
        Ok(())
    }
}
