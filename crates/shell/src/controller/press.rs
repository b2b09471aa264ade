//! The task that prints one ticket, and what it notes before and after.

use std::sync::Arc;

use campana_contract::Timestamp;
use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::inbox::{Attention, BegunTicket, InboxError, TicketWay};

use super::input::error;
use super::looking::Shelf;
use crate::projection;
use crate::ticket::{self, PrintFailure, TicketPrinter, Wording};
use crate::view::{CommandError, OrderView};

/// An older order is printed by nobody but a person: its dish has gone out or is cold.
const NOT_OLDER: i64 = 2 * 60 * 60 * 1000;
const MINUTE: i64 = 60_000;

/// How a ticket ended that is printed by itself.
pub enum Outcome {
    /// It is on paper.
    Printed,
    /// It need not be: it was printed or begun before, or the order is too old, from before the first contact,
    /// cancelled or gone.
    NotDue,
    /// Only a line without items is known of the order.
    Incomplete,
    /// The printer failed, and this is how.
    Failed(PrintFailure),
    /// The inbox could not be read, or could not note it, so it was not sent.
    NotNoted(CommandError),
}

/// What a printing task works with.
pub(super) struct Press {
    pub(super) shelf: Shelf,
    pub(super) printer: Arc<dyn TicketPrinter>,
    pub(super) name: String,
    pub(super) language: Language,
    pub(super) currency: String,
    pub(super) offset: fn(Timestamp) -> i32,
    pub(super) now: Timestamp,
}

impl Press {
    pub(super) async fn print_by_itself(&self, id: &str) -> Outcome {
        let order = match self.shelf.order(id).await {
            Ok(order) => order,
            Err(failure) if failure.code == "order-unknown" => return Outcome::NotDue,
            Err(failure) => return Outcome::NotNoted(failure),
        };
        let view = projection::order(&order, self.shelf.present.as_deref());
        let age = self.now.0.saturating_sub(order.received_at.0);
        let is_from_before = order.attention == Attention::FromBefore;
        if age > NOT_OLDER || is_from_before || view.emptied || view.cancelled {
            return Outcome::NotDue;
        }
        if view.items.is_empty() {
            return Outcome::Incomplete;
        }
        let (source, key) = (&order.source, order.id.key());
        let archive = &self.shelf.archive;
        let begun = match archive
            .begin_ticket(source, key, TicketWay::Automatic)
            .await
        {
            Ok(Some(begun)) => begun,
            Ok(None) => return Outcome::NotDue,
            Err(failure) => return Outcome::NotNoted(not_noted(failure)),
        };
        let sent = self.send(&view, false).await;
        let end = match &sent {
            Ok(()) => archive.end_ticket(begun, true).await,
            Err(PrintFailure::Unreachable(_)) => archive.end_ticket(begun, false).await,
            // It stays begun: nobody knows.
            Err(PrintFailure::Failed(_)) => Ok(()),
        };
        match (sent, end) {
            (Ok(()), Ok(())) => Outcome::Printed,
            (Ok(()), Err(failure)) => {
                tracing::error!(%failure, "a printed ticket could not be noted");
                Outcome::Printed
            }
            (Err(failure), _) => Outcome::Failed(failure),
        }
    }

    /// Whether it says that it is a duplicate.
    pub(super) async fn print_for_a_person(&self, id: &str) -> Result<bool, CommandError> {
        self.expect_printer()?;
        let (view, begun) = self.begin_for_a_person(id, TicketWay::Printer).await?;
        let archive = &self.shelf.archive;
        if let Err(failure) = self.send(&view, begun.is_duplicate).await {
            if matches!(failure, PrintFailure::Unreachable(_)) {
                archive.end_ticket(begun, false).await.map_err(not_noted)?;
            }
            return Err(error(failure.code(), None));
        }
        archive.end_ticket(begun, true).await.map_err(not_noted)?;
        Ok(begun.is_duplicate)
    }

    pub(super) async fn begin_in_dialog(&self, id: &str) -> Result<BegunTicket, CommandError> {
        let (_, begun) = self.begin_for_a_person(id, TicketWay::Dialog).await?;
        Ok(begun)
    }

    async fn begin_for_a_person(
        &self,
        id: &str,
        way: TicketWay,
    ) -> Result<(OrderView, BegunTicket), CommandError> {
        let order = self.shelf.order(id).await?;
        let view = projection::order(&order, self.shelf.present.as_deref());
        if view.emptied {
            return Err(error("order-unknown", None));
        }
        let archive = &self.shelf.archive;
        let begun = archive
            .begin_ticket(&order.source, order.id.key(), way)
            .await
            .map_err(not_noted)?
            .ok_or_else(|| error("order-unknown", None))?;
        Ok((view, begun))
    }

    /// An order that could not be stored: nothing can be noted of it either.
    pub(super) async fn print_unnoted(&self, order: &OrderView) -> Result<(), CommandError> {
        self.expect_printer()?;
        let sent = self.send(order, false).await;
        sent.map_err(|failure| error(failure.code(), None))
    }

    fn expect_printer(&self) -> Result<(), CommandError> {
        if self.name.is_empty() {
            Err(error("printer-missing", None))
        } else {
            Ok(())
        }
    }

    async fn send(&self, order: &OrderView, is_duplicate: bool) -> Result<(), PrintFailure> {
        let offset = self.offset;
        let moment = move |at| day_and_hour(Timestamp(at), offset);
        let lines = {
            let catalogue = Catalogue::new(self.language);
            let wording = Wording {
                catalogue: &catalogue,
                currency: &self.currency,
                moment: &moment,
            };
            ticket::lines(order, is_duplicate, &wording)
        };
        self.printer.print(&self.name, lines).await
    }
}

pub(super) fn not_noted(failure: InboxError) -> CommandError {
    tracing::error!(%failure, "a ticket cannot be noted");
    error("storage-failed", None)
}

/// As a ticket shows a moment: `24/11 14:30`.
fn day_and_hour(at: Timestamp, offset: fn(Timestamp) -> i32) -> String {
    let here = at.0.saturating_add(i64::from(offset(at)) * 1000);
    let minutes = here.div_euclid(MINUTE).rem_euclid(24 * 60);
    let date = time::OffsetDateTime::from_unix_timestamp(here.div_euclid(1000))
        .map_or_else(|_| time::Date::MIN, time::OffsetDateTime::date);
    format!(
        "{:02}/{:02} {:02}:{:02}",
        date.day(),
        u8::from(date.month()),
        minutes / 60,
        minutes % 60
    )
}

#[cfg(test)]
mod tests {
    use super::day_and_hour;
    use campana_contract::Timestamp;

    #[test]
    fn a_ticket_shows_day_and_hour_of_this_place() {
        let noon = Timestamp(1_795_543_200_000);
        assert_eq!(day_and_hour(noon, |_| -6 * 3600), "24/11 12:00");
        assert_eq!(day_and_hour(noon, |_| 7 * 3600), "25/11 01:00");
    }
}
