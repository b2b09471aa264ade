//! What is on the screen, and since when.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use x11rb::connection::Connection as _;
use x11rb::protocol::Event;
use x11rb::protocol::damage::{ConnectionExt as _, ReportLevel};
use x11rb::protocol::xproto::{ConnectionExt as _, ImageFormat};
use x11rb::rust_connection::RustConnection;

/// The panel with the tray is at the top of the screen, and none of a window's business.
const PANEL: u16 = 32;
/// After so long without a change the screen shows what it is going to show.
const REST: Duration = Duration::from_millis(1500);
/// Nothing takes longer, however busy the machine is.
const PATIENCE: Duration = Duration::from_secs(60);
/// So often it is looked whether the screen has changed.
const STEP: Duration = Duration::from_millis(1);

/// What the screen below the panel shows; only good to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picture(u64);

/// The screen of the desktop that this program runs on.
#[derive(Debug)]
pub struct Screen {
    connection: RustConnection,
    root: u32,
    size: (u16, u16),
    damage: u32,
}

impl Screen {
    /// Watches it from now on.
    ///
    /// # Errors
    /// When there is none, or it does not tell of changes.
    pub fn new() -> anyhow::Result<Self> {
        let (connection, number) = x11rb::connect(None)?;
        let screen = connection.setup().roots.get(number).context("no screen")?;
        let (root, size) = (
            screen.root,
            (screen.width_in_pixels, screen.height_in_pixels),
        );
        connection.damage_query_version(1, 1)?.reply()?;
        let damage = connection.generate_id()?;
        connection
            .damage_create(damage, root, ReportLevel::NON_EMPTY)?
            .check()?;
        Ok(Self {
            connection,
            root,
            size,
            damage,
        })
    }

    /// Does something that changes the screen, waits until the screen rests, and tells how long it took until it
    /// showed for the first time what it shows then.
    ///
    /// # Errors
    /// When the screen does not change, or never rests.
    pub fn until_it_rests(
        &self,
        deed: impl FnOnce() -> anyhow::Result<()>,
    ) -> anyhow::Result<(Duration, Picture)> {
        let mut pictures = vec![(Instant::now(), self.picture()?)];
        let began = Instant::now();
        deed()?;
        loop {
            if self.has_changed()? {
                let picture = self.picture()?;
                if pictures.last().is_none_or(|(_, last)| *last != picture) {
                    pictures.push((Instant::now(), picture));
                }
                continue;
            }
            let last = pictures.last().map_or(began, |(at, _)| *at);
            if pictures.len() > 1 && last.elapsed() > REST {
                break;
            }
            ensure!(
                began.elapsed() < PATIENCE,
                "the screen changed {} times and never rests",
                pictures.len() - 1
            );
            std::thread::sleep(STEP);
        }
        let (_, resting) = *pictures.last().context("no picture")?;
        let (_, before) = *pictures.first().context("no picture")?;
        ensure!(before != resting, "the screen shows what it showed before");
        let shown = pictures.iter().find(|(_, picture)| *picture == resting);
        let (at, _) = shown.context("no picture")?;
        Ok((at.duration_since(began), resting))
    }

    /// Whether something was drawn since this was asked last.
    fn has_changed(&self) -> anyhow::Result<bool> {
        let mut changed = false;
        while let Some(event) = self.connection.poll_for_event()? {
            changed |= matches!(event, Event::DamageNotify(_));
        }
        if changed {
            // From here on the next change is told of: what is drawn before the picture is taken may be told twice.
            self.connection
                .damage_subtract(self.damage, x11rb::NONE, x11rb::NONE)?;
        }
        Ok(changed)
    }

    fn picture(&self) -> anyhow::Result<Picture> {
        let (width, height) = self.size;
        let image = self
            .connection
            .get_image(
                ImageFormat::Z_PIXMAP,
                self.root,
                0,
                PANEL.cast_signed(),
                width,
                height - PANEL,
                u32::MAX,
            )?
            .reply()?;
        let mut hasher = DefaultHasher::new();
        image.data.hash(&mut hasher);
        Ok(Picture(hasher.finish()))
    }
}
