//! The list of what Campana contains of others, which the settings window shows.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::command::{cargo, output, top};
use crate::licence_texts;

const LIST: &str = "ui/src/settings/third-party.txt";
const WINDOWS: &str = "ui/package-lock.json";

/// Writes the list, and the licences word by word.
///
/// # Errors
/// When a list of dependencies or a licence cannot be read, or these cannot be written.
pub fn write() -> anyhow::Result<()> {
    fs::write(top().join(LIST), list()?).context(LIST)?;
    println!("{}", licence_texts::write()?.display());
    Ok(())
}

/// That the list is what [`write`](write()) would write.
///
/// # Errors
/// When it is not.
pub fn check() -> anyhow::Result<()> {
    let present = fs::read_to_string(top().join(LIST)).context(LIST)?;
    // A checkout on Windows may end its lines in another way.
    let present = present.replace("\r\n", "\n");
    ensure!(
        present == list()?,
        "{LIST} is not up to date: run cargo xtask licences and commit it"
    );
    Ok(())
}

/// A package of somebody else that goes into the app or its windows.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    pub name: String,
    pub version: String,
    /// An SPDX expression.
    pub licence: String,
    /// As the package names them, if it does.
    pub authors: Vec<String>,
    /// Where its files are on this computer; `ui/node_modules` may not be installed.
    pub folder: PathBuf,
}

/// A line for each package: name, version, licence.
fn list() -> anyhow::Result<String> {
    Ok(packages()?.iter().map(Package::line).collect())
}

/// All of them, by name.
///
/// # Errors
/// When a list of dependencies cannot be read.
pub fn packages() -> anyhow::Result<BTreeSet<Package>> {
    let metadata = output(cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata = serde_json::from_str(&metadata).context("cargo metadata")?;
    let windows = fs::read_to_string(top().join(WINDOWS)).context(WINDOWS)?;
    let windows = serde_json::from_str(&windows).context(WINDOWS)?;
    let mut all = crates(&metadata).context("cargo metadata names no packages")?;
    all.extend(modules(&windows).context("package-lock.json names no packages")?);
    Ok(all)
}

/// What the app is linked of, on whatever system; not what only builds or tests it.
fn crates(metadata: &Value) -> Option<BTreeSet<Package>> {
    let nodes = metadata["resolve"]["nodes"].as_array()?;
    let uses: HashMap<&str, Vec<&str>> = nodes
        .iter()
        .filter_map(|node| Some((node["id"].as_str()?, linked(node)?)))
        .collect();
    let packages = metadata["packages"].as_array()?;
    let app = packages.iter().find(|package| package["name"] == "campana");
    let mut reached = HashSet::new();
    let mut ahead = vec![app?["id"].as_str()?];
    while let Some(id) = ahead.pop() {
        if reached.insert(id) {
            ahead.extend(uses.get(id).into_iter().flatten());
        }
    }
    let others = packages.iter().filter(|package| {
        let is_reached = package["id"]
            .as_str()
            .is_some_and(|id| reached.contains(id));
        is_reached && package["source"].is_string()
    });
    Some(others.filter_map(package).collect())
}

fn linked(node: &Value) -> Option<Vec<&str>> {
    let dependencies = node["deps"].as_array()?.iter().filter(|dependency| {
        let kinds = dependency["dep_kinds"].as_array();
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
    });
    Some(dependencies.filter_map(|one| one["pkg"].as_str()).collect())
}

fn modules(lock: &Value) -> Option<BTreeSet<Package>> {
    let packages = lock["packages"].as_object()?.iter();
    let others = packages.filter(|(path, module)| !path.is_empty() && module["dev"] != true);
    let modules = others.filter_map(|(path, module)| {
        Some(Package {
            name: path.rsplit("node_modules/").next()?.to_owned(),
            version: module["version"].as_str()?.to_owned(),
            licence: licence(module["license"].as_str()?),
            authors: Vec::new(),
            folder: top().join("ui").join(path),
        })
    });
    Some(modules.collect())
}

fn package(package: &Value) -> Option<Package> {
    let authors = package["authors"].as_array();
    let authors = authors.into_iter().flatten().filter_map(Value::as_str);
    Some(Package {
        name: package["name"].as_str()?.to_owned(),
        version: package["version"].as_str()?.to_owned(),
        licence: licence(
            package["license"]
                .as_str()
                .unwrap_or("see its licence file"),
        ),
        authors: authors.map(str::to_owned).collect(),
        folder: PathBuf::from(package["manifest_path"].as_str()?)
            .parent()?
            .to_owned(),
    })
}

fn licence(words: &str) -> String {
    // An old way of writing OR.
    words.replace('/', " OR ")
}

impl Package {
    fn line(&self) -> String {
        format!("{} {} · {}\n", self.name, self.version, self.licence)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_linked_is_listed_and_what_only_builds_or_tests_is_not() {
        let package = |name: &str, source: Option<&str>| json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0", "manifest_path": format!("/crates/{name}/Cargo.toml"), "source": source});
        let uses =
            |name: &str, kind: Option<&str>| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let metadata = json!({
            "packages": [
                package("campana", None),
                package("campana-sync", None),
                package("linked", Some("registry")),
                package("builds", Some("registry")),
                package("elsewhere", Some("registry")),
            ],
            "resolve": {"nodes": [
                {"id": "campana", "deps": [uses("campana-sync", None), uses("builds", Some("build"))]},
                {"id": "campana-sync", "deps": [uses("linked", None)]},
            ]},
        });
        let linked = Vec::from_iter(crates(&metadata).unwrap());
        assert_eq!(linked.len(), 1);
        assert_eq!(linked[0].line(), "linked 1.0.0 · MIT OR Apache-2.0\n");
        assert_eq!(linked[0].folder, PathBuf::from("/crates/linked"));
    }

    #[test]
    fn modules_of_the_windows_are_listed_without_those_that_only_test() {
        let lock = json!({"packages": {
            "": {"name": "campana-ui"},
            "node_modules/@a/b": {"version": "2.0.0", "license": "ISC"},
            "node_modules/tests": {"version": "2.0.0", "license": "MIT", "dev": true},
        }});
        let modules = Vec::from_iter(modules(&lock).unwrap());
        assert_eq!(modules.len(), 1);
        assert_eq!(modules[0].line(), "@a/b 2.0.0 · ISC\n");
    }
}
