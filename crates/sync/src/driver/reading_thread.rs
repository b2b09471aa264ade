//! The inbox's reading connection on a thread of its own, so that a search delays no page.
//!
//! Whoever opens, repairs and closes the inbox holds the door: it waits for the reading that is under way,
//! and closes its connection first. A damaged file is never moved under it, the last one to close is
//! always the one who writes, and nothing touches the file's locks while it reads.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};

use tokio::sync::oneshot;

use crate::inbox::{InboxError, Reading};

type Job = Box<dyn FnOnce(&mut Room) + Send>;

/// Carries readings to their thread, one after the other. Cheap to clone.
#[derive(Clone)]
pub(super) struct ReadingThread {
    jobs: mpsc::Sender<Job>,
}

/// Where readings take place, in the hand of the one who keeps the inbox.
#[derive(Clone)]
pub(super) struct Door(Arc<Mutex<Room>>);

struct Room {
    folder: PathBuf,
    is_open: bool,
    reading: Option<Reading>,
}

impl Door {
    /// A closed one.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(Arc::new(Mutex::new(Room {
            folder,
            is_open: false,
            reading: None,
        })))
    }

    /// The inbox is open: it may be read.
    pub(super) fn open(&self) {
        self.room().is_open = true;
    }

    /// Nobody reads any more when this returns.
    pub(super) fn close(&self) {
        let mut room = self.room();
        room.is_open = false;
        room.reading = None;
    }

    fn room(&self) -> MutexGuard<'_, Room> {
        // A reading changes nothing, so one that panicked left nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ReadingThread {
    /// Starts it; what it does goes on behind this door.
    pub(super) fn start(door: Door) -> Self {
        let (jobs, receiver) = mpsc::channel::<Job>();
        let work = move || {
            for job in receiver {
                job(&mut door.room());
            }
        };
        if let Err(error) = std::thread::Builder::new()
            .name("history".into())
            .spawn(work)
        {
            tracing::error!(%error, "no thread for the history");
        }
        Self { jobs }
    }

    /// Reads, unless nobody waits for it any more when its turn comes.
    ///
    /// # Errors
    /// When the inbox is closed, or cannot be read.
    pub(super) async fn run<R: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Reading) -> Result<R, InboxError> + Send + 'static,
    ) -> Result<R, InboxError> {
        let gone = || InboxError::Unusable("the inbox is closed".into());
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move |room: &mut Room| {
            if !answer.is_closed() {
                // Whoever asked may have gone.
                let _ = answer.send(room.read(read));
            }
        });
        self.jobs.send(job).map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

impl Room {
    fn read<R>(
        &mut self,
        read: impl FnOnce(&mut Reading) -> Result<R, InboxError>,
    ) -> Result<R, InboxError> {
        if !self.is_open {
            return Err(InboxError::Unusable("the inbox is closed".into()));
        }
        let mut reading = match self.reading.take() {
            Some(reading) => reading,
            None => Reading::open(&self.folder)?,
        };
        let result = read(&mut reading);
        // One that met damage is not asked again.
        if result.is_ok() {
            self.reading = Some(reading);
        }
        result
    }
}
