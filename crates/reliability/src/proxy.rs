//! A TCP proxy that can turn hostile while it runs.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_rustls::TlsAcceptor;

/// Connections that may wait to be accepted.
const WAITING: u32 = 128;

/// Data is carried in pieces of this many bytes.
const PIECE: usize = 16 * 1024;
/// So many pieces may be under way in each direction.
const PIECES: usize = 64;

/// How the proxy behaves; a change holds at once, also for what is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Carries everything.
    Pass,
    /// Nobody listens at the port; what was open is reset.
    Closed,
    /// Listens, and resets everything at once.
    Reset,
    /// Accepts and then nothing. What is open or begins during this stays dead for ever, as behind a router
    /// that restarted.
    HalfOpen,
    /// As if a cable were pulled: nothing moves, and all of it moves on afterwards.
    Stalled,
    /// Only what the client sends arrives; the rest arrives afterwards.
    ToServerOnly,
    /// Only what the server sends arrives; the rest arrives afterwards.
    ToClientOnly,
    /// What the server sends comes byte by byte, with this pause.
    Drip(Duration),
    /// Each piece is late by one of these, in turn.
    Late(&'static [Duration]),
}

/// Which way data goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    ToServer,
    ToClient,
}

impl Mode {
    fn blocks(self, way: Way) -> bool {
        match self {
            Self::HalfOpen | Self::Stalled => true,
            Self::ToServerOnly => way == Way::ToClient,
            Self::ToClientOnly => way == Way::ToServer,
            Self::Pass | Self::Closed | Self::Reset | Self::Drip(_) | Self::Late(_) => false,
        }
    }

    fn cuts(self) -> bool {
        matches!(self, Self::Closed | Self::Reset)
    }
}

#[derive(Clone, Copy, Debug)]
struct State {
    mode: Mode,
    /// How often everything that was open was reset.
    cuts: u64,
}

/// Changes TLS while the proxy runs: each new connection takes what holds then.
pub type Certificate = watch::Sender<Option<TlsAcceptor>>;

/// A running proxy; ended, with all its connections, when dropped.
pub struct Proxy {
    address: SocketAddr,
    state: watch::Sender<State>,
    certificate: Arc<Certificate>,
    serving: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Proxy {
    /// Starts one on a free port, which carries everything to `server`; with a certificate, it speaks TLS.
    ///
    /// # Errors
    /// When there is no port.
    pub async fn start(
        server: SocketAddr,
        certificate: Option<TlsAcceptor>,
    ) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = watch::Sender::new(State {
            mode: Mode::Pass,
            cuts: 0,
        });
        let certificate = Arc::new(watch::Sender::new(certificate));
        let route = Route {
            server,
            state: state.subscribe(),
            certificate: Arc::clone(&certificate),
        };
        Ok(Self {
            address,
            state,
            certificate,
            serving: tokio::spawn(serve(listener, address, route)),
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Behaves like this from now on. Coming back from [`Mode::Closed`] is done when it returns.
    ///
    /// # Errors
    /// When the port was taken meanwhile.
    pub async fn turn(&self, mode: Mode) -> anyhow::Result<()> {
        let mut was_closed = false;
        self.state.send_modify(|state| {
            was_closed = state.mode == Mode::Closed;
            state.mode = mode;
        });
        if was_closed && mode != Mode::Closed {
            for _ in 0..100 {
                if TcpStream::connect(self.address).await.is_ok() {
                    return Ok(());
                }
                sleep(Duration::from_millis(20)).await;
            }
            anyhow::bail!("the proxy's port does not come back");
        }
        Ok(())
    }

    /// Resets what is open and goes on as before.
    pub fn cut(&self) {
        self.state.send_modify(|state| state.cuts += 1);
    }

    /// Shows this certificate to who connects from now on.
    pub fn show(&self, certificate: TlsAcceptor) {
        self.certificate.send_replace(Some(certificate));
    }
}

#[derive(Clone)]
struct Route {
    server: SocketAddr,
    state: watch::Receiver<State>,
    certificate: Arc<Certificate>,
}

async fn serve(listener: TcpListener, address: SocketAddr, route: Route) {
    let mut listener = Some(listener);
    let mut held = None;
    let mut state = route.state.clone();
    let mut connections = JoinSet::new();
    loop {
        let mode = state.borrow_and_update().mode;
        if mode == Mode::Closed {
            listener = None;
            held = held.or_else(|| hold(address).ok());
        } else if listener.is_none() {
            listener = match held.take() {
                Some(socket) => open(socket).ok(),
                None => TcpListener::bind(address).await.ok(),
            };
        }
        let tries_again = listener.is_none() && mode != Mode::Closed;
        let accepted = async {
            match &listener {
                Some(listener) => listener.accept().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            changed = state.changed() => if changed.is_err() { return },
            Ok((client, _)) = accepted => {
                connections.spawn(connection(client, route.clone()));
            }
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            () = sleep(Duration::from_millis(20)), if tries_again => {}
        }
    }
}

/// Takes a port that was just closed, without listening: connections are refused, and no other server of
/// the many that run here gets it meanwhile.
fn hold(address: SocketAddr) -> std::io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    // What is left of the connections before does not stand in the way; whoever comes later does.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.set_reuseaddr(false)?;
    Ok(socket)
}

/// Listens at a port that was held: what is left of connections there does not stand in the way either.
fn open(socket: TcpSocket) -> std::io::Result<TcpListener> {
    socket.set_reuseaddr(true)?;
    socket.listen(WAITING)
}

/// One connection from its beginning to its end.
async fn connection(client: TcpStream, route: Route) {
    let State { mode, cuts } = *route.state.borrow();
    if mode.cuts() {
        return reset(client);
    }
    if mode == Mode::HalfOpen {
        return dead((client, None)).await;
    }
    let certificate = route.certificate.borrow().clone();
    // A handshake that the client refuses, and a server that is gone, are ends like any other.
    let _ = match certificate {
        None => carry_tcp(client, route.server, route.state, cuts).await,
        Some(certificate) => {
            carry_tls(client, certificate, route.server, (route.state, cuts)).await
        }
    };
}

async fn carry_tcp(
    mut client: TcpStream,
    server: SocketAddr,
    state: watch::Receiver<State>,
    cuts: u64,
) -> anyhow::Result<()> {
    let mut server = TcpStream::connect(server).await?;
    let end = {
        let (client, server) = (client.split(), server.split());
        carry(client, server, state, cuts).await
    };
    match end {
        End::Over => {}
        End::Cut => {
            reset(client);
            reset(server);
        }
        End::Dead => dead((client, Some(server))).await,
    }
    Ok(())
}

async fn carry_tls(
    client: TcpStream,
    certificate: TlsAcceptor,
    server: SocketAddr,
    (mut state, cuts): (watch::Receiver<State>, u64),
) -> anyhow::Result<()> {
    let mut client = tokio::select! {
        accepted = certificate.accept(client) => accepted?,
        _ = state.wait_for(|state| state.mode.cuts() || state.cuts != cuts) => return Ok(()),
    };
    let mut server = TcpStream::connect(server).await?;
    let end = {
        let (client, server) = (tokio::io::split(&mut client), server.split());
        carry(client, server, state, cuts).await
    };
    let client = client.into_inner().0;
    match end {
        End::Over => {}
        End::Cut => {
            reset(server);
            reset(client);
        }
        End::Dead => dead((client, Some(server))).await,
    }
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// One side ended.
    Over,
    /// It was cut.
    Cut,
    /// It was open while the proxy was half open.
    Dead,
}

/// Carries both directions until an end.
async fn carry<R, W, R2, W2>(
    client: (R, W),
    server: (R2, W2),
    mut state: watch::Receiver<State>,
    cuts: u64,
) -> End
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
    R2: AsyncRead + Unpin,
    W2: AsyncWrite + Unpin,
{
    let to_server = pump(client.0, server.1, Way::ToServer, state.clone());
    let to_client = pump(server.0, client.1, Way::ToClient, state.clone());
    let is_cut = |state: &State| state.mode.cuts() || state.cuts != cuts;
    let ended = state.wait_for(|state| is_cut(state) || state.mode == Mode::HalfOpen);
    tokio::select! {
        // Errors are ends.
        _ = async {
            tokio::select! {
                end = to_server => end,
                end = to_client => end,
            }
        } => End::Over,
        ended = ended => match ended {
            Ok(state) if is_cut(&state) => End::Cut,
            Ok(_) => End::Dead,
            Err(_) => End::Over,
        },
    }
}

/// Carries one direction until it ends.
async fn pump(
    mut from: impl AsyncRead + Unpin,
    to: impl AsyncWrite + Unpin,
    way: Way,
    state: watch::Receiver<State>,
) -> anyhow::Result<()> {
    let (arrived, pieces) = mpsc::channel(PIECES);
    let reading = async move {
        let mut piece = vec![0; PIECE];
        loop {
            let read = from.read(&mut piece).await?;
            let Some(piece) = piece.get(..read).filter(|piece| !piece.is_empty()) else {
                return Ok(());
            };
            arrived.send((Instant::now(), piece.to_vec())).await?;
        }
    };
    tokio::try_join!(reading, deliver(pieces, to, way, state)).map(|_| ())
}

/// Writes what arrived, as the mode wants it.
async fn deliver(
    mut pieces: mpsc::Receiver<(Instant, Vec<u8>)>,
    mut to: impl AsyncWrite + Unpin,
    way: Way,
    mut state: watch::Receiver<State>,
) -> anyhow::Result<()> {
    let mut delays = 0..;
    while let Some((arrived, piece)) = pieces.recv().await {
        let mut rest = piece.as_slice();
        while !rest.is_empty() {
            let mode = state.wait_for(|state| !state.mode.blocks(way)).await?.mode;
            let carried = match mode {
                Mode::Drip(pause) if way == Way::ToClient => {
                    tokio::select! {
                        () = sleep(pause) => 1,
                        changed = state.changed() => { changed?; continue }
                    }
                }
                Mode::Late(late) => {
                    let turn = delays.next().unwrap_or_default();
                    let delay = late.get(turn % late.len().max(1)).copied();
                    sleep_until(arrived + delay.unwrap_or_default()).await;
                    rest.len()
                }
                Mode::Pass
                | Mode::Closed
                | Mode::Reset
                | Mode::HalfOpen
                | Mode::Stalled
                | Mode::ToServerOnly
                | Mode::ToClientOnly
                | Mode::Drip(_) => rest.len(),
            };
            let (now, later) = rest.split_at(carried);
            to.write_all(now).await?;
            to.flush().await?;
            rest = later;
        }
    }
    state.wait_for(|state| !state.mode.blocks(way)).await?;
    Ok(to.shutdown().await?)
}

/// Ends a connection with a reset instead of a goodbye.
pub(crate) fn reset(stream: TcpStream) {
    // Without it, dropping says goodbye; that is an end too.
    let _ = stream.set_zero_linger();
    drop(stream);
}

/// Keeps a connection open and does nothing more with it.
async fn dead(connection: (TcpStream, Option<TcpStream>)) {
    std::future::pending::<()>().await;
    drop(connection);
}
