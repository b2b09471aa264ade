//! New versions of Campana, behind one trait.

use async_trait::async_trait;

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
