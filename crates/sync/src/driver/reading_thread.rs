//! The inbox's reading connection on a thread of its own, so that a search delays no page.
//!
//! Whoever opens, repairs and closes the inbox holds the door: it waits for the reading that is under way,
//! and closes its connection first. A damaged file is never moved under it, the last one to close is
//! always the one who writes, and nothing touches the file's locks while it reads.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};

use campana_contract::Timestamp;
use tokio::sync::oneshot;

use super::supervisor::caught;
use crate::inbox::{Copying, InboxError, Reading};

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
    /// The backup that is on its way.
    backup: Option<Copying>,
}

impl Door {
    /// A closed one.
    pub(super) fn new(folder: PathBuf) -> Self {
        Self(Arc::new(Mutex::new(Room {
            folder,
            is_open: false,
            reading: None,
            backup: None,
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
        room.let_go();
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
                if caught(|| job(&mut door.room())).is_err() {
                    door.room().let_go();
                }
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
        self.run_in_room(|room| room.read(read)).await
    }

    /// Backs the inbox up, in small steps between which others read; the number of the last change that the backup
    /// has then.
    ///
    /// # Errors
    /// When the inbox is closed meanwhile, or cannot be read, or the backup not be written.
    pub(super) async fn back_up(&self, at: Timestamp) -> Result<i64, InboxError> {
        self.run_in_room(move |room| {
            room.backup = None;
            let begun = room.read(|reading| reading.begin_backup(at))?;
            room.backup = Some(begun);
            Ok(())
        })
        .await?;
        loop {
            if let Some(until) = self.run_in_room(Room::go_on).await? {
                return Ok(until);
            }
        }
    }

    async fn run_in_room<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Room) -> Result<R, InboxError> + Send + 'static,
    ) -> Result<R, InboxError> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move |room: &mut Room| {
            if !answer.is_closed() {
                // Whoever asked may have gone.
                let _ = answer.send(work(room));
            }
        });
        self.jobs.send(job).map_err(|_| closed())?;
        answered.await.map_err(|_| closed())?
    }
}

fn closed() -> InboxError {
    InboxError::Unusable("the inbox is closed".into())
}

impl Room {
    /// Closes its connections; the next reading opens one.
    fn let_go(&mut self) {
        self.reading = None;
        self.backup = None;
    }

    /// The next step of the backup.
    fn go_on(&mut self) -> Result<Option<i64>, InboxError> {
        let mut backup = self.backup.take().ok_or_else(closed)?;
        let done = self.read(|reading| reading.go_on(&mut backup))?;
        if done.is_none() {
            self.backup = Some(backup);
        }
        Ok(done)
    }

    fn read<R>(
        &mut self,
        read: impl FnOnce(&mut Reading) -> Result<R, InboxError>,
    ) -> Result<R, InboxError> {
        if !self.is_open {
            return Err(closed());
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
