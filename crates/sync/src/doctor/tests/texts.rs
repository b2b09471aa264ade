//! What the checks say to people.

use serde_json::json;

use super::*;
use crate::catalogue::{Catalogue, Language};
use crate::doctor::check::Meaning;

fn dashed(code: impl serde::Serialize) -> String {
    json!(code).as_str().unwrap().replace('_', "-")
}

#[test]
fn every_check_and_code_has_its_sentences_in_both_languages() {
    for language in [Language::Es, Language::En] {
        let catalogue = Catalogue::new(language);
        let says = |key: &str| catalogue.text(key) != key;
        for check in Check::ALL {
            let key = format!("doctor-{}", dashed(check));
            assert!(says(&key), "{key}");
            for code in check.codes() {
                let key = format!("{key}-{}", dashed(code));
                assert!(says(&key), "{key}");
                let is_fine = check.meaning(code) == Meaning::Fine;
                assert_eq!(says(&format!("{key}-do")), !is_fine, "{key}-do");
            }
        }
    }
}

#[test]
fn a_check_lists_no_code_twice() {
    for check in Check::ALL {
        let mut codes: Vec<_> = check.codes().map(dashed).collect();
        let before = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), before, "{check:?}");
        assert!(
            check
                .codes()
                .any(|code| check.meaning(code) == Meaning::Fine)
        );
    }
}
