//! A network, a server and a carrier that do what they are told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use campana_contract::{PendingOrders, Refusal};
use tokio::sync::mpsc;
use url::Url;

use super::*;
use crate::address::Address;
use crate::certificate_authority::CertificateAuthority;
use crate::clock::Now;
use crate::http::{Answer, Call, Look, LookFailure, Profile, Request};
use crate::link::{Closed, Link, LinkEvent, Target, Transport};

pub(super) const KEY: &str = "clave-que-no-se-ve-7f3a";
/// 2026-11-24T18:00:00Z.
const NOON: i64 = 1_795_543_200_000;
const OPEN: &str = r#"0{"sid":"a-session","upgrades":["websocket"]}"#;

/// What a pull meets.
#[derive(Clone)]
pub(super) enum Pulled {
    Answered,
    Fails(HttpFailure),
    Never,
}

/// What a connection says by one carrier, and then nothing more.
#[derive(Clone, Default)]
pub(super) struct Says {
    pub events: Vec<LinkEvent>,
    /// The channel ends after that, instead of falling silent.
    pub hangs_up: bool,
    /// What a question is answered with.
    pub answers: Option<LinkEvent>,
}

/// Everything that can be right or wrong.
pub(super) struct Scene {
    pub address: &'static str,
    pub key: Result<FoundKey, NoKey>,
    pub proxy: Option<String>,
    pub has_network: bool,
    /// `None`: no answer, ever.
    pub resolved: Option<io::Result<Vec<SocketAddr>>>,
    /// What each address of `resolved` does; `None`: nothing, ever.
    pub ports: Vec<Option<io::ErrorKind>>,
    pub open_ports: Vec<SocketAddr>,
    pub look: Result<(u16, String), LookFailure>,
    pub location: Option<String>,
    /// Seconds; `None`: it does not tell.
    pub server_is_ahead: Option<i64>,
    pub web_socket: Says,
    pub polling: Says,
    /// What the root namespace answers by long-polling, after it was asked to let in.
    pub root: &'static str,
    pub profile: ProfileChoice,
    /// How the pulls by these profiles end; `pull` is how all others do.
    pub pulls: Vec<(Profile, Pulled)>,
    pub pull: Pulled,
}

use std::net::SocketAddr;

pub(super) fn at(text: &str) -> SocketAddr {
    text.parse().unwrap()
}

pub(super) fn found(place: KeyPlace) -> Result<FoundKey, NoKey> {
    let key = SecretString::from(KEY);
    Ok(FoundKey { key, place })
}

pub(super) fn joined() -> Says {
    Says {
        events: vec![LinkEvent::Changes, LinkEvent::Joined],
        answers: Some(LinkEvent::Pending(PendingOrders::default())),
        ..Says::default()
    }
}

pub(super) fn refused(refusal: Refusal) -> Says {
    Says {
        events: vec![LinkEvent::Refused(refusal)],
        ..Says::default()
    }
}

pub(super) fn closed(closed: Closed) -> Says {
    Says {
        events: vec![LinkEvent::Closed(closed)],
        ..Says::default()
    }
}

impl Scene {
    pub fn good() -> Self {
        Self {
            address: "https://tienda.mx",
            key: found(KeyPlace::Keyring),
            proxy: None,
            has_network: true,
            resolved: Some(Ok(vec![at("203.0.113.5:443")])),
            ports: Vec::new(),
            open_ports: vec![at("203.0.113.5:443")],
            look: Ok((200, OPEN.to_owned())),
            location: None,
            server_is_ahead: Some(0),
            web_socket: joined(),
            polling: joined(),
            root: "6",
            profile: ProfileChoice::default(),
            pulls: Vec::new(),
            pull: Pulled::Answered,
        }
    }

    /// One of its findings.
    pub async fn finding(self, check: Check) -> Finding {
        let findings = self.examine().await;
        findings.into_iter().find(|f| f.check == check).unwrap()
    }

    /// Every check once, in its order, and nothing of the key anywhere.
    pub async fn examine(self) -> Vec<Finding> {
        let mut findings = Vec::new();
        self.run(|finding| findings.push(finding)).await;
        let checks: Vec<_> = findings.iter().map(|finding| finding.check).collect();
        assert_eq!(checks, Check::ALL);
        assert!(!format!("{findings:?}").contains(KEY), "{findings:?}");
        findings
    }

    /// What was told when this check's line came, and how long that took.
    pub async fn examine_until(self, check: Check) -> (Vec<Finding>, Duration) {
        let begun = Instant::now();
        let (sender, mut told) = mpsc::unbounded_channel();
        let running = self.run(move |finding| sender.send(finding).unwrap());
        let listening = async {
            let mut findings = Vec::new();
            loop {
                let finding = told.recv().await.unwrap();
                let is_last = finding.check == check;
                findings.push(finding);
                if is_last {
                    return findings;
                }
            }
        };
        tokio::select! {
            biased;
            () = running => panic!("it ended before"),
            findings = listening => (findings, begun.elapsed()),
        }
    }

    async fn run(self, tell: impl FnMut(Finding) + Send) {
        let open = Arc::new(AtomicUsize::new(0));
        let folder = tempfile::tempdir().unwrap();
        let subject = Subject {
            address: Address::parse(self.address),
            key: Box::pin(std::future::ready(self.key.clone())),
            profile: self.profile,
            certificate_authority: None,
            data: folder.path().to_owned(),
        };
        let scene = Arc::new(self);
        let carrier = Carrier {
            scene: scene.clone(),
            open: open.clone(),
            kept: Mutex::default(),
        };
        let doctor = Doctor {
            exchange: Arc::new(Server(scene.clone())),
            connector: Arc::new(carrier),
            network: Arc::new(Wires(scene.clone())),
            clock: Arc::new(Wall),
            free_space: |_| Ok(10 << 30),
        };
        doctor.examine(subject, tell).await;
        assert_eq!(open.load(Ordering::SeqCst), 0, "every connection is closed");
    }
}

struct Wall;

impl Clock for Wall {
    fn now(&self) -> Now {
        Now {
            monotonic: Duration::ZERO,
            wall: Timestamp(NOON),
        }
    }
}

fn server_time(scene: &Scene) -> Option<Timestamp> {
    // `Date` counts whole seconds; what is compared is its middle.
    scene
        .server_is_ahead
        .map(|seconds| Timestamp(NOON - 500 + seconds * 1000))
}

struct Wires(Arc<Scene>);

#[async_trait]
impl Network for Wires {
    fn proxy(&self, _: &Address) -> Option<String> {
        self.0.proxy.clone()
    }
    fn leads_to(&self, _: &Address) -> bool {
        self.0.has_network
    }
    async fn resolve(&self, _: &str) -> io::Result<Vec<SocketAddr>> {
        match &self.0.resolved {
            Some(Ok(found)) => Ok(found.clone()),
            Some(Err(error)) => Err(io::Error::new(error.kind(), error.to_string())),
            None => std::future::pending().await,
        }
    }
    async fn connect(&self, to: SocketAddr) -> io::Result<()> {
        if self.0.open_ports.contains(&to) {
            return Ok(());
        }
        let resolved = self.0.resolved.as_ref().unwrap().as_ref().unwrap();
        let place = resolved.iter().position(|known| *known == to).unwrap();
        match self.0.ports.get(place) {
            Some(Some(kind)) => Err((*kind).into()),
            Some(None) | None => std::future::pending().await,
        }
    }
    async fn look(
        &self,
        url: &Url,
        post: Option<&'static str>,
        _: Option<&CertificateAuthority>,
    ) -> Result<Look, LookFailure> {
        assert!(!url.as_str().contains(KEY));
        let is_of_session = url.as_str().ends_with("sid=a-session");
        // A session is ended or asks for the root, and nothing else.
        assert!(matches!(post, None | Some("1" | "40")) && (is_of_session || post.is_none()));
        let (status, body) = match self.0.look.clone()? {
            _ if is_of_session => (200, self.0.root.to_owned()),
            answer => answer,
        };
        Ok(Look {
            status,
            location: self.0.location.clone(),
            server_time: server_time(&self.0),
            body,
        })
    }
}

struct Server(Arc<Scene>);

#[async_trait]
impl Exchange for Server {
    async fn exchange(&self, request: Request) -> Result<Answer, HttpFailure> {
        assert_eq!(request.call, Call::Pull, "nothing is ever confirmed");
        assert_eq!(request.key.expose_secret(), KEY);
        let named = self.0.pulls.iter().find(|(of, _)| *of == request.profile);
        match named.map_or(&self.0.pull, |(_, pull)| pull).clone() {
            Pulled::Answered => Ok(Answer {
                page: Arc::default(),
                server_time: server_time(&self.0),
                bytes: 2,
            }),
            Pulled::Fails(failure) => Err(failure),
            Pulled::Never => std::future::pending().await,
        }
    }
}

struct Carrier {
    scene: Arc<Scene>,
    open: Arc<AtomicUsize>,
    kept: Mutex<Vec<mpsc::Sender<LinkEvent>>>,
}

struct Line {
    open: Arc<AtomicUsize>,
    answers: Option<LinkEvent>,
    events: mpsc::Sender<LinkEvent>,
}

impl Link for Line {
    fn ask(&self) {
        if let Some(answer) = &self.answers {
            self.events.try_send(answer.clone()).unwrap();
        }
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl crate::link::Connector for Carrier {
    fn open(&self, target: Target, events: mpsc::Sender<LinkEvent>) -> Box<dyn Link> {
        let shown = target.key.expose_secret();
        assert!(shown.is_empty() || shown == KEY);
        let before = self.open.fetch_add(1, Ordering::SeqCst);
        assert_eq!(before, 0, "one connection at a time");
        let says = match target.transport {
            Transport::WebSocket => &self.scene.web_socket,
            Transport::Polling => &self.scene.polling,
        };
        for event in &says.events {
            events.try_send(event.clone()).unwrap();
        }
        if !says.hangs_up {
            self.kept.lock().unwrap().push(events.clone());
        }
        let (spare, _) = mpsc::channel(1);
        Box::new(Line {
            open: self.open.clone(),
            answers: says.answers.clone(),
            events: if says.hangs_up { spare } else { events },
        })
    }
}
