//! Configuring the engine: from what was found at the start, and from what is saved.

use std::time::Duration;

use campana_sync::address::Address;
use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::certificate_authority::CertificateAuthority;
use campana_sync::configuration::{Configuration, Key};
use campana_sync::doctor;
use campana_sync::settings::{Preferences, Settings};
use campana_sync::status::{Cause, Status, StatusKind};

use super::input::{Input, Reply, answer, error};
use super::probing::Probe;
use super::setup::{FoundKey, Saved, Saving};
use super::{Controller, probing, setup, words};
use crate::desktop::Window;
use crate::view::{CheckView, CommandError, KeyPlace, SettingsForm};

/// A locked keyring may have been unlocked meanwhile; asking may show a prompt, so not often.
const KEY_RETRY: Duration = Duration::from_secs(300);

impl Controller {
    /// Looks for the key of the present backend, in a task of its own.
    pub(super) fn find_key(&mut self) {
        self.connection.key_retry = None;
        let Some(source) = self.connection.address.as_ref().map(Address::source) else {
            let missing = FoundKey {
                place: KeyPlace::Missing,
                key: Key::Missing,
            };
            return self.use_key(missing);
        };
        let (store, loose) = (
            self.reach.key_store.clone(),
            self.connection.loose_keys.clone(),
        );
        let sender = self.reach.sender.clone();
        tokio::spawn(async move {
            let found = setup::find_key(store.as_ref(), &loose, &source).await;
            let _ = sender.send(Input::KeyFound(source, found));
        });
    }

    pub(super) fn key_found(&mut self, source: &str, found: FoundKey) {
        // Another address was saved meanwhile: a key never goes to another backend than its own.
        if self.state.source.as_deref() == Some(source) {
            self.use_key(found);
        }
    }

    fn use_key(&mut self, found: FoundKey) {
        if matches!(found.key, Key::Unavailable) {
            self.connection.key_retry = Some(self.now.at + KEY_RETRY);
        }
        let is_same = match (&self.connection.key, &found.key) {
            (Key::Unavailable, Key::Unavailable) => true,
            (Key::Present(_) | Key::Missing | Key::Unavailable, _) => false,
        };
        self.state.key_place = found.place;
        self.connection.key = found.key;
        let is_first = std::mem::take(&mut self.connection.is_first_key);
        if is_first || !is_same {
            self.configure();
        }
        let is_complete = self.connection.address.is_some()
            && !self.state.plain_http_refused
            && !matches!(self.connection.key, Key::Missing)
            && self.state.receiver.is_some();
        if is_first && !is_complete {
            self.desk.open(Window::Settings);
        }
    }

    fn configure(&self) {
        let allowed = self
            .connection
            .address
            .clone()
            .filter(|_| !self.state.plain_http_refused);
        let configuration = allowed.map(|address| Configuration {
            address,
            key: self.connection.key.clone(),
            receiver: self.state.receiver,
            profile: self.connection.settings.profile,
            certificate_authority: self.authority(),
        });
        self.reach.engine.configure(configuration);
    }

    pub(super) fn authority(&self) -> Option<CertificateAuthority> {
        self.connection.certificate_authority.clone().or_else(|| {
            self.connection
                .settings
                .certificate_authority(&self.connection.folder)
        })
    }

    /// The status as it is for people: of an address that it was not given the engine knows nothing, but no
    /// orders arrive from it.
    pub(super) fn explained(&self, status: Status) -> Status {
        let looks_for_key = self.connection.is_first_key && self.state.source.is_some();
        if status.kind == StatusKind::NotConfigured && looks_for_key {
            return Status {
                kind: StatusKind::Connecting,
                ..status
            };
        }
        if !self.state.plain_http_refused || status.kind != StatusKind::NotConfigured {
            return status;
        }
        Status {
            kind: StatusKind::Offline,
            cause: Some(Cause::AddressPlainHttp),
            ..status
        }
    }

    /// *Guardar*.
    pub(super) fn save(&mut self, form: SettingsForm, reply: Reply<()>) {
        let before = self
            .state
            .source
            .clone()
            .map(|source| (source, self.connection.key.clone()));
        let (engine, now) = (self.reach.engine.clone(), self.now.wall);
        let (store, loose) = (
            self.reach.key_store.clone(),
            self.connection.loose_keys.clone(),
        );
        let (folder, written) = (
            self.connection.folder.clone(),
            self.connection.written.clone(),
        );
        let sender = self.reach.sender.clone();
        tokio::spawn(async move {
            // Two savings at once end as the later one wants.
            let mut written = written.lock().await;
            let saving = Saving {
                store,
                loose,
                folder,
                settings: written.clone(),
                form,
                before,
                engine,
                now,
            };
            let result = saving.run().await;
            if let Ok(saved) = &result {
                *written = saved.settings.clone();
            }
            let _ = sender.send(Input::Saved(result.map(Box::new), reply));
        });
    }

    pub(super) fn saved(&mut self, result: Result<Box<Saved>, CommandError>, reply: Reply<()>) {
        let saved = match result {
            Ok(saved) => saved,
            Err(failure) => {
                if matches!(&*failure.code, "settings-unwritable" | "storage-failed") {
                    // The engine may have been stopped for it.
                    self.configure();
                }
                return answer(reply, Err(failure));
            }
        };
        let source = saved.address.source();
        if saved.is_new_key {
            self.connection.loose_keys.forget(&source);
            if let (KeyPlace::Memory, Key::Present(key)) = (saved.key.place, &saved.key.key) {
                self.connection
                    .loose_keys
                    .memory
                    .push((source.clone(), key.clone()));
            }
        } else if let Some((of, _)) = &mut self.connection.loose_keys.environment {
            // From now on it belongs to this backend and to no other.
            of.get_or_insert_with(|| source.clone());
        }
        self.connection.settings = saved.settings;
        self.connection.address = Some(saved.address);
        self.connection.key = saved.key.key;
        self.connection.key_retry =
            matches!(self.connection.key, Key::Unavailable).then(|| self.now.at + KEY_RETRY);
        self.state.source = Some(source);
        self.state.key_place = saved.key.place;
        self.state.receiver = self.connection.settings.receiver;
        self.state.profile = self.connection.settings.profile;
        self.state.certificate_authority = self.connection.settings.certificate_authority.clone();
        self.state.plain_http_refused = false;
        self.state.settings_damaged = false;
        self.configure();
        self.read_orders();
        answer(reply, Ok(()));
    }

    /// What was changed beyond the connection; it holds from when it is on disk.
    pub(super) fn save_preferences(&self, preferences: Preferences, reply: Reply<()>) {
        let (folder, written) = (
            self.connection.folder.clone(),
            self.connection.written.clone(),
        );
        let sender = self.reach.sender.clone();
        tokio::spawn(async move {
            let mut written = written.lock().await;
            let settings = Settings {
                preferences: preferences.bounded(),
                ..written.clone()
            };
            let result = setup::write(settings, folder).await.map(|settings| {
                *written = settings;
                written.preferences.clone()
            });
            let _ = sender.send(Input::PreferencesSaved(result, reply));
        });
    }

    pub(super) fn preferences_saved(
        &mut self,
        result: Result<Preferences, CommandError>,
        reply: Reply<()>,
    ) {
        let preferences = match result {
            Ok(preferences) => preferences,
            Err(failure) => return answer(reply, Err(failure)),
        };
        self.state.settings_damaged = false;
        let language = Language::choose(preferences.language);
        if language != self.state.language {
            self.state.language = language;
            self.catalogue = Catalogue::new(language);
            self.desk.speak(words::of_desktop(&self.catalogue));
        }
        self.desk.prefer(&preferences);
        if preferences.system.start_with_computer
            != self
                .connection
                .settings
                .preferences
                .system
                .start_with_computer
        {
            self.change_autostart(preferences.system.start_with_computer);
        }
        self.connection.settings.preferences = preferences.clone();
        let before = std::mem::replace(&mut self.state.preferences, preferences);
        self.retain();
        if before.printing != self.state.preferences.printing {
            self.printing_changed();
        }
        answer(reply, Ok(()));
    }

    /// *Quitar*.
    pub(super) fn remove_key(&mut self, reply: Reply<()>) {
        let Some(source) = self.state.source.clone() else {
            return answer(reply, Ok(()));
        };
        let (store, sender) = (self.reach.key_store.clone(), self.reach.sender.clone());
        let turn = self.connection.written.clone();
        tokio::spawn(async move {
            let _turn = turn.lock().await;
            let result = setup::remove_key(store.as_ref(), &source).await;
            let _ = sender.send(Input::KeyRemoved(source, result, reply));
        });
    }

    pub(super) fn key_removed(
        &mut self,
        source: &str,
        result: Result<(), CommandError>,
        reply: Reply<()>,
    ) {
        if result.is_ok() {
            self.connection.loose_keys.forget(source);
            if self.state.source.as_deref() == Some(source) {
                self.connection.key_retry = None;
                self.connection.key = Key::Missing;
                self.state.key_place = KeyPlace::Missing;
                self.configure();
            }
        }
        answer(reply, result);
    }

    /// *Probar conexión*: with the key of the form, else with the one that this address has.
    pub(super) fn test_connection(&mut self, form: SettingsForm, reply: Reply<Vec<CheckView>>) {
        let (address, entered) = match (setup::address(&form), setup::entered_key(&form)) {
            (Ok(address), Ok(entered)) => (address, entered),
            (Err(failure), _) | (_, Err(failure)) => return answer(reply, Err(failure)),
        };
        let (store, loose) = (
            self.reach.key_store.clone(),
            self.connection.loose_keys.clone(),
        );
        let (prober, sender) = (self.reach.prober.clone(), self.reach.sender.clone());
        let profile = setup::profile(form.profile);
        if let Err(failure) = setup::allow(&form, &address, &self.connection.settings) {
            return answer(reply, Err(failure));
        }
        let certificate_authority =
            match setup::chosen_authority(&form) {
                None => self.authority(),
                Some(chosen) => self.connection.certificate_authority.clone().or_else(|| {
                    chosen.map(|path| setup::authority(&self.connection.folder, &path))
                }),
            };
        tokio::spawn(async move {
            let key = match entered {
                Some(key) => Ok(doctor::FoundKey {
                    key,
                    place: doctor::KeyPlace::Typed,
                }),
                None => {
                    let source = address.source();
                    probing::key(setup::find_key(store.as_ref(), &loose, &source).await)
                }
            };
            if matches!(key, Err(doctor::NoKey::Missing)) {
                return answer(reply, Err(error("key-missing", Some("key"))));
            }
            let lines = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
            let kept = lines.clone();
            let tell = move |line: CheckView| {
                if let Ok(mut lines) = kept.lock() {
                    lines.push(line.clone());
                }
                let _ = sender.send(Input::Check(line));
            };
            let tell = Box::new(move |finding| tell(probing::check_line(&finding)));
            let probe = Probe {
                address,
                key,
                profile,
                certificate_authority,
            };
            prober.probe(probe, tell).await;
            let lines = lines.lock().map(|lines| lines.clone());
            answer(reply, lines.map_err(|_| error("internal", None)));
        });
    }
}
