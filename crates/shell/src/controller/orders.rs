//! The orders: reading them, telling of them, marking them seen.

use std::collections::HashSet;
use std::time::Duration;

use campana_contract::{Order, Timestamp};
use campana_sync::inbox::{
    AlertKind, Attention, InboxError, InboxOrder, OrderVersion, UnreadableOrder,
};
use tokio::time::Instant;

use super::alerts::{Group, Telling};
use super::input::{Input, Reply, answer, error};
use super::notices::About;
use super::{Controller, words};
use crate::projection::{self, Unstored, unreadable_hash, view_id};
use crate::view::{CommandError, OrderView, ShownOrder, View};

/// After a reading that failed.
const RETRY: Duration = Duration::from_secs(5);
const DAY: i64 = 24 * HOUR;
const HOUR: i64 = 60 * 60 * 1000;
/// When a shop's day begins by the clock on its wall, and how long it lasts at least.
const DAWN: i64 = 5 * HOUR;
const AT_LEAST: i64 = 12 * HOUR;

/// How far reading the orders is: one reading at a time, and one more when something happened meanwhile.
#[derive(Debug, Default)]
pub(super) struct Reading {
    is_running: bool,
    is_wanted: bool,
    /// When to read again by itself: after a failure, and when *today* begins anew.
    next: Option<Instant>,
    has_read: bool,
    failed: bool,
    /// Orders that rang and were not read since.
    pub unread: HashSet<String>,
    /// Orders that somebody saw before they could be stored, until the inbox was read again.
    pub seen_unstored: Vec<Order>,
}

impl Reading {
    /// What was last read holds everything that was reported.
    pub fn is_done(&self) -> bool {
        !self.is_running && !self.failed
    }
    /// When to read again by itself.
    pub fn deadline(&self) -> Option<Instant> {
        self.next.filter(|_| !self.is_running)
    }
}

impl Controller {
    /// Reads the orders, in a task of its own.
    pub(super) fn read_orders(&mut self) {
        if self.reading.is_running {
            self.reading.is_wanted = true;
            return;
        }
        self.reading.is_running = true;
        self.reading.is_wanted = false;
        self.reading.next = None;
        let seen_since = today_began(self.now.wall, self.reach.offset);
        let (engine, sender) = (self.reach.engine.clone(), self.reach.sender.clone());
        tokio::spawn(async move {
            let read = async {
                let orders = engine.orders(seen_since).await?;
                Ok((orders, engine.unreadable_orders(seen_since).await?))
            };
            // The controller is gone when nobody listens.
            let _ = sender.send(Input::Orders(read.await));
        });
    }

    /// What was reported before the reading began is in it.
    pub(super) fn orders_read(
        &mut self,
        result: Result<(Vec<InboxOrder>, Vec<UnreadableOrder>), InboxError>,
    ) {
        self.reading.is_running = false;
        let is_current = !self.reading.is_wanted;
        match result {
            Ok((orders, unreadable)) => {
                self.reading.failed = false;
                let before = from_before(&self.state.orders);
                let is_first = !std::mem::replace(&mut self.reading.has_read, true);
                self.state.orders = orders;
                self.state.unreadable = unreadable;
                if is_current {
                    self.reading.unread.clear();
                }
                let is_first_contact =
                    !is_first && before == 0 && from_before(&self.state.orders) > 0;
                if is_first_contact
                    && self.state.pause.is_none()
                    && !self.sounding.escalation.rings()
                {
                    self.desk.chime();
                }
                let wall = self.now.wall;
                let rest = today_began(wall, self.reach.offset)
                    .0
                    .saturating_add(DAY)
                    .saturating_sub(wall.0);
                let rest = u64::try_from(rest).unwrap_or(0).max(1000);
                self.reading.next = Some(self.now.at + Duration::from_millis(rest));
                self.settle_unstored();
            }
            Err(failure) => {
                self.reading.failed = true;
                tracing::debug!(%failure, "the inbox cannot be read");
                self.reading.next = Some(self.now.at + RETRY);
            }
        }
        if !is_current {
            self.read_orders();
        }
    }

    /// Orders that could not be stored: those that were seen already stay seen while they are the same.
    pub(super) fn unstored(&mut self, orders: Vec<Order>) {
        let received_at = self.now.wall;
        let known = std::mem::take(&mut self.state.unstored);
        let (mut fresh, mut kept) = (Vec::new(), Vec::new());
        for order in orders {
            match known.iter().find(|known| known.order == order) {
                Some(known) => kept.push(known.clone()),
                None => fresh.push(Unstored {
                    order,
                    received_at,
                    seen_at: None,
                }),
            }
        }
        self.reading.seen_unstored.extend(
            known
                .into_iter()
                .filter(|gone| gone.seen_at.is_some())
                .map(|gone| gone.order),
        );
        fresh.extend(kept);
        self.state.unstored = fresh;
        self.read_orders();
    }

    /// What somebody saw before it could be stored need not ring again once it is.
    fn settle_unstored(&mut self) {
        let seen = std::mem::take(&mut self.reading.seen_unstored);
        for order in seen {
            let stored = self.state.orders.iter().find(|stored| {
                Some(&stored.source) == self.state.source.as_ref()
                    && stored.order.as_ref() == Some(&order)
                    && matches!(stored.attention, Attention::Ringing(_))
            });
            if let Some(stored) = stored {
                let id = stored.id.key().to_owned();
                self.mark_seen(&id, stored.version, None);
            }
        }
    }

    /// Tells of orders by notification, but for those that somebody saw meanwhile.
    pub(super) fn tell(&mut self, telling: Telling, view: &View) {
        if !self.reading.is_done() {
            return self.notify(words::unreadable(&self.catalogue), About::Ringing);
        }
        let unseen: Vec<&OrderView> = view
            .orders
            .iter()
            .filter(|order| projection::rings(order.attention))
            .collect();
        match telling {
            Telling::Single(alerts) => {
                for (id, kind) in alerts {
                    if let Some(order) = unseen.iter().find(|order| order.id == id) {
                        self.tell_order(kind, order);
                    }
                }
            }
            Telling::Group(group, ids) => {
                let is_meant = |order: &&&OrderView| match group {
                    // Those of another address ring too, and are told under that.
                    Group::StillRinging => !self.notices.tell_of(&order.id),
                    Group::Burst | Group::Missed => ids.contains(&order.id),
                };
                let orders: Vec<&OrderView> = unseen.iter().filter(is_meant).copied().collect();
                if !orders.is_empty() {
                    let said = words::group(group, &orders, &self.catalogue);
                    let told = orders.iter().map(|order| shown(order)).collect();
                    self.notify(said, About::Orders(told));
                }
            }
        }
    }

    fn tell_order(&mut self, kind: AlertKind, order: &OrderView) {
        let content = self.state.preferences.alerts.content;
        let said = words::alert(kind, order, content, &self.catalogue);
        self.notify(said, About::Orders(vec![shown(order)]));
    }

    /// *Visto*.
    pub(super) fn mark_seen(&mut self, id: &str, version: i64, reply: Reply<()>) {
        let order = ShownOrder {
            id: id.to_owned(),
            version,
        };
        self.mark_these_seen(&[order], reply);
    }

    /// *Marcar todos como vistos*: what the person saw, or what was last drawn; what rings since rings on.
    pub(super) fn mark_all_seen(&mut self, orders: Option<Vec<ShownOrder>>, reply: Reply<()>) {
        let orders = orders.unwrap_or_else(|| {
            let drawn = self.desk.drawn().map(|view| view.orders.as_slice());
            let drawn = drawn.unwrap_or_default().iter();
            drawn
                .filter(|order| projection::rings(order.attention))
                .map(shown)
                .collect()
        });
        self.mark_these_seen(&orders, reply);
    }

    /// Marks these versions seen. An order that left the list (retention, another address) is none.
    pub(super) fn mark_these_seen(&mut self, orders: &[ShownOrder], reply: Reply<()>) {
        let now = self.now.wall;
        let present = self.state.source.clone();
        let (mut stored, mut unreadable) = (Vec::new(), Vec::new());
        for order in orders {
            if let Some(hash) = unreadable_hash(&order.id) {
                unreadable.push(hash.to_owned());
                continue;
            }
            let mut in_memory = self.state.unstored.iter_mut();
            if let Some(unstored) = in_memory.find(|one| one.order.id.key() == order.id) {
                unstored.seen_at = Some(now);
                self.reading.unread.remove(&order.id);
                continue;
            }
            let is_it = |stored: &&InboxOrder| {
                view_id(&stored.source, stored.id.key(), present.as_deref()) == order.id
            };
            if let Some(known) = self.state.orders.iter().find(is_it) {
                stored.push(OrderVersion {
                    source: known.source.clone(),
                    id: known.id.key().to_owned(),
                    version: order.version,
                });
            }
        }
        if stored.is_empty() && unreadable.is_empty() {
            return answer(reply, Ok(()));
        }
        let (engine, sender) = (self.reach.engine.clone(), self.reach.sender.clone());
        tokio::spawn(async move {
            let mut result = Ok(());
            if !unreadable.is_empty() {
                result = engine.mark_unreadable_seen(unreadable).await;
            }
            if !stored.is_empty() {
                result = result.and(engine.mark_all_seen(stored).await);
            }
            let _ = sender.send(Input::Marked(result, reply));
        });
    }

    /// *Marcar todos como vistos*, in the quiet group: what rings goes on ringing.
    pub(super) fn mark_from_before_seen(&mut self, reply: Reply<()>) {
        let (engine, sender) = (self.reach.engine.clone(), self.reach.sender.clone());
        tokio::spawn(async move {
            let result = engine.mark_from_before_seen().await;
            let _ = sender.send(Input::Marked(result, reply));
        });
    }

    pub(super) fn marked(&mut self, result: Result<(), InboxError>, reply: Reply<()>) {
        let result = result.map_err(|failure| -> CommandError {
            tracing::error!(%failure, "cannot be marked seen");
            error("storage-failed", None)
        });
        answer(reply, result);
        self.read_orders();
    }
}

fn from_before(orders: &[InboxOrder]) -> usize {
    let is_from_before = |order: &&InboxOrder| order.attention == Attention::FromBefore;
    orders.iter().filter(is_from_before).count()
}

/// The version that a notification tells of, or that is drawn.
fn shown(order: &OrderView) -> ShownOrder {
    ShownOrder {
        id: order.id.clone(),
        version: order.version,
    }
}

/// When today began here: at five in the morning, for many shops are open past midnight, and twelve hours
/// ago if that is longer.
fn today_began(now: Timestamp, offset: fn(Timestamp) -> i32) -> Timestamp {
    let shift = i64::from(offset(now)) * 1000;
    let of_this_day = now.0.saturating_add(shift).saturating_sub(DAWN);
    let began = now.0.saturating_sub(of_this_day.rem_euclid(DAY));
    Timestamp(began.min(now.0.saturating_sub(AT_LEAST)))
}

/// The hour that the clock on the wall shows at a moment: `14:30`.
pub(super) fn hour(at: Timestamp, offset: fn(Timestamp) -> i32) -> String {
    let here = at.0.saturating_add(i64::from(offset(at)) * 1000);
    let minutes = here.rem_euclid(DAY) / 60_000;
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

#[cfg(test)]
mod tests {
    use super::{AT_LEAST, DAY, HOUR, Timestamp, today_began};

    /// 2026-11-24T00:00:00 in Mexico.
    const DAY_BEGAN: i64 = 1_795_500_000_000;

    fn began(hour: i64) -> i64 {
        let now = Timestamp(DAY_BEGAN + hour * HOUR);
        (today_began(now, |_| -6 * 3600).0 - DAY_BEGAN) / HOUR
    }

    #[test]
    fn a_shop_that_is_open_past_midnight_keeps_its_evening() {
        assert_eq!(began(23), 5);
        assert_eq!(began(24), 5, "midnight ends nothing");
        assert_eq!(began(24 + 4), 5);
        assert_eq!(began(24 + 6), 24 + 6 - 12, "twelve hours at least");
        assert_eq!(began(24 + 17), 24 + 5);
        for hour in 0..48 {
            let span = hour - began(hour);
            assert!((AT_LEAST / HOUR..=DAY / HOUR).contains(&span), "{hour}");
        }
    }
}
