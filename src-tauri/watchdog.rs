//! Watches that the parts of the app live, from a thread that shares nothing with them but their leases. A part that
//! stopped is said, and when it does not come back the process is started again: what is stored rings on.

#[cfg(test)]
mod tests;

use std::time::Duration;

use campana_shell::controller::Input;
use campana_sync::lease::{Lease, RENEWED_EVERY};
use tokio::sync::mpsc::UnboundedSender;

/// How often the leases are looked at.
const LOOK: Duration = Duration::from_secs(2);
/// A part whose lease is as old as this has stopped.
const STOPPED: Duration = RENEWED_EVERY.saturating_add(Duration::from_secs(5));
/// So long a part that stopped may take to come back: with the restart it is healed within 30 s.
const GIVEN_UP: Duration = STOPPED.saturating_add(Duration::from_secs(8));

/// A part and the age of its lease; `None` while it need not live.
type Part = (&'static str, Box<dyn Fn() -> Option<Duration> + Send>);

/// The parts that are watched.
#[derive(Default)]
pub struct Watchdog {
    parts: Vec<Part>,
}

/// What the leases say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Finding {
    AllLive,
    Stopped(&'static str),
    GivenUp(&'static str),
}

impl Watchdog {
    /// Watches this part, too.
    pub fn watch(&mut self, name: &'static str, lease: Lease) {
        self.watch_age(name, move || Some(lease.age()));
    }

    /// Watches this part, too; `age` is that of its lease, or `None` while it need not live.
    pub fn watch_age(
        &mut self,
        name: &'static str,
        age: impl Fn() -> Option<Duration> + Send + 'static,
    ) {
        self.parts.push((name, Box::new(age)));
    }

    /// Begins to watch. What stopped is told to `inputs`; `restart` is called when it does not come back.
    ///
    /// # Errors
    /// When there is no thread for it.
    pub fn start(
        self,
        inputs: UnboundedSender<Input>,
        restart: impl Fn() + Send + 'static,
    ) -> std::io::Result<()> {
        let work = move || {
            let mut stopped = false;
            loop {
                std::thread::sleep(LOOK);
                let finding = self.finding();
                if let Finding::GivenUp(part) = finding {
                    tracing::error!(part, "a part does not come back: Campana starts again");
                    crate::logging::flush();
                    restart();
                }
                let stops = finding != Finding::AllLive;
                if stops != stopped {
                    stopped = stops;
                    tracing::error!(?finding, "the parts of the app");
                    // Nobody listens any more: the program ends, or the controller is what stopped.
                    let _ = inputs.send(Input::PartStopped(stopped));
                }
            }
        };
        std::thread::Builder::new()
            .name("watchdog".into())
            .spawn(work)?;
        Ok(())
    }

    fn finding(&self) -> Finding {
        let aged = self.parts.iter();
        let aged = aged.filter_map(|(name, age)| Some((*name, age()?)));
        match aged.max_by_key(|(_, age)| *age) {
            Some((name, age)) if age >= GIVEN_UP => Finding::GivenUp(name),
            Some((name, age)) if age >= STOPPED => Finding::Stopped(name),
            Some(_) | None => Finding::AllLive,
        }
    }
}
