//! An HTTP proxy named by the environment, which alone knows the way.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;

use crate::case::{Case, Expect, Fault, Group, Scene};
use crate::engine::{Engine, Way};
use crate::forward::Forward;
use crate::proxy::{Mode, Proxy};
use crate::server::{Kind, Server};

/// No name server knows it (RFC 6761): only the proxy does.
const NAME: &str = "tienda.invalid";

pub(super) fn cases() -> Vec<Case> {
    vec![Case {
        group: Group::Trust,
        name: "HTTP_PROXY names the only way, which is closed for 15 s".to_owned(),
        done:
            "the program campana-sync with HTTP_PROXY; the name resolves nowhere but at the proxy"
                .to_owned(),
        expect: Expect::Told {
            within: Duration::from_secs(1),
            one_of: &["offline/server_unreachable"],
        },
        hold: Duration::from_secs(15),
        fault: Box::new(ByForward::default()),
    }]
}

#[derive(Default)]
struct ByForward {
    forward: Option<Forward>,
    way: Option<Proxy>,
}

#[async_trait]
impl Fault for ByForward {
    async fn scene(&mut self) -> anyhow::Result<Scene> {
        let server = Server::start(Kind::Node).await?;
        let forward = Forward::start(server.address()).await?;
        let way = Proxy::start(forward.address(), None).await?;
        let mut scene = Scene::new(server, format!("http://{NAME}:5000"))?;
        let named = format!("http://{}", way.address());
        scene.way = Way::Program([("HTTP_PROXY".into(), named.into())].into());
        self.forward = Some(forward);
        self.way = Some(way);
        Ok(scene)
    }

    async fn begin(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        let way = self.way.as_ref().context("there is no scene")?;
        way.turn(Mode::Closed).await
    }

    async fn end(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        let way = self.way.as_ref().context("there is no scene")?;
        way.turn(Mode::Pass).await
    }

    async fn verify(&mut self, _: &Scene, _: &Engine) -> anyhow::Result<Option<String>> {
        let forward = self.forward.as_ref().context("there is no scene")?;
        let (pulls, sockets) = forward.carried();
        ensure!(pulls > 0, "no pull came by the proxy");
        ensure!(sockets > 0, "no connection came by the proxy");
        Ok(Some(format!(
            "{pulls} pulls and {sockets} long polls went by the proxy; WebSocket takes no proxy, so the connection is by long-polling, and green"
        )))
    }
}
