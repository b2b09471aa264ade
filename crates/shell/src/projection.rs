//! The view as a pure function of the state.

mod history;
mod order;
#[cfg(test)]
pub(crate) mod tests;

use std::path::PathBuf;

use campana_contract::{Order, Timestamp};
use campana_sync::catalogue::Language;
use campana_sync::configuration::{ProfileChoice, Receiver};
use campana_sync::http::Profile;
use campana_sync::inbox::{Attention, Damage, InboxOrder, UnreadableOrder};
use campana_sync::settings::Preferences;
use campana_sync::status::Status;
use campana_sync::verdict::{Surroundings, Verdict};

use crate::view::{
    AttentionView, ComputerView, DamageView, KeyPlace, OrderView, PauseView, ProfileView,
    ReceiverChoice, RoundView, SetupView, SoundView, StatusView, UpdatesView, View,
};

pub use history::{activity_page, history_row, indented, order};
pub use order::phone;

const UNREADABLE: &str = "unreadable|";

/// Everything from which the view is drawn.
#[derive(Clone, Debug)]
pub struct State {
    /// What the engine last said.
    pub status: Status,
    /// What the inbox holds for the window, newest first.
    pub orders: Vec<InboxOrder>,
    /// Orders that could not be stored; they live here only.
    pub unstored: Vec<Unstored>,
    /// Sound and toasts are silenced until then; the inner `None` means until somebody resumes.
    pub pause: Option<Option<Timestamp>>,
    /// Orders that began to ring during the pause and are unseen.
    pub missed: u32,
    /// *Probar la alarma* sounds now.
    pub rehearsing: bool,
    /// An alarm tells of trouble.
    pub trouble_alarm: bool,
    /// *Salir* was chosen and waits for a yes.
    pub quit_asked: bool,
    /// Whether the alarm can be heard.
    pub sound: SoundView,
    /// The inbox was damaged.
    pub damage: Option<Damage>,
    /// Why the last ticket is not on paper, by the code of `error-<code>`.
    pub printer_trouble: Option<String>,
    /// Orders that cannot be read: unseen ones, and today's seen ones.
    pub unreadable: Vec<UnreadableOrder>,
    /// A part of Campana stopped and has not come back.
    pub part_stopped: bool,
    /// How the last round that somebody asked for ended.
    pub last_asked: Option<RoundView>,
    /// The present backend ([`campana_sync::address::Address::source`]).
    pub source: Option<String>,
    /// Where its key is.
    pub key_place: KeyPlace,
    /// Who receives the orders.
    pub receiver: Option<Receiver>,
    /// How the server speaks.
    pub profile: ProfileChoice,
    /// What the owner chose beyond the connection.
    pub preferences: Preferences,
    /// The language that is spoken.
    pub language: Language,
    /// The settings file was damaged or could not be read.
    pub settings_damaged: bool,
    /// A PEM file with an own certificate authority, as the settings name it.
    pub certificate_authority: Option<PathBuf>,
    /// Nothing is sent to the present backend: it goes in the clear, and nobody allowed that.
    pub plain_http_refused: bool,
    /// What the settings meet on this computer.
    pub computer: ComputerView,
    /// New versions of Campana.
    pub updates: Option<UpdatesView>,
    /// Runs with sample orders.
    pub demo: bool,
    /// The desktop shows a tray.
    pub tray: bool,
}

/// An order that lives in memory only.
#[derive(Clone, Debug, PartialEq)]
pub struct Unstored {
    /// The order.
    pub order: Order,
    /// When it came.
    pub received_at: Timestamp,
    /// When somebody saw it.
    pub seen_at: Option<Timestamp>,
}

/// Draws the view.
pub fn view(state: &State) -> View {
    let orders = orders(state);
    let count = |wanted: fn(AttentionView) -> bool| {
        let number = orders.iter().filter(|order| wanted(order.attention));
        u32::try_from(number.count()).unwrap_or(u32::MAX)
    };
    let verdict = verdict(state, &orders);
    View {
        verdict,
        severity: verdict.severity(),
        status: status(&state.status),
        unseen: count(rings),
        from_before: count(|attention| attention == AttentionView::FromBefore),
        pause: state.pause.map(|until| PauseView {
            until: until.map(|moment| moment.0),
            missed: state.missed,
        }),
        sound: state.sound,
        damage: state.damage.as_ref().map(|damage| DamageView {
            missing_since: damage.missing_since.map(|moment| moment.0),
        }),
        printer_trouble: state.printer_trouble.clone(),
        last_asked: state.last_asked.clone(),
        setup: SetupView {
            address: state.source.clone(),
            key: key_place(state),
            receiver: state.receiver.map(|receiver| match receiver {
                Receiver::Campana => ReceiverChoice::Campana,
                Receiver::Till => ReceiverChoice::Till,
            }),
            profile: match state.profile {
                ProfileChoice::Auto => ProfileView::Auto,
                ProfileChoice::Fixed(Profile::Guide) => ProfileView::Guide,
                ProfileChoice::Fixed(Profile::Unified) => ProfileView::Unified,
                ProfileChoice::Fixed(Profile::UnifiedLegacy) => ProfileView::UnifiedLegacy,
            },
            certificate_authority: state
                .certificate_authority
                .as_ref()
                .map(|path| path.display().to_string()),
            plain_http_refused: state.plain_http_refused,
            settings_damaged: state.settings_damaged,
        },
        preferences: state.preferences.clone(),
        computer: state.computer.clone(),
        updates: state.updates.clone(),
        rehearsing: state.rehearsing,
        trouble_alarm: state.trouble_alarm,
        quit_asked: state.quit_asked,
        demo: state.demo,
        tray: state.tray,
        language: state.language.code().to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        orders,
    }
}

fn verdict(state: &State, orders: &[OrderView]) -> Verdict {
    let is_unread = |order: &OrderView| order.unreadable.is_some() && rings(order.attention);
    Verdict::of(
        &state.status,
        Surroundings {
            paused: state.pause.is_some(),
            unheard: state.sound != SoundView::Works,
            unreadable: orders.iter().any(is_unread),
            part_stopped: state.part_stopped,
        },
    )
}

/// Whether an order that stands so rings.
pub fn rings(attention: AttentionView) -> bool {
    match attention {
        AttentionView::New | AttentionView::Changed | AttentionView::Cancelled => true,
        AttentionView::FromBefore | AttentionView::Seen => false,
    }
}

/// The identifier of an order in the view: its own at the present backend; behind its backend's
/// address and a bar where it came from another, so that two shops never mix.
pub fn view_id(source: &str, id: &str, present: Option<&str>) -> String {
    if present == Some(source) {
        id.to_owned()
    } else {
        format!("{source}|{id}")
    }
}

/// The identifier in the view of an order that cannot be read, by the hash of its text.
pub fn unreadable_id(hash: &str) -> String {
    format!("{UNREADABLE}{hash}")
}

/// The hash behind such an identifier.
pub fn unreadable_hash(id: &str) -> Option<&str> {
    id.strip_prefix(UNREADABLE)
}

/// Orders that live in memory come first; where the inbox knows an earlier version, they replace it.
fn orders(state: &State) -> Vec<OrderView> {
    let present = state.source.as_deref();
    let stored_before = |unstored: &Unstored| {
        state.orders.iter().find(|stored| {
            Some(stored.source.as_str()) == present && stored.id.key() == unstored.order.id.key()
        })
    };
    let is_replaced = |stored: &InboxOrder| {
        Some(stored.source.as_str()) == present
            && state
                .unstored
                .iter()
                .any(|unstored| unstored.order.id.key() == stored.id.key())
    };
    let unstored = state.unstored.iter().map(|unstored| {
        let known = stored_before(unstored).is_some();
        order::of_memory(unstored, known)
    });
    let stored = state
        .orders
        .iter()
        .filter(|stored| !is_replaced(stored))
        .map(|stored| order::of_inbox(stored, present));
    let unreadable = state.unreadable.iter().map(order::of_unreadable);
    unreadable.chain(unstored).chain(stored).collect()
}

/// The status in the view's words.
pub fn status(status: &Status) -> StatusView {
    StatusView {
        kind: status.kind,
        cause: status.cause.and_then(|cause| {
            let code = serde_json::to_value(cause).ok()?;
            code.as_str().map(str::to_owned)
        }),
        since: status.since.0,
        next_attempt: status.next_attempt.map(|moment| moment.0),
        last_sync: status.last_sync.map(|moment| moment.0),
        another_receiver: status.another_receiver,
        confirmations_refused: status.confirmations_refused,
        detail: status.detail.clone(),
    }
}

/// The demo touches no keyring: what its store holds is gone at the end.
fn key_place(state: &State) -> KeyPlace {
    if state.demo && state.key_place == KeyPlace::Keyring {
        KeyPlace::Memory
    } else {
        state.key_place
    }
}

/// How an order of the inbox stands, in the view's words.
pub fn attention(attention: Attention) -> AttentionView {
    use campana_sync::inbox::AlertKind;
    match attention {
        Attention::Ringing(AlertKind::NewOrder) => AttentionView::New,
        Attention::Ringing(AlertKind::Changed) => AttentionView::Changed,
        Attention::Ringing(AlertKind::Cancelled) => AttentionView::Cancelled,
        Attention::FromBefore => AttentionView::FromBefore,
        Attention::Seen => AttentionView::Seen,
    }
}
