//! The inbox on a thread of its own: SQLite blocks, the driver must not.

use std::path::PathBuf;
use std::sync::mpsc::{self, TryRecvError};

use campana_contract::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::reading_thread::{Door, ReadingThread};
use super::supervisor::caught;
use crate::engine::Input;
use crate::inbox::{Inbox, InboxError, Reading};
use crate::report::Report;

type Job = Box<dyn FnOnce(&mut Keeper) + Send>;

/// Carries jobs to the inbox, one after the other. Cheap to clone; the inbox is closed when the last
/// clone is gone and the jobs are done.
#[derive(Clone)]
pub(super) struct InboxThread {
    jobs: mpsc::Sender<Job>,
    readings: ReadingThread,
}

/// Holds the inbox, and opens it anew when it turns out to be damaged: opening salvages.
struct Keeper {
    inbox: Option<Inbox>,
    folder: PathBuf,
    reports: UnboundedSender<Report>,
    results: UnboundedSender<Input>,
    /// Closed before the inbox is, open while it is.
    door: Door,
    /// It was said that nothing is done behind the pages.
    is_failing_behind: bool,
}

impl InboxThread {
    /// Moves the inbox to its thread. What had to be repaired is reported, now and later; a panic is told to the
    /// engine by `results`.
    pub(super) fn start(
        inbox: Inbox,
        reports: UnboundedSender<Report>,
        results: UnboundedSender<Input>,
    ) -> Self {
        let (jobs, receiver) = mpsc::channel::<Job>();
        let door = Door::new(inbox.folder().to_owned());
        let mut keeper = Keeper {
            folder: inbox.folder().to_owned(),
            inbox: None,
            reports,
            results: results.clone(),
            door: door.clone(),
            is_failing_behind: false,
        };
        keeper.keep(inbox);
        let work = move || while keeper.go_on(&receiver) {};
        if let Err(error) = std::thread::Builder::new().name("inbox".into()).spawn(work) {
            tracing::error!(%error, "no thread for the inbox");
            let why = "the inbox has no thread".to_owned();
            let _ = results.send(Input::InboxFailed(why));
        }
        Self {
            jobs,
            readings: ReadingThread::start(door),
        }
    }

    /// Does `job` after everything that was given before, also if the answer is not awaited.
    pub(super) fn run<R, J>(
        &self,
        job: J,
    ) -> impl Future<Output = Result<R, InboxError>> + use<R, J>
    where
        R: Send + 'static,
        J: FnOnce(&mut Inbox) -> Result<R, InboxError> + Send + 'static,
    {
        self.give(|keeper| keeper.with(job))
    }

    /// As [`InboxThread::run`], unless the inbox is closed by then: it stays so.
    fn run_if_open<R, J>(&self, job: J) -> impl Future<Output = Result<R, InboxError>> + use<R, J>
    where
        R: Send + 'static,
        J: FnOnce(&mut Inbox) -> Result<R, InboxError> + Send + 'static,
    {
        self.give(|keeper| match keeper.inbox {
            Some(_) => keeper.with(job),
            None => Err(closed()),
        })
    }

    fn give<R, J>(&self, job: J) -> impl Future<Output = Result<R, InboxError>> + use<R, J>
    where
        R: Send + 'static,
        J: FnOnce(&mut Keeper) -> Result<R, InboxError> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move |keeper: &mut Keeper| {
            let result = job(keeper);
            let damage = match &result {
                Err(InboxError::Damaged(reason)) => Some(reason.clone()),
                Err(_) | Ok(_) => None,
            };
            // Before the salvage, which may take long: an order that met the damage rings meanwhile. Whoever asked
            // may have gone; the job was to be done all the same.
            let _ = answer.send(result);
            if let Some(reason) = damage {
                keeper.salvage(&reason);
            }
        });
        let sent = self.jobs.send(job);
        async move {
            sent.map_err(|_| closed())?;
            answered.await.map_err(|_| closed())?
        }
    }
}

fn closed() -> InboxError {
    InboxError::Unusable("the inbox is closed".into())
}

impl InboxThread {
    /// Reads beside what is being written. What turns out to be damaged is opened anew.
    ///
    /// # Errors
    /// When the inbox is closed, or cannot be read.
    pub(super) async fn read<R: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Reading) -> Result<R, InboxError> + Send + 'static,
    ) -> Result<R, InboxError> {
        self.mind(self.readings.run(read).await)
    }

    /// Backs the inbox up if that is due, beside what is being written; not any more when it is closed.
    ///
    /// # Errors
    /// When the backup cannot be written.
    pub(super) async fn back_up_if_due(&self, at: Timestamp) -> Result<(), InboxError> {
        let begin = move |inbox: &mut Inbox| {
            let is_due = inbox.is_backup_due(at)?;
            if is_due {
                inbox.backup_begun(at);
            }
            Ok(is_due)
        };
        if !self.run_if_open(begin).await? {
            return Ok(());
        }
        let until = self.mind(self.readings.back_up(at).await)?;
        self.run_if_open(move |inbox| inbox.backed_up(until)).await
    }

    /// What turned out to be damaged while it was read is opened anew.
    fn mind<R>(&self, result: Result<R, InboxError>) -> Result<R, InboxError> {
        if let Err(InboxError::Damaged(reason)) = &result {
            let reason = reason.clone();
            drop(self.run_if_open(move |_| Err::<(), _>(InboxError::Damaged(reason))));
        }
        result
    }

    /// Closes the inbox when everything that was given before is done, which leaves one whole file and no
    /// WAL beside it; a later job opens it again.
    pub(super) async fn close(&self) {
        let (closed, is_closed) = oneshot::channel();
        let job = Box::new(move |keeper: &mut Keeper| {
            keeper.door.close();
            keeper.inbox = None;
            // Whoever asked may have gone.
            let _ = closed.send(());
        });
        if self.jobs.send(job).is_ok() {
            let _ = is_closed.await;
        }
    }
}

/// The next job. While there is none, what is to be done behind the pages is done, step by step.
fn next_job(jobs: &mpsc::Receiver<Job>, keeper: &mut Keeper) -> Option<Job> {
    loop {
        match jobs.try_recv() {
            Ok(job) => return Some(job),
            Err(TryRecvError::Empty) if keeper.go_on_behind() => {}
            Err(TryRecvError::Empty) => break,
            Err(TryRecvError::Disconnected) => return None,
        }
    }
    jobs.recv().ok()
}

impl Keeper {
    /// Does the next job. False when there will be none.
    fn go_on(&mut self, jobs: &mpsc::Receiver<Job>) -> bool {
        let done = caught(|| match next_job(jobs, self) {
            Some(job) => {
                job(self);
                true
            }
            None => false,
        });
        done.unwrap_or_else(|_| {
            // Said first: opening may take long.
            let why = "the inbox's thread panicked".to_owned();
            let _ = self.results.send(Input::InboxFailed(why));
            // What a job left half done is rolled back by closing.
            let opened = caught(|| self.open_again(drop));
            if opened.is_err() {
                tracing::error!("the inbox panics when it is opened; the next job tries again");
            }
            true
        })
    }

    /// Takes a step of what is done behind the pages; whether there may be another.
    fn go_on_behind(&mut self) -> bool {
        if self.inbox.is_none() {
            return false;
        }
        match self.with(Inbox::go_on_behind) {
            Ok(more) => {
                self.is_failing_behind = false;
                more
            }
            Err(InboxError::Damaged(reason)) => {
                self.salvage(&reason);
                false
            }
            Err(error) => {
                // It is tried again after each job, and each further failure would only be said again.
                if !std::mem::replace(&mut self.is_failing_behind, true) {
                    tracing::warn!(%error, "what is to be done behind the pages is not done");
                }
                false
            }
        }
    }

    fn with<R>(
        &mut self,
        job: impl FnOnce(&mut Inbox) -> Result<R, InboxError>,
    ) -> Result<R, InboxError> {
        if self.inbox.is_none() {
            self.open()?;
        }
        let Some(inbox) = &mut self.inbox else {
            return Err(closed());
        };
        job(inbox)
    }

    /// Opens a damaged inbox again, which salvages it.
    fn salvage(&mut self, reason: &str) {
        tracing::error!(reason, "the inbox is damaged; it is opened anew");
        self.open_again(Inbox::close_damaged);
    }

    fn open_again(&mut self, close: impl FnOnce(Inbox)) {
        // First closed: its lock is its own.
        self.door.close();
        if let Some(inbox) = self.inbox.take() {
            close(inbox);
        }
        if let Err(error) = self.open() {
            tracing::error!(%error, "the inbox does not open; the next job tries again");
        }
    }

    fn open(&mut self) -> Result<(), InboxError> {
        let inbox = Inbox::open(&self.folder)?;
        self.keep(inbox);
        Ok(())
    }

    fn keep(&mut self, inbox: Inbox) {
        if let Some(damage) = inbox.damage() {
            // Nobody listens any more: the program is ending.
            let _ = self.reports.send(Report::Damaged(damage.clone()));
        }
        self.inbox = Some(inbox);
        self.door.open();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use campana_contract::Timestamp;
    use tokio::sync::mpsc::unbounded_channel;

    use super::*;

    #[test]
    fn a_damaged_inbox_is_salvaged_told_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        drop(Inbox::open(folder.path()).unwrap());
        let (reports, mut told) = unbounded_channel();
        let mut keeper = Keeper {
            inbox: Some(Inbox::open(folder.path()).unwrap()),
            folder: folder.path().to_owned(),
            reports,
            results: unbounded_channel().0,
            door: Door::new(folder.path().to_owned()),
            is_failing_behind: false,
        };
        keeper.salvage("a bad page");
        assert!(keeper.inbox.is_some(), "it is open again at once");
        assert!(told.try_recv().is_err(), "the file was sound after all");

        keeper.inbox = None;
        std::fs::write(folder.path().join("inbox.sqlite3"), [b'x'; 8192]).unwrap();
        let orders = keeper.with(|inbox| inbox.orders(Timestamp(0)));
        assert_eq!(orders.unwrap(), Vec::new());
        assert!(matches!(told.try_recv(), Ok(Report::Damaged(_))));
    }
}
