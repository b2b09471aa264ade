//! The system's output of sound.

use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rodio::DeviceSinkBuilder;
use rodio::cpal::{Error, ErrorKind};
use rodio::stream::DeviceSinkError;

use super::feed::Feed;

/// Errors for so long without a single sample between them end a device.
const STALL: Duration = Duration::from_millis(400);
/// The thread of a device that fails on and on must not take a whole processor.
const BREATH: Duration = Duration::from_millis(5);
/// Part of ALSA's words.
const NO_SERVER: &str = "Connection refused";

/// Why nothing can be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// There is no device, or it went away.
    NoDevice,
    /// There is one, and it plays nothing.
    Failing,
}

/// Told when an open device ends by itself.
pub type Broken = Box<dyn Fn(Trouble) + Send>;

/// Where sound goes to. Opening may take as long as it likes: it has a thread of its own.
pub trait Device: Send + Sync + 'static {
    /// Opens the present default and lets it play what `feed` gives, until what this returns is dropped.
    ///
    /// # Errors
    /// [`Trouble`]; the reason is in the log.
    fn open(&self, feed: Feed, broken: Broken) -> Result<Box<dyn Any>, Trouble>;
}

/// The default output of this computer.
#[derive(Clone, Copy, Debug)]
pub struct SystemDevice;

impl Device for SystemDevice {
    fn open(&self, feed: Feed, broken: Broken) -> Result<Box<dyn Any>, Trouble> {
        let mut watch = Watch::new(feed.pulled());
        let on_error = move |error: Error| {
            if let Some(trouble) = watch.error(&error, Instant::now()) {
                broken(trouble);
            }
        };
        let mut device = DeviceSinkBuilder::from_default_device()
            .map(|builder| builder.with_error_callback(on_error))
            .and_then(DeviceSinkBuilder::open_stream)
            .map_err(|error| {
                let cause = std::error::Error::source(&error);
                tracing::debug!(%error, ?cause, "the device does not open");
                opening(&error)
            })?;
        device.log_on_drop(false);
        device.mixer().add(feed);
        Ok(Box::new(device))
    }
}

fn opening(error: &DeviceSinkError) -> Trouble {
    match error {
        DeviceSinkError::NoDevice => Trouble::NoDevice,
        DeviceSinkError::PlayError(error)
        | DeviceSinkError::DefaultSinkConfigError(error)
        | DeviceSinkError::BuildError(error)
        | DeviceSinkError::SupportedConfigsError(error) => trouble(error),
        DeviceSinkError::UnsupportedSampleFormat => Trouble::Failing,
    }
}

/// Tells an error that ends a device from one that it gets over: ALSA's way to PulseAudio and PipeWire
/// has many of those when the computer is busy.
pub(super) struct Watch {
    pulled: Arc<AtomicU64>,
    /// The first error since samples were taken last, and how many had been taken then.
    stalled: Option<(Instant, u64)>,
    /// A broken device may say so without end.
    is_broken: bool,
}

impl Watch {
    pub fn new(pulled: Arc<AtomicU64>) -> Self {
        Self {
            pulled,
            stalled: None,
            is_broken: false,
        }
    }

    #[allow(
        clippy::wildcard_enum_match_arm,
        reason = "the list is open; whether what is unknown ends it shows by its samples"
    )]
    /// What this error means for the device; `None` when it plays on.
    pub fn error(&mut self, error: &Error, now: Instant) -> Option<Trouble> {
        if self.is_broken {
            std::thread::sleep(BREATH);
            return None;
        }
        let ends = match error.kind() {
            // The system moved it to the new default by itself, or goes on.
            ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied | ErrorKind::Xrun => None,
            ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable => Some(Trouble::NoDevice),
            ErrorKind::StreamInvalidated => Some(Trouble::Failing),
            _ => {
                let pulled = self.pulled.load(Ordering::Relaxed);
                let (since, before) = *self.stalled.get_or_insert((now, pulled));
                if pulled != before {
                    self.stalled = Some((now, pulled));
                }
                // It is tried again without a pause otherwise.
                std::thread::sleep(BREATH);
                (pulled == before && now.saturating_duration_since(since) >= STALL)
                    .then_some(Trouble::Failing)
            }
        };
        if let Some(trouble) = ends {
            tracing::debug!(%error, ?trouble, "the sound ends");
            self.is_broken = true;
        }
        ends
    }
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the list is open; what is unknown is a device that plays nothing"
)]
fn trouble(error: &Error) -> Trouble {
    match error.kind() {
        ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable => Trouble::NoDevice,
        // ALSA knows no other word for a sound server that is not there.
        _ if error.to_string().contains(NO_SERVER) => Trouble::NoDevice,
        _ => Trouble::Failing,
    }
}
