//! Certificates made for one run: by an authority of the shop's own, and by one that nobody knows.

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

/// The name that the good certificate is for.
pub const NAME: &str = "localhost";

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// It is for another name.
    WrongName,
    /// Another authority made it.
    UnknownAuthority,
    /// Its time is over.
    Expired,
    /// Its time has not come.
    NotYet,
}

/// A certificate authority.
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    /// A new one.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(name: &str) -> anyhow::Result<Self> {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let key = KeyPair::generate()?;
        let pem = params.self_signed(&key)?.pem();
        Ok(Self {
            issuer: Issuer::new(params, key),
            pem,
        })
    }

    /// Its own certificate, as people pass it on.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// A server's certificate with this flaw; [`Flaw::UnknownAuthority`] is the business of another authority.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn certificate(&self, flaw: Flaw) -> anyhow::Result<TlsAcceptor> {
        let name = match flaw {
            Flaw::WrongName => "otra-tienda.example",
            Flaw::None | Flaw::UnknownAuthority | Flaw::Expired | Flaw::NotYet => NAME,
        };
        let mut params = CertificateParams::new([name.to_owned()])?;
        params.distinguished_name.push(DnType::CommonName, name);
        params.use_authority_key_identifier_extension = true;
        match flaw {
            Flaw::Expired => params.not_after = date_time_ymd(2001, 1, 1),
            Flaw::NotYet => params.not_before = date_time_ymd(2999, 1, 1),
            Flaw::None | Flaw::WrongName | Flaw::UnknownAuthority => {}
        }
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &self.issuer)?;
        let chain = vec![CertificateDer::from(certificate.der().to_vec())];
        let key = PrivateKeyDer::try_from(key.serialize_der()).map_err(anyhow::Error::msg)?;
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}
