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
