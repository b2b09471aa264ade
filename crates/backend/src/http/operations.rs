//! For whoever runs the backend: is it well, what does it count, who is connected.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::{Admitted, json_text};
use crate::clients::ConnectedClient;
use crate::metrics;
use crate::refused::{ErrorBody, Refused};
use crate::shops::Shops;

/// Whether it can do its work.
#[derive(Serialize, ToSchema)]
struct HealthBody {
    /// `ok`; `degraded` without Redis: orders are announced some seconds later then; `failed` without the database.
    status: &'static str,
    /// `ok` or `failed`.
    database: &'static str,
    /// `ok`, `away`, or `unused`.
    redis: &'static str,
}

/// A shop's connected clients.
#[derive(Serialize, ToSchema)]
struct ClientsBody {
    count: usize,
    clients: Vec<ConnectedClient>,
}

/// What was sent.
#[derive(Serialize, ToSchema)]
struct NotifiedBody {
    /// How many clients of the shop are connected.
    clients: usize,
}

/// Whether the process is well. Needs no key.
#[utoipa::path(get, path = "/health", tag = "operations",
    responses(
        (status = 200, description = "Orders are taken and handed out", body = HealthBody),
        (status = 503, description = "The database cannot be used", body = HealthBody),
    ))]
pub(super) async fn health(State(shops): State<Arc<Shops>>) -> Response {
    let database = shops.count_pending().await;
    if let Err(error) = &database {
        tracing::warn!(%error, "the database failed");
    }
    let redis = match shops.redis() {
        None => "unused",
        Some(redis) if redis.is_reached() => "ok",
        Some(_) => "away",
    };
    let (code, status) = match (&database, redis) {
        (Err(_), _) => (StatusCode::SERVICE_UNAVAILABLE, "failed"),
        (Ok(_), "away") => (StatusCode::OK, "degraded"),
        (Ok(_), _) => (StatusCode::OK, "ok"),
    };
    let database = if database.is_ok() { "ok" } else { "failed" };
    let body = HealthBody {
        status,
        database,
        redis,
    };
    json_text(code, json!(body).to_string())
}

/// What this process counts, for Prometheus.
#[utoipa::path(get, path = "/metrics", tag = "operations",
    security(("bearer" = []), ("x-api-key" = []), ("x-sync-api-key" = [])),
    responses(
        (status = 200, description = "OpenMetrics", body = String, content_type = "application/openmetrics-text"),
        (status = 401, description = "The key is missing or wrong", body = ErrorBody),
        (status = 429, description = "Too many wrong keys from this address", body = ErrorBody),
    ))]
pub(super) async fn metrics(State(shops): State<Arc<Shops>>, _: Admitted) -> Response {
    let reached = shops.redis().is_some_and(crate::redis::Redis::is_reached);
    let pending = shops.count_pending().await.ok();
    let text = shops
        .metrics
        .text(shops.clients.count_here(), pending, reached);
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text).into_response()
}

/// The shop's connected clients, in every process.
#[utoipa::path(get, path = "/debug/clients", tag = "operations",
    security(("bearer" = []), ("x-api-key" = []), ("x-sync-api-key" = [])),
    responses(
        (status = 200, body = ClientsBody),
        (status = 401, description = "The key is missing or wrong", body = ErrorBody),
        (status = 429, description = "Too many wrong keys from this address", body = ErrorBody),
    ))]
pub(super) async fn clients(State(shops): State<Arc<Shops>>, Admitted(shop): Admitted) -> Response {
    let clients = shops.clients_of(&shop).await;
    let body = ClientsBody {
        count: clients.len(),
        clients,
    };
    json_text(StatusCode::OK, json!(body).to_string())
}

/// Sends `changes:pending` to the shop's clients, in every process, as a trial.
#[utoipa::path(post, path = "/debug/notify", tag = "operations",
    security(("bearer" = []), ("x-api-key" = []), ("x-sync-api-key" = [])),
    responses(
        (status = 200, body = NotifiedBody),
        (status = 401, description = "The key is missing or wrong", body = ErrorBody),
        (status = 429, description = "Too many wrong keys from this address", body = ErrorBody),
    ))]
pub(super) async fn notify(State(shops): State<Arc<Shops>>, Admitted(shop): Admitted) -> Response {
    shops.announce(&shop).await;
    let body = NotifiedBody {
        clients: shops.clients_of(&shop).await.len(),
    };
    json_text(StatusCode::OK, json!(body).to_string())
}

/// This description. Needs no key.
#[utoipa::path(get, path = "/openapi.json", tag = "operations",
    responses((status = 200, description = "OpenAPI 3.1", body = Object)))]
pub(super) async fn description() -> Result<Response, Refused> {
    let text = super::description()
        .to_json()
        .map_err(|error| Refused::Sync(error.to_string()))?;
    Ok(json_text(StatusCode::OK, text))
}
