//! Socket.IO: whether it answers, the namespace, the carrier, the key, and an event's round trip.

use std::time::Duration;

use campana_contract::Refusal;
use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use super::handshake::{self, Handshake};
use super::{Check, Code, Examination, Finding};
use crate::address::Address;
use crate::http::{Look, LookFailure};
use crate::link::{Closed, Connector, Link, LinkEvent, Target, Transport};

/// As long as the link's own time limits are together.
const TO_JOIN: Duration = Duration::from_secs(26);
/// The root namespace has no key to check.
const TO_JOIN_ROOT: Duration = Duration::from_secs(12);
/// As long as the engine waits for it.
const TO_ANSWER: Duration = Duration::from_secs(10);
/// Saying goodbye is worth no longer wait.
const TO_PART: Duration = Duration::from_secs(2);
/// Events that may wait; only the first that matters is read.
const EVENTS: usize = 16;

/// What was found out about the socket.
pub(super) struct Socket {
    /// The namespace took the key.
    pub(super) takes_key: bool,
    /// The first check here that failed.
    pub(super) stopped: Option<Check>,
}

/// What the namespace answered, and by which carrier.
enum Joining {
    Joined(Joined, Transport),
    Refused(Refusal, Transport),
    /// The connection ended before the answer (of the last carrier that was tried).
    Closed(Closed),
}

/// A connection that is kept for the question.
struct Joined {
    link: Box<dyn Link>,
    events: mpsc::Receiver<LinkEvent>,
}

impl<T: FnMut(Finding) + Send> Examination<'_, T> {
    pub(super) async fn socket(
        &mut self,
        address: &Address,
        key: Option<&SecretString>,
        look: &Result<Look, LookFailure>,
    ) -> Socket {
        let handshake = handshake::read(look);
        if let Handshake::Answers(session) = &handshake {
            self.finding(Check::SocketIo, Code::Answers, None);
            self.part(address, session.as_deref()).await;
        }
        // Without a key the namespace still says whether it is there: by asking for one.
        let joining = self
            .join_by_any(address, key.cloned().unwrap_or_default())
            .await;
        if let Handshake::Not(code, detail) = handshake {
            if let Joining::Closed(_) = &joining {
                self.finding(Check::SocketIo, code, detail);
                return self.socket_stops(Check::SocketIo);
            }
            // Something between here and the server answers plain requests in its place.
            self.finding(Check::SocketIo, Code::Answers, detail);
        }
        self.judge(address, key.is_some(), joining).await
    }

    async fn judge(&mut self, address: &Address, has_key: bool, joining: Joining) -> Socket {
        let (joined, refusal, transport) = match joining {
            Joining::Joined(joined, transport) => (Some(joined), None, transport),
            Joining::Refused(refusal, transport) => (None, Some(refusal), transport),
            Joining::Closed(closed) => {
                let (code, detail) = match closed {
                    Closed::JoinTimedOut | Closed::ConnectTimedOut => (Code::TimedOut, None),
                    Closed::Kicked => (Code::Closed, None),
                    Closed::CertificateRefused(words)
                    | Closed::CertificateAuthorityUnusable(words) => {
                        (Code::CertificateRefused, Some(words))
                    }
                    Closed::Unreachable(words) | Closed::Lost(words) => (Code::Closed, Some(words)),
                };
                self.finding(Check::Namespace, code, detail);
                return self.socket_stops(Check::Namespace);
            }
        };
        if refusal == Some(Refusal::InvalidNamespace) {
            let code = if self.is_root_there(address).await {
                Code::OnlyRoot
            } else {
                Code::Missing
            };
            self.finding(Check::Namespace, code, Some("/sync".to_owned()));
            return self.socket_stops(Check::Namespace);
        }
        self.finding(Check::Namespace, Code::There, Some("/sync".to_owned()));
        let (code, carrier) = match transport {
            Transport::WebSocket => (Code::WebSocket, "WebSocket"),
            Transport::Polling => (Code::OnlyPolling, "HTTP"),
        };
        self.finding(Check::Transport, code, Some(carrier.to_owned()));
        if !has_key {
            self.skip(&[Check::SocketKey], Check::Keyring);
        } else if let Some(refusal) = &refusal {
            let code = match refusal {
                Refusal::InvalidKey => Code::KeyRefused,
                Refusal::KeyRequired => Code::KeyNotReceived,
                Refusal::AuthenticationFailed => Code::CannotCheck,
                Refusal::InvalidNamespace | Refusal::Other(_) => Code::Refused,
            };
            self.finding(Check::SocketKey, code, Some(refusal.message().to_owned()));
        } else {
            self.finding(Check::SocketKey, Code::Accepted, None);
        }
        match joined {
            Some(joined) => self.round_trip(joined).await,
            None if has_key => self.skip(&[Check::RoundTrip], Check::SocketKey),
            None => self.skip(&[Check::RoundTrip], Check::Keyring),
        }
        Socket {
            takes_key: has_key && refusal.is_none(),
            stopped: refusal.map(|_| Check::SocketKey),
        }
    }

    /// `sync:orders`, and `orders:pending` as the answer.
    async fn round_trip(&mut self, mut joined: Joined) {
        joined.link.ask();
        let answered = async {
            loop {
                match joined.events.recv().await {
                    Some(LinkEvent::Pending(_)) => return true,
                    Some(LinkEvent::Closed(_) | LinkEvent::Refused(_)) | None => return false,
                    Some(LinkEvent::Joined | LinkEvent::Changes | LinkEvent::Other { .. }) => {}
                }
            }
        };
        let code = match timeout_at(self.by(TO_ANSWER), answered).await {
            Ok(true) => Code::Answered,
            Ok(false) => Code::Closed,
            Err(_) => Code::NoAnswer,
        };
        let milliseconds = self.begun.elapsed().as_millis();
        let detail = (code == Code::Answered).then(|| format!("{milliseconds} ms"));
        self.finding(Check::RoundTrip, code, detail);
    }

    /// Nothing more can be found out about the socket.
    fn socket_stops(&mut self, at: Check) -> Socket {
        let rest = [Check::Transport, Check::SocketKey, Check::RoundTrip];
        if at == Check::SocketIo {
            self.skip(&[Check::Namespace], at);
        }
        self.skip(&rest, at);
        Socket {
            takes_key: false,
            stopped: Some(at),
        }
    }

    /// WebSocket, else polling. A refusal is the namespace's answer and would be the same by any carrier.
    async fn join_by_any(&mut self, address: &Address, key: SecretString) -> Joining {
        let authority = self.authority.clone();
        let target = |transport| Target {
            address: address.clone(),
            key: key.clone(),
            transport,
            certificate_authority: authority.clone(),
        };
        let connector = self.doctor.connector.as_ref();
        let by = self.by(TO_JOIN);
        match join(connector, target(Transport::WebSocket), by).await {
            Joining::Closed(_) => {
                let by = self.by(TO_JOIN);
                join(connector, target(Transport::Polling), by).await
            }
            answered @ (Joining::Joined(..) | Joining::Refused(..)) => answered,
        }
    }

    /// Whether `/` answers, whatever it answers: by long-polling, which needs no key and nothing but
    /// requests. A server without long-polling does not tell.
    async fn is_root_there(&mut self, address: &Address) -> bool {
        let by = self.by(TO_JOIN_ROOT);
        let asking = async {
            let look = self.look(&handshake::url(address), None).await;
            let Handshake::Answers(Some(session)) = handshake::read(&look) else {
                return false;
            };
            let url = handshake::url_of_session(address, &session);
            let asked = self.look(&url, Some(handshake::JOIN_ROOT)).await;
            let answer = self.look(&url, None).await;
            self.part(address, Some(&session)).await;
            asked.is_ok() && answer.is_ok_and(|look| handshake::is_roots(&look.body))
        };
        timeout_at(by, asking).await.unwrap_or(false)
    }

    async fn look(&mut self, url: &Url, post: Option<&'static str>) -> Result<Look, LookFailure> {
        let authority = self.authority.as_ref();
        self.doctor.network.look(url, post, authority).await
    }

    /// Ends a session, that the server need not keep it until it notices by itself.
    async fn part(&mut self, address: &Address, session: Option<&str>) {
        if let Some(session) = session {
            let url = handshake::url_of_session(address, session);
            let _ = timeout(TO_PART, self.look(&url, Some(handshake::GOODBYE))).await;
        }
    }
}

/// The connection is closed again unless it joined.
async fn join(connector: &dyn Connector, target: Target, by: Instant) -> Joining {
    let transport = target.transport;
    let (sender, mut events) = mpsc::channel(EVENTS);
    let link = connector.open(target, sender);
    let answered = async {
        loop {
            match events.recv().await {
                Some(LinkEvent::Joined) => return Ok(()),
                Some(LinkEvent::Refused(refusal)) => {
                    return Err(Joining::Refused(refusal, transport));
                }
                Some(LinkEvent::Closed(closed)) => return Err(Joining::Closed(closed)),
                Some(LinkEvent::Changes | LinkEvent::Pending(_) | LinkEvent::Other { .. }) => {}
                None => {
                    let words = "the connection ended without a word".to_owned();
                    return Err(Joining::Closed(Closed::Lost(words)));
                }
            }
        }
    };
    match timeout_at(by, answered).await {
        Ok(Ok(())) => Joining::Joined(Joined { link, events }, transport),
        Ok(Err(other)) => other,
        Err(_) => Joining::Closed(Closed::JoinTimedOut),
    }
}
