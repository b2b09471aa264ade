//! The body of a refusal over HTTP.

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
        let _ = body;
        None
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
