//! What an order that arrives does to the one that is known: pure, no disk.

use campana_contract::{Order, Timestamp};

use super::{AlertKind, Arrival, Attention, Change, Facet, facets};

/// How old an order may be at first contact to ring, in milliseconds.
const OLD_AT_FIRST_CONTACT: i64 = 12 * 60 * 60 * 1000;

/// What is known of an order before this arrival.
#[derive(Clone, Debug)]
pub(super) struct Earlier<'a> {
    /// The stored version; `None` when its body is gone.
    pub order: Option<&'a Order>,
    /// SHA-256 in hex of its body.
    pub body_hash: &'a str,
    /// The newest `updatedAt` that was stored.
    pub updated_at: Option<Timestamp>,
    /// Only a row of `orders:pending` told of it.
    pub is_partial: bool,
    /// Retention removed its body.
    pub is_emptied: bool,
    /// How it stands.
    pub attention: Attention,
    /// What changed since somebody saw it.
    pub changes: &'a [Facet],
    /// Whether somebody saw any version of it.
    pub was_seen: bool,
}

/// What becomes of the order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Verdict {
    /// What the arrival does to it.
    pub change: Change,
    /// How it stands afterwards.
    pub attention: Attention,
    /// What changed since somebody saw it.
    pub changes: Vec<Facet>,
    /// What rings now because of this arrival.
    pub alert: Option<AlertKind>,
}

/// Judges an order that a pull brought.
pub(super) fn judge(
    earlier: Option<&Earlier<'_>>,
    incoming: &Order,
    incoming_hash: &str,
    arrival: Arrival,
    is_first_contact: bool,
) -> Verdict {
    let Some(earlier) = earlier else {
        return judge_new(incoming, arrival, is_first_contact);
    };
    let stays = |change| Verdict {
        change,
        attention: earlier.attention,
        changes: earlier.changes.to_vec(),
        alert: None,
    };
    if let (Some(known), Some(told)) = (earlier.updated_at, incoming.updated_at)
        && told < known
    {
        return stays(Change::Older);
    }
    if earlier.body_hash == incoming_hash && !earlier.is_partial {
        // `updatedAt` is part of the body, so the same body is the same version; one that damage took comes back.
        return stays(if earlier.order.is_some() || earlier.is_emptied {
            Change::Unchanged
        } else {
            Change::Updated
        });
    }
    let news = match earlier.order {
        Some(partial) if earlier.is_partial => facets::from_partial(partial, incoming),
        Some(known) => facets::between(known, incoming),
        // Only the identity is left of it: what changed cannot be told. Better one ring too
        // many than a change that nobody hears of.
        None if incoming.is_cancelled() => vec![Facet::Cancelled],
        None if earlier.attention == Attention::Seen => Vec::new(),
        None => return stays(Change::Updated),
    };
    if news.is_empty() && earlier.order.is_some() {
        return stays(Change::Updated);
    }
    let kind = kind_of_change(earlier, incoming, &news);
    Verdict {
        change: Change::Updated,
        attention: Attention::Ringing(kind),
        changes: match kind {
            AlertKind::NewOrder => Vec::new(),
            AlertKind::Changed | AlertKind::Cancelled => facets::union(earlier.changes, &news),
        },
        alert: Some(kind),
    }
}

fn judge_new(incoming: &Order, arrival: Arrival, is_first_contact: bool) -> Verdict {
    let is_quiet = is_first_contact && (incoming.is_finished() || is_old(incoming, arrival));
    let kind = if incoming.is_cancelled() {
        AlertKind::Cancelled
    } else {
        AlertKind::NewOrder
    };
    Verdict {
        change: Change::New,
        attention: if is_quiet {
            Attention::FromBefore
        } else {
            Attention::Ringing(kind)
        },
        changes: Vec::new(),
        alert: (!is_quiet).then_some(kind),
    }
}

/// Whether it was made more than twelve hours ago, by the server's clock where it told it.
fn is_old(order: &Order, arrival: Arrival) -> bool {
    let now = arrival.server_time.unwrap_or(arrival.received_at);
    order
        .created_at
        .is_some_and(|made| now.0.saturating_sub(made.0) > OLD_AT_FIRST_CONTACT)
}

fn kind_of_change(earlier: &Earlier<'_>, incoming: &Order, news: &[Facet]) -> AlertKind {
    let was_cancelled = earlier.attention == Attention::Ringing(AlertKind::Cancelled);
    if incoming.is_cancelled() && (was_cancelled || news.contains(&Facet::Cancelled)) {
        return AlertKind::Cancelled;
    }
    match earlier.attention {
        Attention::Ringing(AlertKind::NewOrder) => AlertKind::NewOrder,
        // Cancelled and taken back before anybody saw it: for the shop it is simply new.
        Attention::Ringing(AlertKind::Cancelled) if !earlier.was_seen => AlertKind::NewOrder,
        Attention::Ringing(AlertKind::Changed | AlertKind::Cancelled)
        | Attention::FromBefore
        | Attention::Seen => AlertKind::Changed,
    }
}
