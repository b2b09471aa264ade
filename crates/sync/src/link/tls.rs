//! Whom the connection trusts, and how it tells a refused certificate from other trouble.

use std::error::Error;

use native_tls::{Certificate, TlsConnector};

use super::frames::words;
use crate::certificate_authority::{CertificateAuthority, chain};

/// TLS that trusts this authority besides the system's; technical words when it cannot be used.
pub(super) fn connector(authority: &CertificateAuthority) -> Result<TlsConnector, String> {
    let roots = authority.read().map_err(|error| error.to_string())?;
    let mut builder = TlsConnector::builder();
    for root in roots.in_der() {
        builder.add_root_certificate(Certificate::from_der(root).map_err(|error| words(&error))?);
    }
    builder.build().map_err(|error| words(&error))
}

/// Whether it was the server's certificate that TLS did not take. The system's library keeps the kind of its
/// error to itself, so its words must do.
pub(super) fn is_about_certificate(error: &(dyn Error + 'static)) -> bool {
    chain(error)
        .filter_map(|error| error.downcast_ref::<native_tls::Error>())
        .any(|error| words(error).to_lowercase().contains("certificate"))
}
