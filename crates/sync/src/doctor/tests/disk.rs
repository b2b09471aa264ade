//! Whether orders can be kept, on real folders.

use super::*;
use crate::doctor::disk::examine;
use crate::inbox::Inbox;

fn plenty(_: &Path) -> io::Result<u64> {
    Ok(10 << 30)
}

#[tokio::test]
async fn a_folder_that_takes_files_is_fine_and_keeps_none() {
    let above = tempfile::tempdir().unwrap();
    let missing = above.path().join("campana/data");
    for folder in [above.path(), &missing] {
        let expected = (Writable, Some("10.0 GB".to_owned()));
        assert_eq!(examine(folder, plenty).await, expected);
    }
    assert_eq!(std::fs::read_dir(above.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_folder_of_a_running_campana_is_fine_and_stays_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let running = Inbox::open(folder.path()).unwrap();
    assert_eq!(examine(folder.path(), plenty).await.0, InUse);
    assert_eq!(running.check().unwrap(), Vec::<String>::new());
    drop(running);
    assert_eq!(examine(folder.path(), plenty).await.0, Writable);
    Inbox::open(folder.path()).unwrap();
}

#[tokio::test]
async fn space_is_measured() {
    let folder = tempfile::tempdir().unwrap();
    let low = examine(folder.path(), |_| Ok(400 << 20)).await;
    assert_eq!(low, (LowSpace, Some("400 MB".to_owned())));
    let full = examine(folder.path(), |_| Ok(1 << 20)).await;
    assert_eq!(full, (Full, Some("1 MB".to_owned())));
    let (code, free) = examine(folder.path(), |path| fs4::available_space(path)).await;
    assert!(
        matches!(code, Writable | LowSpace | Full),
        "{code:?} {free:?}"
    );
}

#[tokio::test]
async fn a_folder_that_cannot_be_is_told() {
    let above = tempfile::tempdir().unwrap();
    let file = above.path().join("a-file");
    std::fs::write(&file, "").unwrap();
    assert_eq!(examine(&file.join("data"), plenty).await.0, Unwritable);
}

#[cfg(unix)]
#[tokio::test]
async fn an_inbox_that_is_no_file_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("inbox.sqlite3")).unwrap();
    assert_eq!(examine(folder.path(), plenty).await.0, Unwritable);
}

/// The folder that [`prints_the_locks`] looks at.
#[cfg(unix)]
const LOCKED_FOLDER: &str = "CAMPANA_TEST_LOCKED_FOLDER";

/// The locks that another process holds on the inbox's files, as `F_GETLK` tells a child process.
#[cfg(unix)]
fn locks(folder: &Path) -> Vec<String> {
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["doctor::tests::disk::prints_the_locks", "--exact"])
        .args(["--ignored", "--nocapture"])
        .env(LOCKED_FOLDER, folder)
        .output()
        .unwrap();
    let printed = String::from_utf8(child.stdout).unwrap();
    let is_lock = |line: &&str| line.contains("inbox.sqlite3");
    printed.lines().filter(is_lock).map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
#[ignore = "runs as the child of another test"]
#[allow(clippy::print_stdout, reason = "the parent reads it")]
fn prints_the_locks() {
    use rustix::process::{FlockType, fcntl_getlk};
    let Ok(folder) = std::env::var(LOCKED_FOLDER) else {
        return;
    };
    println!();
    for name in ["inbox.sqlite3", "inbox.sqlite3-shm"] {
        let file = std::fs::OpenOptions::new()
            .read(true)
            .write(true)
            .open(Path::new(&folder).join(name))
            .unwrap();
        let found = fcntl_getlk(&file, &FlockType::WriteLock.into()).unwrap();
        let found = found.filter(|lock| lock.typ != FlockType::Unlocked);
        println!("{name}: {:?}", found.map(|lock| (lock.typ, lock.pid)));
    }
}

#[cfg(unix)]
#[tokio::test]
async fn the_check_of_the_disk_leaves_the_locks_of_an_open_inbox_alone() {
    let folder = tempfile::tempdir().unwrap();
    let running = Inbox::open(folder.path()).unwrap();
    running.orders(campana_contract::Timestamp(0)).unwrap();
    let before = locks(folder.path());
    let held = |lock: &String| lock.contains(&format!("{:?}", rustix::process::getpid()));
    assert!(before.len() == 2 && before.iter().all(held), "{before:?}");
    assert_eq!(examine(folder.path(), plenty).await.0, InUse);
    assert_eq!(locks(folder.path()), before);
}

#[cfg(unix)]
#[tokio::test]
async fn an_inbox_that_this_user_may_not_write_is_told() {
    use std::os::unix::fs::PermissionsExt as _;
    if rustix::process::geteuid().is_root() {
        // Root may write everything.
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("inbox.sqlite3");
    std::fs::write(&file, "").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o400)).unwrap();
    assert_eq!(examine(folder.path(), plenty).await.0, Unwritable);
}
