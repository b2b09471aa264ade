//! The exchange over reqwest.

use async_trait::async_trait;
use campana_contract::{Confirmation, OrderNumber};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::{Host, Url};

use super::answer::{self, words};
use super::{Answer, Call, Exchange, HttpFailure, Limits, Profile, Request};

/// Shorter than the 5 s after which Node closes a connection that is kept open: a call on one
/// that the server is just closing would break off for no reason.
const KEPT_OPEN: Duration = Duration::from_secs(4);

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const X_SYNC_API_KEY: HeaderName = HeaderName::from_static("x-sync-api-key");

/// Carries out calls with reqwest and rustls. A backend on this machine is reached directly,
/// any other by way of the system's proxy, if it has one.
#[derive(Debug)]
pub struct HttpClient {
    limits: Limits,
    direct: Client,
    by_system: Client,
}

impl HttpClient {
    /// A client with these limits. Where the system has no root certificates, plain http works
    /// all the same, and https ends in [`HttpFailure::Unreachable`].
    ///
    /// # Errors
    /// [`HttpFailure::Unreachable`] when TLS cannot be set up; technical words.
    pub fn new(limits: Limits) -> Result<Self, HttpFailure> {
        Self::with_roots(limits, &[])
    }

    /// Trusts these root certificates besides the system's.
    pub(super) fn with_roots(limits: Limits, roots: &[Certificate]) -> Result<Self, HttpFailure> {
        // An error means that the process has chosen its provider already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Self {
            limits,
            direct: built(limits, roots, ClientBuilder::no_proxy)?,
            by_system: built(limits, roots, |builder| builder)?,
        })
    }

    async fn carry_out(&self, request: Request) -> Result<Answer, HttpFailure> {
        let key = request.key.clone();
        let (url, asked) = self.asked(request)?;
        let response = asked.send().await.map_err(not_sent)?;
        answer::read(response, &url, &key, self.limits).await
    }

    /// The client that leads there, by the system's proxy or directly.
    pub(super) fn client_for(&self, url: &Url) -> &Client {
        if is_this_machine(url) {
            &self.direct
        } else {
            &self.by_system
        }
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    /// The request as the profile spells it.
    fn asked(&self, request: Request) -> Result<(Url, RequestBuilder), HttpFailure> {
        let Request {
            address,
            key,
            profile,
            call,
        } = request;
        let client = self.client_for(&address.origin());
        let url = address.join(match profile {
            Profile::Guide => "sync/pull-changes",
            Profile::Unified | Profile::UnifiedLegacy => "api/sync/pull-changes",
        });
        let asked = match (profile, call) {
            (Profile::Guide, Call::Pull) => client.get(url.clone()),
            (profile, call) => client.post(url.clone()).body(body(profile, call)),
        };
        let (name, value) = key_header(profile, &key)?;
        let asked = asked.header(name, value);
        Ok((url, asked.header(ACCEPT, JSON).header(CONTENT_TYPE, JSON)))
    }
}

#[async_trait]
impl Exchange for HttpClient {
    /// A key that no header can carry (it holds a control character) is not sent at all:
    /// [`HttpFailure::Unreachable`] says so. Blanks around a key are not part of it.
    async fn exchange(&self, request: Request) -> Result<Answer, HttpFailure> {
        tokio::time::timeout(self.limits.whole, self.carry_out(request))
            .await
            .unwrap_or(Err(HttpFailure::TimedOut))
    }
}

fn built(
    limits: Limits,
    roots: &[Certificate],
    way: impl Fn(ClientBuilder) -> ClientBuilder,
) -> Result<Client, HttpFailure> {
    let builder = || {
        way(Client::builder())
            .redirect(Policy::none())
            .connect_timeout(limits.connect)
            .pool_idle_timeout(KEPT_OPEN)
            .user_agent(concat!("Campana/", env!("CARGO_PKG_VERSION")))
    };
    builder()
        .tls_certs_merge(roots.iter().cloned())
        .build()
        .or_else(|error| {
            tracing::warn!(error = words(error), "only plain http can be had");
            builder().tls_certs_only([]).build()
        })
        .map_err(|error| HttpFailure::Unreachable(words(error)))
}

/// What is posted; a pull by post confirms nothing.
fn body(profile: Profile, call: Call) -> String {
    let confirmation = match call {
        Call::Pull => Confirmation::default(),
        Call::Confirm(confirmation) => confirmation,
    };
    confirmation.to_json(match profile {
        Profile::Guide | Profile::Unified => OrderNumber::ShiftOrderNumber,
        Profile::UnifiedLegacy => OrderNumber::DailyNumber,
    })
}

/// The header in which the key goes, marked so that no log of headers shows it.
pub(super) fn key_header(
    profile: Profile,
    key: &SecretString,
) -> Result<(HeaderName, HeaderValue), HttpFailure> {
    let key = key.expose_secret().trim();
    let (name, value) = match profile {
        Profile::Guide => (
            AUTHORIZATION,
            HeaderValue::try_from(format!("Bearer {key}")),
        ),
        Profile::Unified => (X_API_KEY, HeaderValue::from_str(key)),
        Profile::UnifiedLegacy => (X_SYNC_API_KEY, HeaderValue::from_str(key)),
    };
    let mut value = value.map_err(|_| {
        HttpFailure::Unreachable(
            "nothing was sent: the key holds a character that no header can carry".into(),
        )
    })?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// Why there is no answer at all.
fn not_sent(error: reqwest::Error) -> HttpFailure {
    if error.is_connect() || error.is_builder() {
        HttpFailure::Unreachable(words(error))
    } else if error.is_timeout() {
        HttpFailure::TimedOut
    } else {
        HttpFailure::BrokenOff(words(error))
    }
}

fn is_this_machine(origin: &Url) -> bool {
    match origin.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
