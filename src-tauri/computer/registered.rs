//! Starting with the session where the system keeps a register of it: Windows and macOS.

use std::io;
use std::path::Path;

use auto_launch::{AutoLaunch, AutoLaunchBuilder, MacOSLaunchMode, WindowsEnableMode};

#[cfg(all(test, windows))]
mod tests;

/// The name under which the register knows it, and which people see there.
const NAME: &str = "Campana";

/// The program's place in that register.
#[derive(Debug)]
pub(super) struct Registered(AutoLaunch);

impl Registered {
    /// The one of this program and of this person alone.
    pub fn of(program: &Path) -> io::Result<Self> {
        Self::named(NAME, program)
    }

    fn named(name: &str, program: &Path) -> io::Result<Self> {
        let path = program.display().to_string();
        // On macOS it is written into an XML file as it stands, which nobody could read then.
        if cfg!(target_os = "macos") && path.contains(['&', '<']) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the program's path has a sign that the register of macOS does not take",
            ));
        }
        // Windows reads it as a command line, where a space would end the program's path.
        let path = if cfg!(windows) {
            format!("\"{path}\"")
        } else {
            path
        };
        AutoLaunchBuilder::new()
            .set_app_name(name)
            .set_app_path(&path)
            .set_windows_enable_mode(WindowsEnableMode::CurrentUser)
            .set_macos_launch_mode(MacOSLaunchMode::LaunchAgent)
            .build()
            .map(Self)
            .map_err(io::Error::other)
    }

    pub fn is_on(&self) -> io::Result<bool> {
        self.0.is_enabled().map_err(io::Error::other)
    }

    pub fn turn_on(&self) -> io::Result<()> {
        self.0.enable().map_err(io::Error::other)
    }

    /// Windows does not tell what is missing from what was switched off in the Task Manager: there only what
    /// is on is said anew.
    pub fn keep_on(&self) -> io::Result<()> {
        if cfg!(windows) && !self.is_on()? {
            return Ok(());
        }
        self.turn_on()
    }

    pub fn turn_off(&self) -> io::Result<()> {
        self.0.disable().map_err(io::Error::other)
    }
}
