#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use campana_contract::{Page, Refusal};
use secrecy::ExposeSecret;

use super::*;
use crate::http::Answer;
use crate::link::Link;

/// Answers a pull after a while; `None` never does.
struct Server(Option<(Duration, Result<usize, HttpFailure>)>);

#[async_trait]
impl Exchange for Server {
    async fn exchange(&self, request: Request) -> Result<Answer, HttpFailure> {
        assert_eq!(request.call, Call::Pull, "nothing is ever confirmed");
        assert_eq!(request.key.expose_secret(), "secret");
        let Some((after, result)) = self.0.clone() else {
            return std::future::pending().await;
        };
        tokio::time::sleep(after).await;
        result.map(|pending| Answer {
            page: Page {
                order_elements: pending,
                ..Page::default()
            },
            server_time: None,
            bytes: 2,
        })
    }
}

/// Says what it was told to for each carrier, and then nothing more; counts what is open.
#[derive(Default)]
struct Carrier {
    web_socket: Vec<LinkEvent>,
    polling: Vec<LinkEvent>,
    /// Ends the channel after what it says, instead of falling silent.
    hangs_up: bool,
    tried: Mutex<Vec<Transport>>,
    open: std::sync::Arc<AtomicUsize>,
    silent: Mutex<Vec<mpsc::Sender<LinkEvent>>>,
}

struct Open(std::sync::Arc<AtomicUsize>);

impl Link for Open {
    fn ask(&self) {
        panic!("the probe asks nothing");
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Connector for Carrier {
    fn open(&self, target: Target, events: mpsc::Sender<LinkEvent>) -> Box<dyn Link> {
        assert_eq!(target.key.expose_secret(), "secret");
        assert_eq!(
            self.open.fetch_add(1, Ordering::SeqCst),
            0,
            "one connection at a time"
        );
        self.tried.lock().unwrap().push(target.transport);
        let says = match target.transport {
            Transport::WebSocket => &self.web_socket,
            Transport::Polling => &self.polling,
        };
        for event in says {
            events.try_send(event.clone()).unwrap();
        }
        if !self.hangs_up {
            self.silent.lock().unwrap().push(events);
        }
        Box::new(Open(self.open.clone()))
    }
}

fn works() -> Server {
    Server(Some((Duration::from_millis(120), Ok(3))))
}

/// The checks, and how long all of it took.
async fn checks(server: &Server, carrier: &Carrier) -> (Vec<Check>, Duration) {
    let address = Address::parse("https://tienda.mx").unwrap();
    let begun = Instant::now();
    let mut checks = Vec::new();
    probe(
        server,
        carrier,
        &address,
        &SecretString::from("secret"),
        None,
        |check| checks.push(check),
    )
    .await;
    assert_eq!(carrier.open.load(Ordering::SeqCst), 0, "all is closed");
    (checks, begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn tells_the_pull_first_and_then_the_carrier() {
    let carrier = Carrier {
        web_socket: vec![LinkEvent::Changes, LinkEvent::Joined],
        ..Carrier::default()
    };
    let (checks, _) = checks(&works(), &carrier).await;
    assert_eq!(
        checks,
        [
            Check::Pull(Ok((Duration::from_millis(120), 3))),
            Check::Link(Ok(Transport::WebSocket))
        ]
    );
    assert_eq!(*carrier.tried.lock().unwrap(), [Transport::WebSocket]);
}

#[tokio::test(start_paused = true)]
async fn polling_is_tried_where_web_socket_cannot_be_had() {
    let carrier = Carrier {
        web_socket: vec![LinkEvent::Closed(Closed::Unreachable("404".into()))],
        polling: vec![LinkEvent::Joined],
        ..Carrier::default()
    };
    let (checks, _) = checks(&works(), &carrier).await;
    assert_eq!(checks[1], Check::Link(Ok(Transport::Polling)));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_final() {
    let carrier = Carrier {
        web_socket: vec![LinkEvent::Refused(Refusal::InvalidKey)],
        polling: vec![LinkEvent::Joined],
        ..Carrier::default()
    };
    let (checks, _) = checks(&works(), &carrier).await;
    assert_eq!(
        checks[1],
        Check::Link(Err(LinkProblem::Refused(Refusal::InvalidKey)))
    );
    assert_eq!(*carrier.tried.lock().unwrap(), [Transport::WebSocket]);
}

#[tokio::test(start_paused = true)]
async fn the_link_is_tried_although_the_pull_failed() {
    let refused = HttpFailure::KeyRefused {
        status: 401,
        missing: false,
    };
    let carrier = Carrier {
        web_socket: vec![LinkEvent::Joined],
        ..Carrier::default()
    };
    let server = Server(Some((Duration::ZERO, Err(refused.clone()))));
    let (checks, _) = checks(&server, &carrier).await;
    assert_eq!(
        checks,
        [
            Check::Pull(Err(refused)),
            Check::Link(Ok(Transport::WebSocket))
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn the_last_carrier_says_why() {
    let carrier = Carrier {
        web_socket: vec![LinkEvent::Closed(Closed::ConnectTimedOut)],
        polling: vec![LinkEvent::Closed(Closed::Kicked)],
        ..Carrier::default()
    };
    let (checks, _) = checks(&works(), &carrier).await;
    assert_eq!(
        checks[1],
        Check::Link(Err(LinkProblem::Closed(Closed::Kicked)))
    );
}

#[tokio::test(start_paused = true)]
async fn a_channel_that_ends_without_a_word_is_a_closed_connection() {
    let carrier = Carrier {
        hangs_up: true,
        ..Carrier::default()
    };
    let (checks, took) = checks(&works(), &carrier).await;
    assert!(matches!(
        checks[1],
        Check::Link(Err(LinkProblem::Closed(Closed::Lost(_))))
    ));
    assert!(took < Duration::from_secs(1), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_says_nothing_at_all_takes_a_minute_and_both_carriers_get_their_turn() {
    let carrier = Carrier::default();
    let (checks, took) = checks(&Server(None), &carrier).await;
    assert_eq!(
        checks,
        [
            Check::Pull(Err(HttpFailure::TimedOut)),
            Check::Link(Err(LinkProblem::Closed(Closed::JoinTimedOut)))
        ]
    );
    assert_eq!(
        *carrier.tried.lock().unwrap(),
        [Transport::WebSocket, Transport::Polling]
    );
    // Timers of tokio are rounded up to a millisecond each.
    assert!(took <= AT_MOST + Duration::from_millis(5), "{took:?}");
}
