//! The way to the server: its name, its port, and the encryption.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::timeout_at;

use super::{Check, Code, Examination, Finding, Stopped, handshake};
use crate::address::Address;
use crate::http::{Look, LookFailure, TlsProblem};

/// A resolver that answers at all does so in a few seconds.
const TO_RESOLVE: Duration = Duration::from_secs(8);
/// As long as the engine waits for a connection.
const TO_CONNECT: Duration = Duration::from_secs(10);
/// As long as [`Network::look`](super::Network::look) may take at most.
const TO_LOOK: Duration = Duration::from_secs(15);
/// An address that answers does so well before that; the next one gets its turn.
const TO_EACH: Duration = Duration::from_secs(4);

impl<T: FnMut(Finding) + Send> Examination<'_, T> {
    /// What is answered to Engine.IO's handshake by long-polling, if the way there is free.
    pub(super) async fn reach(
        &mut self,
        address: &Address,
    ) -> Result<Result<Look, LookFailure>, Stopped> {
        let proxy = self.doctor.network.proxy(address);
        let addresses = self.name(address, proxy.as_deref()).await?;
        self.port(address, proxy.is_some(), &addresses).await?;
        let url = handshake::url(address);
        let by = self.by(TO_LOOK);
        let authority = self.authority.as_ref();
        let looking = self.doctor.network.look(&url, None, authority);
        let look = timeout_at(by, looking)
            .await
            .unwrap_or(Err(LookFailure::TimedOut));
        if let Ok(look) = &look {
            self.server_says(look.server_time);
        }
        self.tls(address, &look)?;
        Ok(look)
    }

    async fn name(
        &mut self,
        address: &Address,
        proxy: Option<&str>,
    ) -> Result<Vec<SocketAddr>, Stopped> {
        let host_and_port = proxy.map_or_else(|| address.host_and_port(), str::to_owned);
        let resolving = self.doctor.network.resolve(&host_and_port);
        let Ok(found) = timeout_at(self.by(TO_RESOLVE), resolving).await else {
            return self.stop(Check::Name, Code::TimedOut, Some(host_and_port));
        };
        match found {
            Ok(found) => {
                let code = if proxy.is_some() {
                    Code::ViaProxy
                } else if address.is_literal() {
                    Code::Literal
                } else {
                    Code::Found
                };
                let detail = proxy.map_or_else(|| listed(&found), str::to_owned);
                self.finding(Check::Name, code, Some(detail));
                Ok(found)
            }
            Err(error) => {
                let code = if self.doctor.network.leads_to(address) {
                    Code::NotFound
                } else {
                    Code::NoNetwork
                };
                self.stop(Check::Name, code, Some(format!("{host_and_port}: {error}")))
            }
        }
    }

    /// Every address behind the name in turn, until one answers.
    async fn port(
        &mut self,
        address: &Address,
        by_proxy: bool,
        addresses: &[SocketAddr],
    ) -> Result<(), Stopped> {
        let end = self.by(TO_CONNECT);
        let mut last = None;
        for to in addresses {
            let by = self.by(TO_EACH).min(end);
            match timeout_at(by, self.doctor.network.connect(*to)).await {
                Ok(Ok(())) => {
                    let code = if by_proxy { Code::ViaProxy } else { Code::Open };
                    self.finding(Check::Port, code, Some(to.to_string()));
                    return Ok(());
                }
                Ok(Err(error)) => last = Some((code_of(&error), format!("{to}: {error}"))),
                Err(_) => last = Some((Code::TimedOut, to.to_string())),
            }
        }
        let (code, detail) = last.unwrap_or((Code::Unreachable, address.host_and_port()));
        let code = if by_proxy {
            Code::ProxyClosed
        } else if code == Code::Unreachable && !self.doctor.network.leads_to(address) {
            Code::NoNetwork
        } else {
            code
        };
        self.stop(Check::Port, code, Some(detail))
    }

    /// Whatever was answered, or not: that TLS is not what went wrong shows that it stands.
    fn tls(&mut self, address: &Address, look: &Result<Look, LookFailure>) -> Result<(), Stopped> {
        let is_https = address.origin().scheme() == "https";
        let (problem, words) = match look {
            Err(LookFailure::CertificateAuthorityUnusable(words)) => {
                return self.stop(Check::Tls, Code::AuthorityUnusable, Some(words.clone()));
            }
            Err(LookFailure::Tls(problem, words)) => (*problem, words.clone()),
            Err(LookFailure::Unreachable(words)) if is_https => (TlsProblem::Failed, words.clone()),
            Ok(_)
            | Err(
                LookFailure::TimedOut | LookFailure::BrokenOff(_) | LookFailure::Unreachable(_),
            ) => {
                let code = if is_https {
                    Code::Encrypted
                } else if address.is_nearby() {
                    Code::Local
                } else {
                    Code::NotEncrypted
                };
                let scheme = address.origin().scheme().to_owned();
                self.finding(Check::Tls, code, Some(scheme));
                return Ok(());
            }
        };
        let code = match problem {
            TlsProblem::UnknownAuthority => Code::UnknownAuthority,
            TlsProblem::WrongName => Code::WrongName,
            TlsProblem::Expired => Code::Expired,
            TlsProblem::NotYetValid => Code::NotYetValid,
            TlsProblem::Revoked => Code::Revoked,
            TlsProblem::InvalidCertificate => Code::InvalidCertificate,
            TlsProblem::NotTls => Code::NotTls,
            TlsProblem::TimedOut => Code::TimedOut,
            TlsProblem::Failed => Code::Failed,
        };
        self.stop(Check::Tls, code, Some(words))
    }

    fn stop<R>(&mut self, check: Check, code: Code, detail: Option<String>) -> Result<R, Stopped> {
        self.finding(check, code, detail);
        Err(Stopped(check))
    }
}

fn listed(addresses: &[SocketAddr]) -> String {
    let mut texts: Vec<_> = addresses.iter().map(|a| a.ip().to_string()).collect();
    texts.dedup();
    texts.join(", ")
}

fn code_of(error: &io::Error) -> Code {
    let kind = error.kind();
    if matches!(
        kind,
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset
    ) {
        Code::Refused
    } else if kind == io::ErrorKind::TimedOut {
        Code::TimedOut
    } else {
        Code::Unreachable
    }
}
