#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;

use super::desktop_entry::DesktopEntry;
use super::keep_in;

fn entry(folder: &Path, program: &str) -> DesktopEntry {
    DesktopEntry {
        folder: folder.join("config/autostart"),
        program: program.into(),
    }
}

fn exec(folder: &Path) -> String {
    value(folder, "Exec=")
}

fn value(folder: &Path, key: &str) -> String {
    let file = folder.join("config/autostart/mx.campana.app.desktop");
    let text = std::fs::read_to_string(file).unwrap();
    let value = text.lines().find_map(|line| line.strip_prefix(key));
    value.unwrap().to_owned()
}

#[test]
fn starting_with_the_computer_is_switched_on_and_off() {
    let folder = tempfile::tempdir().unwrap();
    let entry = entry(folder.path(), "/usr/bin/campana");
    assert!(!entry.is_on().unwrap());
    entry.turn_off().unwrap();
    entry.turn_on().unwrap();
    assert!(entry.is_on().unwrap());
    assert_eq!(exec(folder.path()), "\"/usr/bin/campana\"");
    entry.turn_off().unwrap();
    assert!(!entry.is_on().unwrap());
    let left = std::fs::read_dir(folder.path().join("config/autostart")).unwrap();
    assert_eq!(left.count(), 0);
}

#[test]
fn a_program_that_moved_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    entry(folder.path(), "/old/campana").turn_on().unwrap();
    entry(folder.path(), "/new/campana").keep_on().unwrap();
    assert_eq!(exec(folder.path()), "\"/new/campana\"");
}

#[test]
fn paths_with_spaces_and_signs_stay_one_argument() {
    let folder = tempfile::tempdir().unwrap();
    for (path, written) in [
        ("/home/la tienda/campana", r#""/home/la tienda/campana""#),
        (r#"/a"b/campana"#, r#""/a\\"b/campana""#),
        ("/a$b`c/campana", r#""/a\\$b\\`c/campana""#),
        (r"/a\b/campana", r#""/a\\\\b/campana""#),
        ("/100%/campana", r#""/100%%/campana""#),
    ] {
        entry(folder.path(), path).turn_on().unwrap();
        assert_eq!(exec(folder.path()), written);
    }
}

#[test]
fn a_program_that_was_removed_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    for (path, written) in [
        ("/home/la tienda/campana", "/home/la tienda/campana"),
        (r#"/a"$%/campana"#, r#"/a"$%/campana"#),
        (r"/a\b/campana", r"/a\\b/campana"),
    ] {
        entry(folder.path(), path).turn_on().unwrap();
        assert_eq!(value(folder.path(), "TryExec="), written);
    }
}

#[test]
fn what_the_session_switched_off_is_off_and_stays_so_until_the_switch() {
    let folder = tempfile::tempdir().unwrap();
    let entry = entry(folder.path(), "/usr/bin/campana");
    entry.turn_on().unwrap();
    let file = folder
        .path()
        .join("config/autostart/mx.campana.app.desktop");
    for line in ["Hidden=true", "X-GNOME-Autostart-enabled=false"] {
        std::fs::write(&file, format!("[Desktop Entry]\n{line}\n")).unwrap();
        assert!(!entry.is_on().unwrap(), "{line}");
        entry.keep_on().unwrap();
        assert!(!entry.is_on().unwrap(), "{line} stays");
    }
    entry.turn_on().unwrap();
    assert!(entry.is_on().unwrap());
}

#[test]
fn a_folder_that_cannot_be_made_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("config"), "a file in the way").unwrap();
    assert!(entry(folder.path(), "/usr/bin/campana").turn_on().is_err());
}

#[test]
fn a_file_that_is_handed_over_replaces_none() {
    let folder = tempfile::tempdir().unwrap();
    let first = keep_in(folder.path(), "hoy.zip", b"1").unwrap();
    let second = keep_in(folder.path(), "hoy.zip", b"2").unwrap();
    assert_eq!(first.file_name().unwrap(), "hoy.zip");
    assert_eq!(second.file_name().unwrap(), "hoy-2.zip");
    assert_eq!(std::fs::read(first).unwrap(), b"1");
}
