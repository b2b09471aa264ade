//! A client of the namespace over WebSocket, as small as can be.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use campana_contract::event::{CHANGES_PENDING, NAMESPACE, ORDERS_PENDING, SYNC_ORDERS};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedSender;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::backend::KEY;

/// How long the server may take to answer a client that comes.
const PATIENCE: Duration = Duration::from_secs(60);
/// From one attempt to come again to the next.
const PAUSE: Duration = Duration::from_millis(250);

/// What a client tells.
pub enum Told {
    /// Something is pending.
    Hint(Instant),
    /// It came again after its connection was lost: the orders that it then finds, and when.
    Back(Instant, Vec<String>),
}

/// How many of a kind there are just now.
pub type Count = Arc<AtomicUsize>;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Connects and joins.
async fn join(server: SocketAddr) -> anyhow::Result<Socket> {
    let url = format!("ws://{server}/socket.io/?EIO=4&transport=websocket");
    let joining = async {
        let (mut socket, _) = connect_async(url).await?;
        next(&mut socket).await?;
        let auth = json!({"apiKey": KEY});
        send(&mut socket, format!("40{NAMESPACE},{auth}")).await?;
        let answer = next(&mut socket).await?;
        if !answer.starts_with(&format!("40{NAMESPACE},")) {
            bail!("not admitted: {answer}");
        }
        Ok(socket)
    };
    tokio::time::timeout(PATIENCE, joining)
        .await
        .context("the server does not answer")?
}

async fn send(socket: &mut Socket, packet: String) -> anyhow::Result<()> {
    Ok(socket.send(Message::text(packet)).await?)
}

/// The next packet that is no ping.
async fn next(socket: &mut Socket) -> anyhow::Result<String> {
    loop {
        let message = socket.next().await.context("the connection ended")??;
        let Message::Text(packet) = message else {
            continue;
        };
        match packet.as_str() {
            "2" => send(socket, "3".into()).await?,
            packet => return Ok(packet.to_owned()),
        }
    }
}

/// Asks for the rows, and waits for them; hints before that are told.
async fn rows(socket: &mut Socket, tell: &UnboundedSender<Told>) -> anyhow::Result<Vec<String>> {
    send(socket, format!(r#"42{NAMESPACE},["{SYNC_ORDERS}"]"#)).await?;
    loop {
        let packet = next(socket).await?;
        let event = packet.split_once(',').map_or("", |(_, event)| event);
        let event: Value = serde_json::from_str(event)?;
        if event.get(0).and_then(Value::as_str) == Some(ORDERS_PENDING) {
            let orders = event.pointer("/1/orders").and_then(Value::as_array);
            return Ok(orders
                .context("the answer has no orders")?
                .iter()
                .filter_map(|order| Some(order.get("id")?.as_str()?.to_owned()))
                .collect());
        }
        // Whoever counts may have gone.
        let _ = tell.send(Told::Hint(Instant::now()));
    }
}

/// Joins, and tells what it hears until it is dropped; comes again when its connection is lost. `joined` counts those
/// that are connected.
///
/// # Errors
/// When it cannot join the first time.
pub async fn run(
    server: SocketAddr,
    joined: Count,
    tell: UnboundedSender<Told>,
) -> anyhow::Result<()> {
    let mut socket = join(server).await?;
    let hint = format!(r#"42{NAMESPACE},["{CHANGES_PENDING}"]"#);
    loop {
        joined.fetch_add(1, Ordering::Relaxed);
        while let Ok(packet) = next(&mut socket).await {
            if packet == hint && tell.send(Told::Hint(Instant::now())).is_err() {
                return Ok(());
            }
        }
        joined.fetch_sub(1, Ordering::Relaxed);
        let (again, found) = loop {
            tokio::time::sleep(PAUSE).await;
            if let Ok(mut again) = join(server).await
                && let Ok(found) = rows(&mut again, &tell).await
            {
                break (again, found);
            }
        };
        socket = again;
        if tell.send(Told::Back(Instant::now(), found)).is_err() {
            return Ok(());
        }
    }
}
