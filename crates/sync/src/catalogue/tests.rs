#![allow(
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test may stop at the first surprise"
)]

use std::collections::{BTreeMap, BTreeSet};

use super::*;

/// The keys of a catalogue, each with the names of its variables.
fn keys(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    FluentResource::try_new(language.source().to_owned())
        .map_err(|(_, errors)| errors)
        .unwrap();
    let mut keys = BTreeMap::new();
    let mut present = String::new();
    for line in language.source().lines() {
        if let Some((key, _)) = line.split_once('=')
            && line.starts_with(|c: char| c.is_ascii_lowercase())
        {
            present = key.trim().to_owned();
            assert!(
                keys.insert(present.clone(), BTreeSet::new()).is_none(),
                "{present} stands twice"
            );
        }
        for variable in line.split('$').skip(1) {
            let name: String = variable
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_')
                .collect();
            keys.get_mut(&present).unwrap().insert(name);
        }
    }
    keys
}

#[test]
fn both_languages_say_the_same_things_with_the_same_variables() {
    assert_eq!(keys(Language::Es), keys(Language::En));
}

#[test]
fn an_unknown_key_is_shown_rather_than_nothing() {
    assert_eq!(
        Catalogue::new(Language::Es).text("no-such-text"),
        "no-such-text"
    );
}

#[test]
fn the_first_language_that_is_spoken_wins_and_spanish_where_none_is() {
    let of = |tags: &[&str]| Language::of_tags(tags.iter().copied());
    assert_eq!(of(&["en_US.UTF-8"]), Language::En);
    assert_eq!(of(&["", "en-GB"]), Language::En);
    assert_eq!(of(&["es-MX", "en"]), Language::Es);
    assert_eq!(of(&["de", "C"]), Language::Es);
    assert_eq!(of(&[]), Language::Es);
}
