//! A keyring, a doctor and a computer that are none.

use std::collections::HashMap;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use campana_sync::doctor::{Check, Code, Finding, Outcome};
use campana_sync::key_store::{KeyStore, KeyStoreError};
use secrecy::SecretString;

use crate::computer::Computer;
use crate::controller::{Probe, Prober};
use crate::diagnostics::Surroundings;

/// Keys by source, or why there are none.
pub(super) type Keyring = Result<HashMap<String, SecretString>, KeyStoreError>;

pub(super) struct FakeKeyring(pub Arc<Mutex<Keyring>>, pub Duration);

#[async_trait]
impl KeyStore for FakeKeyring {
    async fn get(&self, source: &str) -> Result<Option<SecretString>, KeyStoreError> {
        tokio::time::sleep(self.1).await;
        let keys = self.0.lock().unwrap();
        keys.as_ref()
            .map(|keys| keys.get(source).cloned())
            .map_err(|error| *error)
    }
    async fn set(&self, source: &str, key: &SecretString) -> Result<(), KeyStoreError> {
        let mut keys = self.0.lock().unwrap();
        let keys = keys.as_mut().map_err(|error| *error)?;
        keys.insert(source.to_owned(), key.clone());
        Ok(())
    }
    async fn remove(&self, source: &str) -> Result<(), KeyStoreError> {
        let mut keys = self.0.lock().unwrap();
        keys.as_mut().map_err(|error| *error)?.remove(source);
        Ok(())
    }
}

pub(super) struct FakeProber;

#[async_trait]
impl Prober for FakeProber {
    async fn probe(&self, probe: Probe, mut tell: Box<dyn FnMut(Finding) + Send>) {
        let finding = |check, outcome, code, because| Finding {
            check,
            outcome,
            code,
            detail: None,
            took: Duration::ZERO,
            because,
        };
        match probe.key {
            Ok(_) => tell(finding(Check::Keyring, Outcome::Ok, Code::InKeyring, None)),
            Err(_) => tell(finding(Check::Keyring, Outcome::Failed, Code::Locked, None)),
        }
        let because = Some(Check::Port);
        tell(finding(
            Check::SocketIo,
            Outcome::Skipped,
            Code::Skipped,
            because,
        ));
    }
}

/// What this computer was asked for.
#[derive(Default)]
pub(super) struct Desk {
    pub starts_with_it: bool,
    /// The system allows nothing.
    pub refuses: bool,
    pub shown_folders: usize,
    pub handed_over: Vec<(String, Vec<u8>)>,
    pub demos: usize,
}

pub(super) struct FakeComputer(pub Arc<Mutex<Desk>>);

impl FakeComputer {
    fn desk(&self) -> io::Result<std::sync::MutexGuard<'_, Desk>> {
        let desk = self.0.lock().unwrap();
        if desk.refuses {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied));
        }
        Ok(desk)
    }
}

impl Computer for FakeComputer {
    fn starts_with_it(&self) -> io::Result<bool> {
        Ok(self.0.lock().unwrap().starts_with_it)
    }
    fn go_on_starting_with_it(&self) -> io::Result<()> {
        self.start_with_it(true)
    }
    fn start_with_it(&self, wanted: bool) -> io::Result<()> {
        self.desk()?.starts_with_it = wanted;
        Ok(())
    }
    fn show_data_folder(&self) -> io::Result<()> {
        self.desk()?.shown_folders += 1;
        Ok(())
    }
    fn hand_over(&self, name: &str, content: &[u8]) -> io::Result<PathBuf> {
        let file = (name.to_owned(), content.to_owned());
        self.desk()?.handed_over.push(file);
        Ok(PathBuf::from("/downloads").join(name))
    }
    fn home(&self) -> Option<PathBuf> {
        Some("/home/lucia".into())
    }
    fn names(&self) -> Vec<String> {
        vec!["lucia".into(), "caja-uno".into()]
    }
    fn surroundings(&self) -> Surroundings {
        Surroundings {
            system: "Debian 12".into(),
            ..Surroundings::default()
        }
    }
    fn logs(&self, _bytes: usize) -> Vec<(String, String)> {
        let line = "INFO caja-uno: nothing to say of Lucía\n";
        vec![("campana.log".into(), line.into())]
    }
    fn start_demo(&self) -> io::Result<()> {
        self.desk()?.demos += 1;
        Ok(())
    }
}
