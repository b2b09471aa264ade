//! This computer, as far as the settings reach.

#[cfg(any(target_os = "linux", test))]
mod desktop_entry;
#[cfg(any(windows, target_os = "macos"))]
mod registered;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use campana_shell::computer::Computer;
use campana_shell::diagnostics::Surroundings;
use campana_sync::key_store::KEY_VARIABLE;
use directories::{BaseDirs, UserDirs};

use crate::logging;

#[cfg(target_os = "linux")]
use desktop_entry::DesktopEntry as Autostart;
#[cfg(any(windows, target_os = "macos"))]
use registered::Registered as Autostart;

/// Where the program and its folder are.
#[derive(Debug)]
pub struct ThisComputer {
    data: PathBuf,
    program: Option<PathBuf>,
}

impl ThisComputer {
    /// `data` is the folder with the orders; no other one is ever opened. To be made at the start: once an upgrade
    /// has replaced the program's file, the system names a file that is gone.
    pub fn new(data: PathBuf) -> Self {
        let program = program()
            .inspect_err(|error| tracing::warn!(%error, "where the program is"))
            .ok();
        Self { data, program }
    }

    fn program(&self) -> io::Result<PathBuf> {
        self.program
            .clone()
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "where the program is"))
    }

    fn autostart(&self) -> io::Result<Autostart> {
        autostart(self.program()?)
    }
}

impl Computer for ThisComputer {
    fn starts_with_it(&self) -> io::Result<bool> {
        self.autostart()?.is_on()
    }

    fn go_on_starting_with_it(&self) -> io::Result<()> {
        self.autostart()?.keep_on()
    }

    fn start_with_it(&self, wanted: bool) -> io::Result<()> {
        let autostart = self.autostart()?;
        if wanted {
            autostart.turn_on()
        } else {
            autostart.turn_off()
        }
    }

    fn show_data_folder(&self) -> io::Result<()> {
        fs::create_dir_all(&self.data)?;
        tauri_plugin_opener::open_path(&self.data, None::<&str>).map_err(io::Error::other)
    }

    fn hand_over(&self, name: &str, content: &[u8]) -> io::Result<PathBuf> {
        let folder = folder_for_people()?;
        let path = keep_in(&folder, name, content)?;
        if let Err(error) = tauri_plugin_opener::reveal_item_in_dir(&path) {
            tracing::info!(%error, "the file manager does not show the file");
        }
        Ok(path)
    }

    fn home(&self) -> Option<PathBuf> {
        Some(base().ok()?.home_dir().to_owned())
    }

    fn names(&self) -> Vec<String> {
        let home = self.home();
        let home = home.as_ref().and_then(|home| home.file_name());
        let mut names: Vec<String> = ["USER", "LOGNAME", "USERNAME", "COMPUTERNAME", "HOSTNAME"]
            .into_iter()
            .filter_map(|name| std::env::var(name).ok())
            .chain(home.map(|home| home.to_string_lossy().into_owned()))
            .collect();
        #[cfg(unix)]
        names.push(
            rustix::system::uname()
                .nodename()
                .to_string_lossy()
                .into_owned(),
        );
        // Of a host's whole name, its own one says as much.
        let hosts: Vec<String> = names
            .iter()
            .filter_map(|name| Some(name.split_once('.')?.0.to_owned()))
            .collect();
        names.extend(hosts);
        // It is every computer's name for itself.
        names.retain(|name| name != "localhost");
        names
    }

    fn surroundings(&self) -> Surroundings {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        #[cfg(unix)]
        let kernel = Some(
            rustix::system::uname()
                .release()
                .to_string_lossy()
                .into_owned(),
        );
        #[cfg(not(unix))]
        let kernel = None;
        Surroundings {
            system: os_info::get().to_string(),
            kernel,
            webview: tauri::webview_version().ok(),
            desktop: variable("XDG_CURRENT_DESKTOP"),
            session: variable("XDG_SESSION_TYPE"),
        }
    }

    fn logs(&self, bytes: usize) -> Vec<(String, String)> {
        logging::flush();
        logging::latest(&logging::folder(&self.data), bytes)
    }

    fn start_demo(&self) -> io::Result<()> {
        let mut demo = Command::new(self.program()?)
            .arg("--demo")
            // It has a key of its own.
            .env_remove(KEY_VARIABLE)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // Whoever is waited for by nobody stays in the system's table when it has ended.
        std::thread::Builder::new()
            .name("demo".into())
            .spawn(move || demo.wait())
            .map(|_| ())
    }
}

#[cfg(target_os = "linux")]
fn autostart(program: PathBuf) -> io::Result<Autostart> {
    let folder = base()?.config_dir().join("autostart");
    Ok(Autostart { folder, program })
}

#[cfg(any(windows, target_os = "macos"))]
fn autostart(program: PathBuf) -> io::Result<Autostart> {
    Autostart::of(&program)
}

/// This program; of an `AppImage` the file itself, since what it unpacks is gone after a restart.
fn program() -> io::Result<PathBuf> {
    let image = std::env::var_os("APPIMAGE").filter(|path| !path.is_empty());
    match image {
        Some(image) if cfg!(target_os = "linux") => Ok(image.into()),
        Some(_) | None => std::env::current_exe(),
    }
}

fn base() -> io::Result<BaseDirs> {
    BaseDirs::new().ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no home folder"))
}

/// Downloads, else documents, else the home folder.
fn folder_for_people() -> io::Result<PathBuf> {
    let base = base()?;
    let people = UserDirs::new();
    let known = people.as_ref().and_then(|people| {
        [people.download_dir(), people.document_dir()]
            .into_iter()
            .flatten()
            .find(|folder| folder.is_dir())
    });
    Ok(known.unwrap_or(base.home_dir()).to_owned())
}

/// Writes a new file, for this person alone; where the name is taken, under the next one that is free.
fn keep_in(folder: &Path, name: &str, content: &[u8]) -> io::Result<PathBuf> {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "txt"));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let names = (2_u32..=1000).map(|number| format!("{stem}-{number}.{extension}"));
    for name in std::iter::once(name.to_owned()).chain(names) {
        let path = folder.join(name);
        match options.open(&path) {
            Ok(mut file) => {
                file.write_all(content)?;
                file.sync_all()?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::new(
        io::ErrorKind::AlreadyExists,
        "too many files of this name",
    ))
}
