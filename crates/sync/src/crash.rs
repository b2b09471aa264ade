//! What a crash leaves behind: where it was and what it was called, never what was in memory.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::panic::{self, PanicHookInfo};

/// Of a message that was put together while running, no more than this.
const LONGEST: usize = 80;

/// Logs every panic, of whatever thread, with its place, and calls `then`. The usual hook would print the whole
/// message, and messages quote what the program was working on.
pub fn note_panics(then: impl Fn() + Send + Sync + 'static) {
    panic::set_hook(Box::new(move |panicked| {
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("unnamed");
        let place = panicked.location().map(ToString::to_string);
        let place = place.as_deref().unwrap_or("somewhere");
        let said = message(panicked);
        tracing::error!(thread, place, said, "panicked");
        let backtrace = Backtrace::capture();
        if backtrace.status() == BacktraceStatus::Captured {
            tracing::error!("it came from\n{backtrace}");
        }
        then();
    }));
}

fn message(panicked: &PanicHookInfo<'_>) -> String {
    let payload = panicked.payload();
    if let Some(literal) = payload.downcast_ref::<&'static str>() {
        return (*literal).to_owned();
    }
    payload
        .downcast_ref::<String>()
        .map_or_else(String::new, |text| beginning(text))
}

/// A message that was put together while running, up to the first value in it: values are quoted, or follow a
/// colon.
fn beginning(text: &str) -> String {
    let end = text
        .find(|letter| "'\"`:([{«“\n".contains(letter))
        .unwrap_or(text.len());
    let mut kept: String = text[..end].chars().take(LONGEST).collect();
    if kept.len() < text.len() {
        kept.push('…');
    }
    kept
}

/// Lets the system write no image of this process's memory when it crashes: the key would be in it. Programs that it
/// starts inherit this.
///
/// # Errors
/// When the system does not take it. On Windows there is nothing to ask: what error reporting writes is the
/// system's to decide.
pub fn leave_no_image() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let limit = Rlimit {
            current: Some(0),
            maximum: getrlimit(Resource::Core).maximum,
        };
        setrlimit(Resource::Core, limit)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_message_only_what_stands_before_its_first_value_is_kept() {
        for (text, kept) in [
            (
                "byte index 5 is not a char boundary; it is inside 'ñ' of `Señora Núñez`",
                "byte index 5 is not a char boundary; it is inside …",
            ),
            (
                "called `Result::unwrap()` on an `Err` value: \"Núñez\"",
                "called …",
            ),
            (
                "index out of bounds: the len is 3 but the index is 5",
                "index out of bounds…",
            ),
            ("no reactor running", "no reactor running"),
        ] {
            assert_eq!(beginning(text), kept);
        }
        assert_eq!(beginning(&"x".repeat(500)).chars().count(), LONGEST + 1);
    }
}
