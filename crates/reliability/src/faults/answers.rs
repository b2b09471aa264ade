//! Answers to a pull: garbage, and refusals for a while. The connection works.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;

use crate::case::{Case, Expect, Fault, Group, Scene};
use crate::engine::Engine;
use crate::front::{Front, Plan};
use crate::garbage::{Step, http};
use crate::server::{Kind, Server};

pub(super) fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = http()
        .into_iter()
        .map(|garbage| {
            case(
                Group::Http,
                garbage.name,
                "",
                garbage.steps,
                expect(garbage.told),
            )
        })
        .collect();
    cases.extend(refusals());
    cases
}

fn expect(told: &'static str) -> Expect {
    Expect::Told {
        // A pull that gets no end of an answer is given up after 30 s; an order is made at once.
        within: Duration::from_secs(31),
        one_of: ONE_OF
            .iter()
            .find(|one_of| one_of.contains(&told))
            .copied()
            .unwrap_or_default(),
    }
}

const ONE_OF: [&[&str]; 4] = [
    &["offline/server_error"],
    &["offline/answer_not_understood"],
    &["offline/answer_too_large"],
    &["offline/server_unreachable"],
];

fn refusals() -> Vec<Case> {
    let error = r#"{"error":{"code":"SYNC_ERROR","message":"más tarde"}}"#;
    let answer = |status: &str, headers: &str, body: &str| {
        let length = body.len();
        vec![Step::Bytes(
            format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
                .into_bytes(),
        )]
    };
    let html = "<h1>502 Bad Gateway</h1>";
    [
        (
            "429 with Retry-After: 4",
            answer("429 Too Many Requests", "Retry-After: 4\r\n", error),
        ),
        (
            "503 with Retry-After: 4",
            answer("503 Service Unavailable", "Retry-After: 4\r\n", error),
        ),
        (
            "429 without Retry-After",
            answer("429 Too Many Requests", "", error),
        ),
        (
            "500 with an error of the contract",
            answer("500 Internal Server Error", "", error),
        ),
        (
            "502 with a gateway's page",
            answer("502 Bad Gateway", "Content-Type: text/html\r\n", html),
        ),
    ]
    .map(|(name, steps)| {
        case(
            Group::Server,
            name,
            "to each pull; the connection works",
            steps,
            expect("offline/server_error"),
        )
    })
    .into()
}

fn case(group: Group, name: &str, done: &str, steps: Vec<Step>, expect: Expect) -> Case {
    Case {
        group,
        name: name.to_owned(),
        done: done.to_owned(),
        expect,
        hold: Duration::from_secs(10),
        fault: Box::new(ByAnswer {
            steps: Arc::new(steps),
            front: None,
        }),
    }
}

struct ByAnswer {
    steps: Arc<Vec<Step>>,
    front: Option<Front>,
}

#[async_trait]
impl Fault for ByAnswer {
    async fn scene(&mut self) -> anyhow::Result<Scene> {
        let server = Server::start(Kind::Campana).await?;
        let front = Front::start(server.address()).await?;
        let address = format!("http://{}", front.address());
        self.front = Some(front);
        Scene::new(server, address)
    }

    async fn begin(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        let front = self.front.as_ref().context("there is no scene")?;
        front.turn_pulls(Plan {
            pull: Some(Arc::clone(&self.steps)),
            socket: None,
        });
        Ok(())
    }

    async fn end(&mut self, _: &mut Scene, _: &mut Engine) -> anyhow::Result<()> {
        let front = self.front.as_ref().context("there is no scene")?;
        front.turn_pulls(Plan::default());
        Ok(())
    }

    async fn verify(&mut self, _: &Scene, _: &Engine) -> anyhow::Result<Option<String>> {
        let front = self.front.as_ref().context("there is no scene")?;
        ensure!(front.answered() > 0, "no pull met it");
        Ok(Some(format!("{} pulls", front.answered())))
    }
}
