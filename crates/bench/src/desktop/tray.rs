//! The tray as the desktop sees it, by the session bus.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use zbus::blocking::{Connection, MessageIterator, Proxy};
use zbus::zvariant::{OwnedValue, Value};

/// The bus is asked so often for what the menu says.
const STEP: Duration = Duration::from_millis(2);

/// An entry of a menu as `com.canonical.dbusmenu` tells it: number, properties, entries below.
type Node = (
    i32,
    std::collections::HashMap<String, OwnedValue>,
    Vec<OwnedValue>,
);

/// Hears of icons that come to the tray.
#[derive(Debug)]
pub struct Bus {
    connection: Connection,
    arrivals: MessageIterator,
}

/// Campana's icon in the tray.
#[derive(Debug)]
pub struct Item {
    connection: Connection,
    service: String,
    menu: String,
}

impl Bus {
    /// Listens from now on.
    ///
    /// # Errors
    /// When there is no bus.
    pub fn new() -> anyhow::Result<Self> {
        let connection = Connection::session()?;
        let rule = zbus::MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .interface("org.kde.StatusNotifierWatcher")?
            .member("StatusNotifierItemRegistered")?
            .build();
        let arrivals = MessageIterator::for_match_rule(rule, &connection, None)?;
        Ok(Self {
            connection,
            arrivals,
        })
    }

    /// Waits for the next icon; when it came, and it.
    ///
    /// # Errors
    /// When the bus ends.
    pub fn next_item(&mut self) -> anyhow::Result<(Instant, Item)> {
        let arrival = self.arrivals.next().context("the bus ended")??;
        let at = Instant::now();
        let name: String = arrival.body().deserialize()?;
        let (service, path) = name.split_once('/').context("an item without path")?;
        let item = Proxy::new(
            &self.connection,
            service,
            format!("/{path}"),
            "org.kde.StatusNotifierItem",
        )?;
        let menu: zbus::zvariant::OwnedObjectPath = item.get_property("Menu")?;
        Ok((
            at,
            Item {
                connection: self.connection.clone(),
                service: service.to_owned(),
                menu: menu.to_string(),
            },
        ))
    }
}

impl Item {
    /// Waits until an entry of the menu holds this text; when it did, and the entry's number.
    ///
    /// # Errors
    /// When it does not come in time.
    pub fn until_it_says(&self, text: &str, patience: Duration) -> anyhow::Result<(Instant, i32)> {
        let deadline = Instant::now() + patience;
        loop {
            let entries = self.entries()?;
            let found = entries.iter().find(|(_, label)| label.contains(text));
            if let Some((number, _)) = found {
                return Ok((Instant::now(), *number));
            }
            if Instant::now() > deadline {
                anyhow::bail!("the tray never says \"{text}\", but {entries:?}");
            }
            std::thread::sleep(STEP);
        }
    }

    /// Chooses the entry as a person would.
    ///
    /// # Errors
    /// When the app does not take it.
    pub fn choose(&self, entry: i32) -> anyhow::Result<()> {
        let data = Value::from("");
        Ok(self
            .menu()?
            .call("Event", &(entry, "clicked", data, 0_u32))?)
    }

    fn menu(&self) -> zbus::Result<Proxy<'_>> {
        Proxy::new(
            &self.connection,
            self.service.as_str(),
            self.menu.as_str(),
            "com.canonical.dbusmenu",
        )
    }

    /// Number and text of what is in the menu itself.
    fn entries(&self) -> anyhow::Result<Vec<(i32, String)>> {
        let names: [&str; 1] = ["label"];
        let (_, (_, _, below)): (u32, Node) = self
            .menu()?
            .call("GetLayout", &(0_i32, 1_i32, &names[..]))?;
        let mut entries = Vec::new();
        for node in below {
            let (number, properties, _) = Node::try_from(node)?;
            let label = properties
                .get("label")
                .and_then(|label| label.downcast_ref::<&str>().ok());
            entries.push((number, label.unwrap_or_default().replace('_', "")));
        }
        Ok(entries)
    }
}
