//! New versions of Campana, behind one trait.

mod plugin;
#[cfg(test)]
mod tests;

use async_trait::async_trait;
use serde_json::{Value, json};
use url::{Host, Url};

pub use plugin::{Bounds, PluginUpdates};

/// Finds, fetches and installs new versions.
#[async_trait]
pub trait Updates: Send + Sync + 'static {
    /// How a new version comes onto this computer.
    fn way(&self) -> Way;
    /// Asks whether there is a newer version; its number.
    ///
    /// # Errors
    /// [`UpdateFailure`] says why that is not known.
    async fn check(&self) -> Result<Option<String>, UpdateFailure>;
    /// Fetches what [`Updates::check`] found, and keeps it once its signature and its version are verified.
    ///
    /// # Errors
    /// [`UpdateFailure`]; nothing is kept then.
    async fn download(&self) -> Result<(), UpdateFailure>;
    /// Puts what was fetched in this program's place. With [`Way::Installer`] it ends the app.
    ///
    /// # Errors
    /// [`UpdateFailure`]; the present version stays.
    async fn install(&self) -> Result<(), UpdateFailure>;
}

/// How a new version comes onto this computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Campana replaces its own file and starts anew: `AppImage`, macOS.
    InPlace,
    /// An installer ends Campana, replaces it and starts it: Windows.
    Installer,
    /// As Campana itself came: by the system's packages, or from whoever installed it. Campana only tells of it.
    Package,
}

/// Why there is no new version. The words are technical.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpdateFailure {
    /// The server cannot be reached, or not in time.
    #[error("the updates cannot be reached: {0}")]
    Unreachable(String),
    /// The server answers something else than the list of versions or a package.
    #[error("the server of the updates answers wrongly: {0}")]
    Answer(String),
    /// Plain http, or a way that leads there.
    #[error("the updates lead away from https: {0}")]
    NotSecure(String),
    /// There is a newer version, but no package of it for this computer.
    #[error("no package for this computer: {0}")]
    NothingForThisComputer(String),
    /// The package did not come whole.
    #[error("the package did not come whole: {0}")]
    BrokenOff(String),
    /// The package does not end where it should.
    #[error("the package is larger than {0} bytes")]
    TooLarge(u64),
    /// The signature is missing, of another key, another file or another version.
    #[error("the package is not genuine: {0}")]
    NotGenuine(String),
    /// The file could not be put in its place.
    #[error("the package cannot be installed: {0}")]
    NotInstalled(String),
}

impl UpdateFailure {
    /// The stable code; its sentence is the catalogue's `error-<code>`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "update-unreachable",
            Self::Answer(_) => "update-answer",
            Self::NotSecure(_) => "update-not-secure",
            Self::NothingForThisComputer(_) => "update-nothing-for-this-computer",
            Self::BrokenOff(_) => "update-broken-off",
            Self::TooLarge(_) => "update-too-large",
            Self::NotGenuine(_) => "update-not-genuine",
            Self::NotInstalled(_) => "update-not-installed",
        }
    }
}

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
