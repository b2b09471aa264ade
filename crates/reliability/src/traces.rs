//! What must not be left behind: panics outside the cage of a connection, threads, open files.

use std::sync::atomic::{AtomicUsize, Ordering};

static CAGED: AtomicUsize = AtomicUsize::new(0);
static LOOSE: AtomicUsize = AtomicUsize::new(0);

/// The thread that each connection lives in.
const CAGE: &str = "campana-link";

/// How many panics there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Panics {
    /// In the thread of a connection, where they are an end like any other.
    pub caged: usize,
    /// Anywhere else: there may be none.
    pub loose: usize,
}

/// Counts from now on. Those in a cage are no longer printed.
pub fn count() {
    let print = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().name() == Some(CAGE) {
            CAGED.fetch_add(1, Ordering::SeqCst);
        } else {
            LOOSE.fetch_add(1, Ordering::SeqCst);
            print(panic);
        }
    }));
}

/// How many there were since [`count`].
pub fn counted() -> Panics {
    Panics {
        caged: CAGED.load(Ordering::SeqCst),
        loose: LOOSE.load(Ordering::SeqCst),
    }
}

/// How many threads of connections there are in this process; `None` where the system does not tell.
pub fn cages() -> Option<usize> {
    let tasks = std::fs::read_dir("/proc/self/task").ok()?;
    let names =
        tasks.filter_map(|task| std::fs::read_to_string(task.ok()?.path().join("comm")).ok());
    Some(names.filter(|name| name.trim() == CAGE).count())
}

/// How many files and sockets this process has open; `None` where the system does not tell.
pub fn open_files() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/fd").ok()?.count())
}
