//! What fills a client's memory: the peak is measured in a process of its own.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;

use crate::case::{Case, Expect, Fault, Group, Scene};
use crate::engine::{Engine, Way};
use crate::front::{Front, Plan, SocketPlan};
use crate::garbage::{OPENING, Polling, SocketGarbage, Step, endless_gzip, frame, text};
use crate::server::{Kind, Server};

/// Twice what an answer or a message may hold (64 MiB), and some room.
const AT_MOST: u64 = 160 * 1024;

pub(super) fn cases() -> Vec<Case> {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";
    let pull = |headers: &str, steps: Vec<Step>| {
        let mut all = vec![Step::Bytes(format!("{head}{headers}\r\n").into_bytes())];
        all.extend(steps);
        Plan {
            pull: Some(Arc::new(all)),
            socket: None,
        }
    };
    let endless = Step::Repeat(vec![b' '; 1024 * 1024], 10 * 1024);
    let too_large = Expect::Told {
        within: Duration::from_secs(31),
        one_of: &["offline/answer_too_large"],
    };
    let never_green = Expect::Told {
        within: Duration::from_secs(1),
        one_of: &[],
    };
    let case = |group, name: &str, plan, expect| Case {
        group,
        name: name.to_owned(),
        done: "the program campana-sync, whose peak of memory is measured".to_owned(),
        expect,
        hold: Duration::from_secs(15),
        fault: Box::new(ByMemory {
            plan,
            front: None,
            before: 0,
        }),
    };
    vec![
        case(
            Group::Http,
            "memory: a gzip bomb of 10 GiB",
            pull("Content-Encoding: gzip\r\n", endless_gzip()),
            too_large.clone(),
        ),
        case(
            Group::Http,
            "memory: a body of 10 GiB",
            pull("", vec![endless]),
            too_large,
        ),
        case(
            Group::EngineIo,
            "memory: one message of 10 GiB in fragments",
            socket(
                "fragments",
                vec![
                    Step::Bytes([text(OPENING), frame(0x01, b"4")].concat()),
                    Step::Repeat(frame(0x00, &vec![b'x'; 1024 * 1024]), 10 * 1024),
                ],
                None,
            ),
            never_green.clone(),
        ),
        case(
            Group::EngineIo,
            "memory: a long poll of 300 MB",
            socket(
                "a long poll",
                vec![Step::Hang],
                Some(Polling {
                    opening: OPENING.into(),
                    bodies: vec![vec![b'x'; 300_000_000]],
                    ..Polling::default()
                }),
            ),
            never_green,
        ),
    ]
}

fn socket(name: &'static str, steps: Vec<Step>, polling: Option<Polling>) -> Plan {
    let web_socket_refused = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".to_owned();
    Plan {
        pull: None,
        socket: Some(SocketPlan::Garbage(Arc::new(SocketGarbage {
            name,
            instead_of_upgrade: polling.is_some().then_some(web_socket_refused),
            steps,
            polling,
            looks_alive: false,
        }))),
    }
}

struct ByMemory {
    plan: Plan,
    front: Option<Front>,
    /// KiB.
    before: u64,
}

#[async_trait]
impl Fault for ByMemory {
    async fn scene(&mut self) -> anyhow::Result<Scene> {
        let server = Server::start(Kind::Campana).await?;
        let front = Front::start(server.address()).await?;
        let mut scene = Scene::new(server, format!("http://{}", front.address()))?;
        scene.way = Way::Program([].into());
        self.front = Some(front);
        Ok(scene)
    }

    async fn begin(&mut self, _: &mut Scene, engine: &mut Engine) -> anyhow::Result<()> {
        self.before = peak(engine).await?;
        let front = self.front.as_ref().context("there is no scene")?;
        front.turn(self.plan.clone());
        Ok(())
    }

    async fn end(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        let front = self.front.as_ref().context("there is no scene")?;
        front.turn(Plan::default());
        Ok(())
    }

    async fn verify(&mut self, _: &Scene, engine: &Engine) -> anyhow::Result<Option<String>> {
        let front = self.front.as_ref().context("there is no scene")?;
        ensure!(front.answered() > 0, "nothing met it");
        let grew = peak(engine).await?.saturating_sub(self.before);
        ensure!(grew < AT_MOST, "memory grew by {grew} KiB");
        Ok(Some(format!(
            "met {} times; memory grew by {} MiB at most",
            front.answered(),
            grew.div_ceil(1024)
        )))
    }
}

/// The most memory that the process ever held, in KiB.
async fn peak(engine: &Engine) -> anyhow::Result<u64> {
    let process = engine.process().context("the engine has no process")?;
    let status = tokio::fs::read_to_string(format!("/proc/{process}/status")).await?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.context("the system tells no peak")?.parse()?)
}
