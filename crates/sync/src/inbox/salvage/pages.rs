//! Orders from the pages of a file whose head or tree is broken, and from its WAL.
//!
//! In a copy, each page that could be a leaf of the table is hung under a root that is made for it, and
//! SQLite reads that. Whether a row is one of ours is for the caller to judge.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use rusqlite::{Connection, OpenFlags, Row};

use super::super::{InboxError, files, row::COLUMNS};

/// The size of a page: SQLite's default, which no inbox departs from.
const PAGE: usize = 4096;
/// What stands before the first frame of a WAL, and before the page in each of them.
const WAL_HEAD: u64 = 32;
const FRAME_HEAD: usize = 24;
/// The first bytes of a leaf and of a root above leaves.
const LEAF: u8 = 13;
const ABOVE_LEAVES: u8 = 5;
/// As many leaves are hung under one root.
const LEAVES: usize = 300;

/// Every row that `read` takes from any page of this file or of its WAL; the copy is made at `copy`.
pub(super) fn rows<T>(
    file: &Path,
    copy: &Path,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, InboxError> {
    let found = rows_in_copy(file, copy, &read);
    files::remove(copy)?;
    found
}

fn rows_in_copy<T>(
    file: &Path,
    copy: &Path,
    read: &impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, InboxError> {
    files::remove(copy)?;
    let head = head(copy)?;
    files::remove(copy)?;
    let wal = files::beside(file, "-wal");
    if file.exists() {
        fs::copy(file, copy)?;
    }
    if wal.exists() {
        fs::copy(&wal, files::beside(copy, "-wal"))?;
    }
    put(copy, 1, &head)?;
    // What SQLite itself accepts of the WAL goes to its place; what it refuses is looked at all the same.
    let _ = Connection::open(copy).and_then(|connection| {
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    });
    for ending in ["-wal", "-shm"] {
        files::remove(&files::beside(copy, ending))?;
    }
    put(copy, 1, &head)?;
    add_second_page_and_frames(copy, &wal)?;

    let mut found = Vec::new();
    for leaves in leaves(copy)?.chunks(LEAVES) {
        if !read_under(copy, leaves, read, &mut found)? && leaves.len() > 1 {
            for leaf in leaves {
                read_under(copy, std::slice::from_ref(leaf), read, &mut found)?;
            }
        }
    }
    Ok(found)
}

/// The first page of a database whose only table has the columns of `orders`, and its root at page 2.
fn head(scratch: &Path) -> Result<Vec<u8>, InboxError> {
    let columns = COLUMNS.replacen("row", "row INTEGER PRIMARY KEY", 1);
    Connection::open(scratch)?.execute_batch(&format!("CREATE TABLE orders ({columns})"))?;
    let mut head = fs::read(scratch)?;
    head.truncate(PAGE);
    // The number of pages is not to be believed then, but taken from the file's size.
    if let Some(valid_for) = head.get_mut(92..96) {
        valid_for.fill(0xFF);
    }
    Ok(head)
}

/// Writes a page, counted from 1.
fn put(copy: &Path, number: u32, page: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .open(copy)?;
    file.seek(SeekFrom::Start(u64::from(number - 1) * PAGE as u64))?;
    file.write_all(page)
}

/// Adds copies of what has no page of its own in the copy: page 2, where the root will be, and what the
/// frames of the WAL hold.
fn add_second_page_and_frames(copy: &Path, wal: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(copy)?;
    let pages = file.metadata()?.len().div_ceil(PAGE as u64).max(2);
    file.set_len(pages * PAGE as u64)?;
    let mut page = vec![0; PAGE];
    file.seek(SeekFrom::Start(PAGE as u64))?;
    file.read_exact(&mut page)?;
    file.seek(SeekFrom::End(0))?;
    file.write_all(&page)?;
    let Ok(mut wal) = File::open(wal) else {
        return Ok(());
    };
    wal.seek(SeekFrom::Start(WAL_HEAD))?;
    let mut frame = vec![0; FRAME_HEAD + PAGE];
    while wal.read_exact(&mut frame).is_ok() {
        file.write_all(&frame[FRAME_HEAD..])?;
    }
    Ok(())
}

/// The numbers of the pages that could be leaves.
fn leaves(copy: &Path) -> io::Result<Vec<u32>> {
    let mut file = File::open(copy)?;
    let mut page = vec![0; PAGE];
    let mut found = Vec::new();
    for number in 1_u32.. {
        if file.read_exact(&mut page).is_err() {
            break;
        }
        // The kind of page; how many rows it has.
        if number > 2 && page[0] == LEAF && page[3..5] != [0, 0] {
            found.push(number);
        }
    }
    Ok(found)
}

/// Reads what these leaves hold; false when it ended before their end.
fn read_under<T>(
    copy: &Path,
    leaves: &[u32],
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    found: &mut Vec<T>,
) -> Result<bool, InboxError> {
    put(copy, 2, &root(leaves))?;
    let connection = Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut statement = connection.prepare(&format!("SELECT {COLUMNS} FROM orders"))?;
    let mut rows = statement.query([])?;
    loop {
        match rows.next() {
            Ok(Some(row)) => found.extend(read(row).ok()),
            Ok(None) => return Ok(true),
            Err(_) => return Ok(false),
        }
    }
}

/// A root above these leaves, at least one of them.
fn root(leaves: &[u32]) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    let mut content = PAGE;
    let mut write = |at: usize, bytes: &[u8]| {
        if let Some(place) = page.get_mut(at..at + bytes.len()) {
            place.copy_from_slice(bytes);
        }
    };
    // The last child stands apart. A root has at least one more: of a lone leaf it is the same again.
    let last = leaves.last().copied().unwrap_or_default();
    let others = leaves.split_last().map_or(leaves, |(_, others)| others);
    let others = if others.is_empty() { leaves } else { others };
    for (index, leaf) in others.iter().enumerate() {
        // A child and the key that ends it, in two bytes; reading from end to end asks for no true one.
        let key = [0x80 | (index >> 7 & 0x7F) as u8, (index & 0x7F) as u8];
        content -= 6;
        write(content, &leaf.to_be_bytes());
        write(content + 4, &key);
        write(12 + 2 * index, &(content as u16).to_be_bytes());
    }
    write(0, &[ABOVE_LEAVES]);
    write(3, &(others.len() as u16).to_be_bytes());
    write(5, &(content as u16).to_be_bytes());
    write(8, &last.to_be_bytes());
    page
}
