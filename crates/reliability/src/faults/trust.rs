//! Certificates: each of these works with the own certificate authority set, until something is wrong.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use async_trait::async_trait;
use tokio_rustls::TlsAcceptor;

use crate::case::{Case, Expect, Fault, Group, Scene};
use crate::certificates::{Authority, Flaw, NAME};
use crate::engine::Engine;
use crate::proxy::Proxy;
use crate::server::{Kind, Server};

const HOLD: Duration = Duration::from_secs(10);

pub(super) fn cases() -> Vec<Case> {
    let case = |name: &str, done: &str, deed, one_of| Case {
        group: Group::Trust,
        name: name.to_owned(),
        done: done.to_owned(),
        expect: Expect::Told {
            within: Duration::from_secs(1),
            one_of,
        },
        hold: HOLD,
        fault: Box::new(ByTls::new(deed)),
    };
    let refused = &["offline/certificate_refused"];
    let mut works = case(
        "certificate of the own authority",
        "by the same proxy: this one works",
        Deed::Nothing,
        &[],
    );
    works.expect = Expect::Tolerated;
    let shown = "by a TLS proxy that shows another certificate from then on";
    vec![
        works,
        case(
            "certificate for another name",
            shown,
            Deed::Show(Flaw::WrongName),
            refused,
        ),
        case(
            "certificate of an unknown authority",
            shown,
            Deed::Show(Flaw::UnknownAuthority),
            refused,
        ),
        case(
            "certificate that expired",
            shown,
            Deed::Show(Flaw::Expired),
            refused,
        ),
        case(
            "certificate from the future",
            shown,
            Deed::Show(Flaw::NotYet),
            refused,
        ),
        case(
            "own authority taken out of the settings, and set again",
            "without a restart",
            Deed::Forget,
            refused,
        ),
        case(
            "file of the own authority damaged, and mended",
            "without a restart; connections cut when it is damaged",
            Deed::Damage,
            &["offline/certificate_authority_unusable"],
        ),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Nothing,
    Show(Flaw),
    Forget,
    Damage,
}

struct ByTls {
    deed: Deed,
    set: Option<Set>,
}

struct Set {
    proxy: Proxy,
    good: TlsAcceptor,
    flawed: TlsAcceptor,
    authority: Authority,
    file: PathBuf,
}

impl ByTls {
    fn new(deed: Deed) -> Self {
        Self { deed, set: None }
    }

    fn set(&self) -> anyhow::Result<&Set> {
        self.set.as_ref().context("there is no scene")
    }
}

#[async_trait]
impl Fault for ByTls {
    async fn scene(&mut self) -> anyhow::Result<Scene> {
        let server = Server::start(Kind::Campana).await?;
        let authority = Authority::new("La Tienda, autoridad propia")?;
        let good = authority.certificate(Flaw::None)?;
        let flawed = match self.deed {
            Deed::Show(Flaw::UnknownAuthority) => {
                Authority::new("Nadie")?.certificate(Flaw::None)?
            }
            Deed::Show(flaw) => authority.certificate(flaw)?,
            Deed::Nothing | Deed::Forget | Deed::Damage => good.clone(),
        };
        let proxy = Proxy::start(server.address(), Some(good.clone())).await?;
        let address = format!("https://{NAME}:{}", proxy.address().port());
        let mut scene = Scene::new(server, address)?;
        let file = scene.folder.path().join("own.pem");
        tokio::fs::write(&file, authority.pem()).await?;
        scene.authority = Some(file.clone());
        self.set = Some(Set {
            proxy,
            good,
            flawed,
            authority,
            file,
        });
        Ok(scene)
    }

    async fn begin(&mut self, _: &mut Scene, engine: &mut Engine) -> anyhow::Result<()> {
        let set = self.set()?;
        match self.deed {
            Deed::Nothing => Ok(()),
            Deed::Show(_) => {
                set.proxy.show(set.flawed.clone());
                set.proxy.cut();
                Ok(())
            }
            Deed::Forget => engine.trust(None),
            Deed::Damage => {
                tokio::fs::write(&set.file, "-----BEGIN CERTIFICATE-----\nAAAA\n").await?;
                set.proxy.cut();
                Ok(())
            }
        }
    }

    async fn end(&mut self, _: &mut Scene, engine: &mut Engine) -> anyhow::Result<()> {
        let set = self.set()?;
        match self.deed {
            Deed::Nothing => Ok(()),
            Deed::Show(_) => {
                set.proxy.show(set.good.clone());
                Ok(())
            }
            Deed::Forget => engine.trust(Some(&set.file)),
            Deed::Damage => Ok(tokio::fs::write(&set.file, set.authority.pem()).await?),
        }
    }
}
