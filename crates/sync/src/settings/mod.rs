//! The settings file: everything but the key.

mod preferences;
#[cfg(test)]
mod tests;

use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::certificate_authority::CertificateAuthority;
use crate::configuration::{ProfileChoice, Receiver};

pub use preferences::{
    Alerts, Appearance, Chime, NotificationContent, Paper, Preferences, Printing, Repeat, System,
    Theme,
};

const FILE: &str = "settings.toml";
/// The version of the file that this Campana writes.
const VERSION: i64 = 1;

/// What the owner chose. Unknown members of a newer version are kept when it is saved.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The backend's address, normalised.
    pub address: Option<String>,
    /// Who receives the orders.
    pub receiver: Option<Receiver>,
    /// How the backend spells pull and confirm; absent in the file for [`ProfileChoice::Auto`].
    pub profile: ProfileChoice,
    /// A PEM file with an own certificate authority.
    pub certificate_authority: Option<PathBuf>,
    /// The one address whose key and orders may go over the internet in the clear
    /// ([`Address::goes_in_the_clear`]); somebody was warned of it.
    pub plain_http_allowed: Option<String>,
    /// The rest: the language and the tables.
    #[serde(flatten)]
    pub preferences: Preferences,
}

/// The settings as they were found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// What holds now.
    pub settings: Settings,
    /// The file was damaged and lies aside under this name; defaults took over.
    pub damaged: Option<std::path::PathBuf>,
}

/// The settings file cannot be read or written; technical words.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {source}")]
pub struct SettingsError {
    /// Which file.
    pub path: std::path::PathBuf,
    /// Why.
    pub source: std::io::Error,
}

impl Settings {
    /// Reads `settings.toml` in this folder; a missing file is an empty one. A damaged file is moved
    /// aside as `settings.damaged-<n>.toml`.
    ///
    /// # Errors
    /// When there is a file that cannot be read at all, or a damaged one that cannot be moved.
    pub fn load(folder: &Path) -> Result<Loaded, SettingsError> {
        match read(folder)? {
            Found::Nothing => Ok(Loaded::default()),
            Found::Readable { settings, .. } => Ok(Loaded {
                settings,
                damaged: None,
            }),
            Found::Damaged(reason) => {
                let aside = set_aside(folder)?;
                tracing::warn!(reason, aside = %aside.display(), "the settings were damaged");
                Ok(Loaded {
                    settings: Self::default(),
                    damaged: Some(aside),
                })
            }
        }
    }

    /// Reads it for somebody who only looks: a damaged file stays where it is, for the owner to be told of.
    ///
    /// # Errors
    /// When there is a file that cannot be read, or a damaged one.
    pub fn read(folder: &Path) -> Result<Self, SettingsError> {
        match read(folder)? {
            Found::Nothing => Ok(Self::default()),
            Found::Readable { settings, .. } => Ok(settings),
            Found::Damaged(reason) => Err(failure(
                &folder.join(FILE),
                io::Error::new(ErrorKind::InvalidData, reason),
            )),
        }
    }

    /// Writes it, atomically; makes the folder where it is missing. Members of the present file that
    /// this Campana does not know stay.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), SettingsError> {
        make_folder(folder).map_err(|source| failure(folder, source))?;
        let mut table = match read(folder)? {
            Found::Nothing => toml::Table::new(),
            Found::Readable { table, .. } => table,
            Found::Damaged(_) => {
                set_aside(folder)?;
                toml::Table::new()
            }
        };
        self.put_into(&mut table)
            .and_then(|()| toml::to_string(&table).map_err(io::Error::other))
            .and_then(|text| replace(folder, &text))
            .map_err(|source| failure(&folder.join(FILE), source))
    }

    /// The own certificate authority, if these settings name one; a relative path begins at `folder`, where
    /// the settings are.
    pub fn certificate_authority(&self, folder: &Path) -> Option<CertificateAuthority> {
        let path = self.certificate_authority.as_ref()?;
        Some(CertificateAuthority::in_file(folder.join(path)))
    }

    /// Whether nothing may be sent to this address: it [goes in the clear](Address::goes_in_the_clear), and
    /// nobody allowed that for it.
    pub fn refuses(&self, address: &Address) -> bool {
        address.goes_in_the_clear()
            && self.plain_http_allowed.as_deref() != Some(address.source().as_str())
    }

    /// Reads each member alone. In a file of a newer version a member may hold what this Campana does
    /// not understand; in its own version that is damage.
    fn from_table(table: &toml::Table) -> Result<Self, String> {
        let version = match table.get("version") {
            None => VERSION,
            Some(value) => value.as_integer().ok_or("version is no number")?,
        };
        if version < 1 {
            return Err(format!("there is no version {version}"));
        }
        let is_newer = version > VERSION;
        Ok(Self {
            address: member(table, "address", is_newer)?,
            receiver: member(table, "receiver", is_newer)?,
            profile: member(table, "profile", is_newer)?.unwrap_or_default(),
            certificate_authority: member(table, "certificate_authority", is_newer)?,
            plain_http_allowed: member(table, "plain_http_allowed", is_newer)?,
            preferences: Preferences {
                language: member(table, "language", is_newer)?,
                alerts: group(table, "alerts", is_newer)?,
                appearance: group(table, "appearance", is_newer)?,
                system: group(table, "system", is_newer)?,
                printing: group(table, "printing", is_newer)?,
            }
            .bounded(),
        })
    }

    fn put_into(&self, table: &mut toml::Table) -> io::Result<()> {
        table
            .entry("version")
            .or_insert(toml::Value::Integer(VERSION));
        put(table, "address", self.address.as_ref())?;
        put(table, "receiver", self.receiver.as_ref())?;
        let profile = (self.profile != ProfileChoice::Auto).then_some(&self.profile);
        put(table, "profile", profile)?;
        let authority = self.certificate_authority.as_ref();
        put(table, "certificate_authority", authority)?;
        let allowed = self.plain_http_allowed.as_ref();
        put(table, "plain_http_allowed", allowed)?;
        let preferences = &self.preferences;
        put(table, "language", preferences.language.as_ref())?;
        put_group(table, "alerts", &preferences.alerts)?;
        put_group(table, "appearance", &preferences.appearance)?;
        put_group(table, "system", &preferences.system)?;
        put_group(table, "printing", &preferences.printing)
    }
}

enum Found {
    Nothing,
    Readable {
        table: toml::Table,
        settings: Settings,
    },
    Damaged(String),
}

fn read(folder: &Path) -> Result<Found, SettingsError> {
    let path = folder.join(FILE);
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Found::Nothing),
        Err(error) => return Err(failure(&path, error)),
    };
    // Some editors on Windows begin a file with this mark.
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    Ok(
        understand(text).map_or_else(Found::Damaged, |(table, settings)| Found::Readable {
            table,
            settings,
        }),
    )
}

fn understand(text: &[u8]) -> Result<(toml::Table, Settings), String> {
    let text = std::str::from_utf8(text).map_err(|error| error.to_string())?;
    // The error's own display quotes the line, which may hold anything; its message does not.
    let table: toml::Table = toml::from_str(text).map_err(|error| error.message().to_owned())?;
    let settings = Settings::from_table(&table)?;
    Ok((table, settings))
}

fn member<T: DeserializeOwned>(
    table: &toml::Table,
    name: &str,
    is_newer: bool,
) -> Result<Option<T>, String> {
    let Some(value) = table.get(name) else {
        return Ok(None);
    };
    match value.clone().try_into() {
        Ok(value) => Ok(Some(value)),
        Err(_) if is_newer => Ok(None),
        Err(_) => Err(format!("{name} is not understood")),
    }
}

/// A table of preferences: in a newer version, each member by itself.
fn group<T>(table: &toml::Table, name: &str, is_newer: bool) -> Result<T, String>
where
    T: Serialize + DeserializeOwned + Default,
{
    let Some(value) = table.get(name) else {
        return Ok(T::default());
    };
    if let Ok(group) = value.clone().try_into() {
        return Ok(group);
    }
    let (true, toml::Value::Table(members)) = (is_newer, value) else {
        return if is_newer {
            Ok(T::default())
        } else {
            Err(format!("{name} is not understood"))
        };
    };
    let mut understood = toml::Table::new();
    for (member, value) in members {
        let mut with = understood.clone();
        with.insert(member.clone(), value.clone());
        if with.clone().try_into::<T>().is_ok() {
            understood = with;
        }
    }
    understood
        .try_into()
        .map_err(|_| format!("{name} is not understood"))
}

/// Writes what differs from the default; members that this Campana does not know stay.
fn put_group<T>(table: &mut toml::Table, name: &str, group: &T) -> io::Result<()>
where
    T: Serialize + DeserializeOwned + Default,
{
    let members = |group: &T| toml::Table::try_from(group).map_err(io::Error::other);
    let (chosen, default) = (members(group)?, members(&T::default())?);
    let mut present = match table.remove(name) {
        Some(toml::Value::Table(present)) => present,
        Some(_) | None => toml::Table::new(),
    };
    for (member, value) in &chosen {
        let understood = present.get(member).is_none_or(|value| {
            let alone = toml::Table::from_iter([(member.clone(), value.clone())]);
            alone.try_into::<T>().is_ok()
        });
        if default.get(member) != Some(value) {
            present.insert(member.clone(), value.clone());
        } else if understood {
            present.remove(member);
        }
    }
    if !present.is_empty() {
        table.insert(name.to_owned(), toml::Value::Table(present));
    }
    Ok(())
}

/// A `None` removes what this Campana understands, and leaves what only a newer one does.
fn put<T: Serialize + DeserializeOwned>(
    table: &mut toml::Table,
    name: &str,
    value: Option<&T>,
) -> io::Result<()> {
    match value {
        Some(value) => {
            let value = toml::Value::try_from(value).map_err(io::Error::other)?;
            table.insert(name.to_owned(), value);
        }
        None => {
            let is_understood = table
                .get(name)
                .is_some_and(|value| value.clone().try_into::<T>().is_ok());
            if is_understood {
                table.remove(name);
            }
        }
    }
    Ok(())
}

/// Moves the damaged file to the first name that is free.
fn set_aside(folder: &Path) -> Result<PathBuf, SettingsError> {
    let path = folder.join(FILE);
    let aside = (1_u32..)
        .map(|number| folder.join(format!("settings.damaged-{number}.toml")))
        .find(|aside| !aside.exists())
        .unwrap_or_else(|| folder.join("settings.damaged.toml"));
    fs::rename(&path, &aside).map_err(|source| failure(&path, source))?;
    Ok(aside)
}

fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Whoever reads the file meets the old text or the new one, also after a power cut. A temporary
/// file is readable by its owner alone from the start.
fn replace(folder: &Path, text: &str) -> io::Result<()> {
    let mut file = tempfile::Builder::new()
        .prefix(".settings-")
        .suffix(".tmp")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(folder.join(FILE))
        .map_err(|error| error.error)?;
    // The new name is on disk only with the folder; Windows has no such call.
    #[cfg(unix)]
    fs::File::open(folder)?.sync_all()?;
    Ok(())
}

fn failure(path: &Path, source: io::Error) -> SettingsError {
    SettingsError {
        path: path.to_owned(),
        source,
    }
}
