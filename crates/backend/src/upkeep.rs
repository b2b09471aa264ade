//! What goes on beside the calls: announcing again, the sign of life in Redis, and what stands in for Redis while it
//! is away.

use std::future::Future;
use std::sync::{Arc, Weak};
use std::time::Duration;

use time::OffsetDateTime;
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

use crate::clients::SIGN_OF_LIFE;
use crate::redis::{Redis, RedisError};
use crate::shops::Shops;

/// From one look at what is due to be announced again to the next.
const LOOK: Duration = Duration::from_secs(5);
/// The same while Redis is away, at what is new.
const LOOK_WITHOUT_REDIS: Duration = Duration::from_secs(2);
/// What is new without Redis: more than passes from its end until that is noticed, or from one look to the next, and
/// more than the clocks of two processes differ.
const NEW_WITHOUT_REDIS: time::Duration = time::Duration::seconds(15);
/// From one forgetting of old addresses to the next.
const FORGET: Duration = Duration::from_secs(60);

/// Does all of it until the set is dropped. Does not keep the shops alive.
pub(crate) fn start(shops: &Arc<Shops>) -> JoinSet<()> {
    let mut tasks = JoinSet::new();
    tasks.spawn(every(
        LOOK,
        Arc::downgrade(shops),
        async |shops: Arc<Shops>| {
            shops.announce_due(OffsetDateTime::now_utc()).await;
        },
    ));
    tasks.spawn(every(
        FORGET,
        Arc::downgrade(shops),
        async |shops: Arc<Shops>| shops.forget_wrong_keys(),
    ));
    if shops.redis().is_some() {
        tasks.spawn(every(
            SIGN_OF_LIFE,
            Arc::downgrade(shops),
            async |shops: Arc<Shops>| shops.sign_of_life().await,
        ));
        tasks.spawn(every(
            LOOK_WITHOUT_REDIS,
            Arc::downgrade(shops),
            async |shops: Arc<Shops>| shops.stand_in_for_redis(OffsetDateTime::now_utc()).await,
        ));
    }
    tasks
}

async fn every<F: Future<Output = ()> + Send>(
    pause: Duration,
    shops: Weak<Shops>,
    work: impl Fn(Arc<Shops>) -> F + Send,
) {
    let mut beats = interval(pause);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beats.tick().await;
        let Some(shops) = shops.upgrade() else {
            return;
        };
        work(shops).await;
    }
}

impl Shops {
    /// Says in Redis that this process lives.
    pub(crate) async fn sign_of_life(&self) {
        if let Some(redis) = self.redis().filter(|redis| redis.is_reached())
            && let Err(error) = self.vouch(redis).await
        {
            tracing::debug!(%error, "no sign of life in Redis");
        }
    }

    async fn vouch(&self, redis: &Redis) -> Result<(), RedisError> {
        if !self.clients.sign_of_life(redis).await? {
            self.clients.write_all(redis).await?;
        }
        Ok(())
    }

    /// While Redis is away: tries whether it is back, and announces what is new. Once more when it is back, for what
    /// was made in between.
    pub(crate) async fn stand_in_for_redis(&self, now: OffsetDateTime) {
        let Some(redis) = self.redis().filter(|redis| !redis.is_reached()) else {
            return;
        };
        let back = async {
            redis.subscribe_again().await?;
            self.vouch(redis).await
        };
        match back.await {
            Ok(()) => redis.came_back(),
            Err(error) => tracing::debug!(%error, "Redis is still away"),
        }
        let since = now.checked_sub(NEW_WITHOUT_REDIS);
        self.announce_news_here(since.unwrap_or(now)).await;
    }
}
