//! Supervision: a panic ends no more than what it happened in, is reported, and what it ended starts again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::mpsc::UnboundedReceiver;

use super::handle::Command;
use super::{Driver, new_random};
use crate::configuration::Configuration;
use crate::engine::{Engine, Input};
use crate::report::Report;
use crate::status::{Status, StatusKind};

/// So many panics in a row, each less than [`IN_A_ROW`] after the one before, and the driver is given up.
const RESTARTS: u32 = 3;
const IN_A_ROW: Duration = Duration::from_secs(60);

/// How a driver ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It was told to, or the last handle is gone.
    AsTold,
    /// It panicked again and again. Nobody pulls any more.
    Panicked,
}

/// Something panicked; the panic hook has logged where.
#[derive(Debug)]
pub(super) struct Panicked;

/// Awaits `future`, which may panic.
pub(super) async fn contained<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let caught = AssertUnwindSafe(future).catch_unwind().await;
    caught.map_err(|_| Panicked)
}

/// Does `work`, which may panic. What it works on must be repaired or thrown away if it does.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Panicked> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Panicked)
}

impl Driver {
    /// Runs the driver, again after a panic, with the inbox and the settings that it had.
    pub(super) async fn run_supervised(
        mut self,
        configuration: Option<Configuration>,
        mut commands: UnboundedReceiver<Command>,
        mut arriving: UnboundedReceiver<Input>,
    ) -> Ended {
        self.configuration = configuration;
        let (mut panics, mut last) = (0, None);
        loop {
            let running = self.run(&mut commands, &mut arriving);
            if contained(running).await.is_ok() {
                return Ended::AsTold;
            }
            let now = self.clock.now().monotonic;
            let is_in_a_row = last.is_some_and(|last| now < last + IN_A_ROW);
            panics = if is_in_a_row { panics + 1 } else { 1 };
            last = Some(now);
            if panics > RESTARTS {
                tracing::error!(panics, "the driver is given up");
                self.report(Report::Status(self.given_up()));
                return Ended::Panicked;
            }
            tracing::error!(panics, "the driver starts again after a panic");
            self.start_over();
        }
    }

    /// Lets go of everything that belonged to the engine that panicked.
    fn start_over(&mut self) {
        self.close();
        self.abandon();
        let engine = std::mem::replace(&mut self.engine, Engine::new(new_random()));
        self.engine = engine.start_over(new_random());
        self.unstored_is_stale = self.has_unstored;
    }

    fn given_up(&self) -> Status {
        Status {
            detail: Some("the engine ended unexpectedly".to_owned()),
            ..Status::new(StatusKind::Offline, self.clock.now().wall)
        }
    }
}
