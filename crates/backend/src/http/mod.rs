//! The HTTP side: pull and confirm, the till's way of making orders, and what whoever runs it looks at.

mod operations;
mod orders;
mod pull;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::keys::Shop;
use crate::metrics::Way;
use crate::refused::Refused;
use crate::shops::Shops;

/// The largest body that is read, in bytes.
const BODY_LIMIT: usize = 100 * 1024;
/// The headers other than `Authorization` in which a key may come.
const KEY_HEADERS: [&str; 2] = ["x-api-key", "x-sync-api-key"];

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "campana-backend",
        description = "Keeps a shop's orders until a client has confirmed them. Beside this, Socket.IO (protocol 5) \
                       at `/socket.io/`, namespace `/sync`, announces `changes:pending`.",
    ),
    modifiers(&KeySchemes),
)]
struct Description;

/// The three ways in which a key may come.
struct KeySchemes;

impl utoipa::Modify for KeySchemes {
    fn modify(&self, openapi: &mut OpenApi) {
        let components = openapi.components.get_or_insert_default();
        let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
        for name in KEY_HEADERS {
            let header = ApiKey::Header(ApiKeyValue::new(name));
            components.add_security_scheme(name, SecurityScheme::ApiKey(header));
        }
    }
}

/// All routes, and what describes them: both are made of the same list, so that neither has what the other has not.
fn described() -> OpenApiRouter<Arc<Shops>> {
    use utoipa::OpenApi as _;
    OpenApiRouter::with_openapi(Description::openapi())
        .routes(routes!(pull::pull, pull::confirm))
        .routes(routes!(pull::unified))
        .routes(routes!(orders::make))
        .routes(routes!(orders::change))
        .routes(routes!(orders::cancel))
        .routes(routes!(operations::health))
        .routes(routes!(operations::metrics))
        .routes(routes!(operations::clients))
        .routes(routes!(operations::notify))
        .routes(routes!(operations::description))
}

/// The description of all routes.
pub(crate) fn description() -> OpenApi {
    described().into_openapi()
}

pub(crate) fn router(shops: Arc<Shops>) -> Router {
    let (router, _) = described().split_for_parts();
    router
        .fallback(async || Refused::NotFound)
        .method_not_allowed_fallback(async || Refused::Method)
        .layer(from_fn_with_state(Arc::clone(&shops), count))
        .with_state(shops)
}

/// Counts and times every call.
async fn count(State(shops): State<Arc<Shops>>, request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    // Anybody may make up a method, and each would be counted for ever.
    let method = match method.as_str() {
        known @ ("GET" | "HEAD" | "POST" | "PATCH" | "PUT" | "DELETE" | "OPTIONS") => known,
        _ => "other",
    };
    let (status, took) = (response.status().as_u16(), began.elapsed());
    shops.metrics.call(method, route, status, took);
    tracing::debug!(method, route, status, ?took, "answered");
    response
}

/// Proof that the call carried a right key, and whose.
struct Admitted(Shop);

impl FromRequestParts<Arc<Shops>> for Admitted {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, shops: &Arc<Shops>) -> Result<Self, Refused> {
        let ConnectInfo(from) = ConnectInfo::<SocketAddr>::from_request_parts(parts, shops)
            .await
            .map_err(|_| Refused::Sync("the caller has no address".into()))?;
        let shop = shops.admit(key_in(&parts.headers), from.ip(), Way::Http)?;
        Ok(Self(shop))
    }
}

/// The key, in whichever of the three headers it came.
fn key_in(headers: &HeaderMap) -> Option<&str> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    text(header::AUTHORIZATION.as_str())
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, key)| key.trim())
        .or_else(|| KEY_HEADERS.into_iter().find_map(text))
}

fn json_text(status: StatusCode, text: String) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json; charset=utf-8")];
    (status, json, text).into_response()
}

/// The body, or nothing if it is over the limit.
async fn body_of(body: Body) -> Option<Bytes> {
    axum::body::to_bytes(body, BODY_LIMIT).await.ok()
}
