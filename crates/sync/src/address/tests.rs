#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use proptest::prelude::*;

use super::*;

fn source(text: &str) -> String {
    Address::parse(text)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .source()
}

#[test]
fn what_people_paste_along_is_stripped() {
    for text in [
        "https://tienda.mx",
        "  https://tienda.mx/ \n",
        "HTTPS://Tienda.MX:443///",
        "https://tienda.mx/sync",
        "https://tienda.mx/sync/",
        "https://tienda.mx/Sync//",
        "https://tienda.mx/socket.io/?EIO=4&transport=polling",
        "https://tienda.mx/sync/pull-changes",
        "https://tienda.mx/sync/pull-changes/sync#top",
        "https://tienda.mx?x=1",
        "tienda.mx",
        "//tienda.mx/sync",
    ] {
        assert_eq!(source(text), "https://tienda.mx", "{text}");
    }
}

#[test]
fn a_prefix_is_kept_for_http_and_not_for_socket_io() {
    let address = Address::parse("https://tienda.mx:8443/api/v1/sync").unwrap();
    assert_eq!(address.source(), "https://tienda.mx:8443/api/v1");
    assert_eq!(address.to_string(), address.source());
    assert_eq!(address.origin().as_str(), "https://tienda.mx:8443/");
    let pull = "https://tienda.mx:8443/api/v1/sync/pull-changes";
    assert_eq!(address.join("sync/pull-changes").as_str(), pull);
    assert_eq!(address.join("/sync/pull-changes").as_str(), pull);
    let bare = Address::parse("http://localhost:5000").unwrap();
    assert_eq!(
        bare.join("sync/pull-changes").as_str(),
        "http://localhost:5000/sync/pull-changes"
    );
    assert_eq!(
        source("https://tienda.mx/resync"),
        "https://tienda.mx/resync"
    );
    assert_eq!(
        source("https://tienda.mx/sync/x"),
        "https://tienda.mx/sync/x"
    );
}

#[test]
fn without_a_scheme_the_host_decides() {
    for (text, expected) in [
        ("localhost:5000", "http://localhost:5000"),
        ("LOCALHOST:5000/sync", "http://localhost:5000"),
        ("localhost:80", "http://localhost"),
        ("localhost:443", "http://localhost:443"),
        ("127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("192.168.1.20", "http://192.168.1.20"),
        ("10.0.0.7:3000/api", "http://10.0.0.7:3000/api"),
        ("172.16.0.1", "http://172.16.0.1"),
        ("172.32.0.1", "https://172.32.0.1"),
        ("[::1]:5000", "http://[::1]:5000"),
        ("::1", "http://[::1]"),
        ("caja.local:5000", "http://caja.local:5000"),
        ("notlocal.mx", "https://notlocal.mx"),
        ("tienda.mx:8443", "https://tienda.mx:8443"),
        ("piñata.mx", "https://xn--piata-pta.mx"),
        ("tienda.mx/a?to=http://b", "https://tienda.mx/a"),
        ("https://localhost:5000", "https://localhost:5000"),
        ("http://tienda.mx", "http://tienda.mx"),
    ] {
        assert_eq!(source(text), expected, "{text}");
    }
}

#[test]
fn what_is_no_address_is_told_apart() {
    for (text, error) in [
        ("", AddressError::Empty),
        (" \t\n", AddressError::Empty),
        ("not a url", AddressError::NotAUrl),
        ("http://", AddressError::NotAUrl),
        ("https://?x", AddressError::NotAUrl),
        ("/", AddressError::NotAUrl),
        ("http://tienda.mx:99999", AddressError::NotAUrl),
        ("localhost:puerto", AddressError::NotAUrl),
        ("://tienda.mx", AddressError::Scheme),
        ("ftp://tienda.mx", AddressError::Scheme),
        ("ws://tienda.mx", AddressError::Scheme),
        ("https://ana@tienda.mx", AddressError::Credentials),
        ("https://:clave@tienda.mx", AddressError::Credentials),
        ("ana:clave@tienda.mx", AddressError::Credentials),
    ] {
        assert_eq!(Address::parse(text), Err(error), "{text}");
    }
}

proptest! {
    #[test]
    fn an_address_reads_as_itself_again(text in "(https?://)?[a-z]{1,6}(:[0-9]{1,4})?(/(sync|socket\\.io|a|/|%20)){0,5}[/?#]?") {
        if let Ok(address) = Address::parse(&text) {
            prop_assert_eq!(Address::parse(&address.source()), Ok(address));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        if let Ok(address) = Address::parse(&text) {
            prop_assert_eq!(Address::parse(&address.source()), Ok(address));
        }
    }
}

#[test]
fn only_plain_http_beyond_the_local_network_goes_in_the_clear() {
    for (address, is_clear) in [
        ("http://tienda.mx", true),
        ("http://203.0.113.5:5000", true),
        ("http://[2001:db8::1]", true),
        ("http://caja", true),
        ("https://tienda.mx", false),
        ("http://localhost:5000", false),
        ("http://127.0.0.1", false),
        ("http://10.0.0.4", false),
        ("http://172.16.3.4", false),
        ("http://192.168.1.20:5000", false),
        ("http://169.254.1.1", false),
        ("http://[::1]:5000", false),
        ("http://[fd00::5]", false),
        ("http://[fe80::1]", false),
        ("http://caja.local", false),
    ] {
        let parsed = Address::parse(address).unwrap();
        assert_eq!(parsed.goes_in_the_clear(), is_clear, "{address}");
    }
}
