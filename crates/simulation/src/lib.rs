//! A deterministic world around the pure engine and the real inbox: days of faults in milliseconds,
//! all under one seed. [`Property`] says what must hold, [`run`] lives through a [`History`], and
//! [`shrink`] makes one that failed short.

mod checks;
mod disk;
mod history;
mod kept;
mod property;
mod sabotage;
mod server;
mod shrink;
mod world;

pub use history::{
    DiskFault, Event, HintFault, History, HttpFault, JoinFault, Shop, Spelling, Step, Torn,
};
pub use kept::{Kept, kept_histories};
pub use property::{Property, Violation};
pub use sabotage::Sabotage;
pub use shrink::shrink;
pub use world::{Options, Outcome, run};

use std::path::PathBuf;

/// Where the simulated computers' files are: in memory where the system has a place for that. The
/// histories make the same calls either way; only waiting for a real disk is left out.
pub fn place_for_files() -> PathBuf {
    let in_memory = PathBuf::from("/dev/shm");
    if cfg!(target_os = "linux") && in_memory.is_dir() {
        in_memory
    } else {
        std::env::temp_dir()
    }
}
