#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod broken;
mod calls;
mod documents;
mod looks;
mod refused;
mod servers;

use std::time::Duration;

use campana_contract::Confirmation;
use secrecy::SecretString;

use super::{Answer, Call, Exchange, HttpClient, HttpFailure, Limits, Profile, Request};
use crate::address::Address;

const KEY: &str = "llave-muy-secreta-0123456789";
const EMPTY: &str = r#"{"pending_orders":[]}"#;

fn request(address: Address, call: Call) -> Request {
    spelled(Profile::Guide, address, call)
}

fn spelled(profile: Profile, address: Address, call: Call) -> Request {
    Request {
        address,
        key: SecretString::from(KEY),
        profile,
        call,
        certificate_authority: None,
    }
}

/// Limits under which a server that never ends is given up soon.
fn short() -> Limits {
    Limits {
        connect: Duration::from_millis(300),
        whole: Duration::from_millis(600),
        ..Limits::default()
    }
}

async fn pull_within(limits: Limits, address: Address) -> Result<Answer, HttpFailure> {
    let client = HttpClient::new(limits).unwrap();
    let result = client.exchange(request(address, Call::Pull)).await;
    if let Err(failure) = &result {
        let words = format!("{failure} {failure:?}");
        assert!(!words.contains(KEY), "{words}");
    }
    assert!(!format!("{client:?}").contains(KEY));
    result
}

async fn pull(address: Address) -> Result<Answer, HttpFailure> {
    pull_within(Limits::default(), address).await
}

fn confirm_nothing() -> Call {
    Call::Confirm(Confirmation::default())
}
