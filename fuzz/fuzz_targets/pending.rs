//! The payload of `orders:pending`.
#![no_main]

use campana_contract::PendingOrders;
use campana_fuzz::{bounded, holds};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|payload: &[u8]| {
    let Ok(payload) = serde_json::from_slice::<Value>(payload) else {
        return;
    };
    let text = payload.to_string();
    let pending = bounded(text.as_bytes(), || PendingOrders::parse(&payload));
    pending.orders.iter().for_each(holds);
});
