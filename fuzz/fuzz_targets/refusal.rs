//! The body of a refusal over HTTP, and the words of one over the socket.
#![no_main]

use campana_contract::{ErrorBody, Refusal};
use campana_fuzz::bounded;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let error = bounded(body, || ErrorBody::parse(body));
    if let Some(error) = error {
        assert!(error.code.is_some() || error.message.is_some());
        let _ = (error.says_key_missing(), error.says_key_wrong());
    }
    let words = String::from_utf8_lossy(body);
    let refusal = Refusal::from_message(&words);
    assert_eq!(refusal.message(), words, "what it says is what came");
});
