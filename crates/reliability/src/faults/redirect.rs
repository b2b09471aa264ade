//! Redirects: the key goes to no other origin.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;

use crate::case::{Case, Expect, Fault, Group, Scene};
use crate::engine::Engine;
use crate::front::{Front, Plan, SocketPlan};
use crate::garbage::Step;
use crate::listener::Listener;
use crate::server::{KEY, Kind, Server};

pub(super) fn cases() -> Vec<Case> {
    let case = |name: String, deed, one_of| {
        Case {
        group: Group::Trust,
        name,
        done: "to another origin, where a working server of another shop with the same key writes down what reaches it"
            .to_owned(),
        expect: Expect::Told {
            within: Duration::from_secs(1),
            one_of,
        },
        hold: Duration::from_secs(12),
        fault: Box::new(ByRedirect::new(deed)),
    }
    };
    let mut cases = Vec::new();
    for status in [302, 307, 308] {
        cases.push(case(
            format!("pull redirected with {status}"),
            Deed {
                status,
                pull: true,
                socket: None,
            },
            &["offline/redirected"] as &[_],
        ));
    }
    for (status, what, name) in [
        (302, Requests::All, "connection redirected with 302"),
        (307, Requests::All, "connection redirected with 307"),
        (
            308,
            Requests::Posts,
            "only what long-polling sends redirected with 308",
        ),
    ] {
        cases.push(case(
            name.to_owned(),
            Deed {
                status,
                pull: false,
                socket: Some(what),
            },
            &["polling_only/link_down"],
        ));
    }
    cases
}

/// Which requests of the Socket.IO side are redirected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Requests {
    All,
    /// WebSocket is refused, long-polling begins, and what it sends is redirected.
    Posts,
}

#[derive(Clone, Copy, Debug)]
struct Deed {
    status: u16,
    pull: bool,
    socket: Option<Requests>,
}

struct ByRedirect {
    deed: Deed,
    set: Option<Set>,
}

struct Set {
    front: Front,
    listener: Listener,
    /// The other shop's.
    _other: Server,
}

impl ByRedirect {
    fn new(deed: Deed) -> Self {
        Self { deed, set: None }
    }

    fn set(&self) -> anyhow::Result<&Set> {
        self.set.as_ref().context("there is no scene")
    }
}

#[async_trait]
impl Fault for ByRedirect {
    async fn scene(&mut self) -> anyhow::Result<Scene> {
        let server = Server::start(Kind::Campana).await?;
        let other = Server::start(Kind::Campana).await?;
        let listener = Listener::start(other.address()).await?;
        let front = Front::start(server.address()).await?;
        let address = format!("http://{}", front.address());
        self.set = Some(Set {
            front,
            listener,
            _other: other,
        });
        Scene::new(server, address)
    }

    async fn begin(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        let set = self.set()?;
        let Deed {
            status,
            pull,
            socket,
        } = self.deed;
        let to = set.listener.address();
        let redirect = format!(
            "HTTP/1.1 {status} Elsewhere\r\nLocation: http://{to}{{target}}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        let pulled = redirect.replace("{target}", "/sync/pull-changes");
        set.front.turn(Plan {
            pull: pull.then(|| Arc::new(vec![Step::Bytes(pulled.into_bytes())])),
            socket: socket.map(|requests| match requests {
                Requests::All => SocketPlan::Redirect(redirect),
                Requests::Posts => SocketPlan::RedirectPosts(redirect),
            }),
        });
        Ok(())
    }

    async fn end(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        self.set()?.front.turn(Plan::default());
        Ok(())
    }

    async fn verify(&mut self, _: &Scene, _: &Engine) -> anyhow::Result<Option<String>> {
        let set = self.set()?;
        ensure!(set.front.answered() > 0, "nothing was redirected");
        let heard = set.listener.heard();
        let has_key = heard
            .windows(KEY.len())
            .any(|window| window == KEY.as_bytes());
        ensure!(!has_key, "the key went to another origin");
        Ok(Some(format!(
            "{} requests redirected; {} bytes reached the other origin, the key not among them",
            set.front.answered(),
            heard.len()
        )))
    }
}
