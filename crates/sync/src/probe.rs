//! *Probar conexión*: tries an address and a key without touching the engine, the inbox or any confirmation.

#[cfg(test)]
mod tests;

use std::time::Duration;

use secrecy::SecretString;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout, timeout_at};

use crate::address::Address;
use crate::certificate_authority::CertificateAuthority;
use crate::http::{Call, Exchange, HttpFailure, Profile, Request};
use crate::link::{Closed, Connector, LinkEvent, Target, Transport};

/// For everything together.
const AT_MOST: Duration = Duration::from_secs(60);
/// For the pull, which is bounded to this itself; the rest is the carriers'.
const PULL_AT_MOST: Duration = Duration::from_secs(40);
/// Events that may wait while nobody reads; only the first that matters is read.
const EVENTS: usize = 16;

/// One thing that was tried, in order: [`Check::Pull`], then [`Check::Link`].
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// One pull; on success how long it took and how many orders are pending.
    Pull(Result<(Duration, usize), HttpFailure>),
    /// Joining the namespace, by WebSocket and else by polling.
    Link(Result<Transport, LinkProblem>),
}

/// Why the namespace could not be joined.
#[derive(Clone, Debug, PartialEq)]
pub enum LinkProblem {
    /// It refused.
    Refused(campana_contract::Refusal),
    /// The connection ended before the answer (of the last carrier that was tried).
    Closed(Closed),
}

/// Tries; each check is handed out as soon as it is known. Ends within 60 s whatever the server does.
pub async fn probe(
    exchange: &dyn Exchange,
    connector: &dyn Connector,
    address: &Address,
    key: &SecretString,
    authority: Option<&CertificateAuthority>,
    mut tell: impl FnMut(Check) + Send,
) {
    let end = Instant::now() + AT_MOST;
    let request = Request {
        address: address.clone(),
        key: key.clone(),
        profile: Profile::Guide,
        // A pull and never a confirmation: what is pending stays pending.
        call: Call::Pull,
        certificate_authority: authority.cloned(),
    };
    tell(Check::Pull(pull(exchange, request).await));
    let target = Target {
        address: address.clone(),
        key: key.clone(),
        transport: Transport::WebSocket,
        certificate_authority: authority.cloned(),
    };
    tell(Check::Link(join_by_any(connector, target, end).await));
}

async fn pull(exchange: &dyn Exchange, request: Request) -> Result<(Duration, usize), HttpFailure> {
    let begun = Instant::now();
    let answer = timeout(PULL_AT_MOST, exchange.exchange(request))
        .await
        .unwrap_or(Err(HttpFailure::TimedOut))?;
    Ok((begun.elapsed(), answer.page.order_elements))
}

/// WebSocket, else polling. A refusal is the namespace's answer and would be the same by any carrier.
async fn join_by_any(
    connector: &dyn Connector,
    target: Target,
    end: Instant,
) -> Result<Transport, LinkProblem> {
    let polling = Target {
        transport: Transport::Polling,
        ..target.clone()
    };
    // A silent WebSocket leaves polling its half of what remains.
    let half = Instant::now() + (end - Instant::now()) / 2;
    match join(connector, target, half).await {
        Err(LinkProblem::Closed(_)) => join(connector, polling, end).await,
        answer @ (Ok(_) | Err(LinkProblem::Refused(_))) => answer,
    }
}

/// The connection is closed again on return, whatever the answer.
async fn join(
    connector: &dyn Connector,
    target: Target,
    end: Instant,
) -> Result<Transport, LinkProblem> {
    let transport = target.transport;
    let (sender, mut events) = mpsc::channel(EVENTS);
    let _link = connector.open(target, sender);
    let answer = async {
        loop {
            match events.recv().await {
                Some(LinkEvent::Joined) => return Ok(transport),
                Some(LinkEvent::Refused(refusal)) => return Err(LinkProblem::Refused(refusal)),
                Some(LinkEvent::Closed(closed)) => return Err(LinkProblem::Closed(closed)),
                Some(LinkEvent::Changes | LinkEvent::Pending(_) | LinkEvent::Other(_)) => {}
                None => {
                    let words = "the connection ended without a word".to_owned();
                    return Err(LinkProblem::Closed(Closed::Lost(words)));
                }
            }
        }
    };
    timeout_at(end, answer)
        .await
        .unwrap_or(Err(LinkProblem::Closed(Closed::JoinTimedOut)))
}
