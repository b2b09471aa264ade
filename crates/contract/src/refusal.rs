//! The reasons with which the namespace refuses (contract, section 1).

/// Why the namespace answered CONNECT_ERROR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `API key required`
    KeyRequired,
    /// `Invalid API key`
    InvalidKey,
    /// `Authentication failed`: the server failed while checking.
    AuthenticationFailed,
    /// `Invalid namespace`: no `/sync` there.
    InvalidNamespace,
    /// Any other text.
    Other(String),
}

impl Refusal {
    /// Reads the message.
    pub fn from_message(message: &str) -> Self {
        match message {
            "API key required" => Self::KeyRequired,
            "Invalid API key" => Self::InvalidKey,
            "Authentication failed" => Self::AuthenticationFailed,
            "Invalid namespace" => Self::InvalidNamespace,
            other => Self::Other(other.to_owned()),
        }
    }
    /// The message as the wire spells it.
    pub fn message(&self) -> &str {
        match self {
            Self::KeyRequired => "API key required",
            Self::InvalidKey => "Invalid API key",
            Self::AuthenticationFailed => "Authentication failed",
            Self::InvalidNamespace => "Invalid namespace",
            Self::Other(message) => message,
        }
    }
    /// Whether the key is at fault, so that trying again soon is useless.
    pub fn is_about_key(&self) -> bool {
        matches!(self, Self::KeyRequired | Self::InvalidKey)
    }
}
