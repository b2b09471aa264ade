//! What the targets share: the bound on memory, and what must hold for every order that was read.

use campana_contract::Order;
use peak_alloc::PeakAlloc;
use serde_json::Value;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// What reading may need at once for each byte of its input, in bytes.
const EACH_BYTE: usize = 192;
/// What it may need besides.
const BESIDES: usize = 256 * 1024;

/// Does `work` on this input and checks that the memory that it needed at once is bounded by the input's size.
///
/// # Panics
/// When it needed more.
pub fn bounded<T>(input: &[u8], work: impl FnOnce() -> T) -> T {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let done = work();
    let needed = MEMORY.peak_usage().saturating_sub(before);
    let bound = BESIDES + EACH_BYTE * input.len();
    assert!(
        needed <= bound,
        "{needed} bytes of memory for {} bytes of input",
        input.len()
    );
    done
}

/// What was kept of an order reads as the same order again, and holds no chat history.
///
/// # Panics
/// When it does not.
pub fn holds(order: &Order) {
    let mut again = Order::parse(&order.body).expect("what was kept of an order is an order");
    assert_eq!(again.id.key(), order.id.key());
    // The token is the server's own spelling, and is kept beside the body.
    again.id = order.id.clone();
    assert_eq!(again, *order);
    let body: Value = serde_json::from_str(&order.body).expect("every reader takes what was kept");
    assert!(!tells_chats(&body), "chat history was kept");
}

/// Whether a member of that name is anywhere in it.
fn tells_chats(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(name, value)| {
            let plain: String = name
                .chars()
                .filter(|letter| letter.is_alphanumeric())
                .flat_map(char::to_lowercase)
                .collect();
            ["fullchathistory", "relevantchathistory"].contains(&plain.as_str())
                || tells_chats(value)
        }),
        Value::Array(elements) => elements.iter().any(tells_chats),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}
