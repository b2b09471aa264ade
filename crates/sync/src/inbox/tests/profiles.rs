//! Which profile worked where.

use super::*;
use crate::http::Profile;

const OTHER: &str = "https://otra.example";

#[test]
fn what_worked_is_remembered_for_each_shop_alone() {
    let (folder, mut inbox) = inbox();
    assert!(inbox.profiles().unwrap().is_empty());
    inbox.remember_profile(SHOP, Profile::Unified).unwrap();
    inbox.remember_profile(OTHER, Profile::Guide).unwrap();
    inbox
        .remember_profile(SHOP, Profile::UnifiedLegacy)
        .unwrap();
    drop(inbox);
    let inbox = Inbox::open(folder.path()).unwrap();
    let profiles = inbox.profiles().unwrap();
    assert_eq!(profiles.len(), 2);
    assert_eq!(profiles[SHOP], Profile::UnifiedLegacy);
    assert_eq!(profiles[OTHER], Profile::Guide);
}

#[test]
fn a_profile_that_only_a_newer_campana_knows_is_found_out_anew() {
    let (_folder, inbox) = inbox();
    inbox
        .connection
        .execute(
            "INSERT INTO facts (name, value) VALUES (?1, 'soap')",
            [format!("profile_of {SHOP}")],
        )
        .unwrap();
    assert!(inbox.profiles().unwrap().is_empty());
}
