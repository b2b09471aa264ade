//! A whole answer over HTTP: the first line is the status, then headers, a blank line and the body.
#![no_main]

use std::sync::LazyLock;

use campana_fuzz::{bounded, holds};
use campana_sync::http::{HttpFailure, Limits, read_response};
use libfuzzer_sys::fuzz_target;
use secrecy::SecretString;
use tokio::runtime::{Builder, Runtime};
use url::Url;

/// In the dictionary too, so that the fuzzer lets the server echo it.
const KEY: &str = "clave-secreta-7f3a9";
/// As many characters of a server's words may be told, and what stands round them.
const WORDS: usize = 200 + 60;

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime")
});

fuzz_target!(|bytes: &[u8]| {
    let (head, body) = match bytes.windows(2).position(|two| two == b"\n\n") {
        Some(end) => (&bytes[..end], &bytes[end + 2..]),
        None => (bytes, &[][..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let status = lines.next().and_then(|line| std::str::from_utf8(line).ok());
    let status: u16 = status
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or(500);
    let mut response = http::Response::builder().status(status);
    for line in lines {
        if let Some(colon) = line.iter().position(|byte| *byte == b':') {
            let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
            // One that HTTP itself refuses never gets this far.
            let name = http::HeaderName::from_bytes(name);
            let value = http::HeaderValue::from_bytes(value);
            if let (Ok(name), Ok(value)) = (name, value) {
                response = response.header(name, value);
            }
        }
    }
    let Ok(response) = response.body(body.to_vec()) else {
        return;
    };
    let url = Url::parse("https://tienda.example/sync/pull-changes").expect("a URL");
    let key = SecretString::from(KEY);
    let answer = bounded(bytes, || {
        RUNTIME.block_on(read_response(
            response.into(),
            &url,
            &key,
            Limits::default(),
        ))
    });
    match answer {
        Ok(answer) => {
            assert_eq!(answer.bytes, body.len());
            answer.page.orders.iter().for_each(holds);
        }
        Err(failure) => {
            let text = failure.to_string();
            assert!(!text.contains(KEY), "the key is told: {text}");
            assert!(!text.chars().any(char::is_control), "{text:?}");
            assert!(text.chars().count() <= WORDS, "{text}");
            if let HttpFailure::Redirected {
                location: Some(to), ..
            } = &failure
            {
                // One that was cut off may be no address any more.
                let told = Url::parse(to).is_ok_and(|to| {
                    !to.username().is_empty()
                        || to.password().is_some()
                        || to.query().is_some()
                        || to.fragment().is_some()
                        || !to.has_host()
                });
                assert!(!told, "private parts are told: {to}");
            }
        }
    }
});
