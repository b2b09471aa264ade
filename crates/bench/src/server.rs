//! The server that every peer is measured against: the contract in memory, with a clock beside it.

use std::collections::{BTreeMap, HashMap};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use campana_contract::PAGE_LIMIT;
use campana_contract::event::{CHANGES_PENDING, NAMESPACE, ORDERS_PENDING, SYNC_ORDERS};
use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::SocketRef;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;
use tokio::task::JoinHandle;

use crate::orders::{Made, page_of};

/// The key that the server takes.
pub const KEY: &str = "llave-de-las-medidas-51d2";

/// Hints that may wait to be sent to one client.
const BURST: usize = 20_000;

/// Members of an order that the answer to `sync:orders` leaves out.
const NOT_IN_ROWS: [&str; 4] = ["customer", "orderItems", "deliveryInfo", "payments"];

/// A running server; ends when dropped.
#[derive(Debug)]
pub struct Server {
    /// `http://…`, as a client takes it.
    pub url: String,
    shop: Arc<Shop>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Shop {
    pending: Mutex<Pending>,
    io: SocketIo,
    changed: Notify,
}

#[derive(Debug, Default)]
struct Pending {
    orders: List,
    customers: List,
    confirmed: HashMap<String, Instant>,
    calls: Vec<Call>,
}

/// What waits to be confirmed, oldest first.
#[derive(Debug, Default)]
struct List {
    next: u64,
    bodies: BTreeMap<u64, String>,
    places: HashMap<String, u64>,
}

/// A call for the page.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// When it came.
    pub at: Instant,
    /// It confirmed something.
    pub confirms: bool,
}

impl Server {
    /// Starts on a free port of the current runtime.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start() -> anyhow::Result<Self> {
        let (layer, io) = SocketIo::builder()
            .ping_interval(Duration::from_secs(25))
            .ping_timeout(Duration::from_secs(20))
            .max_buffer_size(BURST)
            .build_layer();
        let shop = Arc::new(Shop {
            pending: Mutex::default(),
            io,
            changed: Notify::new(),
        });
        open_namespace(&shop);
        let router = Router::new()
            .route("/sync/pull-changes", get(pull).post(confirm))
            .with_state(Arc::clone(&shop))
            .layer(layer);
        let listener = tokio::net::TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .context("no port")?;
        let url = format!("http://{}", listener.local_addr()?);
        let serving = tokio::spawn(async move {
            use axum::serve::ListenerExt as _;
            // As Node's server does.
            let listener = listener.tap_io(|stream| {
                let _ = stream.set_nodelay(true);
            });
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { url, shop, serving })
    }

    /// Takes orders and says nothing.
    pub fn take(&self, orders: Vec<Made>) {
        let mut pending = self.shop.lock();
        for order in orders {
            pending.orders.push(order.id, order.body);
            if let Some((id, body)) = order.customer {
                pending.customers.push(id, body);
            }
        }
    }

    /// Emits `changes:pending`; when that began.
    ///
    /// # Errors
    /// When it cannot be emitted.
    pub async fn announce(&self) -> anyhow::Result<Instant> {
        let namespace = self.shop.io.of(NAMESPACE).context("no namespace")?;
        let at = Instant::now();
        namespace
            .emit(CHANGES_PENDING, &[(); 0])
            .await
            .map_err(|error| anyhow::anyhow!("{error}"))?;
        Ok(at)
    }

    /// When the confirmation of this order came, if it did.
    pub fn confirmed_at(&self, id: &str) -> Option<Instant> {
        self.shop.lock().confirmed.get(id).copied()
    }

    /// How many orders wait to be confirmed.
    pub fn pending(&self) -> usize {
        self.shop.lock().orders.bodies.len()
    }

    /// The calls so far.
    pub fn calls(&self) -> Vec<Call> {
        self.shop.lock().calls.clone()
    }

    /// Waits until a call has come that changed what [`Self::pending`] and [`Self::calls`] tell, from now on.
    pub fn changed(&self) -> Notified<'_> {
        self.shop.changed.notified()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Shop {
    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn called(&self, confirms: bool) -> MutexGuard<'_, Pending> {
        let mut pending = self.lock();
        let at = Instant::now();
        pending.calls.push(Call { at, confirms });
        pending
    }

    fn rows(&self) -> Vec<Value> {
        let bodies: Vec<String> = self.lock().orders.bodies.values().cloned().collect();
        let rows = bodies.iter().filter_map(|body| {
            let mut row: serde_json::Map<String, Value> = serde_json::from_str(body).ok()?;
            row.retain(|name, _| !NOT_IN_ROWS.contains(&name.as_str()));
            Some(Value::Object(row))
        });
        rows.collect()
    }
}

impl List {
    fn push(&mut self, id: String, body: String) {
        self.bodies.insert(self.next, body);
        self.places.insert(id, self.next);
        self.next += 1;
    }

    fn remove(&mut self, id: &str) {
        if let Some(place) = self.places.remove(id) {
            self.bodies.remove(&place);
        }
    }

    fn page(&self) -> impl Iterator<Item = &str> {
        self.bodies.values().take(PAGE_LIMIT).map(String::as_str)
    }
}

impl Pending {
    fn page(&self) -> String {
        page_of(self.orders.page(), self.customers.page())
    }
}

fn open_namespace(shop: &Arc<Shop>) {
    // Weak: the namespace lives inside the shop's own Socket.IO side.
    let weak = Arc::downgrade(shop);
    let joined = move |socket: SocketRef| {
        let weak = weak.clone();
        async move {
            socket.on(SYNC_ORDERS, move |socket: SocketRef| async move {
                let Some(shop) = weak.upgrade() else { return };
                let rows = shop.rows();
                let _ = socket.emit(
                    ORDERS_PENDING,
                    &json!({"count": rows.len(), "orders": rows}),
                );
            });
        }
    };
    shop.io.ns(NAMESPACE, joined);
}

fn is_admitted(headers: &HeaderMap) -> bool {
    headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        == Some(KEY)
}

fn answer(page: String) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], page).into_response()
}

async fn pull(State(shop): State<Arc<Shop>>, headers: HeaderMap) -> Response {
    if !is_admitted(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let page = shop.called(false).page();
    shop.changed.notify_waiters();
    answer(page)
}

async fn confirm(State(shop): State<Arc<Shop>>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_admitted(&headers) {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let Ok(body) = serde_json::from_slice::<Value>(&body) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    let list = |name: &str| {
        body.get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let page = {
        let mut pending = shop.called(true);
        let at = Instant::now();
        for order in list("confirmedOrders") {
            if let Some(id) = order.get("orderId").and_then(Value::as_str) {
                pending.orders.remove(id);
                pending.confirmed.insert(id.to_owned(), at);
            }
        }
        for id in list("confirmedCustomerIds").filter_map(Value::as_str) {
            pending.customers.remove(id);
        }
        pending.page()
    };
    shop.changed.notify_waiters();
    answer(page)
}
