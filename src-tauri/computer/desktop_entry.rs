//! Starting with the session, as the XDG autostart specification describes it.

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

const FILE: &str = "mx.campana.app.desktop";

/// A desktop entry in the autostart folder.
#[derive(Debug)]
pub(super) struct DesktopEntry {
    /// `$XDG_CONFIG_HOME/autostart`.
    pub folder: PathBuf,
    /// What it starts.
    pub program: PathBuf,
}

impl DesktopEntry {
    /// Whether the entry is there and nobody switched it off in the session's own settings.
    pub fn is_on(&self) -> io::Result<bool> {
        let text = self.text()?;
        Ok(text.is_some_and(|text| !is_switched_off(&text)))
    }

    /// Writes the entry anew, unless somebody switched it off in the session's own settings.
    pub fn keep_on(&self) -> io::Result<()> {
        match self.text()? {
            Some(text) if is_switched_off(&text) => Ok(()),
            Some(_) | None => self.turn_on(),
        }
    }

    fn text(&self) -> io::Result<Option<String>> {
        match fs::read_to_string(self.folder.join(FILE)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Writes the entry, atomically.
    pub fn turn_on(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut file = tempfile::Builder::new()
            .prefix(".campana-")
            .tempfile_in(&self.folder)?;
        file.write_all(entry(&self.program)?.as_bytes())?;
        file.as_file().sync_all()?;
        file.persist(self.folder.join(FILE))
            .map_err(|error| error.error)?;
        Ok(())
    }

    /// Removes the entry.
    pub fn turn_off(&self) -> io::Result<()> {
        match fs::remove_file(self.folder.join(FILE)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

fn is_switched_off(entry: &str) -> bool {
    entry.lines().any(|line| {
        let line: String = line.split_whitespace().collect();
        line == "Hidden=true" || line == "X-GNOME-Autostart-enabled=false"
    })
}

fn entry(program: &Path) -> io::Result<String> {
    let program = program
        .to_str()
        .ok_or_else(|| io::Error::new(ErrorKind::InvalidInput, "the program's path is no UTF-8"))?;
    // Where Campana was removed, `TryExec` makes a session pass over the entry.
    Ok(format!(
        "[Desktop Entry]\nType=Application\nName=Campana\nIcon=campana\nTryExec={}\nExec={}\nTerminal=false\nStartupNotify=false\n",
        text(program),
        argument(program)
    ))
}

/// A text of an entry.
fn text(text: &str) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        match letter {
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\t' => escaped.push_str("\\t"),
            '\r' => escaped.push_str("\\r"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// An argument of `Exec`: quoted, then escaped once more as every text of an entry is.
fn argument(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '`' | '$' => quoted.extend(["\\\\", letter.encode_utf8(&mut [0; 4])]),
            '\\' => quoted.push_str("\\\\\\\\"),
            '%' => quoted.push_str("%%"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}
