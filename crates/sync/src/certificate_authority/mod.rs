//! An own certificate authority: for a server that no public authority vouches for.

#[cfg(test)]
mod tests;

use std::error::Error;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// A bundle of every public authority is a quarter of that, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// A PEM file with certificates that are trusted besides the system's. It is read anew for each
/// connection and each exchange, so that what is mended in it holds at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateAuthority(PathBuf);

/// What such a file holds: at least one certificate, each fit to be a root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Roots(Vec<CertificateDer<'static>>);

/// The file cannot be used; technical words.
#[derive(Debug, thiserror::Error)]
#[error("{path}: {why}", path = path.display())]
pub struct CertificateAuthorityError {
    /// Which file.
    pub path: PathBuf,
    /// Why.
    pub why: Unusable,
}

/// Why a file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// It is not there, or cannot be read.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// It holds something else than certificates in PEM.
    #[error("{0}")]
    Malformed(String),
}

impl CertificateAuthority {
    /// The file with this path; it need not be there yet.
    pub fn in_file(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The file that the environment names (`CAMPANA_CERTIFICATE_AUTHORITY`); an empty variable
    /// counts as none.
    pub fn from_environment() -> Option<Self> {
        let path = std::env::var_os("CAMPANA_CERTIFICATE_AUTHORITY")?;
        (!path.is_empty()).then(|| Self::in_file(path))
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Reads the file.
    ///
    /// # Errors
    /// When it cannot be read, or holds anything but certificates in PEM; keys and comments beside
    /// them do not matter.
    pub fn read(&self) -> Result<Roots, CertificateAuthorityError> {
        text(&self.0)
            .map_err(Unusable::from)
            .and_then(|text| Roots::parse(&text))
            .map_err(|why| CertificateAuthorityError {
                path: self.0.clone(),
                why,
            })
    }
}

impl Roots {
    fn parse(text: &[u8]) -> Result<Self, Unusable> {
        let malformed = |why: &dyn std::fmt::Display| Unusable::Malformed(why.to_string());
        let roots = CertificateDer::pem_slice_iter(text)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| malformed(&error))?;
        if roots.is_empty() {
            return Err(malformed(&"it holds no certificate in PEM"));
        }
        let mut store = RootCertStore::empty();
        for root in &roots {
            store.add(root.clone()).map_err(|error| malformed(&error))?;
        }
        Ok(Self(roots))
    }

    /// The certificates in DER.
    pub(crate) fn in_der(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(AsRef::as_ref)
    }
}

fn text(path: &Path) -> io::Result<Vec<u8>> {
    // A pipe in its place would keep whoever reads it for ever.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no file"));
    }
    let mut text = Vec::new();
    File::open(path)?.take(LARGEST).read_to_end(&mut text)?;
    Ok(text)
}

/// An error and what caused it, also what an I/O error wraps: its own `source` skips that.
pub(crate) fn chain<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| {
        let error: &'a (dyn Error + 'static) = *error;
        match error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref)
        {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        }
    })
}
