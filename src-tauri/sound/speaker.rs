//! One opened device on a thread of its own, which may hang there without anybody waiting for it.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};

use super::device::{Device, Trouble};
use super::feed::{Feed, Steering, feed};

/// What a device tells; the number says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It is open.
    Opened(u64),
    /// It could not be opened.
    Refused(u64, Trouble),
    /// It ended by itself.
    Broken(u64, Trouble),
    /// Its thread is over.
    Gone,
}

/// The way to an opened device. Dropping it closes the device, without waiting for that.
#[derive(Debug)]
pub(super) struct Speaker {
    pub number: u64,
    pub steering: Steering,
    _hold: Sender<()>,
}

impl Speaker {
    /// Begins to open the device.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn open<T>(number: u64, device: Arc<dyn Device>, tell: T) -> std::io::Result<Self>
    where
        T: Fn(Told) + Clone + Send + 'static,
    {
        let (steering, feed) = feed();
        let (hold, held) = channel();
        std::thread::Builder::new()
            .name("loudspeaker".into())
            .spawn(move || {
                work(number, device.as_ref(), feed, &held, &tell);
                tell(Told::Gone);
            })?;
        Ok(Self {
            number,
            steering,
            _hold: hold,
        })
    }
}

fn work<T>(number: u64, device: &dyn Device, feed: Feed, held: &Receiver<()>, tell: &T)
where
    T: Fn(Told) + Clone + Send + 'static,
{
    let of_device = tell.clone();
    let broken = Box::new(move |trouble| of_device(Told::Broken(number, trouble)));
    match device.open(feed, broken) {
        Ok(open) => {
            tell(Told::Opened(number));
            // Until nobody holds it.
            let _ = held.recv();
            drop(open);
        }
        Err(trouble) => tell(Told::Refused(number, trouble)),
    }
}
