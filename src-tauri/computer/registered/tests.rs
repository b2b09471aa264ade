//! Against the register of whoever runs the tests, under other names than the app's.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use std::path::Path;
use std::process::Command;

use super::Registered;

const RUN: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Run";
const APPROVED: &str =
    r"HKCU\Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run";

fn registered(name: &str, program: &str) -> Registered {
    Registered::named(name, Path::new(program)).unwrap()
}

/// What the register holds, as the system's own program shows it.
fn shown(name: &str) -> Option<String> {
    let output = Command::new("reg")
        .args(["query", RUN, "/v", name])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Switches it off or on as the Task Manager does.
fn approve(name: &str, data: &str) {
    let written = Command::new("reg")
        .args(["add", APPROVED, "/v", name, "/t", "REG_BINARY", "/d", data])
        .arg("/f")
        .output()
        .unwrap();
    assert!(written.status.success());
}

#[test]
fn starting_with_the_computer_is_switched_on_and_off_for_a_path_with_spaces() {
    let name = "Campana test of a path";
    let entry = registered(name, r"C:\La tienda\campana.exe");
    assert!(!entry.is_on().unwrap());
    entry.turn_off().unwrap();
    entry.turn_on().unwrap();
    assert!(entry.is_on().unwrap());
    let line = shown(name).unwrap();
    assert!(line.contains(r#""C:\La tienda\campana.exe""#), "{line}");
    entry.turn_off().unwrap();
    assert!(!entry.is_on().unwrap());
    assert_eq!(shown(name), None);
}

#[test]
fn a_program_that_moved_is_found_again() {
    let name = "Campana test of a move";
    registered(name, r"C:\old\campana.exe").turn_on().unwrap();
    let moved = registered(name, r"C:\new\campana.exe");
    moved.keep_on().unwrap();
    let line = shown(name).unwrap();
    moved.turn_off().unwrap();
    assert!(line.contains(r"C:\new\campana.exe"), "{line}");
}

#[test]
fn what_the_task_manager_switched_off_stays_off_until_somebody_wants_it() {
    let name = "Campana test of the Task Manager";
    let entry = registered(name, r"C:\campana.exe");
    entry.turn_on().unwrap();
    approve(name, "030000001122334455667788");
    assert!(!entry.is_on().unwrap());
    entry.keep_on().unwrap();
    assert!(!entry.is_on().unwrap());
    entry.turn_on().unwrap();
    let is_on = entry.is_on().unwrap();
    entry.turn_off().unwrap();
    assert!(is_on);
}
