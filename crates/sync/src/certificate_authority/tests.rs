#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use super::*;

/// A certificate and its key.
const SELF_SIGNED: &str = include_str!("../http/tests/self-signed.pem");

fn read(text: impl AsRef<[u8]>) -> Result<Roots, CertificateAuthorityError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.pem");
    std::fs::write(&path, text).unwrap();
    CertificateAuthority::in_file(path).read()
}

#[test]
fn certificates_are_read_whatever_stands_beside_them() {
    assert_eq!(read(SELF_SIGNED).unwrap().in_der().count(), 1);
    let two = format!("# of the shop\r\n{SELF_SIGNED}\r\n{SELF_SIGNED}");
    assert_eq!(read(two).unwrap().in_der().count(), 2);
}

#[test]
fn what_is_no_certificate_is_malformed() {
    let key_alone = SELF_SIGNED.split("-----BEGIN PRIVATE KEY").nth(1).unwrap();
    let begin = "-----BEGIN CERTIFICATE-----\n";
    let end = "-----END CERTIFICATE-----\n";
    for text in [
        String::new(),
        "no certificate at all".to_owned(),
        format!("-----BEGIN PRIVATE KEY{key_alone}"),
        format!("{begin}AAAA\n{end}"),
        format!("{begin}{end}"),
        format!("{begin}!\n{end}"),
        SELF_SIGNED[..SELF_SIGNED.len() / 4].to_owned(),
    ] {
        let failure = read(&text).unwrap_err();
        assert!(
            matches!(failure.why, Unusable::Malformed(_)),
            "{text}: {failure}"
        );
        assert!(failure.to_string().contains("own.pem"), "{failure}");
    }
}

#[test]
fn what_cannot_be_read_is_unreadable_and_names_its_path() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path().join("missing.pem"), folder.path().to_owned()] {
        let failure = CertificateAuthority::in_file(&path).read().unwrap_err();
        assert!(matches!(failure.why, Unusable::Unreadable(_)), "{failure}");
        assert!(failure.to_string().contains(path.to_str().unwrap()));
    }
}

#[test]
fn what_an_io_error_wraps_is_found() {
    let inner = io::Error::other(rustls::Error::DecryptError);
    let outer = io::Error::new(io::ErrorKind::InvalidData, inner);
    assert!(chain(&outer).any(|error| error.downcast_ref::<rustls::Error>().is_some()));
}
