//! What the backend refuses over HTTP, and in which words.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::store::StoreError;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refused {
    #[error("API key required for this operation")]
    KeyMissing,
    #[error("Invalid API key")]
    KeyWrong,
    #[error("there is nothing at this address")]
    NotFound,
    #[error("not by this method")]
    Method,
    #[error("{0}")]
    Order(String),
    #[error("there is an order with that id already")]
    Taken,
    #[error("{0}")]
    Sync(String),
    #[error("the database failed")]
    Database(#[from] rusqlite::Error),
    #[error("the work was given up")]
    GivenUp(#[from] tokio::task::JoinError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken => Self::Taken,
            StoreError::NotAnOrder(reason) => Self::Order(reason),
            StoreError::CannotConfirm(reason) => Self::Sync(reason),
            StoreError::Database(error) => Self::Database(error),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let (status, code) = match &self {
            Self::KeyMissing => (StatusCode::UNAUTHORIZED, "TECH006"),
            Self::KeyWrong => (StatusCode::UNAUTHORIZED, "TECH007"),
            Self::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Self::Method => (StatusCode::METHOD_NOT_ALLOWED, "NOT_ALLOWED"),
            Self::Order(_) => (StatusCode::BAD_REQUEST, "ORDER_ERROR"),
            Self::Taken => (StatusCode::CONFLICT, "ORDER_ERROR"),
            Self::Sync(_) | Self::Database(_) | Self::GivenUp(_) => {
                (StatusCode::INTERNAL_SERVER_ERROR, "SYNC_ERROR")
            }
        };
        if let Self::Database(error) = &self {
            tracing::error!(%error, "the database failed");
        }
        let body = json!({"error": {"code": code, "message": self.to_string(), "details": {}}});
        let json = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
        (status, json, body.to_string()).into_response()
    }
}
