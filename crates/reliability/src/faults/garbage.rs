//! Garbage on the connection; pulls work.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;

use crate::case::{Case, Expect, Fault, Group, Scene};
use crate::engine::Engine;
use crate::front::{Front, Plan, SocketPlan};
use crate::garbage::{SocketGarbage, engine_io, socket_io};
use crate::server::{Kind, Server};

pub(super) fn cases() -> Vec<Case> {
    let of = |group, garbage: Vec<SocketGarbage>| {
        garbage.into_iter().map(move |garbage| case(group, garbage))
    };
    of(Group::EngineIo, engine_io())
        .chain(of(Group::SocketIo, socket_io()))
        .collect()
}

fn case(group: Group, garbage: SocketGarbage) -> Case {
    let expect = if garbage.looks_alive {
        Expect::Tolerated
    } else {
        Expect::Told {
            within: Duration::from_secs(1),
            one_of: &[],
        }
    };
    Case {
        group,
        name: garbage.name.to_owned(),
        done: String::new(),
        expect,
        hold: Duration::from_secs(15),
        fault: Box::new(ByGarbage {
            garbage: Arc::new(garbage),
            front: None,
        }),
    }
}

struct ByGarbage {
    garbage: Arc<SocketGarbage>,
    front: Option<Front>,
}

#[async_trait]
impl Fault for ByGarbage {
    async fn scene(&mut self) -> anyhow::Result<Scene> {
        let server = Server::start(Kind::Campana).await?;
        let front = Front::start(server.address()).await?;
        let address = format!("http://{}", front.address());
        self.front = Some(front);
        Scene::new(server, address)
    }

    async fn begin(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        let front = self.front.as_ref().context("there is no scene")?;
        front.turn(Plan {
            socket: Some(SocketPlan::Garbage(Arc::clone(&self.garbage))),
            pull: None,
        });
        Ok(())
    }

    async fn end(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        let front = self.front.as_ref().context("there is no scene")?;
        front.turn(Plan::default());
        Ok(())
    }

    async fn verify(&mut self, _: &Scene, _: &Engine) -> anyhow::Result<Option<String>> {
        let front = self.front.as_ref().context("there is no scene")?;
        ensure!(front.answered() > 0, "no connection met it");
        Ok(Some(format!("{} attempts", front.answered())))
    }
}
