//! Whom a connection trusts.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::path::Path;

use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::link::{Closed, LinkEvent, Timeouts, Transport};

use crate::support::{CARRIERS, Ear, KEY, Node};

const NAMESPACE: &str = r#"io.of("/sync");"#;

/// A certificate for `localhost` that nobody vouches for, and its key.
fn self_signed() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/tests/self-signed.pem")
}

fn open(authority: Option<&Path>, url: &str, carrier: Transport) -> Ear {
    let authority = authority.map(CertificateAuthority::in_file);
    Ear::trusting(authority, url, KEY, carrier, Timeouts::default(), 64)
}

#[tokio::test]
async fn an_unknown_authority_is_refused_and_an_own_one_is_trusted() {
    let server = Node::secure_script(&self_signed(), NAMESPACE).await;
    for carrier in CARRIERS {
        let end = open(None, &server.url, carrier).end().await;
        assert!(
            matches!(end, LinkEvent::Closed(Closed::CertificateRefused(_))),
            "{end:?} by {carrier:?}"
        );
        open(Some(&self_signed()), &server.url, carrier)
            .joined()
            .await;
    }
}

#[tokio::test]
async fn a_certificate_out_of_date_or_for_another_name_is_refused_whoever_vouches_for_it() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/http/tests/certificates");
    for name in ["expired.pem", "not-yet-valid.pem", "elsewhere.pem"] {
        let file = folder.join(name);
        let server = Node::secure_script(&file, NAMESPACE).await;
        for carrier in CARRIERS {
            let end = open(Some(&file), &server.url, carrier).end().await;
            assert!(
                matches!(end, LinkEvent::Closed(Closed::CertificateRefused(_))),
                "{name}: {end:?} by {carrier:?}"
            );
        }
    }
}

#[tokio::test]
async fn a_file_that_is_no_certificate_authority_is_an_end_that_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.pem");
    for carrier in CARRIERS {
        let end = open(Some(&file), "https://localhost:9", carrier)
            .end()
            .await;
        let LinkEvent::Closed(Closed::CertificateAuthorityUnusable(words)) = end else {
            panic!("{end:?} by {carrier:?}");
        };
        assert!(words.contains("own.pem"), "{words}");
    }
}
