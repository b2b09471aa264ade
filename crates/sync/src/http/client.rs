//! The exchange over reqwest.

use async_trait::async_trait;
use campana_contract::{Confirmation, OrderNumber};
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Certificate, Client, ClientBuilder, RequestBuilder};
use secrecy::{ExposeSecret, SecretString};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use url::{Host, Url};

use super::answer::{self, words};
use super::{Answer, Call, Exchange, HttpFailure, Limits, Profile, Request};
use crate::certificate_authority::{CertificateAuthority, Roots, chain};

/// Shorter than the 5 s after which Node closes a connection that is kept open: a call on one
/// that the server is just closing would break off for no reason.
const KEPT_OPEN: Duration = Duration::from_secs(4);

pub(super) const JSON: HeaderValue = HeaderValue::from_static("application/json");
const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");
const X_SYNC_API_KEY: HeaderName = HeaderName::from_static("x-sync-api-key");

/// Carries out calls with reqwest and rustls.
#[derive(Debug)]
pub struct HttpClient {
    limits: Limits,
    trusting_system: Clients,
    /// Those of the own certificate authority that was used last.
    trusting_own: Mutex<Option<(Roots, Clients)>>,
}

/// A backend on this machine is reached directly, any other by way of the system's proxy, if it has one.
/// Those that may speak TLS are made when they are needed: the system's certificates take their time and memory.
#[derive(Clone, Debug)]
pub(super) struct Clients(Arc<Kinds>);

#[derive(Debug)]
struct Kinds {
    limits: Limits,
    roots: Vec<Certificate>,
    /// For plain http on this machine.
    plain: Client,
    direct: Mutex<Option<Client>>,
    /// Also for plain http: the proxy may speak TLS.
    by_system: Mutex<Option<Client>>,
}

impl HttpClient {
    /// A client with these limits. Where the system has no root certificates, plain http works
    /// all the same, and https ends in [`HttpFailure::CertificateRefused`].
    ///
    /// # Errors
    /// [`HttpFailure::Unreachable`] when TLS cannot be set up; technical words.
    pub fn new(limits: Limits) -> Result<Self, HttpFailure> {
        Ok(Self {
            limits,
            trusting_system: Clients::new(limits, None)?,
            trusting_own: Mutex::default(),
        })
    }

    /// Clients that trust this authority besides the system's; the file is read each time.
    pub(super) async fn clients(
        &self,
        authority: Option<&CertificateAuthority>,
    ) -> Result<Clients, HttpFailure> {
        let Some(authority) = authority.cloned() else {
            return Ok(self.trusting_system.clone());
        };
        let roots = tokio::task::spawn_blocking(move || authority.read())
            .await
            .map_err(|_| unusable(&"reading it was given up"))?
            .map_err(|error| unusable(&error))?;
        let mut own = self
            .trusting_own
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some((known, clients)) = &*own
            && *known == roots
        {
            return Ok(clients.clone());
        }
        let clients = Clients::new(self.limits, Some(&roots))?;
        *own = Some((roots, clients.clone()));
        Ok(clients)
    }

    pub(super) fn limits(&self) -> Limits {
        self.limits
    }

    async fn carry_out(&self, request: Request) -> Result<Answer, HttpFailure> {
        let key = request.key.clone();
        let clients = self.clients(request.certificate_authority.as_ref()).await?;
        let client = clients.leading_to(&request.address.origin()).await?;
        let (url, asked) = asked(&client, request)?;
        let response = asked.send().await.map_err(not_sent)?;
        answer::read(response, &url, &key, self.limits).await
    }
}

/// The request as the profile spells it.
fn asked(client: &Client, request: Request) -> Result<(Url, RequestBuilder), HttpFailure> {
    let Request {
        address,
        key,
        profile,
        call,
        certificate_authority: _,
    } = request;
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

impl Clients {
    fn new(limits: Limits, roots: Option<&Roots>) -> Result<Self, HttpFailure> {
        Ok(Self(Arc::new(Kinds {
            limits,
            roots: certificates(roots)?,
            plain: built(limits, &[], |builder| builder.no_proxy().tls_certs_only([]))?,
            direct: Mutex::default(),
            by_system: Mutex::default(),
        })))
    }

    /// The one that leads there. The first that may speak TLS reads the system's certificates.
    ///
    /// # Errors
    /// [`HttpFailure::Unreachable`] when TLS cannot be set up.
    pub(super) async fn leading_to(&self, url: &Url) -> Result<Client, HttpFailure> {
        let way = Way::to(url);
        if matches!(way, Way::Direct) && url.scheme() == "http" {
            return Ok(self.0.plain.clone());
        }
        if let Some(client) = &*self.0.kept(way) {
            return Ok(client.clone());
        }
        let kinds = Arc::clone(&self.0);
        let making = tokio::task::spawn_blocking(move || kinds.speaking_tls(way));
        let gone = |_| HttpFailure::Unreachable("making a client was given up".into());
        making.await.map_err(gone)?
    }
}

impl Kinds {
    fn kept(&self, way: Way) -> MutexGuard<'_, Option<Client>> {
        let client = match way {
            Way::Direct => &self.direct,
            Way::BySystem => &self.by_system,
        };
        client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn speaking_tls(&self, way: Way) -> Result<Client, HttpFailure> {
        let mut kept = self.kept(way);
        if let Some(client) = &*kept {
            return Ok(client.clone());
        }
        let client = built(self.limits, &self.roots, |builder| way.of(builder))?;
        *kept = Some(client.clone());
        Ok(client)
    }
}

/// How a backend is reached.
#[derive(Clone, Copy, Debug)]
pub(super) enum Way {
    Direct,
    BySystem,
}

impl Way {
    pub(super) fn to(url: &Url) -> Self {
        if is_this_machine(url) {
            Self::Direct
        } else {
            Self::BySystem
        }
    }

    pub(super) fn of(self, builder: ClientBuilder) -> ClientBuilder {
        match self {
            Self::Direct => builder.no_proxy(),
            Self::BySystem => builder,
        }
    }
}

/// A client that leads to this origin, with the design's limits, and trusts this authority besides the
/// system's. Reads its file, and waits for it.
pub(crate) fn client_for(
    origin: &Url,
    authority: Option<&CertificateAuthority>,
) -> Result<Client, HttpFailure> {
    let roots = authority
        .map(CertificateAuthority::read)
        .transpose()
        .map_err(|error| unusable(&error))?;
    let roots = certificates(roots.as_ref())?;
    let way = Way::to(origin);
    if origin.scheme() == "http" {
        // The system's certificates, which take their time to load, are of no use there.
        return built(Limits::default(), &roots, |builder| {
            way.of(builder).tls_certs_only([])
        });
    }
    built(Limits::default(), &roots, |builder| way.of(builder))
}

pub(super) fn certificates(roots: Option<&Roots>) -> Result<Vec<Certificate>, HttpFailure> {
    roots
        .map(|roots| roots.in_der().map(Certificate::from_der).collect())
        .transpose()
        .map_err(|error| unusable(&words(error)))
        .map(Option::unwrap_or_default)
}

pub(super) fn built(
    limits: Limits,
    roots: &[Certificate],
    way: impl Fn(ClientBuilder) -> ClientBuilder,
) -> Result<Client, HttpFailure> {
    // An error means that the process has chosen its provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = || {
        let client = Client::builder()
            .redirect(Policy::none())
            .connect_timeout(limits.connect)
            .pool_idle_timeout(KEPT_OPEN)
            .user_agent(concat!("Campana/", env!("CARGO_PKG_VERSION")));
        way(client)
    };
    builder()
        .tls_certs_merge(roots.iter().cloned())
        .build()
        .or_else(|error| {
            tracing::warn!(
                error = words(error),
                "the system's root certificates are not had"
            );
            builder().tls_certs_only(roots.iter().cloned()).build()
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
pub(crate) fn not_sent(error: reqwest::Error) -> HttpFailure {
    if is_about_certificate(&error) {
        HttpFailure::CertificateRefused(words(error))
    } else if error.is_connect() || error.is_builder() {
        HttpFailure::Unreachable(words(error))
    } else if error.is_timeout() {
        HttpFailure::TimedOut
    } else {
        HttpFailure::BrokenOff(words(error))
    }
}

pub(super) fn unusable(why: &dyn std::fmt::Display) -> HttpFailure {
    HttpFailure::CertificateAuthorityUnusable(why.to_string())
}

fn is_about_certificate(error: &reqwest::Error) -> bool {
    chain(error)
        .filter_map(|error| error.downcast_ref::<rustls::Error>())
        .any(|error| matches!(error, rustls::Error::InvalidCertificate(_)))
}

fn is_this_machine(origin: &Url) -> bool {
    match origin.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
