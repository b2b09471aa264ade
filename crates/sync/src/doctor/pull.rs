//! The pull, and the profile by which the backend takes it.

use std::time::Duration;

use secrecy::SecretString;
use tokio::time::timeout_at;

use super::link::Socket;
use super::{Check, Code, Examination, Finding};
use crate::address::Address;
use crate::configuration::ProfileChoice;
use crate::engine::speaks_otherwise;
use crate::http::{Answer, Call, HttpFailure, Profile, Request};

/// A pull is bounded to this by itself.
const TO_PULL: Duration = Duration::from_secs(40);

impl<T: FnMut(Finding) + Send> Examination<'_, T> {
    pub(super) async fn pull(
        &mut self,
        address: &Address,
        key: SecretString,
        choice: ProfileChoice,
        socket: &Socket,
    ) {
        match self.pull_as_chosen(address, &key, choice, socket).await {
            Ok((answer, profile)) => {
                self.server_says(answer.server_time);
                let took = self.begun.elapsed().as_millis();
                self.finding(Check::Pull, Code::Accepted, Some(format!("{took} ms")));
                let code = match choice {
                    ProfileChoice::Auto => Code::Adopted,
                    ProfileChoice::Fixed(_) => Code::Fixed,
                };
                self.finding(Check::Profile, code, Some(profile.name().to_owned()));
            }
            Err(failure) => {
                let code = code_of(&failure, socket.takes_key);
                let words = failure.to_string();
                let detail = if let HttpFailure::Redirected { location, .. } = failure {
                    location.unwrap_or(words)
                } else {
                    words
                };
                self.finding(Check::Pull, code, Some(detail));
                self.skip(&[Check::Profile], Check::Pull);
            }
        }
    }

    /// By the fixed profile, or by the first that brings a page: the next is tried only where the
    /// answer is that of somebody who speaks otherwise, or where the key was refused although the
    /// socket took it.
    async fn pull_as_chosen(
        &mut self,
        address: &Address,
        key: &SecretString,
        choice: ProfileChoice,
        socket: &Socket,
    ) -> Result<(Answer, Profile), HttpFailure> {
        let profiles: &[Profile] = match &choice {
            ProfileChoice::Auto => &Profile::ALL,
            ProfileChoice::Fixed(profile) => std::slice::from_ref(profile),
        };
        let mut told: Option<HttpFailure> = None;
        for profile in profiles {
            let failure = match self.pull_by(address, key, *profile).await {
                Ok(answer) => return Ok((answer, *profile)),
                Err(failure) => failure,
            };
            let is_refusal = matches!(failure, HttpFailure::KeyRefused { .. });
            let leads_on = speaks_otherwise(&failure) || (is_refusal && socket.takes_key);
            // Where a key is asked for, there is something that would answer to the right one.
            if told.is_none() || is_refusal || !leads_on {
                told = Some(failure);
            }
            if !leads_on {
                break;
            }
        }
        // There is at least one profile, and so at least one failure.
        Err(told.unwrap_or(HttpFailure::TimedOut))
    }

    /// A pull and never a confirmation: what is pending stays pending.
    async fn pull_by(
        &mut self,
        address: &Address,
        key: &SecretString,
        profile: Profile,
    ) -> Result<Answer, HttpFailure> {
        let request = Request {
            address: address.clone(),
            key: key.clone(),
            profile,
            call: Call::Pull,
            certificate_authority: self.authority.clone(),
        };
        timeout_at(self.by(TO_PULL), self.doctor.exchange.exchange(request))
            .await
            .unwrap_or(Err(HttpFailure::TimedOut))
    }
}

fn code_of(failure: &HttpFailure, socket_takes_key: bool) -> Code {
    match failure {
        HttpFailure::Unreachable(_) => Code::Unreachable,
        HttpFailure::CertificateRefused(_) | HttpFailure::CertificateAuthorityUnusable(_) => {
            Code::CertificateRefused
        }
        HttpFailure::TimedOut => Code::TimedOut,
        HttpFailure::BrokenOff(_) => Code::BrokenOff,
        HttpFailure::KeyRefused { missing: true, .. } => Code::KeyNotReceived,
        HttpFailure::KeyRefused { missing: false, .. } if socket_takes_key => Code::KeyRefusedHere,
        HttpFailure::KeyRefused { missing: false, .. } => Code::KeyRefused,
        HttpFailure::Status {
            status: 404 | 405, ..
        } => Code::NotThere,
        HttpFailure::Status { .. } => Code::ServerError,
        HttpFailure::Redirected { .. } => Code::Redirected,
        HttpFailure::TooLarge => Code::TooLarge,
        HttpFailure::NotUnderstood(_) => Code::NotUnderstood,
    }
}
