//! What `watch` does when the engine ends.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

use async_trait::async_trait;
use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::http::{Answer, Exchange, HttpFailure, Request};
use campana_sync::link::{Connector, Link, LinkEvent, Target};
use tokio::sync::mpsc::Sender;

use super::*;

struct Panics;

impl Connector for Panics {
    fn open(&self, _target: Target, _events: Sender<LinkEvent>) -> Box<dyn Link> {
        panic!("planted")
    }
}

#[async_trait]
impl Exchange for Panics {
    async fn exchange(&self, _request: Request) -> Result<Answer, HttpFailure> {
        std::future::pending().await
    }
}

#[tokio::test]
async fn watching_an_engine_that_panics_again_and_again_ends_with_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let parts = Parts {
        inbox: Inbox::open(folder.path()).unwrap(),
        connector: Arc::new(Panics),
        exchange: Arc::new(Panics),
        clock: Arc::new(SystemClock::new()),
    };
    let configuration = Configuration {
        address: Address::parse("http://127.0.0.1:5000").unwrap(),
        key: Key::Present("secreta".into()),
        receiver: Some(Receiver::Campana),
        profile: ProfileChoice::Auto,
        certificate_authority: None,
    };
    let (handle, reports) = driver::start(parts, Some(configuration));
    let output = Output::new(Catalogue::new(Language::Es));
    let following = follow(&handle, reports, true, &output);
    let done = tokio::time::timeout(Duration::from_secs(20), following).await;
    assert!(matches!(done, Ok(Err(Failure::EngineEnded))), "{done:?}");
    assert_eq!(Failure::EngineEnded.code(), 7);
}
