//! Notifications. That one was shown is never known: they are a courtesy beside sound and tray.

use std::collections::HashMap;

use tauri::AppHandle;
use tauri_plugin_notification::{Action, ActionPerformed, ActionType, NotificationExt};
use tokio::sync::mpsc::UnboundedSender;

use crate::controller::Input;
use crate::desktop::Notice;

const ABOUT_ORDER: &str = "order";
const SEEN: &str = "seen";

/// Shows notifications and hears what people answer.
pub(super) struct Notifications {
    app: AppHandle,
    last_id: i32,
    /// Which notification is about which order.
    shown: HashMap<String, i32>,
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
        Self {
            app,
            last_id: 0,
            shown: HashMap::new(),
        }
    }

    /// The words on the action *Visto*.
    pub fn speak(&self, seen: &str) {
        let action = Action::builder(SEEN, seen).build();
        let about_order = ActionType::builder(ABOUT_ORDER)
            .actions(vec![action])
            .build();
        let registered = self
            .app
            .notification()
            .register_action_types(vec![about_order]);
        if let Err(error) = registered {
            tracing::warn!(%error, "notifications have no actions");
        }
    }

    /// Shows it; an older one about the same order goes.
    pub fn show(&mut self, notice: Notice) {
        self.last_id = self.last_id.wrapping_add(1).max(1);
        let mut builder = self
            .app
            .notification()
            .builder()
            .id(self.last_id)
            .title(notice.title)
            .body(notice.body);
        if let Some(order) = notice.order {
            self.withdraw(&order.id);
            builder = builder
                .action_type_id(ABOUT_ORDER)
                .extra("order", &order.id)
                .extra("version", order.version);
            self.shown.insert(order.id, self.last_id);
        }
        if let Err(error) = builder.show() {
            tracing::warn!(%error, "a notification was not shown");
        }
    }

    /// Takes back the one about this order, where the system can.
    pub fn withdraw(&mut self, order: &str) {
        if let Some(id) = self.shown.remove(order)
            && let Err(error) = self.app.notification().remove_active(vec![id])
        {
            tracing::debug!(%error, "a notification stays");
        }
    }
}

fn answered(performed: &ActionPerformed) -> Option<Input> {
    let extra = performed.notification().map(|shown| shown.extra());
    let of = |key: &str| extra.and_then(|extra| extra.get(key));
    let order = of("order").and_then(|id| id.as_str()).map(str::to_owned);
    let version = of("version").and_then(serde_json::Value::as_i64);
    match performed.action_id() {
        "tap" => Some(Input::Notification { order, seen: None }),
        SEEN => Some(Input::Notification {
            order,
            seen: Some(version?),
        }),
        other => {
            tracing::debug!(action = other, "a notification's action is not known");
            None
        }
    }
}
