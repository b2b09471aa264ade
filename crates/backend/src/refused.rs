//! What the backend refuses over HTTP, and in which words.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::checks::Fault;
use crate::confirmation::NotConfirmed;
use crate::shops::KeyRefused;
use crate::store::StoreError;

/// The body of every refusal.
#[derive(Serialize, ToSchema)]
pub(crate) struct ErrorBody {
    error: ErrorAbout,
}

/// What was refused.
#[derive(Serialize, ToSchema)]
struct ErrorAbout {
    /// `TECH006` key missing, `TECH007` key wrong, `TOO_MANY_WRONG_KEYS`, `ORDER_ERROR`, `SYNC_ERROR`, `NOT_FOUND`,
    /// `NOT_ALLOWED`.
    code: &'static str,
    message: String,
    /// For an order that is not taken: `faults`, with the place of each. For a confirmation that failed:
    /// `not_confirmed`.
    #[schema(value_type = Object)]
    details: Value,
}

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error(transparent)]
    Key(#[from] KeyRefused),
    #[error("there is nothing at this address")]
    NotFound,
    #[error("there is no such order")]
    NoOrder,
    #[error("not by this method")]
    Method,
    #[error("{0}")]
    Order(String),
    #[error("this is no order")]
    Faults(Vec<Fault>),
    #[error("the body is larger than 100 KiB")]
    OrderTooLarge,
    #[error("{0}")]
    Sync(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Refused {
    fn status_and_code(&self) -> (StatusCode, &'static str) {
        match self {
            Self::Key(KeyRefused::Missing) => (StatusCode::UNAUTHORIZED, "TECH006"),
            Self::Key(KeyRefused::Wrong) => (StatusCode::UNAUTHORIZED, "TECH007"),
            Self::Key(KeyRefused::TooMany(_)) => {
                (StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_WRONG_KEYS")
            }
            Self::NotFound | Self::NoOrder => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "NOT_ALLOWED"),
            Self::Order(_) | Self::Faults(_) => (StatusCode::BAD_REQUEST, "ORDER_ERROR"),
            Self::OrderTooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "ORDER_ERROR"),
            Self::Store(StoreError::Taken(_) | StoreError::TooLate) => {
                (StatusCode::CONFLICT, "ORDER_ERROR")
            }
            Self::Sync(_) | Self::Store(_) => (StatusCode::INTERNAL_SERVER_ERROR, "SYNC_ERROR"),
        }
    }

    /// What the caller is told; of the database only that it failed.
    fn message(&self) -> String {
        match self {
            Self::Store(StoreError::Taken(_)) => "there is an order with that id already".into(),
            Self::Store(StoreError::TooLate) => "the order is delivered already".into(),
            Self::Store(StoreError::CannotConfirm(_)) => {
                "something cannot be confirmed: nothing of the call was".into()
            }
            Self::Store(_) => "the database failed".into(),
            Self::Key(_)
            | Self::NotFound
            | Self::NoOrder
            | Self::Method
            | Self::Order(_)
            | Self::Faults(_)
            | Self::OrderTooLarge
            | Self::Sync(_) => self.to_string(),
        }
    }

    fn details(&self) -> Value {
        let list = |name: &str, list: Value| Value::from_iter([(name, list)]);
        if let Self::Faults(faults) = self {
            list("faults", serde_json::to_value(faults).unwrap_or_default())
        } else if let Self::Store(StoreError::Taken(id)) = self {
            list("id", id.as_str().into())
        } else if let Self::Store(StoreError::CannotConfirm(which)) = self {
            let told = which.iter().map(NotConfirmed::told).collect();
            list("not_confirmed", told)
        } else {
            Value::Object(serde_json::Map::new())
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, code) = self.status_and_code();
        if let Self::Store(error) = &self
            && status.is_server_error()
            && !matches!(error, StoreError::CannotConfirm(_))
        {
            tracing::error!(%error, "the database failed");
        }
        let body = ErrorBody {
            error: ErrorAbout {
                code,
                message: self.message(),
                details: self.details(),
            },
        };
        let text = serde_json::to_string(&body).unwrap_or_default();
        let json = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
        let mut response = (status, json, text).into_response();
        if let Self::Key(KeyRefused::TooMany(wait)) = self {
            let seconds = wait.as_secs().saturating_add(1);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
