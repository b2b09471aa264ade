//! Whoever signs packages and serves them, and a computer with an `AppImage`.

use std::collections::HashMap;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::extract::State;
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use campana_shell::updates::Way;
use campana_sync::http::Limits;
use minisign::KeyPair;
use serde_json::json;
use tauri::test::{MockRuntime, mock_builder, mock_context, noop_assets};
use tokio::net::TcpListener;
use url::Url;

use crate::updates::{Bounds, PluginUpdates, Source};

/// The version of Campana that runs in these tests is 0.1.0.
pub(super) const NEWER: &str = "0.2.0";

/// Whoever holds a signing key.
pub(super) struct Publisher(KeyPair);

impl Publisher {
    pub fn new() -> Self {
        Self(KeyPair::generate_unencrypted_keypair().unwrap())
    }
    /// As `tauri signer generate` writes it.
    pub fn public_key(&self) -> String {
        BASE64_STANDARD.encode(self.0.pk.to_box().unwrap().to_string())
    }
    /// As `tauri build` signs a package of this version.
    pub fn sign(&self, package: &[u8], version: &str) -> String {
        self.sign_saying(
            package,
            &format!("timestamp:1795543200\tfile:Campana.AppImage\tversion:{version}"),
        )
    }
    pub fn sign_saying(&self, package: &[u8], trusted: &str) -> String {
        let (keys, package) = (&self.0, Cursor::new(package));
        let signed = minisign::sign(Some(&keys.pk), &keys.sk, package, Some(trusted), None);
        BASE64_STANDARD.encode(signed.unwrap().to_string())
    }
}

/// A package that begins as a program of Linux does.
pub(super) fn package(words: &str) -> Vec<u8> {
    [b"\x7fELF".as_slice(), &[0; 60], words.as_bytes()].concat()
}

type Answer = Box<dyn Fn() -> Response + Send + Sync>;

/// A server on this computer, and what it was asked.
pub(super) struct Server {
    pub origin: Url,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    heads: Arc<Mutex<Vec<String>>>,
}

type Shared = (Arc<Mutex<HashMap<String, Answer>>>, Arc<Mutex<Vec<String>>>);

async fn answer(State((answers, heads)): State<Shared>, request: Request<Body>) -> Response {
    let head = format!("{} {:?}", request.uri(), request.headers());
    heads.lock().unwrap().push(head.to_lowercase());
    let answers = answers.lock().unwrap();
    match answers.get(request.uri().path()) {
        Some(answer) => answer(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

impl Server {
    pub async fn start() -> Self {
        let (answers, heads) = (Arc::default(), Arc::default());
        let shared: Shared = (Arc::clone(&answers), Arc::clone(&heads));
        let router = axum::Router::new().fallback(answer).with_state(shared);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self {
            origin: Url::parse(&origin).unwrap(),
            answers,
            heads,
        }
    }
    pub fn at(&self, path: &str) -> Url {
        self.origin.join(path).unwrap()
    }
    /// Answers this path so from now on.
    pub fn answers(&self, path: &str, answer: impl Fn() -> Response + Send + Sync + 'static) {
        let mut answers = self.answers.lock().unwrap();
        answers.insert(path.to_owned(), Box::new(answer));
    }
    /// Announces a package of this version at this address.
    pub fn announces(&self, version: &str, package: &Url, signature: &str) {
        let there = json!({ "url": package, "signature": signature });
        let list = json!({
            "version": version,
            "platforms": { "linux-x86_64": there, "linux-aarch64": there },
        });
        let list = list.to_string();
        self.answers("/latest.json", move || list.clone().into_response());
    }
    /// Announces a package and serves it.
    pub fn publishes(&self, version: &str, package: &[u8], signature: &str) {
        self.announces(version, &self.at("Campana.AppImage"), signature);
        let package = package.to_vec();
        self.answers("/Campana.AppImage", move || package.clone().into_response());
    }
    /// Request lines and headers, in small letters.
    pub fn asked(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

/// A computer with Campana 0.1.0.
pub(super) struct Computer {
    folder: tempfile::TempDir,
    pub updates: PluginUpdates<MockRuntime>,
    _app: tauri::App<MockRuntime>,
}

/// Bounds under which a server that never ends is given up soon.
pub(super) fn short() -> Bounds {
    Bounds {
        list: Limits {
            connect: Duration::from_secs(5),
            whole: Duration::from_secs(10),
            bytes: 64 * 1024,
        },
        package: Duration::from_secs(20),
        silence: Duration::from_millis(300),
        bytes: 1024 * 1024,
    }
}

impl Computer {
    pub fn with(publisher: &Publisher, server: &Server) -> Self {
        let addresses = vec![server.at("latest.json")];
        Self::asking(publisher, addresses, Way::InPlace)
    }
    pub fn asking(publisher: &Publisher, addresses: Vec<Url>, way: Way) -> Self {
        let source = Source {
            addresses,
            public_key: publisher.public_key(),
        };
        let mut context = mock_context(noop_assets());
        let plugins = &mut context.config_mut().plugins.0;
        plugins.insert("updater".into(), source.for_plugin());
        let app = mock_builder()
            .plugin(tauri_plugin_updater::Builder::new().build())
            .build(context)
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("Campana.AppImage");
        std::fs::write(&program, package("0.1.0")).unwrap();
        std::fs::set_permissions(&program, PermissionsExt::from_mode(0o750)).unwrap();
        let handle = app.handle().clone();
        let updates = PluginUpdates::for_program(handle, source, way, Some(program), short());
        Self {
            folder,
            updates,
            _app: app,
        }
    }
    pub fn program(&self) -> PathBuf {
        self.folder.path().join("Campana.AppImage")
    }
    /// What is installed, and its permissions.
    pub fn installed(&self) -> (Vec<u8>, u32) {
        let mode = std::fs::metadata(self.program()).unwrap().permissions();
        (std::fs::read(self.program()).unwrap(), mode.mode() & 0o777)
    }
    /// The version from before is untouched, and nothing lies beside it.
    pub fn is_as_before(&self) -> bool {
        let files = std::fs::read_dir(self.folder.path()).unwrap().count();
        self.installed() == (package("0.1.0"), 0o750) && files == 1
    }
}
