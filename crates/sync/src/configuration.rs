//! What the engine works with: the shop's backend, its key, and who receives the orders.

use std::str::FromStr;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::certificate_authority::CertificateAuthority;
use crate::http::Profile;

/// A complete set; the engine starts over whenever it changes.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// The backend.
    pub address: Address,
    /// Its key.
    pub key: Key,
    /// Who receives the orders; nothing is confirmed until somebody said so.
    pub receiver: Option<Receiver>,
    /// How the backend spells pull and confirm.
    pub profile: ProfileChoice,
    /// Whom to trust besides the system's authorities.
    pub certificate_authority: Option<CertificateAuthority>,
}

/// How the backend spells pull and confirm, as the owner chose it. Its serialised form is
/// [`ProfileChoice::name`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum ProfileChoice {
    /// Campana finds out, and remembers what worked.
    #[default]
    Auto,
    /// This one and no other.
    Fixed(Profile),
}

/// There is no profile of that name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no profile \"{0}\"")]
pub struct UnknownProfile(String);

impl ProfileChoice {
    /// Every choice by its name.
    pub const NAMES: [&'static str; 4] = ["auto", "guide", "unified", "unified-legacy"];

    /// Its stable name: `auto`, or the profile's.
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Fixed(profile) => profile.name(),
        }
    }
}

impl FromStr for ProfileChoice {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, UnknownProfile> {
        if name == Self::Auto.name() {
            return Ok(Self::Auto);
        }
        Profile::from_name(name)
            .map(Self::Fixed)
            .ok_or_else(|| UnknownProfile(name.to_owned()))
    }
}

impl TryFrom<String> for ProfileChoice {
    type Error = UnknownProfile;

    fn try_from(name: String) -> Result<Self, UnknownProfile> {
        name.parse()
    }
}

impl From<ProfileChoice> for &'static str {
    fn from(choice: ProfileChoice) -> Self {
        choice.name()
    }
}

/// The key, or why there is none.
#[derive(Clone, Debug)]
pub enum Key {
    /// Here it is.
    Present(SecretString),
    /// Nobody entered one for this address.
    Missing,
    /// There may be one, but the keyring is locked, denied it or gave no answer.
    Unavailable,
}

/// *¿Quién recibe los pedidos?*
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// Campana confirms.
    Campana,
    /// The till confirms; Campana only watches.
    Till,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    #[test]
    fn every_choice_of_profile_has_a_name_that_is_read_back() {
        for name in ProfileChoice::NAMES {
            let choice: ProfileChoice = name.parse().unwrap();
            assert_eq!(choice.name(), name);
            let text = serde_json::to_string(&choice).unwrap();
            assert_eq!(text, format!("\"{name}\""));
            assert_eq!(
                serde_json::from_str::<ProfileChoice>(&text).unwrap(),
                choice
            );
        }
        for profile in Profile::ALL {
            assert!(ProfileChoice::NAMES.contains(&profile.name()));
        }
        assert_eq!(ProfileChoice::default(), ProfileChoice::Auto);
        assert!("Guide".parse::<ProfileChoice>().is_err());
    }
}
