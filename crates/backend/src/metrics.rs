//! What the backend counts, for Prometheus. Nothing here names a shop, a client or an order.

use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// The content type of [`Metrics::text`].
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Seconds, for the time of an answer.
const SECONDS: [f64; 10] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0];

/// How a call went.
#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Call {
    method: String,
    /// The route, never the address that was called: that may hold an identifier.
    route: String,
    status: u16,
}

/// Over which of the two ways a key came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Http,
    Socket,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct WayLabel {
    way: &'static str,
}

/// All of it.
#[derive(Debug)]
pub(crate) struct Metrics {
    registry: Registry,
    calls: Family<Call, Counter>,
    seconds: Histogram,
    wrong_keys: Family<WayLabel, Counter>,
    pub(crate) orders: Counter,
    pub(crate) changes: Counter,
    pub(crate) confirmed: Counter,
    pub(crate) not_confirmed: Counter,
    pub(crate) announcements: Counter,
    pub(crate) announced_again: Counter,
    clients: Gauge,
    pending: Gauge,
    redis: Gauge,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("campana"),
            calls: Family::default(),
            seconds: Histogram::new(SECONDS),
            wrong_keys: Family::default(),
            orders: Counter::default(),
            changes: Counter::default(),
            confirmed: Counter::default(),
            not_confirmed: Counter::default(),
            announcements: Counter::default(),
            announced_again: Counter::default(),
            clients: Gauge::default(),
            pending: Gauge::default(),
            redis: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register(
            "http_requests",
            "Calls over HTTP, less Socket.IO",
            metrics.calls.clone(),
        );
        registry.register(
            "http_request_seconds",
            "From a call to its answer",
            metrics.seconds.clone(),
        );
        registry.register(
            "wrong_keys",
            "Keys that were refused",
            metrics.wrong_keys.clone(),
        );
        for (name, help, counter) in [
            ("orders", "Orders that were taken", &metrics.orders),
            ("changes", "Orders that were changed", &metrics.changes),
            (
                "confirmed",
                "Orders and customers that were confirmed",
                &metrics.confirmed,
            ),
            (
                "not_confirmed",
                "What could not be confirmed",
                &metrics.not_confirmed,
            ),
            (
                "announcements",
                "Announcements to a shop's clients",
                &metrics.announcements,
            ),
            (
                "announced_again",
                "Announcements of what nobody had fetched",
                &metrics.announced_again,
            ),
        ] {
            registry.register(name, help, counter.clone());
        }
        for (name, help, gauge) in [
            (
                "connected_clients",
                "Clients of this process",
                &metrics.clients,
            ),
            (
                "pending_orders",
                "Orders that are not confirmed, in all shops; -1 if the database does not say",
                &metrics.pending,
            ),
            (
                "redis_reached",
                "1 if Redis answers, 0 if not or if there is none",
                &metrics.redis,
            ),
        ] {
            registry.register(name, help, gauge.clone());
        }
        metrics
    }

    pub(crate) fn call(&self, method: &str, route: &str, status: u16, took: Duration) {
        let call = Call {
            method: method.to_owned(),
            route: route.to_owned(),
            status,
        };
        self.calls.get_or_create(&call).inc();
        self.seconds.observe(took.as_secs_f64());
    }

    pub(crate) fn wrong_key(&self, way: Way) {
        let way = match way {
            Way::Http => "http",
            Way::Socket => "socket",
        };
        self.wrong_keys.get_or_create(&WayLabel { way }).inc();
    }

    /// The text for Prometheus, with what is so just now.
    pub(crate) fn text(&self, clients: usize, pending: Option<i64>, redis_reached: bool) -> String {
        self.clients.set(i64::try_from(clients).unwrap_or(i64::MAX));
        self.pending.set(pending.unwrap_or(-1));
        self.redis.set(redis_reached.into());
        let mut text = String::new();
        // Writing to a String cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}
