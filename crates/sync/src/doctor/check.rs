//! What is checked, what can come of it, and who is at fault then.

use serde::Serialize;

/// One check. Its `snake_case` name is stable; the order of [`Check::ALL`] is that of the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The address can be read.
    Address,
    /// There is a key for it.
    Keyring,
    /// Orders can be kept: the data folder takes files, and there is space.
    Disk,
    /// The server's name leads to an IP address.
    Name,
    /// Somebody takes connections there.
    Port,
    /// The connection is encrypted, by the right server.
    Tls,
    /// Socket.IO answers at `/socket.io/`.
    SocketIo,
    /// It has the namespace `/sync`.
    Namespace,
    /// By which carrier.
    Transport,
    /// The namespace takes the key.
    SocketKey,
    /// `sync:orders` is answered by `orders:pending`.
    RoundTrip,
    /// A pull brings a page with this key.
    Pull,
    /// How this backend spells it.
    Profile,
    /// This computer's clock and the server's agree.
    Clock,
}

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// As it should be.
    Ok,
    /// Orders come, but not as they should.
    Warning,
    /// Orders do not come, or are not kept.
    Failed,
    /// Not tried, because an earlier check failed.
    Skipped,
}

/// What it is that does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The address as it was given.
    Usage,
    /// The key: missing, locked away, or refused.
    Key,
    /// Nobody answers.
    Unreachable,
    /// Somebody answers, but not as a backend should.
    Server,
    /// This computer cannot keep orders.
    Storage,
}

/// What came of a check. Its `snake_case` name is stable; its sentences are the catalogue's
/// `doctor-<check>-<code>` (what came) and `doctor-<check>-<code>-do` (what to do about it).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "the names and the sentences say it")]
pub enum Code {
    Accepted,
    Adopted,
    Ahead,
    Answered,
    Answers,
    AuthorityUnusable,
    Behind,
    BrokenOff,
    CannotCheck,
    CertificateRefused,
    Closed,
    Credentials,
    Denied,
    Empty,
    Encrypted,
    Expired,
    Failed,
    Fixed,
    Found,
    Full,
    InEnvironment,
    InKeyring,
    InMemory,
    InUse,
    InvalidCertificate,
    KeyNotReceived,
    KeyRefused,
    KeyRefusedHere,
    Literal,
    Local,
    Locked,
    LowSpace,
    Missing,
    NoAnswer,
    NoKeyring,
    NoNetwork,
    NotAUrl,
    NotEncrypted,
    NotFound,
    NotThere,
    NotTls,
    NotTold,
    NotUnderstood,
    NotYetValid,
    OldVersion,
    OnlyPolling,
    OnlyRoot,
    Open,
    ProxyClosed,
    Readable,
    Redirected,
    Refused,
    Revoked,
    Right,
    Scheme,
    ServerError,
    Skipped,
    There,
    TimedOut,
    TooLarge,
    Typed,
    UnknownAuthority,
    Unreachable,
    Unusable,
    Unwritable,
    ViaProxy,
    WebSocket,
    Writable,
    WrongName,
}

use Fault::{Key, Server, Storage, Unreachable, Usage};

/// What a code means for the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    Fine,
    Look,
    Bad(Fault),
    Untried,
}

use Meaning::{Bad, Fine, Look, Untried};

impl Check {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 14] = [
        Self::Address,
        Self::Keyring,
        Self::Disk,
        Self::Name,
        Self::Port,
        Self::Tls,
        Self::SocketIo,
        Self::Namespace,
        Self::Transport,
        Self::SocketKey,
        Self::RoundTrip,
        Self::Pull,
        Self::Profile,
        Self::Clock,
    ];

    /// Every code that this check can end with, [`Code::Skipped`] left out.
    pub fn codes(self) -> impl Iterator<Item = Code> {
        self.meanings().iter().map(|(code, _)| *code)
    }

    /// What a code means in this check.
    pub(super) fn meaning(self, code: Code) -> Meaning {
        if code == Code::Skipped {
            return Untried;
        }
        let listed = self.meanings().iter().find(|(listed, _)| *listed == code);
        debug_assert!(listed.is_some(), "{self:?} cannot end with {code:?}");
        // Never better than it is: what nobody foresaw is no success.
        listed.map_or(Bad(Server), |(_, meaning)| *meaning)
    }

    fn meanings(self) -> &'static [(Code, Meaning)] {
        match self {
            Self::Address => &[
                (Code::Readable, Fine),
                (Code::Empty, Bad(Usage)),
                (Code::NotAUrl, Bad(Usage)),
                (Code::Scheme, Bad(Usage)),
                (Code::Credentials, Bad(Usage)),
            ],
            Self::Keyring => &[
                (Code::InKeyring, Fine),
                (Code::InEnvironment, Fine),
                (Code::InMemory, Fine),
                (Code::Typed, Fine),
                (Code::Missing, Bad(Key)),
                (Code::NoKeyring, Bad(Key)),
                (Code::Locked, Bad(Key)),
                (Code::Denied, Bad(Key)),
                (Code::Unusable, Bad(Key)),
            ],
            Self::Disk => &[
                (Code::Writable, Fine),
                (Code::InUse, Fine),
                (Code::LowSpace, Look),
                (Code::Full, Bad(Storage)),
                (Code::Unwritable, Bad(Storage)),
                (Code::TimedOut, Bad(Storage)),
            ],
            Self::Name => &[
                (Code::Found, Fine),
                (Code::Literal, Fine),
                (Code::ViaProxy, Fine),
                (Code::NotFound, Bad(Unreachable)),
                (Code::NoNetwork, Bad(Unreachable)),
                (Code::TimedOut, Bad(Unreachable)),
            ],
            Self::Port => &[
                (Code::Open, Fine),
                (Code::ViaProxy, Fine),
                (Code::Refused, Bad(Unreachable)),
                (Code::TimedOut, Bad(Unreachable)),
                (Code::Unreachable, Bad(Unreachable)),
                (Code::NoNetwork, Bad(Unreachable)),
                (Code::ProxyClosed, Bad(Unreachable)),
            ],
            Self::Tls => &[
                (Code::Encrypted, Fine),
                (Code::Local, Fine),
                (Code::NotEncrypted, Look),
                (Code::UnknownAuthority, Bad(Unreachable)),
                (Code::WrongName, Bad(Unreachable)),
                (Code::Expired, Bad(Unreachable)),
                (Code::NotYetValid, Bad(Unreachable)),
                (Code::Revoked, Bad(Unreachable)),
                (Code::InvalidCertificate, Bad(Unreachable)),
                (Code::AuthorityUnusable, Bad(Usage)),
                (Code::NotTls, Bad(Unreachable)),
                (Code::TimedOut, Bad(Unreachable)),
                (Code::Failed, Bad(Unreachable)),
            ],
            Self::SocketIo => &[
                (Code::Answers, Fine),
                (Code::NotThere, Bad(Server)),
                (Code::OldVersion, Bad(Server)),
                (Code::Redirected, Bad(Server)),
                (Code::ServerError, Bad(Server)),
                (Code::TimedOut, Bad(Unreachable)),
                (Code::BrokenOff, Bad(Unreachable)),
            ],
            Self::Namespace => &[
                (Code::There, Fine),
                (Code::OnlyRoot, Bad(Server)),
                (Code::Missing, Bad(Server)),
                (Code::TimedOut, Bad(Server)),
                (Code::Closed, Bad(Server)),
                (Code::CertificateRefused, Bad(Unreachable)),
            ],
            Self::Transport => &[(Code::WebSocket, Fine), (Code::OnlyPolling, Look)],
            Self::SocketKey => &[
                (Code::Accepted, Fine),
                (Code::KeyRefused, Bad(Key)),
                (Code::KeyNotReceived, Bad(Key)),
                (Code::CannotCheck, Bad(Server)),
                (Code::Refused, Bad(Server)),
            ],
            Self::RoundTrip => &[
                (Code::Answered, Fine),
                (Code::NoAnswer, Look),
                (Code::Closed, Look),
            ],
            Self::Pull => &[
                (Code::Accepted, Fine),
                (Code::KeyRefused, Bad(Key)),
                (Code::KeyRefusedHere, Bad(Key)),
                (Code::KeyNotReceived, Bad(Key)),
                (Code::NotThere, Bad(Server)),
                (Code::ServerError, Bad(Server)),
                (Code::Redirected, Bad(Server)),
                (Code::TooLarge, Bad(Server)),
                (Code::NotUnderstood, Bad(Server)),
                (Code::TimedOut, Bad(Unreachable)),
                (Code::BrokenOff, Bad(Unreachable)),
                (Code::Unreachable, Bad(Unreachable)),
                (Code::CertificateRefused, Bad(Unreachable)),
            ],
            Self::Profile => &[(Code::Fixed, Fine), (Code::Adopted, Fine)],
            Self::Clock => &[
                (Code::Right, Fine),
                (Code::NotTold, Fine),
                (Code::Ahead, Look),
                (Code::Behind, Look),
            ],
        }
    }
}
