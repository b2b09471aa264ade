//! Orders that the inbox could not take: they ring from memory, unconfirmed, until it can.

use std::borrow::Cow;
use std::collections::HashMap;

use campana_contract::{Order, Timestamp};

use super::input::Source;
use crate::inbox::{AlertKind, Change, KnownOrder, Stored, is_change, is_change_of_partial};
use crate::report::Report;

/// How many known versions are remembered; a shop makes some hundred orders a day.
const REMEMBERED: usize = 50_000;

/// The memory of each backend in this run: orders of two backends are never the same.
#[derive(Debug, Default)]
pub(super) struct Memories {
    of: HashMap<Source, Memory>,
    /// The backend that is asked now.
    source: Source,
}

impl Memories {
    /// Which backend is asked now.
    pub(super) fn source(&self) -> &Source {
        &self.source
    }

    /// The memory of the backend that is asked now.
    pub(super) fn present(&mut self) -> &mut Memory {
        self.of.entry(Source::clone(&self.source)).or_default()
    }

    /// From now on this backend is asked. What only its memory has rings on, and what only the memory of the other one
    /// has is let go of view.
    pub(super) fn turn_to(&mut self, source: Source) -> Vec<Report> {
        if source == self.source {
            return Vec::new();
        }
        let mut unstored = !self.present().unstored.is_empty();
        self.source = source;
        let memory = self.present();
        unstored |= !memory.unstored.is_empty();
        let reports = unstored.then(|| memory.unstored());
        reports.into_iter().chain(memory.rings_on()).collect()
    }

    /// Lets the memory of `source` learn something, and returns its reports. Orders that only the memory of another
    /// backend has are not shown.
    pub(super) fn told(
        &mut self,
        source: &Source,
        learn: impl FnOnce(&mut Memory) -> Vec<Report>,
    ) -> Vec<Report> {
        let memory = self.of.entry(Source::clone(source)).or_default();
        let mut reports = learn(memory);
        if *source != self.source {
            reports.retain(|report| !matches!(report, Report::Unstored(_)));
        }
        reports
    }

    /// The orders to keep in memory when the disk did not take them: all of the present backend's. An earlier backend
    /// hands out its orders again when it is asked again, so of those only the ones that are on disk anyway.
    pub(super) fn not_stored<'a>(
        &self,
        source: &Source,
        orders: &'a [Order],
        known: &HashMap<String, KnownOrder>,
    ) -> Cow<'a, [Order]> {
        if *source == self.source {
            return Cow::Borrowed(orders);
        }
        let is_on_disk = |order: &&Order| {
            let known = known.get(order.id.key());
            known.is_some_and(|on_disk| on_disk.is_current)
        };
        Cow::Owned(orders.iter().filter(is_on_disk).cloned().collect())
    }
}

/// What this run knows to be on disk, and what it knows not to be.
#[derive(Debug, Default)]
pub(super) struct Memory {
    on_disk: HashMap<String, Option<Timestamp>>,
    unstored: Vec<Unstored>,
    /// What rang from here, and in which version.
    rang: HashMap<String, Option<Timestamp>>,
}

/// An order that only this memory has.
#[derive(Debug)]
struct Unstored {
    order: Order,
    /// Only a row of `orders:pending` told of it.
    is_partial: bool,
}

impl Unstored {
    fn is(&self, id: &str) -> bool {
        self.order.id.key() == id
    }
}

/// Whether a version may be newer than one that is known: an answer may be an old one. Without a stamp nobody knows.
fn is_newer(version: Option<Timestamp>, known: Option<Timestamp>) -> bool {
    version > known || (version.is_none() && known.is_some())
}

fn set_aside(stored: &Stored) -> impl Iterator<Item = Report> {
    stored.set_aside.iter().map(|aside| Report::Unreadable {
        kind: aside.kind,
        hash: aside.hash.clone(),
        reason: aside.reason.clone(),
        again: false,
    })
}

impl Memory {
    /// Orders could not be stored: those that are not on disk already live on here. `known` is what
    /// the disk holds of them, as far as it can be read.
    pub(super) fn keep(
        &mut self,
        orders: &[Order],
        known: &HashMap<String, KnownOrder>,
    ) -> Vec<Report> {
        self.keep_all(orders, known, false)
    }

    fn keep_all(
        &mut self,
        orders: &[Order],
        known: &HashMap<String, KnownOrder>,
        is_partial: bool,
    ) -> Vec<Report> {
        let mut reports = Vec::new();
        let had_unstored = !self.unstored.is_empty();
        for order in orders {
            let id = order.id.key();
            if self
                .on_disk
                .get(id)
                .is_some_and(|at| !is_newer(order.updated_at, *at))
            {
                continue;
            }
            if let Some(on_disk) = known.get(id).filter(|on_disk| on_disk.is_current) {
                // From an earlier run; or the disk took it and said that it did not.
                self.on_disk.insert(id.to_owned(), order.updated_at);
                self.unstored
                    .retain(|one| !one.is(id) || one.order.updated_at > order.updated_at);
                reports.extend(on_disk.rings.map(|kind| Report::Alert {
                    order_id: id.to_owned(),
                    kind,
                    again: true,
                }));
                continue;
            }
            let here = || Unstored {
                order: order.clone(),
                is_partial,
            };
            let is_news = match self.unstored.iter_mut().find(|one| one.is(id)) {
                Some(earlier) if order.updated_at < earlier.order.updated_at => continue,
                Some(earlier) => {
                    let earlier = std::mem::replace(earlier, here());
                    if earlier.is_partial {
                        is_change_of_partial(&earlier.order, order)
                    } else {
                        is_change(&earlier.order, order)
                    }
                }
                None => {
                    self.unstored.push(here());
                    !self.has_rung(id, order.updated_at)
                }
            };
            if is_news {
                self.rang.insert(id.to_owned(), order.updated_at);
                let kind = if order.is_cancelled() {
                    AlertKind::Cancelled
                } else if self.on_disk.contains_key(id) || known.contains_key(id) {
                    AlertKind::Changed
                } else {
                    AlertKind::NewOrder
                };
                reports.push(Report::Alert {
                    order_id: id.to_owned(),
                    kind,
                    again: false,
                });
            }
        }
        if had_unstored || !self.unstored.is_empty() {
            reports.push(self.unstored());
        }
        reports
    }

    /// Partial orders could not be stored: those that nothing else told of live on here. A row of
    /// `orders:pending` takes nobody's place.
    pub(super) fn keep_partial(
        &mut self,
        orders: &[Order],
        known: &HashMap<String, KnownOrder>,
    ) -> Vec<Report> {
        let is_unknown = |order: &&Order| {
            let id = order.id.key();
            known.get(id).is_none_or(|on_disk| on_disk.is_current)
                && !self.on_disk.contains_key(id)
                && !self.unstored.iter().any(|unstored| unstored.is(id))
        };
        let unknown: Vec<Order> = orders.iter().filter(is_unknown).cloned().collect();
        self.keep_all(&unknown, known, true)
    }

    fn unstored(&self) -> Report {
        let orders = self.unstored.iter().map(|one| one.order.clone());
        Report::Unstored(orders.collect())
    }

    /// A page was stored. What it means for people, less what already rang from memory.
    pub(super) fn stored(&mut self, orders: &[Order], stored: &Stored) -> Vec<Report> {
        let mut reports = Vec::new();
        let had_unstored = !self.unstored.is_empty();
        if self.on_disk.len() > REMEMBERED {
            self.on_disk.clear();
        }
        for order in orders {
            let at = self
                .on_disk
                .entry(order.id.key().to_owned())
                .or_insert(order.updated_at);
            if is_newer(order.updated_at, *at) {
                *at = order.updated_at;
            }
        }
        for order in &stored.orders {
            let id = order.id.key();
            let version = orders
                .iter()
                .find(|told| told.id == order.id)
                .and_then(|told| told.updated_at);
            // A page from before must not make a newer version forgotten that only rings from here.
            self.unstored
                .retain(|one| !one.is(id) || (version.is_some() && one.order.updated_at > version));
            if matches!(order.change, Change::New | Change::Updated) {
                reports.push(Report::Order {
                    id: id.to_owned(),
                    change: order.change,
                });
            }
            let rang = self.has_rung(id, version);
            if self.rang.get(id).is_some_and(|rang| *rang <= version) || version.is_none() {
                self.rang.remove(id);
            }
            if let Some(kind) = order.alert
                && !rang
            {
                reports.push(Report::Alert {
                    order_id: id.to_owned(),
                    kind,
                    again: false,
                });
            }
        }
        reports.extend(set_aside(stored));
        if had_unstored {
            reports.push(self.unstored());
        }
        reports
    }

    /// Whether this version of it, or a newer one, rang from here.
    fn has_rung(&self, id: &str, version: Option<Timestamp>) -> bool {
        self.rang.get(id).is_some_and(|rang| *rang >= version)
    }

    /// Alerts for what only this memory has.
    fn rings_on(&self) -> Vec<Report> {
        let alert = |one: &Unstored| Report::Alert {
            order_id: one.order.id.key().to_owned(),
            kind: if one.order.is_cancelled() {
                AlertKind::Cancelled
            } else {
                AlertKind::NewOrder
            },
            again: true,
        };
        self.unstored.iter().map(alert).collect()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::*;

    fn order(json: &str) -> Order {
        Order::parse(json).unwrap()
    }

    fn alerts(reports: &[Report]) -> usize {
        let is_alert = |report: &&Report| matches!(report, Report::Alert { .. });
        reports.iter().filter(is_alert).count()
    }

    #[test]
    fn an_order_that_rang_from_a_row_of_what_is_pending_does_not_ring_again_when_it_comes_whole() {
        let mut memory = Memory::default();
        let row = order(r#"{"id":"a","total":50,"updatedAt":"2026-11-24T18:00:00Z"}"#);
        assert_eq!(alerts(&memory.keep_partial(&[row], &HashMap::new())), 1);
        let whole = order(
            r#"{"id":"a","total":50,"updatedAt":"2026-11-24T18:00:00Z","orderType":"DELIVERY",
                "orderItems":[{"id":"1","product":{"name":"Pizza"}}],"deliveryInfo":{"street":"Hidalgo"}}"#,
        );
        let known = HashMap::new();
        assert_eq!(
            alerts(&memory.keep(std::slice::from_ref(&whole), &known)),
            0
        );
        let mut changed = whole;
        changed.notes = Some("Sin cebolla".to_owned());
        assert_eq!(alerts(&memory.keep(&[changed], &known)), 1, "this is news");
    }
}
