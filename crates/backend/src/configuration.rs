//! How to run it.

use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::keys::Keys;
use crate::redis::RedisPlace;
use crate::store::Database;

/// How to run it for one shop, in one process.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// `CLOUD_API_KEY`.
    pub key: SecretString,
    /// The SQLite file; in memory when there is none.
    pub database: Option<PathBuf>,
}

/// How to run it, with everything that can be chosen.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Whose keys are taken.
    pub keys: Keys,
    /// Where orders are kept.
    pub database: Database,
    /// Over what the processes of one backend tell each other of new orders; there is only one without it.
    pub redis: Option<RedisPlace>,
    /// Whether one identifier that cannot be confirmed makes the whole call fail, as it does on deployed servers.
    pub imitate_deployed: bool,
}

impl From<Options> for Configuration {
    fn from(options: Options) -> Self {
        Self {
            listen: options.listen,
            keys: Keys::only(&options.key),
            database: options.database.map_or(Database::Memory, Database::File),
            redis: None,
            imitate_deployed: false,
        }
    }
}
