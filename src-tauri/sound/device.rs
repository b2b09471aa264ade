//! The system's output of sound.

use std::any::Any;

use rodio::DeviceSinkBuilder;
use rodio::cpal::{Error, ErrorKind};
use rodio::stream::DeviceSinkError;

use super::feed::Feed;

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
        let mut is_broken = false;
        let on_error = move |error: Error| {
            // A broken device may say so without end.
            if is_broken {
                return;
            }
            tracing::debug!(%error, "sound");
            if let Some(trouble) = ending(error.kind()) {
                is_broken = true;
                broken(trouble);
            }
        };
        let mut device = DeviceSinkBuilder::from_default_device()
            .map(|builder| builder.with_error_callback(on_error))
            .and_then(DeviceSinkBuilder::open_stream)
            .map_err(|error| {
                tracing::warn!(%error, cause = ?std::error::Error::source(&error), "the alarm has no device");
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
        | DeviceSinkError::SupportedConfigsError(error) => trouble(error.kind()),
        DeviceSinkError::UnsupportedSampleFormat => Trouble::Failing,
    }
}

/// What an error of an open device means for it; `None` when it plays on.
#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the list is open; what is unknown ends it"
)]
fn ending(kind: ErrorKind) -> Option<Trouble> {
    match kind {
        // The system moved it to the new default by itself.
        ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied | ErrorKind::Xrun => None,
        other => Some(trouble(other)),
    }
}

#[allow(
    clippy::wildcard_enum_match_arm,
    reason = "the list is open; what is unknown is a device that plays nothing"
)]
fn trouble(kind: ErrorKind) -> Trouble {
    match kind {
        ErrorKind::DeviceNotAvailable | ErrorKind::HostUnavailable => Trouble::NoDevice,
        _ => Trouble::Failing,
    }
}
