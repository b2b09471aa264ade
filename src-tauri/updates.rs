//! Where new versions of Campana come from.

mod plugin;
#[cfg(test)]
mod tests;

use serde_json::{Value, json};
use url::{Host, Url};

pub use plugin::{Bounds, PluginUpdates};

/// Where new versions come from and who signs them, as whoever builds the packages wrote it into
/// `plugins.updater` of `tauri.conf.json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Addresses of the list of versions, tried in this order.
    pub addresses: Vec<Url>,
    /// The public key, as `tauri signer generate` writes it.
    pub public_key: String,
}

impl Source {
    /// What is built in; `None` where address or key is missing or cannot be used, which leaves updates off.
    pub fn of(configuration: Option<&Value>) -> Option<Self> {
        let configuration = configuration?;
        let public_key = configuration.get("pubkey")?.as_str()?.trim();
        let addresses: Vec<Url> = configuration
            .get("endpoints")?
            .as_array()?
            .iter()
            .filter_map(|address| Url::parse(address.as_str()?).ok())
            .filter(|address| {
                let is_allowed = is_allowed(address);
                if !is_allowed {
                    tracing::error!(%address, "updates come by https only");
                }
                is_allowed
            })
            .collect();
        (!public_key.is_empty() && !addresses.is_empty()).then(|| Self {
            addresses,
            public_key: public_key.to_owned(),
        })
    }

    /// The plugin's configuration: what would weaken its checks is never handed on.
    pub fn for_plugin(&self) -> Value {
        json!({ "pubkey": self.public_key, "requireSignedVersion": true })
    }
}

/// Only https, and plain http on this computer, which nobody else can listen to.
fn is_allowed(address: &Url) -> bool {
    let is_here = match address.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    address.scheme() == "https" || (address.scheme() == "http" && is_here)
}
