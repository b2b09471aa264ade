//! The alarm: a bell of two tones, made by computing, that sounds until somebody has seen the order.

mod bell;
#[cfg(test)]
mod tests;

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use rodio::buffer::SamplesBuffer;
use rodio::{DeviceSinkBuilder, MixerDeviceSink, Player};

use crate::view::SoundView;

/// From the beginning of one stroke to the next.
const PERIOD: Duration = Duration::from_millis(2600);
/// A missing device may be plugged in while the alarm sounds.
const RETRY: Duration = Duration::from_secs(5);

/// An open output of sound; dropping it closes it.
pub trait Output {
    /// Begins one stroke of the bell. False when the device is gone.
    fn strike(&self) -> bool;
}

/// Opens an output, or says in technical words why there is none.
pub type Open = Box<dyn Fn() -> Result<Box<dyn Output>, String> + Send>;

/// The way to the thread of the alarm. The thread ends with it.
#[derive(Debug)]
pub struct Sound(Sender<Order>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Ring,
    Hush,
    Chime,
}

impl Sound {
    /// Starts the thread. Each alarm opens its own output; whether it could goes to `report`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(open: Open, report: impl Fn(SoundView) + Send + 'static) -> std::io::Result<Self> {
        let (sender, orders) = channel();
        std::thread::Builder::new()
            .name("alarm".into())
            .spawn(move || work(&orders, &open, &report))?;
        Ok(Self(sender))
    }

    /// Begins the alarm.
    pub fn ring(&self) {
        self.tell(Order::Ring);
    }
    /// Ends the alarm.
    pub fn hush(&self) {
        self.tell(Order::Hush);
    }
    /// One stroke.
    pub fn chime(&self) {
        self.tell(Order::Chime);
    }

    fn tell(&self, order: Order) {
        if self.0.send(order).is_err() {
            tracing::error!("the thread of the alarm is gone");
        }
    }
}

/// What the thread is about; the output is open only while something sounds.
fn work(orders: &Receiver<Order>, open: &Open, report: &dyn Fn(SoundView)) {
    let mut output: Option<Box<dyn Output>> = None;
    let mut rings = false;
    let mut wait: Option<Duration> = None;
    loop {
        let order = match wait {
            None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(wait) => orders.recv_timeout(wait),
        };
        match order {
            // A stroke sounds already, or the next one comes at its time.
            Ok(Order::Ring | Order::Chime) if rings => continue,
            Ok(Order::Ring) => rings = true,
            Ok(Order::Chime) => {}
            Ok(Order::Hush) => {
                rings = false;
                output = None;
                wait = None;
                continue;
            }
            Err(RecvTimeoutError::Timeout) if rings => {}
            Err(RecvTimeoutError::Timeout) => {
                output = None;
                wait = None;
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
        if output.is_none() {
            output = open()
                .inspect_err(|reason| tracing::warn!(%reason, "the alarm has no device"))
                .ok();
        }
        if output.as_ref().is_some_and(|output| output.strike()) {
            report(SoundView::Works);
            wait = Some(PERIOD);
        } else {
            report(SoundView::NoDevice);
            output = None;
            wait = rings.then_some(RETRY);
        }
    }
}

/// The system's present output device.
pub fn system_output() -> Open {
    Box::new(|| {
        let (broken, is_broken) = channel();
        let mut device = DeviceSinkBuilder::from_default_device()
            .map(|builder| {
                builder.with_error_callback(move |error| {
                    tracing::debug!(%error, "sound");
                    // Nobody listens once the output is closed.
                    let _ = broken.send(());
                })
            })
            .and_then(DeviceSinkBuilder::open_stream)
            .map_err(|error| error.to_string())?;
        device.log_on_drop(false);
        let player = Player::connect_new(device.mixer());
        Ok(Box::new(Device {
            player,
            _device: device,
            is_broken,
        }))
    })
}

struct Device {
    player: Player,
    _device: MixerDeviceSink,
    is_broken: Receiver<()>,
}

impl Output for Device {
    fn strike(&self) -> bool {
        // A device that went away never plays to the end.
        if self.is_broken.try_recv().is_ok() || !self.player.empty() {
            return false;
        }
        let stroke = SamplesBuffer::new(bell::CHANNELS, bell::RATE, bell::stroke());
        self.player.append(stroke);
        true
    }
}
