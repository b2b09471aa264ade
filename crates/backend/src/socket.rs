//! The `/sync` namespace: who is admitted, and the answer to `sync:orders`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ConnectInfo;
use campana_contract::Refusal;
use campana_contract::event::{NAMESPACE, ORDERS_PENDING, SYNC_ORDERS};
use serde_json::{Value, json};
use socketioxide::adapter::Emitter;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::layer::SocketIoLayer;
use socketioxide::socket::DisconnectReason;
use socketioxide_redis::{CustomRedisAdapter, InitError, RedisAdapterConfig, RedisAdapterCtr};
use time::OffsetDateTime;

use crate::intake::wire_time;
use crate::keys::Shop;
use crate::metrics::Way;
use crate::redis::Carrier;
use crate::shops::{KeyRefused, Shops};

/// Announcements that may wait to be passed on to the clients of this process.
const WAITING: usize = 16_384;

type Adapter = CustomRedisAdapter<Emitter, Carrier>;
/// Socket.IO, with or without other processes.
pub(crate) type SocketIo = socketioxide::SocketIo<Adapter>;
type Socket = SocketRef<Adapter>;

/// The Socket.IO side with the heartbeat of the contract.
pub(crate) fn layer(carrier: Carrier) -> (SocketIoLayer<Adapter>, SocketIo) {
    let config = RedisAdapterConfig::new()
        .with_prefix("campana")
        .with_stream_buffer(WAITING);
    socketioxide::SocketIo::builder()
        .ping_interval(Duration::from_secs(25))
        .ping_timeout(Duration::from_secs(20))
        .with_adapter::<Adapter>(RedisAdapterCtr::new_with_driver(carrier, config))
        .build_layer()
}

/// The text that the client receives as `{"message": ...}`.
#[derive(Debug)]
enum NotAdmitted {
    Refused(Refusal),
    /// Too many wrong keys.
    TooMany(KeyRefused),
}

impl std::fmt::Display for NotAdmitted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => formatter.write_str(refusal.message()),
            Self::TooMany(refused) => refused.fmt(formatter),
        }
    }
}

impl From<KeyRefused> for NotAdmitted {
    fn from(refused: KeyRefused) -> Self {
        match refused {
            KeyRefused::Missing => Self::Refused(Refusal::KeyRequired),
            KeyRefused::Wrong => Self::Refused(Refusal::InvalidKey),
            KeyRefused::TooMany(_) => Self::TooMany(refused),
        }
    }
}

/// From where a client comes.
fn address_of(socket: &Socket) -> IpAddr {
    let from = socket
        .req_parts()
        .extensions
        .get::<ConnectInfo<SocketAddr>>();
    from.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |from| from.0.ip())
}

/// Who may come in. The orders are tried too: a client that joins may rely on being able to pull.
async fn admit(shops: &Shops, from: IpAddr, auth: Option<Value>) -> Result<Shop, NotAdmitted> {
    let key = match auth.as_ref().and_then(|auth| auth.get("apiKey")) {
        None | Some(Value::Null) => None,
        Some(Value::String(key)) => Some(key.as_str()),
        // No key at all, but there is one: a number is as wrong as any other.
        Some(_) => Some("\0"),
    };
    let shop = shops.admit(key, from, Way::Socket)?;
    shops.count_pending().await.map_err(|error| {
        tracing::warn!(%error, "a client was not admitted");
        NotAdmitted::Refused(Refusal::AuthenticationFailed)
    })?;
    Ok(shop)
}

async fn answer_pending(shops: &Shops, shop: &Shop, socket: &Socket) {
    match shops.rows(shop).await {
        Ok(orders) => {
            let answer = json!({"count": orders.len(), "orders": orders});
            if let Err(error) = socket.emit(ORDERS_PENDING, &answer) {
                tracing::debug!(%error, "an answer did not reach its client");
            }
        }
        Err(error) => tracing::warn!(%error, "a question about pending orders has no answer"),
    }
}

/// Opens the namespace. Nothing is announced on connect.
///
/// # Errors
/// When the other processes cannot be heard.
pub(crate) async fn open_namespace(shops: &Arc<Shops>) -> Result<(), InitError<Carrier>> {
    // Weak: the namespace lives inside the shops' own Socket.IO side.
    let for_guard = Arc::downgrade(shops);
    let for_clients = Arc::downgrade(shops);
    let guard = move |socket: Socket, TryData(auth): TryData<Value>| {
        let weak = for_guard.clone();
        async move {
            let shop = match weak.upgrade() {
                Some(shops) => admit(&shops, address_of(&socket), auth.ok()).await?,
                None => return Err(NotAdmitted::Refused(Refusal::AuthenticationFailed)),
            };
            // All of this before the client is told that it joined: it may ask, and an order may be made, in the
            // same moment.
            socket.join(shop.room());
            socket.extensions.insert(shop.clone());
            socket.on(SYNC_ORDERS, move |socket: Socket| async move {
                if let Some(shops) = weak.upgrade() {
                    answer_pending(&shops, &shop, &socket).await;
                }
            });
            Ok(())
        }
    };
    let joined = move |socket: Socket| {
        let weak = for_clients.clone();
        async move {
            let (Some(shops), Some(shop)) = (weak.upgrade(), socket.extensions.get::<Shop>())
            else {
                return;
            };
            // First: it may have gone before it is remembered.
            socket.on_disconnect(async move |socket: Socket, reason: DisconnectReason| {
                tracing::debug!(id = %socket.id, ?reason, "client disconnected");
                if let Some(shops) = weak.upgrade() {
                    shops.clients.left(socket.id.as_str(), shops.redis()).await;
                }
            });
            let since = wire_time(OffsetDateTime::now_utc());
            shops
                .clients
                .joined(socket.id.to_string(), &shop, since, shops.redis())
                .await;
            tracing::debug!(id = %socket.id, shop = shop.name(), "client connected");
            if !socket.connected() {
                shops.clients.left(socket.id.as_str(), shops.redis()).await;
            }
        }
    };
    shops.io().ns(NAMESPACE, joined.with(guard)).await
}
