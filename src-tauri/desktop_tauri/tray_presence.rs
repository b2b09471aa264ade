//! Whether this desktop shows tray icons. On Linux some have no place for them, or get it late.

/// Tells whether there is a tray, now and whenever that changes, on a thread of its own. A *no*
/// comes after a moment only: at the start of a session Campana may be there before the panel,
/// and a panel may start over.
pub fn watch(tell: impl Fn(bool) + Send + 'static) {
    #[cfg(target_os = "linux")]
    linux::watch(tell);
    #[cfg(not(target_os = "linux"))]
    tell(true);
}

#[cfg(target_os = "linux")]
mod linux {
    use std::time::{Duration, Instant};

    use zbus::blocking::Connection;
    use zbus::blocking::fdo::DBusProxy;
    use zbus::names::BusName;

    const WATCHER: &str = "org.kde.StatusNotifierWatcher";
    const GRACE: Duration = Duration::from_secs(3);
    const STEP: Duration = Duration::from_millis(200);

    pub(super) fn watch(tell: impl Fn(bool) + Send + 'static) {
        let work = move || {
            if let Err(error) = work(&tell) {
                tracing::warn!(%error, "whether there is a tray cannot be known");
                tell(false);
            }
        };
        let started = std::thread::Builder::new()
            .name("tray presence".into())
            .spawn(work);
        if let Err(error) = started {
            tracing::warn!(%error, "whether there is a tray cannot be known");
        }
    }

    fn work(tell: &dyn Fn(bool)) -> zbus::Result<()> {
        let connection = Connection::session()?;
        let bus = DBusProxy::new(&connection)?;
        let changes = bus.receive_name_owner_changed_with_args(&[(0, WATCHER)])?;
        let name = BusName::try_from(WATCHER)?;
        tell(has_owner(&bus, &name)?);
        // The changes only say when to look: a panel that starts over is back in a moment.
        for _ in changes {
            tell(has_owner(&bus, &name)?);
        }
        Ok(())
    }

    /// Waits a moment for an owner before it says no.
    fn has_owner(bus: &DBusProxy<'_>, name: &BusName<'_>) -> zbus::Result<bool> {
        let begun = Instant::now();
        while begun.elapsed() < GRACE {
            if bus.name_has_owner(name.clone())? {
                return Ok(true);
            }
            std::thread::sleep(STEP);
        }
        Ok(bus.name_has_owner(name.clone())?)
    }
}
