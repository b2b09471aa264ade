//! What the engine works with: the shop's backend, its key, and who receives the orders.

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
    pub profile: Profile,
    /// Whom to trust besides the system's authorities.
    pub certificate_authority: Option<CertificateAuthority>,
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
