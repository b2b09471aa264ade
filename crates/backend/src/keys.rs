//! The API keys: which are taken, and whose shop each opens.

use std::path::Path;
use std::sync::Arc;

use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The shop of `CLOUD_API_KEY`, which has no name of its own.
const ONLY_SHOP: &str = "default";
/// The most characters of a shop's name.
const NAME_LIMIT: usize = 64;
/// A key with fewer characters can be guessed.
const SHORT_KEY: usize = 16;

/// A shop's name: letters, digits, `-` and `_`. Orders, customers and announcements of one shop never reach another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shop(Arc<str>);

impl Shop {
    /// As it was stored.
    pub(crate) fn stored(name: &str) -> Self {
        Self(name.into())
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.0
    }

    /// The room of the namespace in which its clients are.
    pub(crate) fn room(&self) -> String {
        format!("shop:{}", self.0)
    }
}

/// Keys that cannot be used. No variant holds a key.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// Not `name:key`; which of them, counted from one.
    #[error("key {0} is not written as name:key")]
    Shape(usize),
    /// A name that cannot be one.
    #[error("the name of key {0} has to be 1 to {NAME_LIMIT} letters, digits, - or _")]
    Name(usize),
    /// Two keys with one name.
    #[error("there are two keys with the name {0}")]
    NameTwice(String),
    /// One key for two shops.
    #[error("{0} and {1} have the same key")]
    KeyTwice(String, String),
    /// The file cannot be read.
    #[error("the file with the keys cannot be read: {0}")]
    File(std::io::Error),
    /// Others than its owner may read the file.
    #[error("others may read the file with the keys: chmod 600 it")]
    FileOpen,
}

/// The keys that are taken. Of each only a digest is kept.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    keys: Vec<(Shop, [u8; 32])>,
}

fn digest(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

impl Keys {
    /// The key of the only shop, which is called `default` (`CLOUD_API_KEY`).
    pub fn only(key: &SecretString) -> Self {
        let mut keys = Self::default();
        keys.push(ONLY_SHOP, key.expose_secret());
        keys
    }

    /// Adds keys as `CLOUD_API_KEYS` has them: `name:key`, separated by commas or line ends. What begins with `#` is
    /// a remark.
    ///
    /// # Errors
    /// When one of them cannot be used.
    pub fn with_named(mut self, text: &SecretString) -> Result<Self, KeysError> {
        let entries = text.expose_secret().split([',', '\n']).map(str::trim);
        for (index, entry) in entries
            .filter(|entry| !entry.is_empty() && !entry.starts_with('#'))
            .enumerate()
        {
            let number = index.saturating_add(1);
            let (name, key) = entry.split_once(':').ok_or(KeysError::Shape(number))?;
            let (name, key) = (name.trim(), key.trim());
            if key.is_empty() {
                return Err(KeysError::Shape(number));
            }
            let allowed = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
            if name.is_empty() || name.len() > NAME_LIMIT || !name.chars().all(allowed) {
                return Err(KeysError::Name(number));
            }
            self = self.with(name, key)?;
        }
        Ok(self)
    }

    /// Adds the keys of a file in the same form, which nobody but its owner may read.
    ///
    /// # Errors
    /// When the file or one of the keys cannot be used.
    pub fn with_file(self, file: &Path) -> Result<Self, KeysError> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let about = std::fs::metadata(file).map_err(KeysError::File)?;
            if about.permissions().mode() & 0o077 != 0 {
                return Err(KeysError::FileOpen);
            }
        }
        let text = std::fs::read_to_string(file).map_err(KeysError::File)?;
        self.with_named(&SecretString::from(text))
    }

    fn with(mut self, name: &str, key: &str) -> Result<Self, KeysError> {
        let digest = digest(key);
        for (shop, taken) in &self.keys {
            if shop.name() == name {
                return Err(KeysError::NameTwice(name.to_owned()));
            }
            if *taken == digest {
                return Err(KeysError::KeyTwice(shop.name().to_owned(), name.to_owned()));
            }
        }
        self.push(name, key);
        Ok(self)
    }

    fn push(&mut self, name: &str, key: &str) {
        if key.chars().count() < SHORT_KEY {
            tracing::warn!(
                shop = name,
                "a key with fewer than {SHORT_KEY} characters can be guessed"
            );
        }
        self.keys.push((Shop(name.into()), digest(key)));
    }

    /// The first shop.
    pub(crate) fn first(&self) -> Option<&Shop> {
        self.keys.first().map(|(shop, _)| shop)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The shop that this key opens. Takes as long for a wrong key as for a right one, however much of it is right.
    pub(crate) fn shop_of(&self, key: &str) -> Option<&Shop> {
        let given = digest(key);
        let mut found = None;
        for (shop, digest) in &self.keys {
            if bool::from(digest.ct_eq(&given)) {
                found = Some(shop);
            }
        }
        found
    }
}

#[cfg(test)]
#[allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]
mod tests {
    use super::*;

    fn named(text: &str) -> Result<Keys, KeysError> {
        Keys::default().with_named(&SecretString::from(text))
    }

    #[test]
    fn each_key_opens_its_own_shop() {
        let keys = Keys::only(&SecretString::from("llave-tres"))
            .with_named(&SecretString::from(
                "centro:llave-uno, norte : llave:dos\n# nota\n\n",
            ))
            .unwrap();
        let shop = |key| keys.shop_of(key).map(Shop::name);
        assert_eq!(shop("llave-uno"), Some("centro"));
        assert_eq!(shop("llave:dos"), Some("norte"));
        assert_eq!(shop("llave-tres"), Some("default"));
        for wrong in ["", "llave", "llave-uno ", "LLAVE-UNO", "centro:llave-uno"] {
            assert_eq!(shop(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn says_which_key_cannot_be_used_and_never_the_key() {
        for (text, told) in [
            ("centro", "key 1 is not written as name:key"),
            ("centro:a,norte:", "key 2 is not written as name:key"),
            ("cen tro:secreto", "the name of key 1"),
            ("centro:a,centro:b", "two keys with the name centro"),
            ("centro:secreto,norte:secreto", "centro and norte have"),
        ] {
            let error = named(text).unwrap_err().to_string();
            assert!(error.contains(told), "{text}: {error}");
            assert!(!error.contains("secreto"), "{error}");
        }
        assert!(!format!("{:?}", named("centro:secreto").unwrap()).contains("secreto"));
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("keys");
        std::fs::write(&file, "centro:llave-uno\nnorte:llave-dos\n").unwrap();
        let allow = |mode| {
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(mode)).unwrap();
            Keys::default().with_file(&file)
        };
        assert!(matches!(allow(0o640), Err(KeysError::FileOpen)));
        assert!(allow(0o600).unwrap().shop_of("llave-dos").is_some());
    }
}
