//! Whether this desktop shows tray icons. On Linux some have no place for them, or get it late.

/// Reports whether there is a tray, now and whenever that changes. It waits a moment before it says no: Campana may
/// start before the panel, and a panel may restart.
pub fn watch(tell: impl Fn(bool) + Send + Sync + 'static) {
    #[cfg(target_os = "linux")]
    tauri::async_runtime::spawn(linux::watch(tell));
    #[cfg(not(target_os = "linux"))]
    tell(true);
}

#[cfg(target_os = "linux")]
mod linux {
    use std::time::Duration;

    use futures_util::StreamExt as _;
    use futures_util::stream;
    use tokio::time::{sleep, timeout};
    use zbus::fdo::DBusProxy;
    use zbus::zvariant::OwnedValue;
    use zbus::{Connection, MatchRule, MessageStream};

    /// Keeps the list of icons, and of the hosts that show them.
    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    const PATH: &str = "/StatusNotifierWatcher";
    const PROPERTIES: &str = "org.freedesktop.DBus.Properties";
    const GRACE: Duration = Duration::from_secs(3);
    const STEP: Duration = Duration::from_millis(200);
    /// The pause before the session bus is tried again.
    const RETRY: Duration = Duration::from_secs(30);

    pub(super) async fn watch(tell: impl Fn(bool) + Send + Sync + 'static) {
        loop {
            if let Err(error) = work(&tell).await {
                tracing::warn!(%error, "looking for a tray failed");
            }
            tell(false);
            sleep(RETRY).await;
        }
    }

    /// Ends with the connection to the bus.
    async fn work(tell: &(impl Fn(bool) + Sync)) -> zbus::Result<()> {
        let connection = Connection::session().await?;
        let bus = DBusProxy::new(&connection).await?;
        let owners = bus
            .receive_name_owner_changed_with_args(&[(0, WATCHER)])
            .await?;
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .sender(WATCHER)?
            .interface(WATCHER)?
            .build();
        let hosts = MessageStream::for_match_rule(rule, &connection, None).await?;
        // The changes only say when to look.
        let mut changes = stream::select(owners.map(|_| ()), hosts.map(|_| ()));
        loop {
            tell(has_tray(&connection).await);
            if changes.next().await.is_none() {
                return Ok(());
            }
        }
    }

    /// Waits a moment before it says no: a panel that restarts is back soon.
    async fn has_tray(connection: &Connection) -> bool {
        let asking = async {
            while !has_host(connection).await.unwrap_or(false) {
                sleep(STEP).await;
            }
        };
        timeout(GRACE, asking).await.is_ok()
    }

    /// Without a host the watcher only keeps a list that nobody shows.
    async fn has_host(connection: &Connection) -> zbus::Result<bool> {
        let property = (WATCHER, "IsStatusNotifierHostRegistered");
        let reply = connection
            .call_method(Some(WATCHER), PATH, Some(PROPERTIES), "Get", &property)
            .await?;
        let value: OwnedValue = reply.body().deserialize()?;
        Ok(value.try_into()?)
    }
}
