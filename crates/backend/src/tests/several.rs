//! Two processes on one Redis and one PostgreSQL, and what happens when one of these dies.

use std::sync::Arc;

use campana_servers::{Postgres, Redis};
use reqwest::{Method, StatusCode};
use secrecy::SecretString;
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::store::postgres;
use super::{HINT, KEY, NOW, OTHER_KEY, PATIENCE, Polling, call, ids_in, pull, two_shops};
use crate::clients::Clients;
use crate::intake::new_orders;
use crate::{Backend, Configuration, Database, RedisPlace, StartError};

/// Two backends that share everything.
struct Two {
    redis: Redis,
    postgres: Arc<Postgres>,
    configuration: Configuration,
    one: Backend,
    other: Backend,
}

impl Two {
    async fn start() -> Self {
        Self::start_on(postgres()).await
    }

    async fn start_on(postgres: Arc<Postgres>) -> Self {
        let redis = Redis::start().unwrap();
        let configuration = Configuration {
            database: Database::Postgres(SecretString::from(postgres.new_database().unwrap())),
            redis: Some(RedisPlace {
                host: "127.0.0.1".into(),
                port: redis.port(),
                password: None,
            }),
            ..two_shops()
        };
        // At once: both make the tables.
        let (one, other) = tokio::join!(
            Backend::start(configuration.clone()),
            Backend::start(configuration.clone())
        );
        Self {
            redis,
            postgres,
            configuration,
            one: one.unwrap(),
            other: other.unwrap(),
        }
    }

    async fn stop(self) {
        self.one.stop().await;
        self.other.stop().await;
    }
}

/// Asks until it is so.
async fn until<F: Future<Output = bool>>(what: &str, mut is_so: impl FnMut() -> F) {
    let asking = async {
        while !is_so().await {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    let so = tokio::time::timeout(PATIENCE, asking).await;
    assert!(so.is_ok(), "not in time: {what}");
}

async fn clients_told_by(backend: &Backend) -> u64 {
    let (_, told) = call(backend, KEY, Method::GET, "/debug/clients", None).await;
    told["count"].as_u64().unwrap()
}

async fn health(backend: &Backend) -> Value {
    call(backend, "", Method::GET, "/health", None).await.1
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_made_at_one_process_is_heard_and_fetched_at_the_other() {
    let two = Two::start().await;
    let mut here = Polling::join(&two.one, KEY).await;
    let mut there = Polling::join(&two.other, KEY).await;
    let mut of_another_shop = Polling::join(&two.other, OTHER_KEY).await;
    let ids = two.one.make_sample_orders(1).await.unwrap();
    assert_eq!(here.next().await, HINT);
    assert_eq!(there.next().await, HINT);
    assert_eq!(of_another_shop.heard_until_answer().await, [""; 0]);
    assert_eq!(ids_in(&pull(&two.other).await.1), ids);
    for backend in [&two.one, &two.other] {
        until("both list both", async || {
            clients_told_by(backend).await == 2
        })
        .await;
    }
    let (_, told) = call(&two.other, KEY, Method::POST, "/debug/notify", None).await;
    assert_eq!(told["clients"], 2);
    assert_eq!(here.next().await, HINT);
    assert_eq!(there.next().await, HINT);
    there.leave().await;
    until("it left", async || clients_told_by(&two.one).await == 1).await;
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_is_announced_once_whoever_looks() {
    let two = Two::start().await;
    let shop = two.one.shops.first().unwrap();
    let order = new_orders(json!({"id": "a"}), NOW).unwrap();
    two.one.shops.add_orders(&shop, order, NOW).await.unwrap();
    let mut polling = Polling::join(&two.other, KEY).await;
    assert_eq!(polling.heard_until_answer().await, [""; 0]);
    let later = NOW + Duration::seconds(61);
    tokio::join!(two.one.announce_due(later), two.other.announce_due(later));
    assert_eq!(polling.next().await, HINT);
    // What else was announced before this would come before it.
    let mut again = Polling::join(&two.one, KEY).await;
    assert_eq!(polling.heard_until_answer().await, [""; 0]);
    assert_eq!(again.heard_until_answer().await, [""; 0]);
    let announced = |backend: &Backend| backend.shops.metrics.announced_again.get();
    assert_eq!(announced(&two.one) + announced(&two.other), 1);
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_orders_are_still_heard_everywhere_and_redis_is_taken_up_again() {
    let mut two = Two::start().await;
    let mut here = Polling::join(&two.one, KEY).await;
    let mut there = Polling::join(&two.other, KEY).await;
    two.redis.kill().unwrap();
    let ids = two.one.make_sample_orders(1).await.unwrap();
    assert_eq!(here.next().await, HINT);
    assert_eq!(there.next().await, HINT);
    assert_eq!(ids_in(&pull(&two.other).await.1), ids);
    until("it says so", async || {
        health(&two.one).await["redis"] == "away"
    })
    .await;
    assert_eq!(health(&two.one).await["status"], "degraded");
    // Each version once, however often it is looked for.
    let since = OffsetDateTime::now_utc() - Duration::seconds(15);
    for _ in 0..3 {
        two.other.shops.announce_news_here(since).await;
    }
    assert_eq!(there.heard_until_answer().await, [""; 0]);
    // A client that comes meanwhile is admitted, and its list is right later.
    let mut third = Polling::join(&two.one, KEY).await;
    two.redis.start_again().unwrap();
    for backend in [&two.one, &two.other] {
        until("Redis is used again", async || {
            health(backend).await["redis"] == "ok"
        })
        .await;
    }
    for polling in [&mut here, &mut there, &mut third] {
        polling.heard_until_answer().await;
    }
    until("all are listed again", async || {
        clients_told_by(&two.other).await == 3
    })
    .await;
    two.other.make_sample_orders(1).await.unwrap();
    assert_eq!(here.next().await, HINT);
    assert_eq!(third.next().await, HINT);
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_without_redis_is_announced_by_every_process_once() {
    let mut two = Two::start().await;
    two.redis.kill().unwrap();
    let mut here = Polling::join(&two.one, KEY).await;
    let mut there = Polling::join(&two.other, KEY).await;
    for backend in [&two.one, &two.other] {
        until("it knows", async || {
            health(backend).await["redis"] == "away"
        })
        .await;
    }
    // As of a process that died before it announced: nobody announces it but whoever looks for what is due.
    let made = OffsetDateTime::now_utc() - Duration::hours(1);
    let shop = two.one.shops.first().unwrap();
    let order = new_orders(json!({"id": "a"}), made).unwrap();
    let shops = &two.one.shops;
    shops.add_unannounced(&shop, order, made).await.unwrap();
    assert_eq!(here.next().await, HINT);
    assert_eq!(there.next().await, HINT);
    let since = OffsetDateTime::now_utc() - Duration::seconds(15);
    for _ in 0..3 {
        two.other.shops.announce_news_here(since).await;
    }
    // One process took it as due and told its own clients; the look without Redis told them of it too.
    let again = there.heard_until_answer().await;
    assert!(again.len() <= 1, "{again:?}");
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_hangs_holds_no_order_up_for_long() {
    let two = Two::start().await;
    let mut here = Polling::join(&two.one, KEY).await;
    let mut there = Polling::join(&two.other, KEY).await;
    let signal = |name: &str| {
        let process = two.redis.process().to_string();
        let sent = std::process::Command::new("kill")
            .args([name, &process])
            .status();
        assert!(sent.unwrap().success());
    };
    signal("-STOP");
    let (status, made) = call(&two.one, KEY, Method::POST, "/orders?sample=1", None).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(here.next().await, HINT);
    assert_eq!(there.next().await, HINT);
    assert_eq!(json!(ids_in(&pull(&two.other).await.1)), made["ids"]);
    signal("-CONT");
    for backend in [&two.one, &two.other] {
        until("Redis is used again", async || {
            health(backend).await["redis"] == "ok"
        })
        .await;
    }
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_postgres_nothing_is_taken_that_is_not_kept() {
    let mut two = Two::start_on(Arc::new(Postgres::start().unwrap())).await;
    let ids = two.one.make_sample_orders(1).await.unwrap();
    Arc::get_mut(&mut two.postgres).unwrap().kill().unwrap();
    let path = "/orders?sample=1";
    let (status, answer) = call(&two.one, KEY, Method::POST, path, None).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(answer["error"]["message"], "the database failed");
    let mut refused = Polling::come(&two.other, KEY).await;
    let refusal = "44/sync,{\"message\":\"Authentication failed\"}";
    assert_eq!(refused.next().await, refusal);
    assert_eq!(health(&two.one).await["status"], "failed");
    let postgres = Arc::get_mut(&mut two.postgres).unwrap();
    postgres.start_again().unwrap();
    for backend in [&two.one, &two.other] {
        until("it is back", async || {
            health(backend).await["status"] == "ok"
        })
        .await;
    }
    assert_eq!(ids_in(&pull(&two.other).await.1), ids);
    let mut polling = Polling::join(&two.other, KEY).await;
    two.one.make_sample_orders(1).await.unwrap();
    assert_eq!(polling.next().await, HINT);
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_dead_process_left_in_the_list_is_removed_by_the_others() {
    let two = Two::start().await;
    let _polling = Polling::join(&two.one, KEY).await;
    let redis = two.one.shops.redis().unwrap();
    let shop = two.one.shops.first().unwrap();
    // A process that has told of a client and then gives no sign of life.
    let dead = Clients::new("dead".into());
    dead.sign_of_life(redis).await.unwrap();
    let since = OffsetDateTime::now_utc().to_string();
    dead.joined("ghost".into(), &shop, since, Some(redis)).await;
    until("the ghost is listed", async || {
        clients_told_by(&two.other).await == 2
    })
    .await;
    let mut end = redis::pipe();
    end.del("sync:process:dead").ignore();
    redis.ask::<()>(&end).await.unwrap();
    two.other.shops.sign_of_life().await;
    assert_eq!(clients_told_by(&two.other).await, 1);
    // It was not dead but slow: it writes its clients again.
    assert!(!dead.sign_of_life(redis).await.unwrap());
    dead.write_all(redis).await.unwrap();
    assert_eq!(clients_told_by(&two.other).await, 2);
    dead.say_goodbye(redis).await;
    assert_eq!(clients_told_by(&two.other).await, 1);
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_of_redis_opens_it_and_is_told_to_nobody() {
    let two = Two::start().await;
    let mut lock = redis::pipe();
    lock.cmd("CONFIG")
        .arg("SET")
        .arg("requirepass")
        .arg("secreto")
        .ignore();
    two.one
        .shops
        .redis()
        .unwrap()
        .ask::<()>(&lock)
        .await
        .unwrap();
    let with = |password: Option<&str>| Configuration {
        redis: two.configuration.redis.clone().map(|place| RedisPlace {
            password: password.map(SecretString::from),
            ..place
        }),
        ..two.configuration.clone()
    };
    for wrong in [None, Some("otro-secreto")] {
        let error = Backend::start(with(wrong)).await.unwrap_err();
        assert!(matches!(error, StartError::Redis(_)));
        assert!(!error.to_string().contains("secreto"), "{error}");
    }
    let opened = with(Some("secreto"));
    assert!(!format!("{opened:?}").contains("secreto"));
    Backend::start(opened).await.unwrap().stop().await;
    two.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_stops_takes_its_clients_off_the_list() {
    let two = Two::start().await;
    let _here = Polling::join(&two.one, KEY).await;
    let _there = Polling::join(&two.other, KEY).await;
    until("both are listed", async || {
        clients_told_by(&two.other).await == 2
    })
    .await;
    two.one.stop().await;
    assert_eq!(clients_told_by(&two.other).await, 1);
    let again = Backend::start(two.configuration.clone()).await.unwrap();
    let _here = Polling::join(&again, KEY).await;
    until("it is back", async || {
        clients_told_by(&two.other).await == 2
    })
    .await;
    again.stop().await;
    two.other.stop().await;
}
