//! The inbox on a thread of its own: SQLite blocks, the driver must not.

use std::path::PathBuf;
use std::sync::mpsc::{self, TryRecvError};

use campana_contract::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::reading_thread::{Door, ReadingThread};
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
    /// Closed before the inbox is, open while it is.
    door: Door,
    /// It was said that nothing is done behind the pages.
    is_failing_behind: bool,
}

impl InboxThread {
    /// Moves the inbox to its thread. What had to be repaired is reported, now and later.
    pub(super) fn start(inbox: Inbox, reports: UnboundedSender<Report>) -> Self {
        let (jobs, receiver) = mpsc::channel::<Job>();
        let door = Door::new(inbox.folder().to_owned());
        let mut keeper = Keeper {
            folder: inbox.folder().to_owned(),
            inbox: None,
            reports,
            door: door.clone(),
            is_failing_behind: false,
        };
        keeper.keep(inbox);
        let work = move || {
            while let Some(job) = next_job(&receiver, &mut keeper) {
                job(&mut keeper);
            }
        };
        if let Err(error) = std::thread::Builder::new().name("inbox".into()).spawn(work) {
            tracing::error!(%error, "no thread for the inbox");
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
            // Whoever asked may have gone; the job was to be done all the same.
            let _ = answer.send(job(keeper));
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
            Err(TryRecvError::Empty) => return jobs.recv().ok(),
            Err(TryRecvError::Disconnected) => return None,
        }
    }
}

impl Keeper {
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
        let result = job(inbox);
        if let Err(InboxError::Damaged(reason)) = &result {
            tracing::error!(reason, "the inbox is damaged; it is opened anew");
            // First closed: its lock is its own.
            self.door.close();
            if let Some(inbox) = self.inbox.take() {
                inbox.close_damaged();
            }
            if let Err(error) = self.open() {
                tracing::error!(%error, "the inbox does not open; the next job tries again");
            }
        }
        result
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
            door: Door::new(folder.path().to_owned()),
            is_failing_behind: false,
        };
        let failed = keeper.with(|_| Err::<(), _>(InboxError::Damaged("a bad page".into())));
        assert!(failed.is_err());
        assert!(keeper.inbox.is_some(), "it is open again at once");
        assert!(told.try_recv().is_err(), "the file was sound after all");

        keeper.inbox = None;
        std::fs::write(folder.path().join("inbox.sqlite3"), [b'x'; 8192]).unwrap();
        let orders = keeper.with(|inbox| inbox.orders(Timestamp(0)));
        assert_eq!(orders.unwrap(), Vec::new());
        assert!(matches!(told.try_recv(), Ok(Report::Damaged(_))));
    }
}
