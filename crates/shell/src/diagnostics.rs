//! The diagnostics: one file that a person can hand to whoever helps, without a secret and without anybody's
//! data.

mod redaction;
#[cfg(test)]
mod tests;

use std::io::{self, Cursor, Write as _};

use campana_contract::Timestamp;
use campana_sync::activity::Activity;
use campana_sync::settings::Settings;
use serde::Serialize;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

pub use redaction::{Redaction, Traces};

use crate::view::{CheckView, View};

/// What Campana runs in; each as the system calls it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Surroundings {
    /// The system and its version.
    pub system: String,
    /// The system's own version number of its innermost part, where it has one.
    pub kernel: Option<String>,
    /// The version of what draws the windows.
    pub webview: Option<String>,
    /// The desktop environment.
    pub desktop: Option<String>,
    /// X11 or Wayland.
    pub session: Option<String>,
}

/// What was found.
#[derive(Debug)]
pub struct Diagnostics {
    /// When.
    pub made_at: Timestamp,
    /// What the owner chose; the key is not among it.
    pub settings: Settings,
    /// What is true now; of its orders only how many there are is told.
    pub view: View,
    /// What the checks of the connection ended with.
    pub checks: Vec<CheckView>,
    /// The latest activities, oldest first.
    pub activity: Vec<Activity>,
    /// What it runs in.
    pub surroundings: Surroundings,
    /// The log: each file's name and its newest lines.
    pub logs: Vec<(String, String)>,
}

/// A zip with all of it: JSON, and the log as it is.
///
/// # Errors
/// When something cannot be written as JSON: a path that is no UTF-8.
pub fn archive(found: &Diagnostics, redaction: &Redaction) -> io::Result<Vec<u8>> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: String, text: &[u8]| {
        archive
            .start_file(name, SimpleFileOptions::default())
            .map_err(io::Error::other)?;
        archive.write_all(text)
    };
    for (name, mut content) in files(found)? {
        redaction.clean(&mut content);
        add(name.to_owned(), &serde_json::to_vec_pretty(&content)?)?;
    }
    for (name, text) in &found.logs {
        add(format!("logs/{name}"), redaction.cleaned(text).as_bytes())?;
    }
    let archive = archive.finish().map_err(io::Error::other)?;
    Ok(archive.into_inner())
}

fn files(found: &Diagnostics) -> io::Result<[(&'static str, Value); 5]> {
    let view = &found.view;
    let about = json!({
        "campana": view.version,
        "sqlite": campana_sync::inbox::sqlite_version(),
        "surroundings": found.surroundings,
        "system": std::env::consts::OS,
        "architecture": std::env::consts::ARCH,
        "madeAt": moment(found.made_at),
        "language": view.language,
        "demo": view.demo,
    });
    let state = json!({
        "status": view.status,
        "key": view.setup.key,
        "plainHttpRefused": view.setup.plain_http_refused,
        "settingsDamaged": view.setup.settings_damaged,
        "sound": view.sound,
        "pause": view.pause,
        "damage": view.damage,
        "lastAsked": view.last_asked,
        "tray": view.tray,
        "computer": view.computer,
        "orders": { "shown": view.orders.len(), "unseen": view.unseen, "fromBefore": view.from_before },
    });
    let activity = found.activity.iter().map(|activity| {
        json!({
            "at": moment(activity.at),
            "kind": activity.kind,
            "wentWell": activity.went_well,
            "detail": activity.detail,
            "bytes": activity.bytes,
            "milliseconds": activity.milliseconds,
            "number": activity.number,
        })
    });
    Ok([
        ("about.json", about),
        ("settings.json", serde_json::to_value(&found.settings)?),
        ("state.json", state),
        ("checks.json", serde_json::to_value(&found.checks)?),
        ("activity.json", activity.collect()),
    ])
}

fn moment(at: Timestamp) -> Option<String> {
    let nanoseconds = i128::from(at.0) * 1_000_000;
    OffsetDateTime::from_unix_timestamp_nanos(nanoseconds)
        .ok()?
        .format(&Rfc3339)
        .ok()
}
