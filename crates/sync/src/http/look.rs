//! Looking at what a server answers, without a key: to find out what is wrong with it.

use std::error::Error;

use campana_contract::Timestamp;
use reqwest::header::{CONTENT_TYPE, LOCATION};
use url::Url;

use super::HttpClient;
use super::answer;
use crate::certificate_authority::{CertificateAuthority, chain};

/// As much of a body is looked at.
const BODY_BYTES: usize = 64 * 1024;

/// What a server answered to a request that carried no key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The HTTP status.
    pub status: u16,
    /// Where a redirect leads, without what may be private in it. It is not followed.
    pub location: Option<String>,
    /// The server's clock (`Date` header).
    pub server_time: Option<Timestamp>,
    /// The beginning of the body.
    pub body: String,
}

/// Why a server could not be looked at. The words are technical.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LookFailure {
    /// The port answers, TLS does not come about.
    #[error("TLS failed: {1}")]
    Tls(TlsProblem, String),
    /// The file of the own certificate authority is of no use.
    #[error("the certificate authority cannot be used: {0}")]
    CertificateAuthorityUnusable(String),
    /// No connection, or none in time.
    #[error("cannot be reached: {0}")]
    Unreachable(String),
    /// Connected, but no answer in time.
    #[error("no answer in time")]
    TimedOut,
    /// The connection ended before the answer did.
    #[error("the answer broke off: {0}")]
    BrokenOff(String),
}

/// What is wrong with a TLS connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TlsProblem {
    /// The certificate is of an authority that this computer does not know, or of its own.
    UnknownAuthority,
    /// The certificate is for another name.
    WrongName,
    /// The certificate is no longer valid.
    Expired,
    /// The certificate is not yet valid.
    NotYetValid,
    /// The certificate was revoked.
    Revoked,
    /// Anything else about the certificate.
    InvalidCertificate,
    /// The server does not speak TLS.
    NotTls,
    /// Not in time.
    TimedOut,
    /// Anything else.
    Failed,
}

impl HttpClient {
    /// One request without a key: `GET`, or `POST` with this text. Ends within the client's limits.
    ///
    /// # Errors
    /// [`LookFailure`] says how far it came.
    pub async fn look(
        &self,
        url: &Url,
        post: Option<&'static str>,
        authority: Option<&CertificateAuthority>,
    ) -> Result<Look, LookFailure> {
        let looking = async {
            let clients = self.clients(authority).await.map_err(|failure| {
                LookFailure::CertificateAuthorityUnusable(failure.to_string())
            })?;
            let client = clients
                .leading_to(url)
                .await
                .map_err(|failure| LookFailure::Unreachable(failure.to_string()))?;
            let request = match post {
                None => client.get(url.clone()),
                Some(text) => client
                    .post(url.clone())
                    .header(CONTENT_TYPE, "text/plain;charset=UTF-8")
                    .body(text),
            };
            let response = request.send().await.map_err(|error| failure(error, url))?;
            let location = answer::header(&response, LOCATION)
                .filter(|_| response.status().is_redirection())
                .and_then(|to| answer::elsewhere(url, to));
            Ok(Look {
                status: response.status().as_u16(),
                location,
                server_time: answer::date(&response).and_then(answer::timestamp),
                body: beginning(response, url).await?,
            })
        };
        tokio::time::timeout(self.limits().whole, looking)
            .await
            .unwrap_or(Err(LookFailure::TimedOut))
    }
}

async fn beginning(mut response: reqwest::Response, url: &Url) -> Result<String, LookFailure> {
    let mut body = Vec::new();
    while body.len() < BODY_BYTES {
        match response
            .chunk()
            .await
            .map_err(|error| failure(error, url))?
        {
            Some(chunk) => body.extend_from_slice(&chunk),
            None => break,
        }
    }
    body.truncate(BODY_BYTES);
    Ok(String::from_utf8_lossy(&body).into_owned())
}

fn failure(error: reqwest::Error, url: &Url) -> LookFailure {
    let is_https = url.scheme() == "https";
    let tls = tls_problem(&error);
    let (is_connect, is_timeout) = (error.is_connect() || error.is_builder(), error.is_timeout());
    let words = answer::words(error);
    match tls {
        Some(problem) => LookFailure::Tls(problem, words),
        // The port was seen to answer just before: what takes so long is the handshake.
        None if is_connect && is_timeout && is_https => {
            LookFailure::Tls(TlsProblem::TimedOut, words)
        }
        None if is_connect => LookFailure::Unreachable(words),
        None if is_timeout => LookFailure::TimedOut,
        None => LookFailure::BrokenOff(words),
    }
}

/// What rustls objects to, if it is rustls that does.
fn tls_problem(error: &(dyn Error + 'static)) -> Option<TlsProblem> {
    chain(error)
        .find_map(|error| error.downcast_ref::<rustls::Error>())
        .map(meaning)
}

#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "rustls knows many more; each is a failure of TLS"
)]
fn meaning(error: &rustls::Error) -> TlsProblem {
    use rustls::CertificateError as Bad;
    match error {
        rustls::Error::InvalidCertificate(bad) => match bad {
            Bad::UnknownIssuer => TlsProblem::UnknownAuthority,
            Bad::NotValidForName | Bad::NotValidForNameContext { .. } => TlsProblem::WrongName,
            Bad::Expired | Bad::ExpiredContext { .. } => TlsProblem::Expired,
            Bad::NotValidYet | Bad::NotValidYetContext { .. } => TlsProblem::NotYetValid,
            Bad::Revoked => TlsProblem::Revoked,
            // A certificate that is an authority itself and shows up as a server's: home-made.
            Bad::Other(other) if other.to_string().contains("CaUsedAsEndEntity") => {
                TlsProblem::UnknownAuthority
            }
            _ => TlsProblem::InvalidCertificate,
        },
        rustls::Error::InvalidMessage(_) => TlsProblem::NotTls,
        _ => TlsProblem::Failed,
    }
}
