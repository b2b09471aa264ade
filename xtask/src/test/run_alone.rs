//! Runs the tests of a step and, when some fail, prints for each the command that runs it alone.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};

/// Chooses tests by their name.
#[derive(Clone, Debug)]
pub struct Filter(String);

impl Filter {
    /// Tests whose name contains this text.
    pub fn containing(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// As Cargo's tests take it.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// As a regular expression, which Node's and Vitest's filters are.
    pub fn pattern(&self) -> String {
        let mut pattern = String::new();
        for letter in self.0.chars() {
            if !letter.is_alphanumeric() && letter.is_ascii() && letter != ' ' {
                pattern.push('\\');
            }
            pattern.push(letter);
        }
        pattern
    }
}

/// A program that runs tests, and how it reports one that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reporter {
    /// `test NAME ... FAILED`
    Cargo,
    /// `✖ NAME (12.3ms)`, of the reporter `spec`
    Node,
    /// `FAIL  FILE > NAME`
    Vitest,
}

impl Reporter {
    /// The name of the test that this line reports as failed.
    fn failed(self, line: &str) -> Option<&str> {
        let line = line.trim();
        match self {
            Self::Cargo => line.strip_prefix("test ")?.strip_suffix(" ... FAILED"),
            Self::Node => {
                let (name, time) = line.strip_prefix("✖ ")?.rsplit_once(" (")?;
                time.ends_with("ms)").then_some(name)
            }
            Self::Vitest => {
                let (_, name) = line.strip_prefix("FAIL ")?.split_once(" > ")?;
                Some(name.rsplit(" > ").next().unwrap_or(name))
            }
        }
    }
}

/// Runs it to its end, with its output shown as it comes.
///
/// # Errors
/// When it cannot be started or fails; the message has a command for each test that failed.
pub fn tests(command: &mut Command, step: &str, reporter: Reporter) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let mut running = command
        // Colours would stand between the words that a reporter is recognised by.
        .env("NO_COLOR", "1")
        .env_remove("FORCE_COLOR")
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {name}"))?;
    let output = running.stdout.take().context("its output")?;
    let mut failed: Vec<String> = Vec::new();
    for line in BufReader::new(output).split(b'\n') {
        let line = line.context("its output")?;
        let line = String::from_utf8_lossy(&line);
        println!("{line}");
        if let Some(test) = reporter.failed(&line)
            && !failed.iter().any(|known| known == test)
        {
            failed.push(test.to_owned());
        }
    }
    let status = running.wait().context("waiting for the tests")?;
    let alone: String = failed
        .iter()
        .map(|test| format!("\n  cargo xtask test --only {step} --name {}", quoted(test)))
        .collect();
    ensure!(
        status.success(),
        "{name}: {status}{}{alone}",
        if alone.is_empty() {
            ""
        } else {
            "; to run alone what failed:"
        }
    );
    Ok(())
}

/// As a word for a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::{Filter, Reporter, quoted};

    #[test]
    fn a_failed_test_is_recognised_in_each_report() {
        let failed = Reporter::Cargo.failed("test engine::tests::pulling::a_hint ... FAILED");
        assert_eq!(failed, Some("engine::tests::pulling::a_hint"));
        assert_eq!(Reporter::Cargo.failed("test a ... ok"), None);
        let failed = Reporter::Node.failed("  ✖ it rings (again) (123.4ms)");
        assert_eq!(failed, Some("it rings (again)"));
        assert_eq!(Reporter::Node.failed("✖ failing tests:"), None);
        let failed = Reporter::Vitest.failed(" FAIL  tests/main.test.ts > band > it is red");
        assert_eq!(failed, Some("it is red"));
    }

    #[test]
    fn a_name_reaches_shell_and_pattern_as_it_is() {
        assert_eq!(quoted("the shop's"), r"'the shop'\''s'");
        let pattern = Filter::containing("a (b) ñ.").pattern();
        assert_eq!(pattern, r"a \(b\) ñ\.");
    }
}
