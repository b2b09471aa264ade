//! The identifier of an order or customer.

use crate::json::{checked, has_half_surrogate, unquoted};

/// An opaque identifier: a string or a number on the wire; the original token goes back.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Id {
    key: String,
    token: String,
}

impl Id {
    /// The identifier as text, the same for `12` and `"12"`.
    pub fn key(&self) -> &str {
        &self.key
    }
    /// The JSON token as the server wrote it (`12`, `"12"`).
    pub fn token(&self) -> &str {
        &self.token
    }
    /// Reads a JSON token; `None` unless it is a non-empty string or a number.
    pub fn from_token(token: &str) -> Option<Self> {
        let token = checked(token)?;
        let key = match token.bytes().next()? {
            // As text, all halves of surrogates are one character: the token tells them apart.
            b'"' if has_half_surrogate(token) => token.to_owned(),
            b'"' => unquoted(token).into_owned(),
            b'-' | b'0'..=b'9' => token.to_owned(),
            _ => return None,
        };
        (!key.is_empty()).then(|| Self {
            key,
            token: token.to_owned(),
        })
    }
}
