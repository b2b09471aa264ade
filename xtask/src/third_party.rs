//! The list of what Campana contains of others, which the settings window shows.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fs;

use anyhow::{Context as _, ensure};
use serde_json::Value;

use crate::command::{cargo, output, top};

const LIST: &str = "ui/src/settings/third-party.txt";
const WINDOWS: &str = "ui/package-lock.json";

/// Writes the list.
///
/// # Errors
/// When a list of dependencies cannot be read, or this one cannot be written.
pub fn write() -> anyhow::Result<()> {
    fs::write(top().join(LIST), list()?).context(LIST)
}

/// That the list is what [`write`] would write.
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

/// A line for each package that goes into the app or its windows: name, version, licence.
fn list() -> anyhow::Result<String> {
    let metadata = output(cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata = serde_json::from_str(&metadata).context("cargo metadata")?;
    let windows = fs::read_to_string(top().join(WINDOWS)).context(WINDOWS)?;
    let windows = serde_json::from_str(&windows).context(WINDOWS)?;
    let mut lines = crates(&metadata).context("cargo metadata names no packages")?;
    lines.extend(modules(&windows).context("package-lock.json names no packages")?);
    Ok(lines.into_iter().map(|line| line + "\n").collect())
}

/// What the app is linked of, on whatever system; not what only builds or tests it.
fn crates(metadata: &Value) -> Option<BTreeSet<String>> {
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
    Some(others.filter_map(line).collect())
}

fn linked(node: &Value) -> Option<Vec<&str>> {
    let dependencies = node["deps"].as_array()?.iter().filter(|dependency| {
        let kinds = dependency["dep_kinds"].as_array();
        kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
    });
    Some(dependencies.filter_map(|one| one["pkg"].as_str()).collect())
}

fn modules(lock: &Value) -> Option<BTreeSet<String>> {
    let packages = lock["packages"].as_object()?.iter();
    let others = packages.filter(|(path, module)| !path.is_empty() && module["dev"] != true);
    let lines = others.filter_map(|(path, module)| {
        let name = path.rsplit("node_modules/").next()?;
        Some(words(
            name,
            module["version"].as_str()?,
            module["license"].as_str()?,
        ))
    });
    Some(lines.collect())
}

fn line(package: &Value) -> Option<String> {
    let licence = package["license"]
        .as_str()
        .unwrap_or("see its licence file");
    Some(words(
        package["name"].as_str()?,
        package["version"].as_str()?,
        licence,
    ))
}

fn words(name: &str, version: &str, licence: &str) -> String {
    // An old way of writing OR.
    let licence = licence.replace('/', " OR ");
    format!("{name} {version} · {licence}")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_linked_is_listed_and_what_only_builds_or_tests_is_not() {
        let package = |name: &str, source: Option<&str>| json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT/Apache-2.0", "source": source});
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
        let lines = crates(&metadata).unwrap();
        assert_eq!(Vec::from_iter(lines), ["linked 1.0.0 · MIT OR Apache-2.0"]);
    }

    #[test]
    fn modules_of_the_windows_are_listed_without_those_that_only_test() {
        let lock = json!({"packages": {
            "": {"name": "campana-ui"},
            "node_modules/@a/b": {"version": "2.0.0", "license": "ISC"},
            "node_modules/tests": {"version": "2.0.0", "license": "MIT", "dev": true},
        }});
        assert_eq!(
            Vec::from_iter(modules(&lock).unwrap()),
            ["@a/b 2.0.0 · ISC"]
        );
    }
}
