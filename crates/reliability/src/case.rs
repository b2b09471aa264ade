//! One fault: what is done, what must be said of it, and what came of it.

use std::path::PathBuf;
use std::time::Duration;

use async_trait::async_trait;
use tempfile::TempDir;

use crate::engine::{Engine, Way};
use crate::history::Recorder;
use crate::server::Server;

/// What kind of fault it is; the table has a part for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Of the network between.
    Network,
    /// Of the server itself.
    Server,
    /// Of trust: certificates, redirects, proxies.
    Trust,
    /// Of answers to a pull.
    Http,
    /// Of the carrier of the connection.
    EngineIo,
    /// Of what is said on the connection.
    SocketIo,
}

/// What must be said of a fault.
#[derive(Clone, Debug)]
pub enum Expect {
    /// Something other than green within this time, and never green again before it ends; and besides, if it
    /// names any, one of these, as `state` or `state/cause`.
    Told {
        /// How long the heartbeat allows green to stay.
        within: Duration,
        /// What must come in the end.
        one_of: &'static [&'static str],
    },
    /// Nothing need be said: orders come all the same.
    Tolerated,
}

/// A fault that is tried.
pub struct Case {
    /// Its kind.
    pub group: Group,
    /// Its name.
    pub name: String,
    /// What is really done, where the name does not say it.
    pub done: String,
    /// What must be said.
    pub expect: Expect,
    /// How long it holds at least.
    pub hold: Duration,
    /// How it is done.
    pub fault: Box<dyn Fault>,
}

/// Everything in which one fault happens.
pub struct Scene {
    /// The good server.
    pub server: Server,
    /// The address that the engine is given.
    pub address: String,
    /// The certificate authority that it is given.
    pub authority: Option<PathBuf>,
    /// How it runs.
    pub way: Way,
    /// Where its inbox is, and room for files.
    pub folder: TempDir,
}

impl Scene {
    /// With the engine in this process.
    ///
    /// # Errors
    /// When there is no room for files.
    pub fn new(server: Server, address: String) -> anyhow::Result<Self> {
        Ok(Self {
            server,
            address,
            authority: None,
            way: Way::Inside,
            folder: tempfile::tempdir()?,
        })
    }
}

/// How a fault is done.
#[async_trait]
pub trait Fault: Send {
    /// Builds what the engine will be connected to.
    ///
    /// # Errors
    /// When it cannot be built.
    async fn scene(&mut self) -> anyhow::Result<Scene>;

    /// Begins.
    ///
    /// # Errors
    /// When it cannot.
    async fn begin(&mut self, scene: &mut Scene, engine: &mut Engine) -> anyhow::Result<()>;

    /// Whether the server can take orders while it holds.
    fn takes_orders(&self) -> bool {
        true
    }

    /// Whether it goes on until it is ended; else it is over as soon as it began.
    fn lasts(&self) -> bool {
        true
    }

    /// Ends; the server answers again when it returns.
    ///
    /// # Errors
    /// When it cannot.
    async fn end(&mut self, scene: &mut Scene, engine: &mut Engine) -> anyhow::Result<()>;

    /// What was found besides, to be shown.
    ///
    /// # Errors
    /// When it is not as it must be.
    async fn verify(&mut self, _: &Scene, _: &Engine) -> anyhow::Result<Option<String>> {
        Ok(None)
    }
}

/// What came of a fault.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its kind.
    pub group: Group,
    /// Its name.
    pub name: String,
    /// What was really done.
    pub done: String,
    /// What the status said while it held, and when.
    pub said: Vec<(Duration, String)>,
    /// How long green stayed; `None` where it may stay.
    pub noticed: Option<Duration>,
    /// How long after its end it was green again; `None` where it never was anything else.
    pub recovered: Option<Duration>,
    /// Orders that were made.
    pub orders: usize,
    /// Those that are not in the inbox.
    pub lost: usize,
    /// Those that rang more than once.
    pub doubled: usize,
    /// What was found besides.
    pub found: Option<String>,
    /// What was not as it must be.
    pub wrong: Vec<String>,
}

/// A case that is under way.
pub(crate) struct World {
    pub(crate) scene: Scene,
    pub(crate) engine: Engine,
    pub(crate) recorder: Recorder,
    pub(crate) made: Vec<String>,
}
