//! The `/sync` namespace: who is admitted, and the answer to `sync:orders`.

use std::sync::Arc;
use std::time::Duration;

use campana_contract::Refusal;
use campana_contract::event::{NAMESPACE, ORDERS_PENDING, SYNC_ORDERS};
use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::ConnectHandler;
use socketioxide::layer::SocketIoLayer;
use socketioxide::socket::DisconnectReason;

use crate::shop::Shop;

/// The Socket.IO side with the heartbeat of the contract.
pub(crate) fn layer() -> (SocketIoLayer, SocketIo) {
    SocketIo::builder()
        .ping_interval(Duration::from_secs(25))
        .ping_timeout(Duration::from_secs(20))
        .build_layer()
}

/// The text that the client receives as `{"message": ...}`.
#[derive(Debug)]
struct NotAdmitted(Refusal);

impl std::fmt::Display for NotAdmitted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.0.message())
    }
}

/// Who may come in. The orders are tried too: a client that joins may rely on being able to pull.
async fn admit(shop: &Shop, auth: Option<Value>) -> Result<(), NotAdmitted> {
    let key = auth.as_ref().and_then(|auth| auth.get("apiKey"));
    match key {
        None | Some(Value::Null) => return Err(NotAdmitted(Refusal::KeyRequired)),
        Some(Value::String(key)) if key.is_empty() => {
            return Err(NotAdmitted(Refusal::KeyRequired));
        }
        Some(Value::String(key)) if shop.key_is_right(key) => {}
        Some(_) => return Err(NotAdmitted(Refusal::InvalidKey)),
    }
    shop.check().await.map_err(|error| {
        tracing::warn!(%error, "a client was not admitted");
        NotAdmitted(Refusal::AuthenticationFailed)
    })
}

async fn answer_pending(shop: &Shop, socket: &SocketRef) {
    match shop.rows().await {
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
pub(crate) fn open_namespace(shop: &Arc<Shop>) {
    // Weak: the namespace lives inside the shop's own Socket.IO side.
    let for_guard = Arc::downgrade(shop);
    let for_clients = Arc::downgrade(shop);
    let guard = move |socket: SocketRef, TryData(auth): TryData<Value>| {
        let shop = for_guard.clone();
        async move {
            match shop.upgrade() {
                Some(shop) => admit(&shop, auth.ok()).await?,
                None => return Err(NotAdmitted(Refusal::AuthenticationFailed)),
            }
            // Before the client is told that it joined: it may ask in the same moment.
            socket.on(SYNC_ORDERS, move |socket: SocketRef| async move {
                if let Some(shop) = shop.upgrade() {
                    answer_pending(&shop, &socket).await;
                }
            });
            Ok(())
        }
    };
    let joined = move |socket: SocketRef| {
        let shop = for_clients.clone();
        async move {
            if let Some(shop) = shop.upgrade() {
                let clients = shop.connected_clients();
                tracing::debug!(id = %socket.id, clients, "client connected");
            }
            socket.on_disconnect(async |socket: SocketRef, reason: DisconnectReason| {
                tracing::debug!(id = %socket.id, ?reason, "client disconnected");
            });
        }
    };
    shop.io().ns(NAMESPACE, joined.with(guard));
}
