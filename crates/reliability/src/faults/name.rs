//! A name that stops to resolve, and resolves again.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;

use crate::case::{Case, Expect, Fault, Group, Scene};
use crate::engine::{Engine, Way};
use crate::proxy::Proxy;
use crate::server::{Kind, Server};

/// No name server knows it (RFC 6761).
const NAME: &str = "tienda.invalid";
/// Where Debian keeps it; elsewhere the linker finds it by its name.
const FOLDERS: [&str; 4] = [
    "/usr/lib/x86_64-linux-gnu",
    "/usr/lib/aarch64-linux-gnu",
    "/usr/lib64",
    "/usr/lib",
];

pub(super) fn cases() -> Vec<Case> {
    vec![Case {
        group: Group::Network,
        name: "name does not resolve for 15 s".to_owned(),
        done: "the program campana-sync, in which nss_wrapper answers the system's getaddrinfo for both channels; connections cut at the beginning"
            .to_owned(),
        expect: Expect::Told {
            within: Duration::from_secs(1),
            one_of: &["offline/server_unreachable", "offline/no_network"],
        },
        hold: Duration::from_secs(15),
        fault: Box::new(ByName::default()),
    }]
}

#[derive(Default)]
struct ByName {
    proxy: Option<Proxy>,
    hosts: PathBuf,
}

impl ByName {
    async fn resolves_to(&self, address: Option<&str>) -> anyhow::Result<()> {
        let line = address.map(|address| format!("{address} {NAME}\n"));
        // At once: a file that is half there is no name either.
        let new = self.hosts.with_extension("new");
        tokio::fs::write(&new, line.unwrap_or_default()).await?;
        Ok(tokio::fs::rename(&new, &self.hosts).await?)
    }
}

#[async_trait]
impl Fault for ByName {
    async fn scene(&mut self) -> anyhow::Result<Scene> {
        let wrapper = FOLDERS
            .iter()
            .map(|folder| Path::new(folder).join("libnss_wrapper.so"))
            .find(|library| library.is_file());
        ensure!(
            wrapper.is_some(),
            "libnss_wrapper.so is missing: `cargo xtask setup` installs it"
        );
        let server = Server::start(Kind::Campana).await?;
        let proxy = Proxy::start(server.address(), None).await?;
        let address = format!("http://{NAME}:{}", proxy.address().port());
        let mut scene = Scene::new(server, address)?;
        self.hosts = scene.folder.path().join("hosts");
        self.resolves_to(Some("127.0.0.1")).await?;
        self.proxy = Some(proxy);
        let environment = [
            ("LD_PRELOAD".into(), wrapper.unwrap_or_default().into()),
            ("NSS_WRAPPER_HOSTS".into(), self.hosts.clone().into()),
        ];
        scene.way = Way::Program(environment.into());
        Ok(scene)
    }

    async fn begin(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        self.resolves_to(None).await?;
        let proxy = self.proxy.as_ref().context("there is no scene")?;
        proxy.cut();
        Ok(())
    }

    async fn end(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        self.resolves_to(Some("127.0.0.1")).await
    }
}
