//! Starts Campana again when its process dies without having ended: killed, out of memory, or given up by the watchdog.
//!
//! On Linux a shell of the system (`sh`) waits for the end of a pipe that only this process holds open.
//! A process that ends as it should says so first. Windows and macOS have no such shell: there only the watchdog starts
//! it again.

use std::sync::Mutex;

/// How often in a row it was started again; the shell of one life tells the next.
#[cfg(target_os = "linux")]
const RESTARTS: &str = "CAMPANA_RESTARTS";
/// `CAMPANA_CRASH_RESTART=never` leaves a process that died dead.
#[cfg(target_os = "linux")]
const SWITCH: &str = "CAMPANA_CRASH_RESTART";

/// Five times in a row, later each time: a life of ten minutes begins to count anew.
#[cfg(target_os = "linux")]
const SCRIPT: &str = r#"
began=$(date +%s)
read -r word && exit 0
[ $(($(date +%s) - began)) -gt 600 ] && CAMPANA_RESTARTS=0
[ "$CAMPANA_RESTARTS" -ge 5 ] && exit 1
sleep $((1 + CAMPANA_RESTARTS * 4))
export CAMPANA_RESTARTS=$((CAMPANA_RESTARTS + 1))
exec "$0" "$@"
"#;

/// The shell that waits; `None` where there is none.
#[derive(Debug, Default)]
pub struct CrashRestart(Mutex<Option<std::process::ChildStdin>>);

impl CrashRestart {
    /// The shell waits from now on.
    ///
    /// # Errors
    /// When it cannot be started.
    #[cfg(target_os = "linux")]
    pub fn arm() -> std::io::Result<Self> {
        use std::process::{Command, Stdio};
        if std::env::var(SWITCH).is_ok_and(|switch| switch == "never") {
            return Ok(Self::default());
        }
        let before = std::env::var(RESTARTS)
            .ok()
            .and_then(|number| number.parse::<u32>().ok());
        let mut shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT])
            .arg(std::env::current_exe()?)
            .args(std::env::args_os().skip(1))
            .env(RESTARTS, before.unwrap_or_default().to_string())
            .stdin(Stdio::piped())
            .spawn()?;
        Ok(Self(Mutex::new(shell.stdin.take())))
    }

    /// There is no shell.
    ///
    /// # Errors
    /// Never: on Linux it can fail.
    #[cfg(not(target_os = "linux"))]
    #[allow(clippy::unnecessary_wraps, reason = "on Linux it can fail")]
    pub fn arm() -> std::io::Result<Self> {
        Ok(Self::default())
    }

    /// The process ends as it should: nothing is started again.
    pub fn disarm(&self) {
        use std::io::Write as _;
        let shell = self.0.lock().map(|mut shell| shell.take());
        if let Ok(Some(mut shell)) = shell
            && let Err(error) = shell.write_all(b"ended\n")
        {
            tracing::debug!(%error, "the shell that starts Campana again is gone");
        }
    }
}

/// Ends this process at once, so that it is started again.
pub fn restart() {
    #[cfg(target_os = "linux")]
    if let Err(error) =
        rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL)
    {
        tracing::error!(%error, "the process does not end");
    }
    #[cfg(not(target_os = "linux"))]
    tauri::process::restart(&tauri::Env::default());
}
