//! Checks that every dependency may be used and comes from the registry. A crate passes when
//! its licence, an SPDX expression, can be met with the licences listed here.

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::command::{cargo, output};

/// Licences that a program under MIT OR Apache-2.0 can contain. Keep `deny.toml` the same.
const ALLOWED: &[&str] = &[
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MPL-2.0",
    "OFL-1.1",
    "Ubuntu-font-1.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "0BSD",
    "bzip2-1.0.6",
];

/// Checks every package that Cargo's lock names.
///
/// # Errors
/// When one has another licence or comes from elsewhere; the message names all of them.
pub fn check() -> anyhow::Result<()> {
    let text = output(cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value = serde_json::from_str(&text).context("cargo metadata")?;
    let packages = metadata["packages"]
        .as_array()
        .context("cargo metadata names no packages")?;
    let wrong: Vec<String> = packages.iter().filter_map(objection).collect();
    if wrong.is_empty() {
        println!(
            "{} packages, all with a licence that is allowed",
            packages.len()
        );
        return Ok(());
    }
    bail!("{}", wrong.join("\n"))
}

fn objection(package: &Value) -> Option<String> {
    let name = format!(
        "{} {}",
        package["name"].as_str()?,
        package["version"].as_str()?
    );
    if let Some(source) = package["source"].as_str()
        && !source.starts_with("registry+")
    {
        return Some(format!("{name} comes from {source}"));
    }
    match package["license"].as_str() {
        Some(licence) if allowed(licence) => None,
        Some(licence) => Some(format!("{name} has the licence {licence}")),
        None => Some(format!("{name} names no licence")),
    }
}

/// Whether this SPDX expression can be met; `AND` binds more than `OR`, an old `/` means `OR`.
fn allowed(expression: &str) -> bool {
    let spaced = expression
        .replace('/', " OR ")
        .replace('(', " ( ")
        .replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let met = either(&mut rest);
    met && rest.is_empty()
}

fn either(rest: &mut &[&str]) -> bool {
    let mut met = both(rest);
    while let Some((&"OR", after)) = rest.split_first() {
        *rest = after;
        met |= both(rest);
    }
    met
}

fn both(rest: &mut &[&str]) -> bool {
    let mut met = one(rest);
    while let Some((&"AND", after)) = rest.split_first() {
        *rest = after;
        met &= one(rest);
    }
    met
}

fn one(rest: &mut &[&str]) -> bool {
    let Some((&word, after)) = rest.split_first() else {
        return false;
    };
    *rest = after;
    if word == "(" {
        let met = either(rest);
        return match rest.split_first() {
            Some((&")", after)) => {
                *rest = after;
                met
            }
            _ => false,
        };
    }
    if let ["WITH", exception, after @ ..] = *rest {
        *rest = after;
        return ALLOWED.contains(&format!("{word} WITH {exception}").as_str())
            || ALLOWED.contains(&word);
    }
    ALLOWED.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::allowed;

    #[test]
    fn one_side_of_an_or_is_enough_and_both_of_an_and_are_needed() {
        assert!(allowed("MIT OR GPL-3.0"));
        assert!(allowed("GPL-3.0/Apache-2.0"));
        assert!(allowed("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(allowed("Apache-2.0 WITH LLVM-exception OR GPL-2.0"));
        assert!(!allowed("MIT AND GPL-3.0"));
        assert!(!allowed("GPL-3.0"));
        assert!(!allowed("(MIT"));
        assert!(!allowed(""));
    }
}
