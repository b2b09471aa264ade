//! A server in front of a good one that speaks HTTP and WebSocket by hand, so that it can break every rule.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, bail};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{sleep, timeout};
use tungstenite::handshake::derive_accept_key;

use crate::garbage::{SocketGarbage, Step};
use crate::proxy::reset;

/// A longer head of a request is none of this client's.
const HEAD: usize = 64 * 1024;
/// A request that has not come by then never comes.
const READING: Duration = Duration::from_secs(60);

/// What becomes of requests.
#[derive(Clone, Default)]
pub struct Plan {
    /// Of `/socket.io/`; the good server answers where there is none.
    pub socket: Option<SocketPlan>,
    /// Of `/sync/pull-changes`: these bytes, and what comes after them.
    pub pull: Option<Arc<Vec<Step>>>,
}

/// What becomes of requests of the Socket.IO side.
#[derive(Clone)]
pub enum SocketPlan {
    /// Garbage answers.
    Garbage(Arc<SocketGarbage>),
    /// This answers, with the request's own target for `{target}`.
    Redirect(String),
    /// WebSocket is refused, long-polling passes, and this answers what it sends.
    RedirectPosts(String),
}

/// A running front; ended, with all its connections, when dropped.
pub struct Front {
    address: SocketAddr,
    plan: watch::Sender<(Plan, Cut)>,
    answered: Arc<AtomicUsize>,
    serving: JoinHandle<()>,
}

impl Drop for Front {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Front {
    /// Starts one on a free port, in front of `server`.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(server: SocketAddr) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let plan = watch::Sender::default();
        let answered = Arc::new(AtomicUsize::new(0));
        let front = Serving {
            server,
            plan: plan.subscribe(),
            answered: Arc::clone(&answered),
        };
        let serving = tokio::spawn(front.serve(listener));
        Ok(Self {
            address,
            plan,
            answered,
            serving,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Does this from now on; what was open is reset.
    pub fn turn(&self, plan: Plan) {
        self.plan.send_replace((plan, Cut::All));
    }

    /// Does this from now on; only pulls are reset.
    pub fn turn_pulls(&self, plan: Plan) {
        self.plan.send_replace((plan, Cut::Pulls));
    }

    /// How many requests were answered by a plan.
    pub fn answered(&self) -> usize {
        self.answered.load(Ordering::SeqCst)
    }
}

/// What a change of the plan resets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Cut {
    #[default]
    All,
    Pulls,
}

#[derive(Clone)]
struct Serving {
    server: SocketAddr,
    plan: watch::Receiver<(Plan, Cut)>,
    answered: Arc<AtomicUsize>,
}

impl Serving {
    async fn serve(self, listener: TcpListener) {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                Ok((client, _)) = listener.accept() => {
                    let serving = self.clone();
                    connections.spawn(async move {
                        // An end of the client's is an end like any other.
                        let _ = serving.connection(client).await;
                    });
                }
                Some(_) = connections.join_next(), if !connections.is_empty() => {}
            }
        }
    }

    async fn connection(mut self, mut client: TcpStream) -> anyhow::Result<()> {
        let plan = self.plan.borrow_and_update().0.clone();
        let head = match timeout(READING, Head::read(&mut client)).await {
            Ok(head) => head?,
            Err(_) => return Ok(()),
        };
        let is_socket = head.is("/socket.io/");
        let is_pull = head.is("/sync/pull-changes");
        let cut = async {
            while self.plan.changed().await.is_ok() {
                if self.plan.borrow_and_update().1 == Cut::All || !is_socket {
                    return;
                }
            }
        };
        let served = async {
            match (plan.socket, plan.pull) {
                (Some(SocketPlan::RedirectPosts(_)), _)
                    if is_socket && head.line().starts_with("GET") && !head.wants_web_socket() =>
                {
                    pass_on(&mut client, &head.closing(), self.server).await
                }
                (Some(plan), _) if is_socket => {
                    self.answered.fetch_add(1, Ordering::SeqCst);
                    socket(&mut client, &head, &plan).await
                }
                (_, Some(steps)) if is_pull => {
                    self.answered.fetch_add(1, Ordering::SeqCst);
                    walk(&mut client, &steps).await
                }
                _ => pass_on(&mut client, &head.raw, self.server).await,
            }
        };
        let served = tokio::select! {
            served = served => served.is_ok(),
            () = cut => false,
        };
        if served {
            // A reset would take back what is still on its way.
            client.shutdown().await?;
            let _ = timeout(READING, hang(&mut client)).await;
        } else {
            reset(client);
        }
        Ok(())
    }
}

/// The head of a request, and what was read behind it.
struct Head {
    text: String,
    raw: Vec<u8>,
    body: usize,
}

impl Head {
    async fn read(client: &mut TcpStream) -> anyhow::Result<Self> {
        let mut raw = Vec::new();
        loop {
            if let Some(end) = raw.windows(4).position(|four| four == b"\r\n\r\n") {
                let text = String::from_utf8_lossy(raw.get(..end).unwrap_or_default()).into_owned();
                return Ok(Self {
                    text,
                    body: end + 4,
                    raw,
                });
            }
            if raw.len() > HEAD || client.read_buf(&mut raw).await? == 0 {
                bail!("no request");
            }
        }
    }

    fn line(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }

    fn target(&self) -> &str {
        self.line().split(' ').nth(1).unwrap_or_default()
    }

    fn is(&self, path: &str) -> bool {
        self.target().split('?').next() == Some(path)
    }

    fn wants_web_socket(&self) -> bool {
        self.header("sec-websocket-key").is_some()
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.text.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// The same request, after which the connection ends: the next one is to be looked at too.
    fn closing(&self) -> Vec<u8> {
        let line = self.line();
        let rest = self.raw.get(line.len()..).unwrap_or_default();
        [line.as_bytes(), b"\r\nConnection: close", rest].concat()
    }

    /// Reads the rest of the body and forgets it.
    async fn finish(&self, client: &mut TcpStream) -> anyhow::Result<()> {
        let length: usize = self.header("content-length").unwrap_or("0").parse()?;
        let mut left = length.saturating_sub(self.raw.len() - self.body);
        let mut piece = [0; 4096];
        while left > 0 {
            let read = client.read(&mut piece).await?;
            if read == 0 {
                bail!("the request broke off");
            }
            left = left.saturating_sub(read);
        }
        Ok(())
    }
}

async fn pass_on(client: &mut TcpStream, head: &[u8], server: SocketAddr) -> anyhow::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    server.write_all(head).await?;
    copy_bidirectional(client, &mut server).await?;
    Ok(())
}

/// Carries out steps in their order.
async fn walk(client: &mut TcpStream, steps: &[Step]) -> anyhow::Result<()> {
    for step in steps {
        match step {
            Step::Bytes(bytes) => client.write_all(bytes).await?,
            Step::Repeat(bytes, times) => {
                for _ in 0..*times {
                    client.write_all(bytes).await?;
                    // Reading goes on, or both sides wait for each other.
                    let _ = client.try_read(&mut [0; 4096]);
                }
            }
            Step::Drip(bytes, pause) => {
                for byte in bytes {
                    client.write_all(&[*byte]).await?;
                    sleep(*pause).await;
                }
            }
            Step::AwaitJoin => await_join(client).await?,
            Step::Hang => hang(client).await?,
            Step::Reset => bail!("reset"),
        }
    }
    Ok(())
}

/// Reads until the client has asked to join the namespace.
async fn await_join(client: &mut TcpStream) -> anyhow::Result<()> {
    let mut piece = [0; 4096];
    let mut bytes = 0;
    // Two frames come: the pong that opens the connection, and CONNECT with the key, which is the longer one.
    while bytes < 30 {
        let read = client.read(&mut piece).await?;
        if read == 0 {
            bail!("the client ended");
        }
        bytes += read;
    }
    Ok(())
}

/// Reads and says nothing more until the client ends.
async fn hang(client: &mut TcpStream) -> anyhow::Result<()> {
    let mut piece = [0; 4096];
    while client.read(&mut piece).await? > 0 {}
    Ok(())
}

async fn socket(client: &mut TcpStream, head: &Head, plan: &SocketPlan) -> anyhow::Result<()> {
    let garbage = match plan {
        SocketPlan::Garbage(garbage) => garbage,
        SocketPlan::RedirectPosts(_) if head.wants_web_socket() => {
            return respond(client, "400 Bad Request", b"").await;
        }
        SocketPlan::Redirect(answer) | SocketPlan::RedirectPosts(answer) => {
            head.finish(client).await?;
            let answer = answer.replace("{target}", head.target());
            return Ok(client.write_all(answer.as_bytes()).await?);
        }
    };
    if let Some(key) = head.header("sec-websocket-key") {
        if let Some(raw) = &garbage.instead_of_upgrade {
            let accept = derive_accept_key(key.as_bytes());
            let text = raw.replace("{accept}", &accept);
            client.write_all(text.as_bytes()).await?;
        } else {
            let upgrade = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\n\r\n",
                derive_accept_key(key.as_bytes())
            );
            client.write_all(upgrade.as_bytes()).await?;
        }
        return walk(client, &garbage.steps).await;
    }
    poll(client, head, garbage).await
}

/// Long-polling: the opening packet, then one body after the other, then nothing.
async fn poll(client: &mut TcpStream, head: &Head, garbage: &SocketGarbage) -> anyhow::Result<()> {
    head.finish(client).await?;
    if head.line().starts_with("POST") {
        return respond(client, "200 OK", b"ok").await;
    }
    let Some(polling) = &garbage.polling else {
        let refusal = br#"{"code":0,"message":"Transport unknown"}"#;
        return respond(client, "400 Bad Request", refusal).await;
    };
    let body = if head.line().contains("sid=") {
        let turn = polling.turn.fetch_add(1, Ordering::SeqCst);
        polling.bodies.get(turn)
    } else {
        polling.turn.store(0, Ordering::SeqCst);
        Some(&polling.opening)
    };
    match body {
        Some(body) => respond(client, "200 OK", body).await,
        None => hang(client).await,
    }
}

async fn respond(client: &mut TcpStream, status: &str, body: &[u8]) -> anyhow::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    client
        .write_all(head.as_bytes())
        .await
        .context("the client ended")?;
    Ok(client.write_all(body).await?)
}
