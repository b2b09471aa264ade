//! Who is connected: here, and with Redis in every process of the backend.
//!
//! Redis has them in the hash `sync:connected_clients`, socket id → client. Each process vouches for its own with a
//! key that runs out; what a process left behind that died is removed by the others.

use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::keys::Shop;
use crate::redis::{Redis, RedisError};

/// The hash of connected clients, as the guide's backend has it.
const CLIENTS: &str = "sync:connected_clients";
/// The set of processes.
const PROCESSES: &str = "sync:processes";
/// From one sign of life of a process to the next.
pub(crate) const SIGN_OF_LIFE: Duration = Duration::from_secs(5);
/// Without one for so long, a process counts as dead.
const DEAD_AFTER: Duration = Duration::from_secs(20);

/// A connected client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ConnectedClient {
    /// The id of its socket.
    pub(crate) id: String,
    pub(crate) shop: String,
    /// RFC 3339.
    pub(crate) connected_at: String,
    /// The process to which it is connected.
    pub(crate) process: String,
}

/// The clients of this process, and its name among the others.
#[derive(Debug)]
pub(crate) struct Clients {
    process: String,
    here: Mutex<BTreeMap<String, ConnectedClient>>,
}

/// The key by which a process says that it lives.
fn life_of(process: &str) -> String {
    format!("sync:process:{process}")
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

impl Clients {
    pub(crate) fn new(process: String) -> Self {
        Self {
            process,
            here: Mutex::default(),
        }
    }

    fn here(&self) -> MutexGuard<'_, BTreeMap<String, ConnectedClient>> {
        self.here.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there are here.
    pub(crate) fn count_here(&self) -> usize {
        self.here().len()
    }

    /// Remembers a client, here and in Redis.
    pub(crate) async fn joined(
        &self,
        id: String,
        shop: &Shop,
        connected_at: String,
        redis: Option<&Redis>,
    ) {
        let client = ConnectedClient {
            id: id.clone(),
            shop: shop.name().to_owned(),
            connected_at,
            process: self.process.clone(),
        };
        let text = text_of(&client);
        self.here().insert(id.clone(), client);
        // Redis hears of all of them when it comes back.
        if let Some(redis) = redis.filter(|redis| redis.is_reached()) {
            let mut write = redis::pipe();
            write.hset(CLIENTS, &id, text).ignore();
            told(redis.ask(&write).await);
            // It may have gone meanwhile, and what removed it may have come first.
            if !self.here().contains_key(&id) {
                self.forget_in(redis, &id).await;
            }
        }
    }

    /// Forgets a client, here and in Redis.
    pub(crate) async fn left(&self, id: &str, redis: Option<&Redis>) {
        self.here().remove(id);
        if let Some(redis) = redis.filter(|redis| redis.is_reached()) {
            self.forget_in(redis, id).await;
        }
    }

    async fn forget_in(&self, redis: &Redis, id: &str) {
        let mut remove = redis::pipe();
        remove.hdel(CLIENTS, id).ignore();
        told(redis.ask(&remove).await);
    }

    /// A shop's clients, in every process as far as Redis answers.
    pub(crate) async fn of(&self, shop: &Shop, redis: Option<&Redis>) -> Vec<ConnectedClient> {
        let everywhere = match redis {
            Some(redis) => everywhere(redis).await.ok(),
            None => None,
        };
        let mut clients: Vec<ConnectedClient> =
            everywhere.unwrap_or_else(|| self.here().values().cloned().collect());
        clients.retain(|client| client.shop == shop.name());
        clients.sort_by(|one, other| one.id.cmp(&other.id));
        clients
    }

    /// Says that this process lives, and removes what dead ones left. Whether Redis still knew of this process: if
    /// not, it ended meanwhile, or the others took this one for dead.
    pub(crate) async fn sign_of_life(&self, redis: &Redis) -> Result<bool, RedisError> {
        let me = &self.process;
        let mut write = redis::pipe();
        write
            .cmd("SET")
            .arg(life_of(me))
            .arg(1)
            .arg("PX")
            .arg(milliseconds(DEAD_AFTER))
            .arg("GET")
            .sadd(PROCESSES, me)
            .ignore()
            .pexpire(CLIENTS, milliseconds(DEAD_AFTER).cast_signed())
            .ignore()
            .smembers(PROCESSES);
        let (before, processes): (Option<String>, Vec<String>) = redis.ask(&write).await?;
        let mut ask = redis::pipe();
        for process in &processes {
            ask.exists(life_of(process));
        }
        let alive: Vec<bool> = redis.ask(&ask).await?;
        let (alive, dead): (Vec<_>, Vec<_>) = processes
            .into_iter()
            .zip(alive)
            .partition(|(_, alive)| *alive);
        if !dead.is_empty() {
            let alive: HashSet<String> = alive.into_iter().map(|(process, _)| process).collect();
            let dead: Vec<String> = dead.into_iter().map(|(process, _)| process).collect();
            self.bury(redis, &alive, &dead).await?;
        }
        Ok(before.is_some())
    }

    /// Removes the clients of every process that is not alive.
    async fn bury(
        &self,
        redis: &Redis,
        alive: &HashSet<String>,
        dead: &[String],
    ) -> Result<(), RedisError> {
        let mut remove = redis::pipe();
        remove.srem(PROCESSES, dead).ignore();
        let left: Vec<String> = everywhere(redis)
            .await?
            .into_iter()
            .filter(|client| !alive.contains(&client.process))
            .map(|client| client.id)
            .collect();
        if !left.is_empty() {
            remove.hdel(CLIENTS, &left).ignore();
        }
        tracing::info!(
            processes = dead.len(),
            clients = left.len(),
            "removed what processes left that died"
        );
        redis.ask(&remove).await
    }

    /// Writes all clients of this process, and removes what else stands under its name.
    pub(crate) async fn write_all(&self, redis: &Redis) -> Result<(), RedisError> {
        let stale: Vec<String> = everywhere(redis)
            .await?
            .into_iter()
            .filter(|client| client.process == self.process)
            .map(|client| client.id)
            .filter(|id| !self.here().contains_key(id))
            .collect();
        let mut write = redis::pipe();
        if !stale.is_empty() {
            write.hdel(CLIENTS, &stale).ignore();
        }
        for (id, client) in self.here().iter() {
            write.hset(CLIENTS, id, text_of(client)).ignore();
        }
        write
            .pexpire(CLIENTS, milliseconds(DEAD_AFTER).cast_signed())
            .ignore();
        redis.ask(&write).await
    }

    /// Takes this process out of Redis.
    pub(crate) async fn say_goodbye(&self, redis: &Redis) {
        let me = &self.process;
        let ids: Vec<String> = self.here().keys().cloned().collect();
        let mut remove = redis::pipe();
        if !ids.is_empty() {
            remove.hdel(CLIENTS, &ids).ignore();
        }
        remove.srem(PROCESSES, me).ignore();
        remove.del(life_of(me)).ignore();
        told(redis.ask(&remove).await);
    }
}

fn text_of(client: &ConnectedClient) -> String {
    serde_json::to_string(client).unwrap_or_default()
}

/// All clients that Redis has. What is not of our making is left out.
async fn everywhere(redis: &Redis) -> Result<Vec<ConnectedClient>, RedisError> {
    let mut ask = redis::pipe();
    ask.hvals(CLIENTS);
    let (texts,): (Vec<String>,) = redis.ask(&ask).await?;
    Ok(texts
        .iter()
        .filter_map(|text| serde_json::from_str(text).ok())
        .collect())
}

fn told(asked: Result<(), RedisError>) {
    if let Err(error) = asked {
        tracing::debug!(%error, "Redis does not have the list of clients as it is");
    }
}
