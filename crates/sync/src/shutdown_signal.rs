//! How the system tells a program that it is to end.

/// Completes at Ctrl-C, or when the system wants the program to end (SIGTERM). Heard from the call on, not from the
/// first wait: what is started after it ends as it should, also amid its start. Needs a running tokio runtime.
///
/// Where signals cannot be heard it never completes, and the program runs until it is killed.
pub fn shutdown_signal() -> impl Future<Output = ()> + Send + 'static {
    #[cfg(unix)]
    let told = {
        use tokio::signal::unix::{SignalKind, signal};
        let mut signals = [SignalKind::terminate(), SignalKind::interrupt()].map(signal);
        async move {
            let [Ok(terminate), Ok(interrupt)] = &mut signals else {
                tracing::warn!("signals are not heard");
                return std::future::pending().await;
            };
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
        }
    };
    #[cfg(not(unix))]
    let told = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    told
}
