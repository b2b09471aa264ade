//! What the settings change or open on this computer, behind one trait.

use std::io;
use std::path::PathBuf;

use crate::diagnostics::Surroundings;

/// This computer, as far as the settings reach. Every method may wait for a disk.
pub trait Computer: Send + Sync + 'static {
    /// Whether Campana starts when this person logs in.
    ///
    /// # Errors
    /// When the system does not say.
    fn starts_with_it(&self) -> io::Result<bool>;
    /// Says it anew, since the program may have moved; what somebody switched off in the system's own settings
    /// stays off.
    ///
    /// # Errors
    /// When the system does not allow it.
    fn go_on_starting_with_it(&self) -> io::Result<()>;
    /// Makes it so, or ends it.
    ///
    /// # Errors
    /// When the system does not allow it.
    fn start_with_it(&self, wanted: bool) -> io::Result<()>;
    /// Shows the folder with the orders in the file manager.
    ///
    /// # Errors
    /// When there is no folder, or no file manager.
    fn show_data_folder(&self) -> io::Result<()>;
    /// Keeps a file where this person looks for what came, and shows it there; its path. `name` has an
    /// extension; a file of that name is never replaced.
    ///
    /// # Errors
    /// When it cannot be written; that it cannot be shown is none.
    fn hand_over(&self, name: &str, content: &[u8]) -> io::Result<PathBuf>;
    /// This person's folder, whose name is nobody else's business.
    fn home(&self) -> Option<PathBuf>;
    /// What this person and this computer are called.
    fn names(&self) -> Vec<String>;
    /// What Campana runs in.
    fn surroundings(&self) -> Surroundings;
    /// The newest lines of the log, at most so many bytes: each file's name and text.
    fn logs(&self, bytes: usize) -> Vec<(String, String)>;
    /// Starts a second Campana with sample orders.
    ///
    /// # Errors
    /// When it does not start.
    fn start_demo(&self) -> io::Result<()>;
}
