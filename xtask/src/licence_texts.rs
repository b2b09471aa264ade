//! The licences of what Campana contains of others, word by word, for the packages.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};

use crate::command::{target, top};
use crate::third_party::{self, Package};

/// How the names of files begin that a package's authors want to go along with it.
const FILES: &[&str] = &[
    "LICENSE",
    "LICENCE",
    "COPYING",
    "COPYRIGHT",
    "NOTICE",
    "UNLICENSE",
];
const HEADING: &str = "Campana contains software of others, under the licences that follow. Each text stands once, \
                       below the packages that it came with.\n";
const RULE: &str = "\n----------------------------------------------------------------\n";

/// Writes them into the build folder; where.
///
/// # Errors
/// When the files of a package are not there, no text is known for its licence, or they cannot be written.
pub fn write() -> anyhow::Result<PathBuf> {
    let folder = target().join("package");
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    let path = folder.join("third-party-licences.txt");
    fs::write(&path, all()?).with_context(|| path.display().to_string())?;
    Ok(path)
}

/// Every text once, each below the packages that it came with. Where a package's own files hold none, the standard
/// text of its licence stands for it, with its authors.
fn all() -> anyhow::Result<String> {
    let packages = third_party::packages()?;
    let mut by_text = BTreeMap::<String, Texts>::new();
    let mut without = Vec::new();
    for package in &packages {
        ensure!(
            package.folder.is_dir(),
            "the files of {} are not at {}: run cargo xtask setup",
            package.name,
            package.folder.display()
        );
        let own = own_texts(&package.folder)?;
        if own.is_empty() {
            without.push(package);
        }
        for text in own {
            add(&mut by_text, package, text);
        }
    }
    let standard = standard_texts(&by_text)?;
    for package in without {
        let text = standard_text(package, &standard)
            .with_context(|| format!("{} has no text for {}", package.name, package.licence))?;
        add(&mut by_text, package, text);
    }
    let mut texts: Vec<Texts> = by_text.into_values().collect();
    texts.sort_by(|one, other| one.names.cmp(&other.names));
    let parts = texts
        .iter()
        .map(|one| format!("{RULE}{}\n\n{}\n", one.names.join(", "), one.text));
    Ok(std::iter::once(HEADING.to_owned()).chain(parts).collect())
}

struct Texts {
    names: Vec<String>,
    /// The licences of these packages.
    licences: Vec<String>,
    text: String,
}

fn add(by_text: &mut BTreeMap<String, Texts>, package: &Package, text: String) {
    // Line ends and margins make no other licence.
    let key = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let texts = by_text.entry(key).or_insert_with(|| Texts {
        names: Vec::new(),
        licences: Vec::new(),
        text,
    });
    texts
        .names
        .push(format!("{} {}", package.name, package.version));
    texts.licences.push(package.licence.clone());
}

/// The texts in this folder, and in its folder for licences if it has one.
fn own_texts(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut texts = Vec::new();
    let mut entries: Vec<_> = fs::read_dir(folder)
        .and_then(Iterator::collect)
        .with_context(|| folder.display().to_string())?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().to_uppercase();
        if !FILES.iter().any(|begins| name.starts_with(begins)) {
            continue;
        }
        let path = entry.path();
        if path.is_dir() {
            for inner in fs::read_dir(&path).with_context(|| path.display().to_string())? {
                texts.push(text(&inner?.path())?);
            }
        } else {
            texts.push(text(&path)?);
        }
    }
    texts.retain(|text| !text.is_empty());
    Ok(texts)
}

fn text(path: &Path) -> anyhow::Result<String> {
    let bytes = fs::read(path).with_context(|| path.display().to_string())?;
    let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n");
    Ok(text.trim_matches('\n').trim_end().to_owned())
}

/// The texts of licences by name: those that are the same for everybody, and MIT's without a name in it.
fn standard_texts(found: &BTreeMap<String, Texts>) -> anyhow::Result<BTreeMap<String, String>> {
    let mit = text(&top().join("LICENSE-MIT"))?;
    let mit: Vec<&str> = mit
        .lines()
        .filter(|line| !line.starts_with("Copyright"))
        .collect();
    let mut standard = BTreeMap::new();
    for texts in found.values() {
        if let Some((first, rest)) = texts.licences.split_first()
            && !first.contains(' ')
            && rest.iter().all(|other| other == first)
        {
            standard
                .entry(first.clone())
                .or_insert_with(|| texts.text.clone());
        }
    }
    standard.insert("MIT".to_owned(), mit.join("\n"));
    standard.insert(
        "Apache-2.0".to_owned(),
        text(&top().join("LICENSE-APACHE"))?,
    );
    Ok(standard)
}

/// MIT's where there is a choice: the shortest.
fn standard_text(package: &Package, standard: &BTreeMap<String, String>) -> Option<String> {
    let choices: Vec<&str> = package.licence.split(" OR ").collect();
    let choice = choices
        .iter()
        .find(|one| **one == "MIT")
        .or(choices.first())?;
    let text = standard.get(*choice)?;
    let authors = if package.authors.is_empty() {
        format!("the authors of {}", package.name)
    } else {
        package.authors.join(", ")
    };
    Some(format!("Copyright (c) {authors}\n\n{text}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn package(name: &str, licence: &str) -> Package {
        Package {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            licence: licence.to_owned(),
            authors: vec!["Ana".to_owned()],
            folder: top(),
        }
    }

    #[test]
    fn a_text_of_several_packages_stands_once() {
        let mut by_text = BTreeMap::new();
        add(
            &mut by_text,
            &package("a", "ISC"),
            "Do as\nyou please".into(),
        );
        add(
            &mut by_text,
            &package("b", "ISC"),
            "Do  as you\nplease".into(),
        );
        assert_eq!(by_text.len(), 1);
        let names = &by_text.values().next().unwrap().names;
        assert_eq!(*names, ["a 1.0.0", "b 1.0.0"]);
    }

    #[test]
    fn a_package_without_a_text_gets_that_of_its_licence_with_its_authors() {
        let mut by_text = BTreeMap::new();
        add(&mut by_text, &package("a", "MPL-2.0"), "Mozilla".into());
        let standard = standard_texts(&by_text).unwrap();
        let mit = standard_text(&package("b", "Zlib OR MIT"), &standard).unwrap();
        assert!(mit.starts_with("Copyright (c) Ana\n\nMIT License"));
        assert!(!mit.contains("Campana"), "nobody else's copyright");
        let mozilla = standard_text(&package("c", "MPL-2.0"), &standard).unwrap();
        assert!(mozilla.ends_with("Mozilla"));
        assert!(standard_text(&package("d", "Secret"), &standard).is_none());
    }

    #[test]
    fn the_project_s_own_folder_holds_both_licences() {
        assert_eq!(own_texts(&top()).unwrap().len(), 2);
    }
}
