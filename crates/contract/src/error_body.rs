//! The body of a refusal over HTTP.

use crate::json::{checked, text_of};
use crate::node::Node;
use crate::read::text;

/// `{"error": {"code", "message"}}`; `code` and `message` may also stand at the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorBody {
    /// The server's code, for example `TECH007`.
    pub code: Option<String>,
    /// The server's words.
    pub message: Option<String>,
}

impl ErrorBody {
    /// Reads a body; `None` unless it is a JSON object with one of the two.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let body = text_of(body);
        let top = Node::read(checked(&body)?)?;
        let error = top.member("error");
        let of = |name| {
            error
                .and_then(|error| text(error.member(name)))
                .or_else(|| text(top.member(name)))
        };
        let body = Self {
            code: of("code"),
            message: of("message").or_else(|| text(error)),
        };
        (body.code.is_some() || body.message.is_some()).then_some(body)
    }
    /// Whether it says that a key is missing (`TECH006`).
    pub fn says_key_missing(&self) -> bool {
        self.code.as_deref() == Some("TECH006")
            || self.message.as_deref() == Some("API key required for this operation")
    }
    /// Whether it says that the key is wrong (`TECH007`).
    pub fn says_key_wrong(&self) -> bool {
        self.code.as_deref() == Some("TECH007")
            || self.message.as_deref() == Some("Invalid API key")
    }
}
