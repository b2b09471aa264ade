//! Reading a large inbox through, which opening it did not wait for: some orders at a time, beside what comes.

use std::time::Duration;

use super::inbox_thread::InboxThread;
use crate::inbox::InboxError;

/// Between some orders and the next, so that whoever searches or stores is not slowed down.
const PAUSE: Duration = Duration::from_millis(50);

/// Reads every order once. What turns out to be damaged is opened anew, and salvaged, by [`InboxThread::read`].
pub(super) async fn check(inbox: InboxThread) {
    let mut after = i64::MIN;
    loop {
        match inbox.read(move |reading| reading.check_some(after)).await {
            Ok(Some(last)) => after = last,
            Ok(None) => return tracing::debug!("the inbox is sound"),
            Err(InboxError::Damaged(_)) => return,
            Err(error) => return tracing::warn!(%error, "the inbox cannot be checked"),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
