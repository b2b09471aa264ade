//! Orders that the inbox could not take: they ring from memory, unconfirmed, until it can.

use std::collections::HashMap;

use campana_contract::{Order, Timestamp};

use crate::inbox::{AlertKind, Change, KnownOrder, Stored, is_change};
use crate::report::Report;

/// How many known versions are remembered; a shop makes some hundred orders a day.
const REMEMBERED: usize = 50_000;

/// What this run knows to be on disk, and what it knows not to be.
#[derive(Debug, Default)]
pub(super) struct Memory {
    on_disk: HashMap<String, Option<Timestamp>>,
    unstored: Vec<Order>,
    /// What rang from here, and in which version.
    rang: HashMap<String, Option<Timestamp>>,
}

/// What the disk took although it said that it did not: it rings there, and nobody was told.
pub(super) fn what_rings_all_the_same(known: &HashMap<String, KnownOrder>) -> Vec<Report> {
    let mut ringing: Vec<(&String, AlertKind)> = known
        .iter()
        .filter(|(_, on_disk)| on_disk.is_current)
        .filter_map(|(id, on_disk)| Some((id, on_disk.rings?)))
        .collect();
    ringing.sort_by_key(|(id, _)| *id);
    ringing
        .into_iter()
        .map(|(id, kind)| Report::Alert {
            order_id: id.clone(),
            kind,
            again: true,
        })
        .collect()
}

impl Memory {
    /// Orders could not be stored: those that are not on disk already live on here. `known` is what
    /// the disk holds of them, as far as it can be read.
    pub(super) fn keep(
        &mut self,
        orders: &[Order],
        known: &HashMap<String, KnownOrder>,
    ) -> Vec<Report> {
        let mut reports = Vec::new();
        for order in orders {
            let id = order.id.key();
            if self
                .on_disk
                .get(id)
                .is_some_and(|at| *at == order.updated_at)
            {
                continue;
            }
            if let Some(on_disk) = known.get(id).filter(|on_disk| on_disk.is_current) {
                // From an earlier run; or the disk took it and said that it did not.
                self.on_disk.insert(id.to_owned(), order.updated_at);
                reports.extend(on_disk.rings.map(|kind| Report::Alert {
                    order_id: id.to_owned(),
                    kind,
                    again: true,
                }));
                continue;
            }
            let is_news = match self.unstored.iter_mut().find(|o| o.id.key() == id) {
                Some(earlier) if order.updated_at < earlier.updated_at => continue,
                Some(earlier) => {
                    let earlier = std::mem::replace(earlier, order.clone());
                    is_change(&earlier, order)
                }
                None => {
                    self.unstored.push(order.clone());
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
        if !self.unstored.is_empty() {
            reports.push(Report::Unstored(self.unstored.clone()));
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
                && !self.unstored.iter().any(|unstored| unstored.id == order.id)
        };
        let unknown: Vec<Order> = orders.iter().filter(is_unknown).cloned().collect();
        self.keep(&unknown, known)
    }

    /// A page was stored. What it means for people, less what already rang from memory.
    pub(super) fn stored(&mut self, orders: &[Order], stored: &Stored) -> Vec<Report> {
        let mut reports = Vec::new();
        let had_unstored = !self.unstored.is_empty();
        if self.on_disk.len() > REMEMBERED {
            self.on_disk.clear();
        }
        for order in orders {
            self.on_disk
                .insert(order.id.key().to_owned(), order.updated_at);
        }
        for order in &stored.orders {
            let id = order.id.key();
            let version = orders
                .iter()
                .find(|told| told.id == order.id)
                .and_then(|told| told.updated_at);
            // A page from before must not make a newer version forgotten that only rings from here.
            self.unstored
                .retain(|o| o.id.key() != id || (version.is_some() && o.updated_at > version));
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
        reports.extend(stored.set_aside.iter().map(|aside| Report::SetAside {
            kind: aside.kind,
            what: aside.hash.clone(),
            reason: aside.reason.clone(),
        }));
        if had_unstored {
            reports.push(Report::Unstored(self.unstored.clone()));
        }
        reports
    }

    /// Whether this version of it, or a newer one, rang from here.
    fn has_rung(&self, id: &str, version: Option<Timestamp>) -> bool {
        self.rang.get(id).is_some_and(|rang| *rang >= version)
    }

    /// The backend changed: nothing of it is known. True when something unstored was let go of view.
    pub(super) fn forget(&mut self) -> bool {
        let had_unstored = !self.unstored.is_empty();
        *self = Self::default();
        had_unstored
    }
}
