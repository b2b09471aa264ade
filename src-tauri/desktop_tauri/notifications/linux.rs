//! By the desktop's own interface (the Desktop Notifications Specification), in a task of its own.

use std::collections::HashMap;
use std::time::Duration;

use campana_shell::controller::Input;
use campana_shell::desktop::{Answer, Notice, NoticeId, Words};
use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use tauri::{AppHandle, Manager as _};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use zbus::fdo::DBusProxy;
use zbus::zvariant::Value;
use zbus::{Connection, MatchRule, Message, MessageStream};

use super::board::{Board, Call, Shown};
use crate::desktop_tauri::front::ActivationTokens;

const NAME: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";
/// Without a bus there is nobody to ask; the session may get one.
const RETRY: Duration = Duration::from_secs(30);
/// So long a desktop may think before that is worth a line in the log.
const SLOW: Duration = Duration::from_secs(10);
/// Never by itself, and when the desktop likes, in the words of the specification.
const NEVER: i32 = 0;
const AS_USUAL: i32 = -1;
const NORMAL: u8 = 1;
const CRITICAL: u8 = 2;

/// The way to the task; it ends with it.
pub(in crate::desktop_tauri) struct Notifications(UnboundedSender<Deed>);

/// Receivers of what a person answers.
struct Answers {
    inputs: UnboundedSender<Input>,
    tokens: ActivationTokens,
}

enum Deed {
    Show(Notice),
    Withdraw(NoticeId),
    Speak(Words),
}

impl Notifications {
    /// Starts the task. What people answer goes to `inputs`.
    pub fn new(app: AppHandle, inputs: UnboundedSender<Input>) -> Self {
        let answers = Answers {
            inputs,
            tokens: app.state::<ActivationTokens>().inner().clone(),
        };
        let (sender, deeds) = unbounded_channel();
        tauri::async_runtime::spawn(work(deeds, answers));
        Self(sender)
    }

    /// The words on the actions.
    pub fn speak(&self, words: &Words) {
        self.tell(Deed::Speak(words.clone()));
    }

    /// Shows it, as soon as the desktop takes it.
    pub fn show(&self, notice: Notice) {
        self.tell(Deed::Show(notice));
    }

    /// Takes it back.
    pub fn withdraw(&self, notice: NoticeId) {
        self.tell(Deed::Withdraw(notice));
    }

    fn tell(&self, deed: Deed) {
        if self.0.send(deed).is_err() {
            tracing::error!("the task of the notifications is gone");
        }
    }
}

/// What the task holds, whatever becomes of the bus.
#[derive(Default)]
struct Desk {
    board: Board,
    words: Words,
}

impl Desk {
    fn take(&mut self, deed: Deed) {
        match deed {
            Deed::Show(notice) => self.board.show(notice),
            Deed::Withdraw(notice) => self.board.withdraw(notice),
            Deed::Speak(words) => self.words = words,
        }
    }
}

async fn work(mut deeds: UnboundedReceiver<Deed>, answers: Answers) {
    let mut desk = Desk::default();
    loop {
        match Bus::open().await {
            Ok(bus) => {
                if bus.serve(&mut desk, &mut deeds, &answers).await.is_none() {
                    return;
                }
                // A call that was out never ends now.
                desk.board.was_shown(None);
                tracing::warn!("the session bus is gone");
            }
            Err(error) => tracing::warn!(%error, "there is nobody to show notifications"),
        }
        let again = tokio::time::sleep(RETRY);
        tokio::pin!(again);
        loop {
            tokio::select! {
                () = &mut again => break,
                deed = deeds.recv() => match deed {
                    Some(deed) => desk.take(deed),
                    None => return,
                },
            }
        }
    }
}

struct Bus {
    connection: Connection,
    signals: MessageStream,
    owners: zbus::fdo::NameOwnerChangedStream,
}

/// How a call ended: shown, or not; `None` for one that answers nothing.
type Ended = Option<Option<Shown>>;

impl Bus {
    async fn open() -> zbus::Result<Self> {
        let connection = Connection::session().await?;
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .path(PATH)?
            .interface(NAME)?
            .build();
        let signals = MessageStream::for_match_rule(rule, &connection, None).await?;
        let bus = DBusProxy::new(&connection).await?;
        let owners = bus
            .receive_name_owner_changed_with_args(&[(0, NAME)])
            .await?;
        Ok(Self {
            connection,
            signals,
            owners,
        })
    }

    /// Works until the bus is gone; `None` when nobody wants anything any more.
    async fn serve(
        mut self,
        desk: &mut Desk,
        deeds: &mut UnboundedReceiver<Deed>,
        answers: &Answers,
    ) -> Option<()> {
        let mut out: Option<BoxFuture<'static, Ended>> = None;
        loop {
            if out.is_none() {
                out = desk.board.next().map(|call| self.call(call, &desk.words));
            }
            tokio::select! {
                deed = deeds.recv() => desk.take(deed?),
                ended = waiting_for(&mut out) => {
                    out = None;
                    if let Some(shown) = ended {
                        desk.board.was_shown(shown);
                    }
                }
                signal = self.signals.next() => match signal {
                    Some(Ok(signal)) => heard(&mut desk.board, &signal, answers),
                    Some(Err(error)) => tracing::debug!(%error, "a signal of the desktop"),
                    None => return Some(()),
                },
                change = self.owners.next() => {
                    let change = change?;
                    if let Ok(change) = change.args()
                        && let Some(owner) = change.new_owner().as_ref()
                    {
                        desk.board.begin_anew(owner.as_str());
                    }
                }
            }
        }
    }

    /// Without a limit of time: a desktop that comes to life again shows it then, and tells its number.
    fn call(&self, call: Call, words: &Words) -> BoxFuture<'static, Ended> {
        let connection = self.connection.clone();
        let words = words.clone();
        Box::pin(async move {
            let asked = async {
                match call {
                    Call::Show(notice) => Some(show(&connection, notice, &words).await),
                    Call::Close(number) => {
                        let body = (number,);
                        let closed = connection
                            .call_method(Some(NAME), PATH, Some(NAME), "CloseNotification", &body)
                            .await;
                        if let Err(error) = closed {
                            tracing::debug!(%error, "a notification stays");
                        }
                        None
                    }
                }
            };
            tokio::pin!(asked);
            let asked = match tokio::time::timeout(SLOW, &mut asked).await {
                Ok(ended) => ended,
                Err(_) => {
                    tracing::warn!("the desktop does not answer; notifications wait");
                    asked.await
                }
            };
            asked.map(|shown| {
                shown
                    .inspect_err(|error| {
                        tracing::warn!(error = kind(error), "a notification was not shown")
                    })
                    .ok()
            })
        })
    }
}

/// What went wrong, without the other side's words, which may quote the notification.
fn kind(error: &zbus::Error) -> String {
    if let zbus::Error::MethodError(name, _, _) = error {
        name.to_string()
    } else {
        error.to_string()
    }
}

async fn waiting_for(out: &mut Option<BoxFuture<'static, Ended>>) -> Ended {
    match out {
        Some(out) => out.await,
        None => std::future::pending().await,
    }
}

async fn show(connection: &Connection, notice: Notice, words: &Words) -> zbus::Result<Shown> {
    let body = if reads_markup(connection).await? {
        escaped(&notice.body)
    } else {
        notice.body
    };
    let open = words.answer(Answer::Open);
    let mut actions = vec!["default", open];
    for answer in notice.answers {
        actions.extend([answer.id(), words.answer(*answer)]);
    }
    let (urgency, expires) = if notice.urgent {
        (CRITICAL, NEVER)
    } else {
        (NORMAL, AS_USUAL)
    };
    let hints = HashMap::from([
        ("urgency", Value::from(urgency)),
        ("desktop-entry", Value::from("Campana")),
    ]);
    let arguments = (
        "Campana",
        0_u32,
        "campana",
        notice.title,
        body,
        actions,
        hints,
        expires,
    );
    let reply = connection
        .call_method(Some(NAME), PATH, Some(NAME), "Notify", &arguments)
        .await?;
    let number = reply.body().deserialize()?;
    let by = reply.header().sender().map(ToString::to_string);
    Ok(Shown {
        number,
        by: by.unwrap_or_default(),
    })
}

/// Whether a name with a `<` in it would be taken for markup.
async fn reads_markup(connection: &Connection) -> zbus::Result<bool> {
    let reply = connection
        .call_method(Some(NAME), PATH, Some(NAME), "GetCapabilities", &())
        .await?;
    let capabilities: Vec<String> = reply.body().deserialize()?;
    Ok(capabilities.iter().any(|one| one == "body-markup"))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

fn heard(board: &mut Board, signal: &Message, answers: &Answers) {
    let header = signal.header();
    match header.member().map(|member| member.as_str()) {
        Some("ActionInvoked") => {
            let Ok((number, action)) = signal.body().deserialize::<(u32, String)>() else {
                return;
            };
            if let Some((notice, answer)) = board.answered(number, &action) {
                let _ = answers.inputs.send(Input::Notification(notice, answer));
            }
        }
        // It precedes the answer that it belongs to.
        Some("ActivationToken") => {
            if let Ok((number, token)) = signal.body().deserialize::<(u32, String)>()
                && board.is_shown(number)
            {
                answers.tokens.put(token);
            }
        }
        Some("NotificationClosed") => {
            if let Ok((number, _reason)) = signal.body().deserialize::<(u32, u32)>() {
                board.was_closed(number);
            }
        }
        Some(_) | None => {}
    }
}
