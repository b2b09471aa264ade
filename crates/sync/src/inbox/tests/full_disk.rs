//! A disk that is really full: a small one in memory, which only root may mount.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::*;
use crate::inbox::InboxError;

/// Unmounts when the test ends, however it ends.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=512k", "none"])
            .arg(folder.path())
            .status();
        status
            .is_ok_and(|status| status.success())
            .then(|| Self(folder))
    }
    fn path(&self) -> &Path {
        self.0.path()
    }
    /// Takes all the space that is left; the file gives it back when it is removed.
    fn fill(&self) -> std::path::PathBuf {
        let filler = self.path().join("filler");
        // Fails when the disk is full, having written what fits.
        assert!(fs::write(&filler, vec![0_u8; 1 << 20]).is_err());
        filler
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.path()).status();
    }
}

#[test]
fn a_full_disk_is_named_when_opening_and_when_storing_and_loses_nothing() {
    let Some(disk) = SmallDisk::mount() else {
        // Without root there is no such disk; the limit on pages in `storing` stands for it.
        return;
    };
    let data = disk.path().join("data");
    let filler = disk.fill();
    let opened = Inbox::open(&data);
    assert!(matches!(opened, Err(InboxError::DiskFull)), "{opened:?}");
    fs::remove_file(filler).unwrap();

    let mut inbox = Inbox::open(&data).unwrap();
    inbox.store(SHOP, &page(&[]), at(-HOUR)).unwrap();
    store(&mut inbox, &[told("kept", 0)]);
    let filler = disk.fill();
    let many: Vec<Value> = (0..80).map(|n| told(&format!("o{n}"), 0)).collect();
    let refused = inbox.store(SHOP, &page(&many), at(0));
    assert!(matches!(refused, Err(InboxError::DiskFull)), "{refused:?}");
    let backed_up = inbox.back_up_if_due(Timestamp(NOON));
    assert!(
        matches!(backed_up, Err(InboxError::DiskFull)),
        "{backed_up:?}"
    );
    assert_eq!(only(&inbox).id.key(), "kept");
    drop(inbox);
    let opened = Inbox::open(&data);
    assert!(
        matches!(opened, Ok(_) | Err(InboxError::DiskFull)),
        "{opened:?}"
    );
    drop(opened);
    fs::remove_file(filler).unwrap();

    let mut inbox = Inbox::open(&data).unwrap();
    assert_eq!(inbox.damage(), None);
    assert_eq!(only(&inbox).id.key(), "kept");
    let few = &many[..40];
    assert_eq!(store(&mut inbox, few).orders.len(), 40);
    sound(&inbox);
}
