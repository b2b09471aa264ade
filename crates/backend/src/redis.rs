//! The connection to Redis, over which the processes of one backend tell each other of what is new.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, ConnectionInfo, IntoConnectionInfo as _, ProtocolVersion, PushInfo, PushKind};
use secrecy::{ExposeSecret, SecretString};
use socketioxide_redis::drivers::{ChanItem, Driver, MessageStream};
use tokio::sync::mpsc;

/// How long an answer, or a new connection, may take.
const PATIENCE: Duration = Duration::from_secs(1);
/// Between two attempts to connect, at first.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// Where Redis is.
#[derive(Clone, Debug)]
pub struct RedisPlace {
    /// `REDIS_HOST`.
    pub host: String,
    /// `REDIS_PORT`.
    pub port: u16,
    /// `REDIS_PASSWORD`.
    pub password: Option<SecretString>,
}

/// Redis cannot be used just now; technical words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum RedisError {
    #[error("Redis is away")]
    Away,
    #[error(transparent)]
    Redis(#[from] redis::RedisError),
}

type Channels = Arc<RwLock<HashMap<String, mpsc::Sender<ChanItem>>>>;

/// One connection for everything; it comes back by itself, with its subscriptions, as often as Redis does.
#[derive(Clone, Debug)]
pub(crate) struct Redis {
    connection: ConnectionManager,
    channels: Channels,
    /// Whether the last that was heard of it is good. While it is not, nothing waits for Redis.
    reached: Arc<AtomicBool>,
}

fn connection_info(place: &RedisPlace) -> Result<ConnectionInfo, redis::RedisError> {
    let mut about = redis::RedisConnectionInfo::default().set_protocol(ProtocolVersion::RESP3);
    if let Some(password) = &place.password {
        about = about.set_password(password.expose_secret());
    }
    let address = (place.host.as_str(), place.port).into_connection_info()?;
    Ok(address.set_redis_settings(about))
}

/// Remembers that Redis does not answer, and says so the first time.
fn lost(reached: &AtomicBool) {
    if reached.swap(false, Ordering::Relaxed) {
        tracing::warn!("Redis is away: orders are looked for in the database");
    }
}

/// Gives a message to whoever subscribed its channel.
fn deliver(push: PushInfo, channels: &Channels) {
    let mut data = push.data.into_iter();
    let (Some(channel), Some(message)) = (data.next(), data.next()) else {
        return;
    };
    let (Ok(channel), Ok(message)) = (
        redis::from_redis_value::<String>(channel),
        redis::from_redis_value::<Vec<u8>>(message),
    ) else {
        return;
    };
    let channels = channels.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(stream) = channels.get(&channel)
        && stream.try_send((channel, message)).is_err()
    {
        tracing::warn!("more announcements come from Redis than can be passed on");
    }
}

impl Redis {
    /// Connects.
    pub(crate) async fn connect(place: &RedisPlace) -> Result<Self, redis::RedisError> {
        let channels = Channels::default();
        let reached = Arc::new(AtomicBool::new(true));
        let (to_channels, of_reached) = (Arc::clone(&channels), Arc::clone(&reached));
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_min_delay(FIRST_PAUSE)
            .set_number_of_retries(1)
            .set_automatic_resubscription()
            .set_push_sender(move |push: PushInfo| {
                if push.kind == PushKind::Message {
                    deliver(push, &to_channels);
                } else if push.kind == PushKind::Disconnection {
                    lost(&of_reached);
                }
                Ok::<(), std::convert::Infallible>(())
            });
        let client = Client::open(connection_info(place)?)?;
        let connection = ConnectionManager::new_with_config(client, config).await?;
        Ok(Self {
            connection,
            channels,
            reached,
        })
    }

    /// Whether it answered when it was last asked.
    pub(crate) fn is_reached(&self) -> bool {
        self.reached.load(Ordering::Relaxed)
    }

    /// Remembers that it answers.
    pub(crate) fn came_back(&self) {
        self.reached.store(true, Ordering::Relaxed);
        tracing::info!("Redis is back");
    }

    /// Sends a command or a list of them, also while Redis is away.
    pub(crate) async fn ask<T: redis::FromRedisValue>(
        &self,
        commands: &redis::Pipeline,
    ) -> Result<T, RedisError> {
        let mut connection = self.connection.clone();
        let asked = tokio::time::timeout(PATIENCE, commands.query_async(&mut connection)).await;
        match asked {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                lost(&self.reached);
                Err(error.into())
            }
            Err(_) => {
                lost(&self.reached);
                Err(RedisError::Away)
            }
        }
    }

    /// Subscribes all channels once more: Redis forgets them when it ends, and a connection that came back while
    /// Redis still read its file could not tell it.
    pub(crate) async fn subscribe_again(&self) -> Result<(), RedisError> {
        let channels: Vec<String> = {
            let channels = self.channels.read().unwrap_or_else(PoisonError::into_inner);
            channels.keys().cloned().collect()
        };
        if channels.is_empty() {
            return Ok(());
        }
        let mut connection = self.connection.clone();
        tokio::time::timeout(PATIENCE, connection.subscribe(channels))
            .await
            .map_err(|_| RedisError::Away)??;
        Ok(())
    }
}

/// What carries announcements to the other processes, if there are any.
#[derive(Clone, Debug)]
pub(crate) enum Carrier {
    /// There are none.
    Alone,
    Redis(Redis),
}

impl Carrier {
    pub(crate) fn redis(&self) -> Option<&Redis> {
        match self {
            Self::Alone => None,
            Self::Redis(redis) => Some(redis),
        }
    }
}

impl Driver for Carrier {
    type Error = RedisError;

    async fn publish(&self, channel: String, message: Vec<u8>) -> Result<(), RedisError> {
        let Some(redis) = self.redis() else {
            return Ok(());
        };
        if !redis.is_reached() {
            return Err(RedisError::Away);
        }
        let mut publish = redis::pipe();
        publish.cmd("PUBLISH").arg(channel).arg(message).ignore();
        redis.ask(&publish).await
    }

    async fn subscribe(
        &self,
        channel: String,
        size: usize,
    ) -> Result<MessageStream<ChanItem>, RedisError> {
        let Some(redis) = self.redis() else {
            return Ok(MessageStream::new_empty());
        };
        let (sender, receiver) = mpsc::channel(size);
        redis
            .channels
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(channel.clone(), sender);
        redis.connection.clone().subscribe(channel).await?;
        Ok(MessageStream::new(receiver))
    }

    async fn unsubscribe(&self, channel: String) -> Result<(), RedisError> {
        let Some(redis) = self.redis() else {
            return Ok(());
        };
        redis
            .channels
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&channel);
        if redis.is_reached() {
            redis.connection.clone().unsubscribe(channel).await?;
        }
        Ok(())
    }

    async fn num_serv(&self, channel: &str) -> Result<u16, RedisError> {
        let Some(redis) = self.redis() else {
            return Ok(1);
        };
        let mut count = redis::pipe();
        count.cmd("PUBSUB").arg("NUMSUB").arg(channel);
        let ((_, count),): ((String, u16),) = redis.ask(&count).await?;
        Ok(count)
    }
}
