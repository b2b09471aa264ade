//! What turns updates on.

use serde_json::{Value, json};

use crate::updates::Source;

fn source(endpoints: Value, key: &str) -> Option<Source> {
    Source::of(Some(&json!({ "endpoints": endpoints, "pubkey": key })))
}

#[test]
fn updates_are_off_until_address_and_key_are_built_in() {
    assert_eq!(Source::of(None), None);
    assert_eq!(source(json!([]), "key"), None);
    assert_eq!(source(json!(["https://tienda.mx/latest.json"]), " "), None);
    assert_eq!(source(json!("https://tienda.mx/latest.json"), "key"), None);
    assert_eq!(source(json!(["not an address", 7]), "key"), None);
    let only_key = json!({ "pubkey": "key" });
    assert_eq!(Source::of(Some(&only_key)), None);
    let source = source(json!(["https://tienda.mx/latest.json"]), "key").unwrap();
    assert_eq!(source.addresses.len(), 1);
}

#[test]
fn only_https_and_this_computer_are_asked() {
    let on = |address: &str| source(json!([address]), "key").is_some();
    assert!(on("https://tienda.mx/latest.json"));
    assert!(on("http://127.0.0.1:8080/latest.json") && on("http://localhost:8080/latest.json"));
    assert!(!on("http://tienda.mx/latest.json") && !on("http://192.168.1.5/latest.json"));
    assert!(!on("http://localhost.tienda.mx/latest.json") && !on("file:///tmp/latest.json"));
}

#[test]
fn what_weakens_the_checks_never_reaches_the_plugin() {
    let built_in = json!({
        "endpoints": ["https://tienda.mx/latest.json"],
        "pubkey": "key",
        "allowDowngrades": true,
        "requireSignedVersion": false,
        "dangerousAcceptInvalidCerts": true,
        "dangerousAcceptInvalidHostnames": true,
        "dangerousInsecureTransportProtocol": true,
    });
    let handed_on = Source::of(Some(&built_in)).unwrap().for_plugin();
    let read: tauri_plugin_updater::Config = serde_json::from_value(handed_on).unwrap();
    assert!(read.require_signed_version && !read.allow_downgrades);
    assert!(!read.dangerous_accept_invalid_certs && !read.dangerous_accept_invalid_hostnames);
    assert!(!read.dangerous_insecure_transport_protocol);
}
