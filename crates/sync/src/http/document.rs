//! A small public document from elsewhere; the key never goes along.

use reqwest::header::ACCEPT;
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use url::Url;

use super::answer;
use super::client::{JSON, Way, built, certificates, not_sent, unusable};
use super::{HttpFailure, Limits};
use crate::certificate_authority::CertificateAuthority;

/// As many redirects are followed; from https only to https.
const REDIRECTS: usize = 5;

/// The JSON at this address within these limits, or `None` where the server has nothing to say (204). Trusts
/// this authority besides the system's.
///
/// # Errors
/// [`HttpFailure`] says how far it came; a redirect that leaves https is [`HttpFailure::Redirected`].
pub async fn document(
    url: &Url,
    limits: Limits,
    authority: Option<&CertificateAuthority>,
) -> Result<Option<Vec<u8>>, HttpFailure> {
    let fetching = async {
        let client = client(url.clone(), limits, authority.cloned()).await?;
        let request = client.get(url.clone()).header(ACCEPT, JSON);
        let response = request.send().await.map_err(|error| {
            if error.is_redirect() {
                let (status, location) = (StatusCode::FOUND.as_u16(), None);
                return HttpFailure::Redirected { status, location };
            }
            not_sent(error)
        })?;
        let status = response.status();
        if status == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        if !status.is_success() {
            return Err(HttpFailure::Status {
                status: status.as_u16(),
                reason: status.canonical_reason().unwrap_or_default().to_owned(),
                retry_after: None,
                well_formed: false,
            });
        }
        answer::body(response, limits.bytes).await.map(Some)
    };
    tokio::time::timeout(limits.whole, fetching)
        .await
        .unwrap_or(Err(HttpFailure::TimedOut))
}

/// Reads certificates, which takes its time.
async fn client(
    url: Url,
    limits: Limits,
    authority: Option<CertificateAuthority>,
) -> Result<Client, HttpFailure> {
    let making = tokio::task::spawn_blocking(move || {
        let roots = authority
            .map(|authority| authority.read())
            .transpose()
            .map_err(|error| unusable(&error))?;
        built(limits, &certificates(roots.as_ref())?, |builder| {
            Way::to(&url)
                .of(builder)
                .redirect(Policy::limited(REDIRECTS))
                .https_only(url.scheme() == "https")
        })
    });
    let gone = |_| HttpFailure::Unreachable("making a client was given up".into());
    making.await.map_err(gone)?
}
