//! Files of a bounded size, for this user alone.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The file that is written to is `campana.log`; the older ones are `campana.1.log` and so on.
pub(super) struct Rolling {
    folder: PathBuf,
    /// A file grows to this many bytes.
    size: u64,
    /// So many files are kept.
    files: usize,
    open: Option<Open>,
    /// What was written last may have ended within a line.
    is_torn: bool,
}

struct Open {
    file: File,
    written: u64,
}

/// The file of this number in the folder; 0 is the present one.
pub(super) fn path(folder: &Path, number: usize) -> PathBuf {
    folder.join(match number {
        0 => "campana.log".to_owned(),
        number => format!("campana.{number}.log"),
    })
}

impl Rolling {
    /// Nothing is made before something is written.
    pub fn new(folder: PathBuf, size: u64, files: usize) -> Self {
        Self {
            folder,
            size,
            files,
            open: None,
            is_torn: false,
        }
    }

    /// Writes a whole line; after an error the next one tries anew.
    pub fn write(&mut self, line: &[u8]) -> io::Result<()> {
        let mut open = match self.open.take() {
            Some(open) => open,
            None => self.open()?,
        };
        let length = line.len() as u64 + u64::from(self.is_torn);
        if open.written > 0 && open.written + length > self.size {
            drop(open);
            self.roll()?;
            open = self.open()?;
            self.is_torn = false;
        }
        if self.is_torn {
            open.file.write_all(b"\n")?;
        }
        self.is_torn = true;
        open.file.write_all(line)?;
        self.is_torn = false;
        open.written += length;
        self.open = Some(open);
        Ok(())
    }

    fn open(&self) -> io::Result<Open> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        {
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        builder.create(&self.folder)?;
        let file = options.open(path(&self.folder, 0))?;
        let written = file.metadata()?.len();
        Ok(Open { file, written })
    }

    fn roll(&self) -> io::Result<()> {
        let last = self.files.saturating_sub(1);
        ignore_missing(fs::remove_file(path(&self.folder, last)))?;
        for number in (0..last).rev() {
            let from = path(&self.folder, number);
            ignore_missing(fs::rename(from, path(&self.folder, number + 1)))?;
        }
        Ok(())
    }
}

fn ignore_missing(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}
