//! Pull and confirm, by the guide's profile and by the unified one.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{Admitted, body_of, json_text};
use crate::confirmation::Confirmation;
use crate::refused::{ErrorBody, Refused};
use crate::shops::Shops;

/// What a client has stored. An empty body, a list or another content type names nothing.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    dead_code,
    reason = "it describes; the body is read by hand, element by element"
)]
struct ConfirmationBody {
    #[schema(value_type = Option<Vec<ConfirmedOrderBody>>)]
    confirmed_orders: Option<Vec<Value>>,
    #[schema(value_type = Option<Vec<String>>)]
    confirmed_customer_ids: Option<Vec<Value>>,
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "as above")]
struct ConfirmedOrderBody {
    order_id: String,
    /// The shop's number for the order; `null` erases it. `dailyNumber` is taken as well.
    shift_order_number: Option<i64>,
}

/// At most 100 of each, oldest first, the same ones again until they are confirmed.
#[derive(Serialize, ToSchema)]
struct PageBody {
    #[schema(value_type = Vec<Object>)]
    pending_orders: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    updated_customers: Vec<Value>,
    /// What the call named and could not be confirmed; left out where there is nothing.
    not_confirmed: Option<Vec<NotConfirmedBody>>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct NotConfirmedBody {
    order_id: Option<String>,
    customer_id: Option<String>,
    reason: String,
}

/// What a call confirms.
fn confirmation_in(headers: &HeaderMap, body: &[u8]) -> Result<Confirmation, Refused> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !is_json || body.trim_ascii().is_empty() {
        return Ok(Confirmation::default());
    }
    let body: Value =
        serde_json::from_slice(body).map_err(|_| Refused::Sync("the body is not JSON".into()))?;
    Ok(Confirmation::read(&body))
}

async fn confirm_and_pull(
    shops: &Shops,
    Admitted(shop): Admitted,
    request: Request,
) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let body = body_of(body)
        .await
        .ok_or_else(|| Refused::Sync("request entity too large".into()))?;
    let confirmation = confirmation_in(&parts.headers, &body)?;
    let page = shops.confirm_and_pull(&shop, confirmation).await?;
    Ok(json_text(StatusCode::OK, page.json()))
}

/// What is pending.
#[utoipa::path(get, path = "/sync/pull-changes", tag = "sync",
    security(("bearer" = []), ("x-api-key" = []), ("x-sync-api-key" = [])),
    responses(
        (status = 200, body = PageBody),
        (status = 401, description = "The key is missing or wrong", body = ErrorBody),
        (status = 429, description = "Too many wrong keys from this address", body = ErrorBody),
        (status = 500, description = "The database failed", body = ErrorBody),
    ))]
pub(super) async fn pull(
    State(shops): State<Arc<Shops>>,
    Admitted(shop): Admitted,
) -> Result<Response, Refused> {
    let page = shops
        .confirm_and_pull(&shop, Confirmation::default())
        .await?;
    Ok(json_text(StatusCode::OK, page.json()))
}

/// Confirms what a client has stored, then answers what is still pending.
#[utoipa::path(post, path = "/sync/pull-changes", tag = "sync", request_body = Option<ConfirmationBody>,
    security(("bearer" = []), ("x-api-key" = []), ("x-sync-api-key" = [])),
    responses(
        (status = 200, body = PageBody),
        (status = 401, description = "The key is missing or wrong", body = ErrorBody),
        (status = 429, description = "Too many wrong keys from this address", body = ErrorBody),
        (status = 500, description = "Nothing was confirmed: the body is not JSON or over 100 KiB, the database \
                                      failed, or (where deployed servers are imitated) an id is unknown",
         body = ErrorBody),
    ))]
pub(super) async fn confirm(
    State(shops): State<Arc<Shops>>,
    admitted: Admitted,
    request: Request,
) -> Result<Response, Refused> {
    confirm_and_pull(&shops, admitted, request).await
}

/// The same in the unified profile.
#[utoipa::path(post, path = "/api/sync/pull-changes", tag = "sync", request_body = Option<ConfirmationBody>,
    security(("bearer" = []), ("x-api-key" = []), ("x-sync-api-key" = [])),
    responses(
        (status = 200, body = PageBody),
        (status = 401, description = "The key is missing or wrong", body = ErrorBody),
        (status = 429, description = "Too many wrong keys from this address", body = ErrorBody),
        (status = 500, description = "As at /sync/pull-changes", body = ErrorBody),
    ))]
pub(super) async fn unified(
    State(shops): State<Arc<Shops>>,
    admitted: Admitted,
    request: Request,
) -> Result<Response, Refused> {
    confirm_and_pull(&shops, admitted, request).await
}
