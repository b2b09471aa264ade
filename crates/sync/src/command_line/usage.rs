//! What is said of arguments that cannot be read, in the language of the rest.

use std::io::{self, Write};

use campana_sync::catalogue::{Argument, Catalogue};
use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

/// Prints help and version on stdout, and what is wrong on stderr.
pub(super) fn tell(error: &Error, catalogue: &Catalogue) {
    // Where the output is closed there is nobody to tell.
    let _ = match sentence(error, catalogue) {
        None => error.print(),
        Some(sentence) => writeln!(io::stderr().lock(), "{sentence}"),
    };
}

/// `None` for help and version, which are no errors.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "clap may name more kinds; each is at least a wrong argument"
)]
fn sentence(error: &Error, catalogue: &Catalogue) -> Option<String> {
    let given = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    };
    let argument = given(ContextKind::InvalidArg);
    let (key, what, value) = match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        ErrorKind::InvalidSubcommand => (
            "cli-usage-unknown",
            given(ContextKind::InvalidSubcommand),
            String::new(),
        ),
        ErrorKind::UnknownArgument => ("cli-usage-unknown", argument, String::new()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = given(ContextKind::InvalidValue);
            if value.is_empty() {
                ("cli-usage-no-value", argument, value)
            } else {
                ("cli-usage-value", argument, value)
            }
        }
        ErrorKind::MissingRequiredArgument => ("cli-usage-missing", argument, String::new()),
        ErrorKind::ArgumentConflict => {
            ("cli-usage-conflict", argument, given(ContextKind::PriorArg))
        }
        _ => ("cli-usage-wrong", String::new(), String::new()),
    };
    let sentence = catalogue.text_with(
        key,
        &[
            ("what", Argument::Text(&what)),
            ("value", Argument::Text(&value)),
        ],
    );
    let possible = match error.get(ContextKind::ValidValue) {
        Some(ContextValue::Strings(values)) if !values.is_empty() => catalogue.text_with(
            "cli-usage-possible",
            &[("values", Argument::Text(&values.join(", ")))],
        ),
        _ => String::new(),
    };
    let help = catalogue.text("cli-usage-help");
    let parts = [sentence, possible, help];
    Some(
        parts
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(" "),
    )
}
