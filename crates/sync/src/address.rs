//! The backend's address, as people paste it.

use std::fmt;
use std::net::Ipv6Addr;

use url::{Host, Url};

/// A backend's normalised address: `http(s)://host[:port][/prefix]`, without `/sync`, `/socket.io`,
/// query, fragment or trailing slash. Displays as its [`source`](Self::source).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address(Url);

/// Why a text is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing was entered.
    #[error("the address is empty")]
    Empty,
    /// Not a URL, or one without a host.
    #[error("the address is not a URL")]
    NotAUrl,
    /// Something other than http and https.
    #[error("the address must begin with http:// or https://")]
    Scheme,
    /// `user:password@` belongs in no address.
    #[error("the address contains a user name or password")]
    Credentials,
}

impl Address {
    /// Reads what a person typed; `tienda.mx` without a scheme is taken as https (http for
    /// loopback and private addresses).
    ///
    /// # Errors
    /// [`AddressError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AddressError::Empty);
        }
        let mut url = match scheme(text) {
            Some(scheme) if !is_http(scheme) => return Err(AddressError::Scheme),
            Some(_) => read(text)?,
            None => without_scheme(text)?,
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::Credentials);
        }
        url.set_query(None);
        url.set_fragment(None);
        let prefix = without_endings(url.path()).to_owned();
        url.set_path(&prefix);
        Ok(Self(url))
    }
    /// The identity of the shop's backend: two addresses with the same source are the same shop.
    pub fn source(&self) -> String {
        self.0.as_str().trim_end_matches('/').to_owned()
    }
    /// Whether it is on this computer.
    pub fn is_loopback(&self) -> bool {
        match self.0.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }
    /// Whether key and orders would go over the internet for everybody to read: plain `http://` to anywhere but
    /// this computer and the local network.
    pub fn goes_in_the_clear(&self) -> bool {
        self.0.scheme() == "http" && !self.is_nearby()
    }
    /// Whether it can only be on this computer or in this shop's own network.
    pub(crate) fn is_nearby(&self) -> bool {
        self.0.host().is_some_and(|host| is_nearby(&host))
    }
    /// Whether its host is an IP address and no name.
    pub(crate) fn is_literal(&self) -> bool {
        matches!(self.0.host(), Some(Host::Ipv4(_) | Host::Ipv6(_)))
    }
    /// Where to connect to, as `host:port`.
    pub(crate) fn host_and_port(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        format!("{host}:{}", self.0.port_or_known_default().unwrap_or(0))
    }
    /// Scheme, host and port alone: where Socket.IO answers.
    pub fn origin(&self) -> Url {
        let mut origin = self.0.clone();
        origin.set_path("/");
        origin
    }
    /// `{address}/{path}`.
    pub fn join(&self, path: &str) -> Url {
        let mut joined = self.0.clone();
        let prefix = self.0.path().trim_end_matches('/');
        joined.set_path(&format!("{prefix}/{}", path.trim_start_matches('/')));
        joined
    }
}

impl fmt::Display for Address {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.source())
    }
}

/// What stands before `://`, if it can be a scheme: a port (`localhost:5000`) makes none.
fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once("://")?;
    scheme
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "+-.".contains(letter))
        .then_some(scheme)
}

fn is_http(scheme: &str) -> bool {
    ["http", "https"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
}

fn read(text: &str) -> Result<Url, AddressError> {
    Url::parse(text)
        .ok()
        .filter(Url::has_host)
        .ok_or(AddressError::NotAUrl)
}

fn without_scheme(text: &str) -> Result<Url, AddressError> {
    let text = text.trim_start_matches('/');
    let text = match text.parse::<Ipv6Addr>() {
        Ok(address) => format!("[{address}]"),
        Err(_) => text.to_owned(),
    };
    let url = read(&format!("https://{text}"))?;
    if url.host().is_some_and(|host| is_nearby(&host)) {
        // Read anew: over https, port 443 would have been dropped as the default.
        return read(&format!("http://{text}"));
    }
    Ok(url)
}

/// Whether a host can only be in this machine or this shop's own network, where no authority
/// gives out certificates.
fn is_nearby(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost") || name.ends_with(".local")
        }
        Host::Ipv4(address) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        Host::Ipv6(address) => {
            address.is_loopback()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address
                    .to_ipv4_mapped()
                    .is_some_and(|mapped| is_nearby(&Host::Ipv4(mapped)))
        }
    }
}

/// The path without the endings that people paste along, and without trailing slashes.
fn without_endings(path: &str) -> &str {
    let mut path = path.trim_end_matches('/');
    loop {
        let ending = ["/sync/pull-changes", "/sync", "/socket.io"]
            .iter()
            .find_map(|ending| {
                let at = path.len().checked_sub(ending.len())?;
                let tail = path.get(at..)?;
                tail.eq_ignore_ascii_case(ending).then_some(at)
            });
        match ending.and_then(|at| path.get(..at)) {
            Some(shorter) => path = shorter.trim_end_matches('/'),
            None => return path,
        }
    }
}

#[cfg(test)]
mod tests;
