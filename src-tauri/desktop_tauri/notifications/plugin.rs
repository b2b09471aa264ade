//! By Tauri's plugin, which shows each on a thread of its own.

use campana_shell::controller::Input;
use campana_shell::desktop::{Answer, Notice, NoticeId, Words};
use tauri::AppHandle;
use tauri_plugin_notification::{Action, ActionPerformed, ActionType, NotificationExt};
use tokio::sync::mpsc::UnboundedSender;

/// The sets of buttons that there are.
const SETS: [&[Answer]; 3] = [
    &[Answer::Open],
    &[Answer::Open, Answer::Seen],
    &[Answer::Open, Answer::Quiet],
];

/// Shows notifications and hears what people answer.
pub(in crate::desktop_tauri) struct Notifications {
    app: AppHandle,
}

impl Notifications {
    /// Listens before the first one is shown: those shown earlier would report nothing.
    pub fn new(app: AppHandle, inputs: UnboundedSender<Input>) -> Self {
        let listening = app.notification().on_action(move |performed| {
            if let Some(input) = answered(performed) {
                let _ = inputs.send(input);
            }
        });
        if let Err(error) = listening {
            tracing::warn!(%error, "answers to notifications will not arrive");
        }
        Self { app }
    }

    /// The words on the actions.
    pub fn speak(&self, words: &Words) {
        let sets = SETS.iter().map(|answers| {
            let action = |answer: &Answer| Action::builder(answer.id(), words.answer(*answer));
            ActionType::builder(set_id(answers))
                .actions(answers.iter().map(|one| action(one).build()).collect())
                .build()
        });
        let registered = self
            .app
            .notification()
            .register_action_types(sets.collect());
        if let Err(error) = registered {
            tracing::warn!(%error, "notifications have no actions");
        }
    }

    /// Shows it.
    pub fn show(&self, notice: Notice) {
        let mut builder = self
            .app
            .notification()
            .builder()
            .id(number(notice.id))
            .title(notice.title)
            .body(notice.body);
        if !notice.answers.is_empty() {
            builder = builder.action_type_id(set_id(notice.answers));
        }
        if let Err(error) = builder.show() {
            tracing::warn!(%error, "a notification was not shown");
        }
    }

    /// Takes it back, where the system can.
    pub fn withdraw(&self, notice: NoticeId) {
        let removed = self.app.notification().remove_active(vec![number(notice)]);
        if let Err(error) = removed {
            tracing::debug!(%error, "a notification stays");
        }
    }
}

fn set_id(answers: &[Answer]) -> String {
    let ids: Vec<&str> = answers.iter().map(|answer| answer.id()).collect();
    ids.join("-")
}

fn number(notice: NoticeId) -> i32 {
    notice.0.cast_signed()
}

fn answered(performed: &ActionPerformed) -> Option<Input> {
    let notice = NoticeId(performed.notification()?.id().cast_unsigned());
    let answer = match performed.action_id() {
        "tap" => Some(Answer::Open),
        other => Answer::with_id(other),
    };
    if answer.is_none() {
        tracing::debug!("a notification's action is not known");
    }
    Some(Input::Notification(notice, answer?))
}
