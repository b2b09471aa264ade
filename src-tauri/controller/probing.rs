//! *Probar conexión* in the words of the settings window.

use std::sync::Arc;

use async_trait::async_trait;
use campana_contract::Refusal;
use campana_sync::address::Address;
use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::http::{Exchange, HttpFailure};
use campana_sync::link::{Closed, Connector, Transport};
use campana_sync::probe::{self, Check, LinkProblem};
use secrecy::SecretString;

use crate::view::CheckView;

/// Tries an address and a key.
#[async_trait]
pub trait Prober: Send + Sync + 'static {
    /// Tries, and tells each check as soon as it is known.
    async fn probe(
        &self,
        address: &Address,
        key: &SecretString,
        authority: Option<&CertificateAuthority>,
        tell: Box<dyn FnMut(Check) + Send>,
    );
}

/// Tries over the network.
pub struct NetworkProber {
    /// Pulls.
    pub exchange: Arc<dyn Exchange>,
    /// Joins the namespace.
    pub connector: Arc<dyn Connector>,
}

#[async_trait]
impl Prober for NetworkProber {
    async fn probe(
        &self,
        address: &Address,
        key: &SecretString,
        authority: Option<&CertificateAuthority>,
        tell: Box<dyn FnMut(Check) + Send>,
    ) {
        let (exchange, connector) = (self.exchange.as_ref(), self.connector.as_ref());
        probe::probe(exchange, connector, address, key, authority, tell).await;
    }
}

/// The line for a readable address.
pub(super) fn address_line(address: &Address) -> CheckView {
    line("address", None, Some(address.source()))
}

/// The line for a check.
pub(super) fn check_line(check: &Check) -> CheckView {
    match check {
        Check::Pull(Ok((took, _))) => line("pull", None, Some(format!("{} ms", took.as_millis()))),
        Check::Pull(Err(failure)) => line("pull", Some(pull_problem(failure)), None),
        Check::Link(Ok(transport)) => {
            let carrier = match transport {
                Transport::WebSocket => "WebSocket",
                Transport::Polling => "HTTP",
            };
            line("link", None, Some(format!("{carrier} · /sync")))
        }
        Check::Link(Err(problem)) => line("link", Some(link_problem(problem)), None),
    }
}

fn line(check: &str, problem: Option<&str>, detail: Option<String>) -> CheckView {
    CheckView {
        check: check.to_owned(),
        ok: problem.is_none(),
        problem: problem.map(str::to_owned),
        detail,
    }
}

fn pull_problem(failure: &HttpFailure) -> &'static str {
    match failure {
        HttpFailure::Unreachable(_) | HttpFailure::TimedOut | HttpFailure::BrokenOff(_) => {
            "cause-server-unreachable"
        }
        HttpFailure::CertificateRefused(_) => "cause-certificate-refused",
        HttpFailure::CertificateAuthorityUnusable(_) => "cause-certificate-authority-unusable",
        HttpFailure::KeyRefused { missing: true, .. } => "status-key-missing",
        HttpFailure::KeyRefused { missing: false, .. } => "status-key-refused",
        HttpFailure::Status { .. } => "cause-server-error",
        HttpFailure::Redirected { .. } => "cause-redirected",
        HttpFailure::TooLarge => "cause-answer-too-large",
        HttpFailure::NotUnderstood(_) => "cause-answer-not-understood",
    }
}

fn link_problem(problem: &LinkProblem) -> &'static str {
    match problem {
        LinkProblem::Refused(Refusal::KeyRequired) => "status-key-missing",
        LinkProblem::Refused(Refusal::InvalidKey) => "status-key-refused",
        LinkProblem::Refused(Refusal::InvalidNamespace) => "cause-namespace-missing",
        LinkProblem::Refused(Refusal::AuthenticationFailed | Refusal::Other(_)) => {
            "cause-server-error"
        }
        LinkProblem::Closed(Closed::CertificateRefused(_)) => "cause-certificate-refused",
        LinkProblem::Closed(Closed::CertificateAuthorityUnusable(_)) => {
            "cause-certificate-authority-unusable"
        }
        LinkProblem::Closed(
            Closed::ConnectTimedOut
            | Closed::JoinTimedOut
            | Closed::Unreachable(_)
            | Closed::Kicked
            | Closed::Lost(_),
        ) => "cause-link-down",
    }
}
