//! Faults of the server itself: the official one, as a process.

use std::time::Duration;

use async_trait::async_trait;

use crate::case::{Case, Expect, Fault, Group, Scene};
use crate::engine::Engine;
use crate::server::{Kind, SHORT_HEARTBEAT, Server};

pub(super) fn cases() -> Vec<Case> {
    let second = Duration::from_secs(1);
    let unreachable = &["offline/server_unreachable"];
    let told = |within| Expect::Told {
        within,
        one_of: unreachable,
    };
    let case = |name: &str, done: &str, deed, expect, hold| Case {
        group: Group::Server,
        name: name.to_owned(),
        done: done.to_owned(),
        expect,
        hold,
        fault: Box::new(ByProcess(deed)),
    };
    vec![
        case(
            "SIGSTOP, and SIGCONT after 40 s",
            "the official Node server; heartbeat of 6 s",
            Deed::Stop,
            told(SHORT_HEARTBEAT),
            40 * second,
        ),
        case(
            "kill -9, and back after 15 s",
            "the official Node server, with its orders in a file",
            Deed::Kill,
            told(second),
            15 * second,
        ),
        case(
            "kill -9, and back at once",
            "the official Node server, with its orders in a file",
            Deed::Kill,
            Expect::Told {
                within: second,
                one_of: &[],
            },
            Duration::ZERO,
        ),
        case(
            "shut down properly, and back after 15 s",
            "the official Node server, with its orders in a file",
            Deed::ShutDown,
            told(second),
            15 * second,
        ),
    ]
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Stop,
    Kill,
    ShutDown,
}

struct ByProcess(Deed);

#[async_trait]
impl Fault for ByProcess {
    async fn scene(&mut self) -> anyhow::Result<Scene> {
        let server = Server::start(Kind::Node).await?;
        let address = format!("http://{}", server.address());
        Scene::new(server, address)
    }

    async fn begin(&mut self, scene: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        let node = scene.server.node()?;
        match self.0 {
            Deed::Stop => node.signal("STOP").await,
            Deed::Kill => node.kill().await,
            Deed::ShutDown => node.stop().await,
        }
    }

    fn takes_orders(&self) -> bool {
        false
    }

    async fn end(&mut self, scene: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        let node = scene.server.node()?;
        match self.0 {
            Deed::Stop => node.signal("CONT").await,
            Deed::Kill | Deed::ShutDown => node.start_again().await,
        }
    }
}
