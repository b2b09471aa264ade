//! How the shop's other programs make, change and cancel orders.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use time::OffsetDateTime;
use utoipa::{IntoParams, ToSchema};

use super::{Admitted, body_of, json_text};
use crate::intake::{self, Change};
use crate::keys::Shop;
use crate::refused::{ErrorBody, Refused};
use crate::shops::Shops;
use crate::store::StoreError;

/// The most sample orders that one call makes.
const SAMPLE_LIMIT: usize = 1000;

/// The question part of `POST /orders`.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Sample {
    /// Make so many believable orders, 1 to 1000, instead of reading a body.
    #[param(value_type = Option<u32>)]
    sample: Option<String>,
}

/// The orders that were taken, in the order of the call.
#[derive(Serialize, ToSchema)]
struct MadeBody {
    ids: Vec<String>,
}

/// The order that was changed.
#[derive(Serialize, ToSchema)]
struct ChangedBody {
    id: String,
}

/// Does the work also when the caller hangs up meanwhile: what is stored is announced.
async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(work).await?
}

async fn read_json(request: Request) -> Result<Value, Refused> {
    let body = body_of(request.into_body())
        .await
        .ok_or(Refused::OrderTooLarge)?;
    serde_json::from_slice(&body)
        .map_err(|error| Refused::Order(format!("the body is not JSON: {error}")))
}

/// Takes an order, or a list of them, all or none, and announces each.
#[utoipa::path(post, path = "/orders", tag = "orders", params(Sample),
    request_body(content = Option<Object>, description = "An order as a pull brings it, or a list of them. What is \
        missing of id, orderStatus, createdAt and updatedAt is filled in; members that the contract does not name \
        are kept."),
    security(("bearer" = []), ("x-api-key" = []), ("x-sync-api-key" = [])),
    responses(
        (status = 201, body = MadeBody),
        (status = 400, description = "No order: details.faults says where", body = ErrorBody),
        (status = 401, description = "The key is missing or wrong", body = ErrorBody),
        (status = 409, description = "There is an order with that id already", body = ErrorBody),
        (status = 413, description = "Over 100 KiB", body = ErrorBody),
        (status = 429, description = "Too many wrong keys from this address", body = ErrorBody),
        (status = 500, description = "The database failed; with an id of your own, the same call is safe to repeat",
         body = ErrorBody),
    ))]
pub(super) async fn make(
    State(shops): State<Arc<Shops>>,
    Admitted(shop): Admitted,
    sample: Result<Query<Sample>, QueryRejection>,
    request: Request,
) -> Result<Response, Refused> {
    let Query(Sample { sample }) = sample.map_err(|error| Refused::Order(error.body_text()))?;
    let now = OffsetDateTime::now_utc();
    let ids = match sample {
        Some(sample) => {
            let count = sample
                .parse()
                .ok()
                .filter(|count| (1..=SAMPLE_LIMIT).contains(count))
                .ok_or_else(|| {
                    Refused::Order(format!("sample is a number from 1 to {SAMPLE_LIMIT}"))
                })?;
            let work = async move { shops.make_sample_orders(&shop, count, now).await };
            to_its_end(work).await?
        }
        None => {
            let given = read_json(request).await?;
            let orders = intake::new_orders(given, now).map_err(Refused::Faults)?;
            to_its_end(async move { shops.add_orders(&shop, orders, now).await }).await?
        }
    };
    Ok(json_text(
        StatusCode::CREATED,
        json!(MadeBody { ids }).to_string(),
    ))
}

/// Changes members of an order, which is pending again then, and announces it.
#[utoipa::path(patch, path = "/orders/{id}", tag = "orders", params(("id" = String, Path)),
    request_body(content = Object, description = "The members that change"),
    security(("bearer" = []), ("x-api-key" = []), ("x-sync-api-key" = [])),
    responses(
        (status = 200, body = ChangedBody),
        (status = 400, description = "No change of an order: details.faults says where", body = ErrorBody),
        (status = 401, description = "The key is missing or wrong", body = ErrorBody),
        (status = 404, description = "There is no such order", body = ErrorBody),
        (status = 413, description = "Over 100 KiB", body = ErrorBody),
        (status = 429, description = "Too many wrong keys from this address", body = ErrorBody),
        (status = 500, description = "The database failed", body = ErrorBody),
    ))]
pub(super) async fn change(
    State(shops): State<Arc<Shops>>,
    Admitted(shop): Admitted,
    id: Result<Path<String>, PathRejection>,
    request: Request,
) -> Result<Response, Refused> {
    let Path(id) = id.map_err(|_| Refused::NoOrder)?;
    let change = intake::change(read_json(request).await?, &id).map_err(Refused::Faults)?;
    changed(shops, shop, id, change).await
}

/// Cancels an order and announces it. Once more changes nothing.
#[utoipa::path(post, path = "/orders/{id}/cancel", tag = "orders", params(("id" = String, Path)),
    security(("bearer" = []), ("x-api-key" = []), ("x-sync-api-key" = [])),
    responses(
        (status = 200, body = ChangedBody),
        (status = 401, description = "The key is missing or wrong", body = ErrorBody),
        (status = 404, description = "There is no such order", body = ErrorBody),
        (status = 409, description = "It is delivered or completed already", body = ErrorBody),
        (status = 429, description = "Too many wrong keys from this address", body = ErrorBody),
        (status = 500, description = "The database failed", body = ErrorBody),
    ))]
pub(super) async fn cancel(
    State(shops): State<Arc<Shops>>,
    Admitted(shop): Admitted,
    id: Result<Path<String>, PathRejection>,
) -> Result<Response, Refused> {
    let Path(id) = id.map_err(|_| Refused::NoOrder)?;
    changed(shops, shop, id, Change::Cancel).await
}

async fn changed(
    shops: Arc<Shops>,
    shop: Shop,
    id: String,
    change: Change,
) -> Result<Response, Refused> {
    let now = OffsetDateTime::now_utc();
    let of = id.clone();
    let work = async move { shops.change_order(&shop, of, change, now).await };
    if !to_its_end(work).await? {
        return Err(Refused::NoOrder);
    }
    Ok(json_text(
        StatusCode::OK,
        json!(ChangedBody { id }).to_string(),
    ))
}
