#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise, and a part of this one panics"
)]

use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use campana_sync::address::Address;
use campana_sync::clock::SystemClock;
use campana_sync::configuration::{Key, ProfileChoice};
use campana_sync::http::{Answer, HttpFailure, Request};
use campana_sync::link::{Link, LinkEvent, Target};
use tokio::sync::mpsc;
use tokio::sync::mpsc::unbounded_channel;

use super::*;

/// A shop whose connection panics while the switch is on.
#[derive(Default)]
struct Shop {
    panics: AtomicBool,
}

/// Never says anything; the channel stays open with it.
struct Silent {
    _events: mpsc::Sender<LinkEvent>,
}

impl Link for Silent {
    fn ask(&self) {}
}

impl Connector for Shop {
    fn open(&self, _: Target, events: mpsc::Sender<LinkEvent>) -> Box<dyn Link> {
        assert!(!self.panics.load(SeqCst), "planted");
        Box::new(Silent { _events: events })
    }
}

#[async_trait]
impl Exchange for Shop {
    async fn exchange(&self, _: Request) -> Result<Answer, HttpFailure> {
        Err(HttpFailure::BrokenOff("there is no server".into()))
    }
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_was_given_up_is_said_and_starts_again_with_its_settings() {
    let folder = tempfile::tempdir().unwrap();
    let shop = Arc::new(Shop::default());
    shop.panics.store(true, SeqCst);
    let (inputs, mut received) = unbounded_channel();
    let rooms = Rooms {
        folder: folder.path().to_owned(),
        connector: shop.clone(),
        exchange: shop.clone(),
        clock: Arc::new(SystemClock::new()),
    };
    let engine = LateEngine::start(rooms, inputs);
    engine.configure(Some(Configuration {
        address: Address::parse("http://127.0.0.1:9").unwrap(),
        key: Key::Present("clave".into()),
        receiver: None,
        profile: ProfileChoice::Auto,
        certificate_authority: None,
    }));
    let mut starts = 0;
    let mut said = false;
    while starts < 2 {
        let input = received.recv().await.unwrap();
        if let Input::EngineRuns = input {
            starts += 1;
            // The second one works.
            shop.panics.store(starts == 1, SeqCst);
        } else if let Input::Report(Report::Status(status)) = input {
            let detail = status.detail.unwrap_or_default();
            said |= status.kind == StatusKind::Offline && detail.contains("ended unexpectedly");
        }
    }
    assert!(said, "the status said that nobody pulls");
    // With the settings that it had: it connects.
    loop {
        if let Input::Report(Report::Status(status)) = received.recv().await.unwrap()
            && status.kind == StatusKind::Connecting
        {
            break;
        }
    }
    engine.shut_down().await;
}
