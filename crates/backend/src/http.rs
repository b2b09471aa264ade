//! The HTTP side: pull, confirm, and the till's way of making orders.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, patch, post};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::refused::Refused;
use crate::shop::Shop;
use crate::store::Confirmed;

/// The largest body that is read, in bytes.
const BODY_LIMIT: usize = 100 * 1024;
/// The most sample orders that one call makes.
const SAMPLE_LIMIT: usize = 1000;

pub(crate) fn router(shop: Arc<Shop>) -> Router {
    Router::new()
        .route("/sync/pull-changes", get(pull).post(confirm))
        .route("/orders", post(make_orders))
        .route("/orders/{id}", patch(change_order))
        .fallback(async || Refused::NotFound)
        .method_not_allowed_fallback(async || Refused::Method)
        .with_state(shop)
}

/// Proof that the call carried the right key.
struct Admitted;

impl FromRequestParts<Arc<Shop>> for Admitted {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shop: &Arc<Shop>) -> Result<Self, Refused> {
        let key = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, key)| scheme.eq_ignore_ascii_case("bearer") && !key.is_empty())
            .map(|(_, key)| key)
            .ok_or(Refused::KeyMissing)?;
        if shop.key_is_right(key) {
            Ok(Self)
        } else {
            Err(Refused::KeyWrong)
        }
    }
}

fn json_text(status: StatusCode, text: String) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, json, text).into_response()
}

async fn body_of(body: Body) -> Result<Bytes, Refused> {
    axum::body::to_bytes(body, BODY_LIMIT)
        .await
        .map_err(|_| Refused::Sync("request entity too large".into()))
}

/// What a call confirms. An empty body, a list or another content type confirms nothing.
fn confirmation_in(headers: &HeaderMap, body: &[u8]) -> Result<Confirmed, Refused> {
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
    if !is_json || body.trim_ascii().is_empty() {
        return Ok(Confirmed::default());
    }
    let mut body: Value =
        serde_json::from_slice(body).map_err(|_| Refused::Sync("the body is not JSON".into()))?;
    let mut list = |name: &str| match body.get_mut(name).map(Value::take) {
        Some(Value::Array(list)) => list,
        Some(_) | None => Vec::new(),
    };
    Ok(Confirmed {
        orders: list("confirmedOrders"),
        customers: list("confirmedCustomerIds"),
    })
}

async fn pull(State(shop): State<Arc<Shop>>, _: Admitted) -> Result<Response, Refused> {
    let page = shop.confirm_and_pull(Confirmed::default()).await?;
    Ok(json_text(StatusCode::OK, page))
}

async fn confirm(
    State(shop): State<Arc<Shop>>,
    _: Admitted,
    request: Request,
) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let confirmed = confirmation_in(&parts.headers, &body_of(body).await?)?;
    let page = shop.confirm_and_pull(confirmed).await?;
    Ok(json_text(StatusCode::OK, page))
}

/// The question part of `POST /orders`.
#[derive(Deserialize)]
struct Sample {
    sample: Option<String>,
}

async fn make_orders(
    State(shop): State<Arc<Shop>>,
    _: Admitted,
    Query(Sample { sample }): Query<Sample>,
    request: Request,
) -> Result<Response, Refused> {
    let ids = match sample {
        Some(sample) => {
            let count = sample
                .parse()
                .ok()
                .filter(|count| (1..=SAMPLE_LIMIT).contains(count))
                .ok_or_else(|| {
                    Refused::Order(format!("sample is a number from 1 to {SAMPLE_LIMIT}"))
                })?;
            shop.make_sample_orders(count).await?
        }
        None => {
            let given = read_json(request).await?;
            let orders = match given.as_array() {
                Some(orders) => orders.clone(),
                None => vec![given],
            };
            shop.add_orders(orders).await?
        }
    };
    Ok(json_text(
        StatusCode::CREATED,
        json!({"ids": ids}).to_string(),
    ))
}

async fn change_order(
    State(shop): State<Arc<Shop>>,
    _: Admitted,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Refused> {
    let Value::Object(change) = read_json(request).await? else {
        return Err(Refused::Order("a change is a JSON object".into()));
    };
    if !shop.edit_order(id.clone(), change).await? {
        return Err(Refused::NotFound);
    }
    Ok(json_text(StatusCode::OK, json!({"id": id}).to_string()))
}

async fn read_json(request: Request) -> Result<Value, Refused> {
    let body = body_of(request.into_body()).await?;
    serde_json::from_slice(&body).map_err(|_| Refused::Order("the body is not JSON".into()))
}
