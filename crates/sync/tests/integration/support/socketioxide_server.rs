//! A server by `socketioxide`, in this process.

use serde_json::{Value, json};
use socketioxide::SocketIo;
use socketioxide::extract::{SocketRef, TryData};
use socketioxide::handler::ConnectHandler;

use super::KEY;

#[derive(Debug, thiserror::Error)]
#[error("Invalid API key")]
struct WrongKey;

/// Starts it; its address and its handle. It hints as soon as somebody has joined, in
/// socketioxide's shape, and answers `sync:orders`.
pub async fn socketioxide_server() -> (String, SocketIo) {
    let (layer, io) = SocketIo::new_layer();
    let admit = async |TryData(auth): TryData<Value>| match auth {
        Ok(auth) if auth["apiKey"] == KEY => Ok(()),
        Ok(_) | Err(_) => Err(WrongKey),
    };
    let joined = async |socket: SocketRef| {
        socket.on("sync:orders", async |socket: SocketRef| {
            let _ = socket.emit("orders:pending", &json!({"count": 3, "orders": []}));
        });
        let _ = socket.emit("changes:pending", &());
    };
    io.ns("/sync", joined.with(admit));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = axum::Router::new().layer(layer);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, io)
}
