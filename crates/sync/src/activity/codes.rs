//! Stable codes for what went wrong: only its kind, since the words beside it may quote what came.

use campana_contract::Refusal;

use crate::http::HttpFailure;
use crate::link::Closed;

/// Why the namespace refused.
pub(crate) fn of_refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::KeyRequired => "key_required",
        Refusal::InvalidKey => "invalid_key",
        Refusal::AuthenticationFailed => "authentication_failed",
        Refusal::InvalidNamespace => "invalid_namespace",
        // The server's own words may say anything.
        Refusal::Other(_) => "other",
    }
}

/// Why a connection ended.
pub(crate) fn of_end(closed: &Closed) -> &'static str {
    match closed {
        Closed::ConnectTimedOut => "connect_timed_out",
        Closed::JoinTimedOut => "join_timed_out",
        Closed::Unreachable(_) => "unreachable",
        Closed::CertificateRefused(_) => "certificate_refused",
        Closed::CertificateAuthorityUnusable(_) => "certificate_authority_unusable",
        Closed::Kicked => "kicked",
        Closed::Lost(_) => "lost",
    }
}

/// Why an exchange brought no page, with the HTTP status where there is one.
pub(crate) fn of_failure(failure: &HttpFailure) -> String {
    match failure {
        HttpFailure::Unreachable(_) => "unreachable".to_owned(),
        HttpFailure::CertificateRefused(_) => "certificate_refused".to_owned(),
        HttpFailure::CertificateAuthorityUnusable(_) => "certificate_authority_unusable".to_owned(),
        HttpFailure::TimedOut => "timed_out".to_owned(),
        HttpFailure::BrokenOff(_) => "broken_off".to_owned(),
        HttpFailure::KeyRefused { status, .. } => format!("key_refused {status}"),
        HttpFailure::Status { status, .. } => format!("status {status}"),
        HttpFailure::Redirected { status, .. } => format!("redirected {status}"),
        HttpFailure::TooLarge => "too_large".to_owned(),
        HttpFailure::NotUnderstood(_) => "not_understood".to_owned(),
    }
}
