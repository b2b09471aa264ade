//! What is printed: results on stdout, complaints on stderr.

use std::io::{self, Write};

use campana_sync::catalogue::{Argument, Catalogue};

use super::failure::Failure;

/// The two outputs, and the language in which they speak.
pub(super) struct Output {
    catalogue: Catalogue,
}

impl Output {
    pub(super) fn new(catalogue: Catalogue) -> Self {
        Self { catalogue }
    }

    pub(super) fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// One line on stdout, at once: whoever reads it may be waiting for just this.
    pub(super) fn line(&self, line: &str) -> io::Result<()> {
        write_line(&harmless(line))
    }

    /// Lines on stdout without holding up anything else: a reader that does not read must stop
    /// neither the engine nor the wish to end.
    pub(super) async fn lines_when_read(&self, lines: &[String]) -> io::Result<()> {
        let lines: Vec<String> = lines.iter().map(|line| harmless(line)).collect();
        if lines.is_empty() {
            return Ok(());
        }
        tokio::task::spawn_blocking(move || lines.iter().try_for_each(|line| write_line(line)))
            .await
            .map_err(io::Error::other)?
    }

    /// A text of the catalogue on stdout.
    pub(super) fn say(&self, key: &str, arguments: &[(&str, Argument<'_>)]) -> io::Result<()> {
        self.line(&self.catalogue.text_with(key, arguments))
    }

    /// A text on stderr.
    pub(super) fn remark(&self, text: &str) {
        // Where even stderr is closed there is nobody to tell.
        let _ = writeln!(io::stderr().lock(), "{}", harmless(text));
    }

    pub(super) fn complain(&self, failure: &Failure) {
        self.remark(&failure.sentence(&self.catalogue));
    }
}

fn write_line(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}

/// Names and reasons come from outside, and a terminal obeys control characters. (JSON has none.)
fn harmless(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_blanked() {
        assert_eq!(harmless("Ana\u{1b}[2J\nLuz\u{9b}m"), "Ana [2J Luz m");
        assert_eq!(harmless("Añejo – «sí» 🍕"), "Añejo – «sí» 🍕");
    }
}
