//! Faults of the network between, by a proxy.

use std::time::Duration;

use async_trait::async_trait;

use crate::case::{Case, Expect, Fault, Group, Scene};
use crate::engine::Engine;
use crate::proxy::{Mode, Proxy};
use crate::server::{Kind, SHORT_HEARTBEAT, Server};

const SECOND: Duration = Duration::from_secs(1);
/// Delays of a bad network.
const LATE: &[Duration] = &[
    Duration::from_millis(300),
    Duration::from_millis(900),
    Duration::from_millis(500),
];
/// How TCP carries a stream on when packets are lost: mostly at once, sometimes after it sent again, and again.
const LOSSY: &[Duration] = &[
    Duration::ZERO,
    Duration::from_millis(200),
    Duration::ZERO,
    Duration::from_millis(1400),
    Duration::from_millis(600),
];
const UNREACHABLE: &[&str] = &["offline/server_unreachable"];

pub(super) fn cases() -> Vec<Case> {
    let told = |within, one_of| Expect::Told { within, one_of };
    let at_once = SECOND;
    let silent = "heartbeat of 6 s";
    let mut cases = vec![
        case(
            "connections reset, each new one too",
            "",
            (Kind::Campana, Mode::Reset),
            told(
                at_once,
                &["offline/server_unreachable", "offline/server_error"],
            ),
            10 * SECOND,
        ),
        case(
            "port closed for 20 s",
            "",
            (Kind::Campana, Mode::Closed),
            told(at_once, UNREACHABLE),
            20 * SECOND,
        ),
        case(
            "port closed for 75 s",
            "",
            (Kind::Campana, Mode::Closed),
            told(at_once, UNREACHABLE),
            75 * SECOND,
        ),
        case(
            "half-open",
            "accepts and then nothing; what was open stays dead for ever; heartbeat of 6 s",
            (Kind::Node, Mode::HalfOpen),
            told(SHORT_HEARTBEAT, UNREACHABLE),
            40 * SECOND,
        ),
        case(
            "half-open, by long-polling",
            "the same with a server without WebSocket",
            (Kind::NodePolling, Mode::HalfOpen),
            told(SHORT_HEARTBEAT, UNREACHABLE),
            40 * SECOND,
        ),
        case(
            "cable pulled for 40 s",
            "nothing moves, and all of it moves on afterwards; heartbeat of 6 s",
            (Kind::Node, Mode::Stalled),
            told(SHORT_HEARTBEAT, UNREACHABLE),
            40 * SECOND,
        ),
        case(
            "one-way: only the client is heard",
            silent,
            (Kind::Node, Mode::ToServerOnly),
            told(SHORT_HEARTBEAT, UNREACHABLE),
            40 * SECOND,
        ),
        case(
            "one-way: only the server is heard",
            silent,
            (Kind::Node, Mode::ToClientOnly),
            told(2 * SHORT_HEARTBEAT, UNREACHABLE),
            45 * SECOND,
        ),
        case(
            "slow drip",
            "what the server sends comes as a byte each half second; heartbeat of 6 s",
            (Kind::Node, Mode::Drip(Duration::from_millis(500))),
            told(2 * SHORT_HEARTBEAT, UNREACHABLE),
            50 * SECOND,
        ),
        case(
            "latency of 300 to 900 ms each way",
            silent,
            (Kind::Node, Mode::Late(LATE)),
            Expect::Tolerated,
            20 * SECOND,
        ),
        case(
            "loss",
            "as TCP shows it: pieces late by up to 1.4 s; heartbeat of 6 s",
            (Kind::Node, Mode::Late(LOSSY)),
            Expect::Tolerated,
            20 * SECOND,
        ),
    ];
    cases.extend([
        cut("connection reset once", Kind::Campana),
        cut("connection reset once, by long-polling", Kind::NodePolling),
    ]);
    cases
}

struct ByProxy {
    kind: Kind,
    mode: Mode,
    proxy: Option<Proxy>,
}

fn case(
    name: &str,
    done: &str,
    (kind, mode): (Kind, Mode),
    expect: Expect,
    hold: Duration,
) -> Case {
    Case {
        group: Group::Network,
        name: name.to_owned(),
        done: done.to_owned(),
        expect,
        hold,
        fault: Box::new(ByProxy {
            kind,
            mode,
            proxy: None,
        }),
    }
}

/// A reset of what is open; the next connection works.
fn cut(name: &str, kind: Kind) -> Case {
    let expect = Expect::Told {
        within: SECOND,
        one_of: &[],
    };
    case(name, "", (kind, Mode::Pass), expect, Duration::ZERO)
}

#[async_trait]
impl Fault for ByProxy {
    async fn scene(&mut self) -> anyhow::Result<Scene> {
        let server = Server::start(self.kind).await?;
        let proxy = Proxy::start(server.address(), None).await?;
        let address = format!("http://{}", proxy.address());
        self.proxy = Some(proxy);
        Scene::new(server, address)
    }

    async fn begin(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        match (&self.proxy, self.mode) {
            (Some(proxy), Mode::Pass) => {
                proxy.cut();
                Ok(())
            }
            (Some(proxy), mode) => proxy.turn(mode).await,
            (None, _) => Ok(()),
        }
    }

    fn lasts(&self) -> bool {
        self.mode != Mode::Pass
    }

    async fn end(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        match &self.proxy {
            Some(proxy) => proxy.turn(Mode::Pass).await,
            None => Ok(()),
        }
    }
}
