//! From a response to an answer or to the reason why there is none.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use campana_contract::{ErrorBody, Page, Timestamp};
use reqwest::header::{DATE, HeaderName, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::IgnoredAny;
use url::Url;

use super::{Answer, HttpFailure, Limits};

/// As much of a refusal's body is looked at.
const REFUSAL_BYTES: usize = 64 * 1024;
/// So long a refusal's body is waited for; its status is known without it.
const REFUSAL_WAIT: Duration = Duration::from_secs(5);
/// As many characters of the server's own words are passed on.
const WORDS: usize = 200;
/// A body above that is read on a thread of its own, so that the other tasks go on.
const LARGE: usize = 256 * 1024;

/// Reads the response to a call on `url`. No failure's text holds the key or the body.
pub async fn read(
    response: Response,
    url: &Url,
    key: &SecretString,
    limits: Limits,
) -> Result<Answer, HttpFailure> {
    let status = response.status();
    if status.is_success() {
        return understood(response, limits.bytes).await;
    }
    if status.is_redirection() {
        let location = header(&response, LOCATION).and_then(|to| elsewhere(url, to));
        return Err(HttpFailure::Redirected {
            status: status.as_u16(),
            location: location.map(|text| clean(&text, key)),
        });
    }
    let date = date(&response);
    let retry_after = header(&response, RETRY_AFTER).and_then(|text| wait(text, date));
    let body = refusal_body(response, REFUSAL_WAIT.min(limits.whole / 2)).await;
    Err(refusal(status, retry_after, &body, key))
}

async fn understood(response: Response, limit: usize) -> Result<Answer, HttpFailure> {
    let server_time = date(&response).and_then(timestamp);
    let body = body(response, limit).await?;
    let bytes = body.len();
    let page = if bytes > LARGE {
        tokio::task::spawn_blocking(move || Page::parse(&body))
            .await
            .map_err(|_| HttpFailure::BrokenOff("reading it was given up".into()))?
    } else {
        Page::parse(&body)
    };
    Ok(Answer {
        page: Arc::new(page.map_err(HttpFailure::NotUnderstood)?),
        server_time,
        bytes,
    })
}

/// The body, decompressed; ends the connection as soon as it is larger than `limit` bytes.
pub(crate) async fn body(mut response: Response, limit: usize) -> Result<Vec<u8>, HttpFailure> {
    let announced = response.content_length().unwrap_or(0);
    if usize::try_from(announced).map_or(true, |announced| announced > limit) {
        return Err(HttpFailure::TooLarge);
    }
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(broken_off)? {
        if chunk.len() > limit - body.len() {
            return Err(HttpFailure::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// What can be had of a refusal's body in that time; the beginning may have to do.
async fn refusal_body(mut response: Response, wait: Duration) -> Vec<u8> {
    let mut body = Vec::new();
    let reading = async {
        while let Ok(Some(chunk)) = response.chunk().await {
            let room = REFUSAL_BYTES - body.len();
            body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
            if body.len() >= REFUSAL_BYTES {
                break;
            }
        }
    };
    // What was read until then stays, whether the rest came in time or not.
    let _ = tokio::time::timeout(wait, reading).await;
    body
}

fn refusal(
    status: StatusCode,
    retry_after: Option<Duration>,
    body: &[u8],
    key: &SecretString,
) -> HttpFailure {
    let error = ErrorBody::parse(body);
    let missing = error.as_ref().is_some_and(ErrorBody::says_key_missing);
    let wrong = error.as_ref().is_some_and(ErrorBody::says_key_wrong);
    let refused = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => true,
        StatusCode::INTERNAL_SERVER_ERROR => missing || wrong,
        _ => false,
    };
    if refused {
        return HttpFailure::KeyRefused {
            status: status.as_u16(),
            missing,
        };
    }
    HttpFailure::Status {
        status: status.as_u16(),
        retry_after,
        well_formed: error.is_some() || is_json_object(body),
        reason: clean(&reason(status, error), key),
    }
}

/// The status in words, with the server's code and message where it sent any.
fn reason(status: StatusCode, error: Option<ErrorBody>) -> String {
    let own = error.map_or_else(Vec::new, |error| {
        [error.code, error.message].into_iter().flatten().collect()
    });
    let reason = status.canonical_reason().unwrap_or("no known status");
    if own.is_empty() {
        reason.to_owned()
    } else {
        format!("{reason} ({})", own.join(": "))
    }
}

/// What a server wrote, fit to be shown and logged: without the key, in one line, not long.
fn clean(text: &str, key: &SecretString) -> String {
    let key = key.expose_secret().trim();
    let without_key = if key.is_empty() {
        text.to_owned()
    } else {
        text.replace(key, "…")
    };
    without_key
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .take(WORDS)
        .collect()
}

fn is_json_object(body: &[u8]) -> bool {
    serde_json::from_slice::<std::collections::HashMap<String, IgnoredAny>>(body).is_ok()
}

pub(super) fn header(response: &Response, name: HeaderName) -> Option<&str> {
    response.headers().get(name)?.to_str().ok()
}

pub(super) fn date(response: &Response) -> Option<SystemTime> {
    httpdate::parse_http_date(header(response, DATE)?).ok()
}

pub(super) fn timestamp(moment: SystemTime) -> Option<Timestamp> {
    let since = moment.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Timestamp)
}

/// `Retry-After` in seconds, or as a moment, which is measured by the server's own clock.
fn wait(text: &str, date: Option<SystemTime>) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let until = httpdate::parse_http_date(text.trim()).ok()?;
    Some(until.duration_since(date?).unwrap_or_default())
}

/// Where a redirect leads, without what may be private in it: user, query and fragment.
pub(super) fn elsewhere(url: &Url, location: &str) -> Option<String> {
    let mut to = url.join(location).ok()?;
    if !matches!(to.scheme(), "http" | "https") {
        return None;
    }
    to.set_query(None);
    to.set_fragment(None);
    if !to.username().is_empty() || to.password().is_some() {
        to.set_password(None).ok()?;
        to.set_username("").ok()?;
    }
    Some(to.into())
}

fn broken_off(error: reqwest::Error) -> HttpFailure {
    if error.is_timeout() {
        HttpFailure::TimedOut
    } else {
        HttpFailure::BrokenOff(words(error))
    }
}

/// An error and its causes in one line, without the address.
pub(super) fn words(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !words.contains(&text) {
            words.push_str(": ");
            words.push_str(&text);
        }
        cause = error.source();
    }
    words
}
