#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use super::*;

/// Long enough for any machine, and never waited for in full where all is well.
const LONG: Duration = Duration::from_secs(20);

fn line(number: usize) -> String {
    format!("{number:09}\n")
}

fn text(folder: &Path, number: usize) -> String {
    fs::read_to_string(rolling::path(folder, number)).unwrap_or_default()
}

#[test]
fn the_files_stay_within_their_size_and_keep_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    let mut rolling = Rolling::new(folder.path().join("logs"), 100, 3);
    for number in 0..95 {
        rolling.write(line(number).as_bytes()).unwrap();
    }
    // Another life goes on where this one ended.
    let logs = folder.path().join("logs");
    let mut rolling = Rolling::new(logs.clone(), 100, 3);
    for number in 95..97 {
        rolling.write(line(number).as_bytes()).unwrap();
    }
    let whole = |range: std::ops::Range<usize>| range.map(line).collect::<String>();
    assert_eq!(text(&logs, 0), whole(90..97));
    assert_eq!(text(&logs, 1), whole(80..90));
    assert_eq!(text(&logs, 2), whole(70..80));
    assert_eq!(fs::read_dir(&logs).unwrap().count(), 3);
    let latest = latest(&logs, 100);
    assert_eq!(
        latest,
        [
            ("campana.log".to_owned(), whole(90..97)),
            ("campana.1.log".to_owned(), whole(88..90))
        ],
        "the newest lines, and only whole ones"
    );
}

#[cfg(unix)]
#[test]
fn only_this_user_can_read_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path().join("data/logs");
    Rolling::new(logs.clone(), 100, 3).write(b"a\n").unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder.path().join("data")), 0o700);
    assert_eq!(mode(&logs), 0o700);
    assert_eq!(mode(&rolling::path(&logs, 0)), 0o600);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_loses_lines_and_says_how_many() {
    let folder = tempfile::tempdir().unwrap();
    let logs = folder.path();
    std::os::unix::fs::symlink("/dev/full", rolling::path(logs, 0)).unwrap();
    let mut writer = LogWriter::start(Rolling::new(logs.to_owned(), 1000, 3)).unwrap();
    for number in 0..3 {
        writer.write_all(line(number).as_bytes()).unwrap();
    }
    assert!(LogWriter::flush(&writer, LONG));
    fs::remove_file(rolling::path(logs, 0)).unwrap();
    writer.write_all(line(3).as_bytes()).unwrap();
    assert!(LogWriter::flush(&writer, LONG));
    assert_eq!(
        text(logs, 0).trim_start(),
        format!("(3 lines are missing here)\n{}", line(3))
    );
}

#[test]
fn a_folder_that_cannot_be_made_harms_nobody() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a-file");
    fs::write(&file, "").unwrap();
    let mut writer = LogWriter::start(Rolling::new(file.join("logs"), 1000, 3)).unwrap();
    writer.write_all(b"a\n").unwrap();
    assert!(LogWriter::flush(&writer, LONG));
    assert!(latest(&file.join("logs"), 1000).is_empty());
}

#[cfg(unix)]
#[test]
fn a_disk_that_hangs_holds_up_nobody() {
    let folder = tempfile::tempdir().unwrap();
    // Whoever opens a pipe to write waits until somebody reads.
    let pipe = rolling::path(folder.path(), 0);
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.unwrap().success());
    let mut writer = LogWriter::start(Rolling::new(folder.path().to_owned(), 1000, 3)).unwrap();
    for number in 0..WAITING * 3 {
        writer.write_all(line(number).as_bytes()).unwrap();
    }
    assert!(!LogWriter::flush(&writer, Duration::ZERO));
    let lost = writer.lost.load(Ordering::Relaxed);
    assert!(lost >= (WAITING as u64) * 2 - 1, "{lost} are counted");
    // Somebody reads: what waited comes, then how many lines did not. The reader stays until the file is full and the
    // writer goes on with the next one: a pipe that it left would let the writer hang again.
    let reader = std::thread::spawn(move || {
        use std::io::BufRead as _;
        let lines = io::BufReader::new(fs::File::open(pipe).unwrap()).lines();
        lines
            .map(Result::unwrap)
            .filter(|line| line.contains("missing"))
            .last()
    });
    while !LogWriter::flush(&writer, Duration::from_millis(10)) {
        std::thread::yield_now();
    }
    writer.write_all(b"after\n").unwrap();
    let told = reader.join().unwrap().expect("it is said");
    assert!(told.contains("lines are missing here"), "{told}");
}

#[test]
fn a_line_without_end_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let rolling = Rolling::new(folder.path().to_owned(), SIZE, 3);
    let mut writer = LogWriter::start(rolling).unwrap();
    writer.write_all(&[b'x'; LONGEST * 3]).unwrap();
    assert!(LogWriter::flush(&writer, LONG));
    assert_eq!(text(folder.path(), 0).len(), LONGEST + 1);
}

/// Names the folder to the program that [`crashing`] is.
const INSIDE: &str = "CAMPANA_TEST_LOGS";

#[test]
fn a_panic_is_in_the_file_although_the_program_ends_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "logging::tests::crashing", "--include-ignored"])
        .env(INSIDE, folder.path())
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(7), "{run:?}");
    let log = text(folder.path(), 0);
    let line = log.lines().find(|line| line.contains("panicked"));
    let line = line.unwrap_or_else(|| panic!("{log}{run:?}"));
    assert!(
        line.contains("thread=\"somewhere deep\"") && line.contains("tests.rs:"),
        "{line}"
    );
    assert!(log.contains("what is usual"), "{log}");
    assert!(!String::from_utf8_lossy(&run.stderr).contains("what is usual"));
}

/// The program that panics; as a test of its own it does nothing.
#[test]
#[ignore = "the other test runs it"]
#[allow(clippy::exit, reason = "nothing is given the time to end well")]
fn crashing() {
    let Some(folder) = std::env::var_os(INSIDE) else {
        return;
    };
    start(Some(folder.into()));
    tracing::info!("what is usual");
    let thread = std::thread::Builder::new().name("somewhere deep".into());
    let ended = thread.spawn(|| panic!("on purpose")).unwrap().join();
    ended.unwrap_err();
    std::process::exit(7);
}
