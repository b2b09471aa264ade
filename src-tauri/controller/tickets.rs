//! Tickets: each new order once by itself where the owner wants it, and any order when somebody asks.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use campana_contract::Timestamp;
use campana_sync::catalogue::{Catalogue, Language};
use campana_sync::inbox::{Attention, BegunTicket, Change, InboxError, TicketWay};

use super::input::{Input, Reply, answer, error};
use super::looking::Shelf;
use super::notices::About;
use super::{Controller, words};
use crate::desktop::Desktop;
use crate::projection;
use crate::ticket::{self, PrintFailure, TicketPrinter, Wording};
use crate::view::{CommandError, OrderView, PrintedView};

/// An older order is printed by nobody but a person: its dish has gone out or is cold.
const NOT_OLDER: i64 = 2 * 60 * 60 * 1000;
/// A printer that did not answer is tried again.
const RETRY: Duration = Duration::from_secs(15);
const MINUTE: i64 = 60_000;

/// What is to be printed by itself, and how that goes.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// [`OrderView::id`], oldest first.
    waiting: VecDeque<String>,
    /// Of these only a line without items is known yet.
    incomplete: Vec<String>,
    is_printing: bool,
    /// A retry is on its way.
    is_resting: bool,
    in_dialog: Option<InDialog>,
}

/// The ticket that lies in the system's print dialog.
#[derive(Debug)]
struct InDialog {
    /// [`OrderView::id`].
    order: String,
    /// `None` where nothing can be noted of the order.
    begun: Option<BegunTicket>,
    is_cancelled: bool,
}

/// What became of a ticket.
pub enum TicketNews {
    /// One that is printed by itself, with its order.
    Tried(String, Outcome),
    /// One that a person wanted is on paper, as far as anybody knows.
    Printed,
    /// The system's dialog opens with this order's; what was begun ends with it.
    InDialog(String, Option<BegunTicket>),
    /// The present one was cancelled in the system's dialog.
    Cancelled,
    /// The system could not print one, though it was wanted in its dialog.
    FailedInDialog,
    /// It is noted that one was cancelled.
    Forgotten,
    /// The printer may answer again.
    Retry,
}

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
struct Press {
    shelf: Shelf,
    printer: Arc<dyn TicketPrinter>,
    name: String,
    language: Language,
    currency: String,
    offset: fn(Timestamp) -> i32,
    now: Timestamp,
}

impl<D: Desktop> Controller<D> {
    /// An order was stored: a new one is printed, and one that waits for its items may have them now.
    pub(super) fn ticket_of_stored(&mut self, id: String, change: Change) {
        if change == Change::New {
            self.ticket_due(id);
        } else {
            self.ticket_complete(&id);
        }
    }

    /// An order is new: its ticket is printed by itself, if the owner wants that.
    pub(super) fn ticket_due(&mut self, id: String) {
        let printing = &self.state.preferences.printing;
        if !printing.automatic || printing.printer.is_empty() || self.tickets.waiting.contains(&id)
        {
            return;
        }
        self.tickets.waiting.push_back(id);
        self.print_next();
    }

    /// More is known of an order.
    fn ticket_complete(&mut self, id: &str) {
        let incomplete = &mut self.tickets.incomplete;
        if let Some(place) = incomplete.iter().position(|one| one == id) {
            let id = incomplete.swap_remove(place);
            self.tickets.waiting.push_back(id);
            self.print_next();
        }
    }

    /// The owner may have chosen another printer, or none.
    pub(super) fn printing_changed(&mut self) {
        let printing = &self.state.preferences.printing;
        if !printing.automatic || printing.printer.is_empty() {
            self.tickets.waiting.clear();
            self.tickets.incomplete.clear();
        }
        self.state.printer_trouble = None;
        self.print_next();
    }

    pub(super) fn ticket(&mut self, news: TicketNews) {
        match news {
            TicketNews::Printed => {
                self.state.printer_trouble = None;
                self.read_orders();
            }
            TicketNews::InDialog(order, begun) => {
                // One that lies there still was never ended: it may be on paper.
                self.tickets.in_dialog = Some(InDialog {
                    order,
                    begun,
                    is_cancelled: false,
                });
            }
            TicketNews::Cancelled => {
                if let Some(ticket) = &mut self.tickets.in_dialog {
                    ticket.is_cancelled = true;
                }
            }
            TicketNews::FailedInDialog => {
                self.printer_trouble(&PrintFailure::Failed("the system's printing".into()));
            }
            TicketNews::Forgotten => self.read_orders(),
            TicketNews::Retry => self.tickets.is_resting = false,
            TicketNews::Tried(id, outcome) => self.tried(id, outcome),
        }
        self.print_next();
    }

    fn tried(&mut self, id: String, outcome: Outcome) {
        self.tickets.is_printing = false;
        let keeps = match outcome {
            Outcome::Printed => {
                self.state.printer_trouble = None;
                self.read_orders();
                false
            }
            Outcome::NotDue => false,
            Outcome::Incomplete => {
                self.tickets.incomplete.push(id.clone());
                false
            }
            Outcome::Failed(failure) => {
                tracing::warn!(%failure, "a ticket was not printed");
                self.printer_trouble(&failure);
                self.read_orders();
                matches!(failure, PrintFailure::Unreachable(_))
            }
            Outcome::NotNoted(failure) => {
                tracing::warn!(code = failure.code, "a ticket waits for the inbox");
                true
            }
        };
        if keeps {
            self.tickets.is_resting = true;
            let sender = self.sender.clone();
            tokio::spawn(async move {
                tokio::time::sleep(RETRY).await;
                let _ = sender.send(Input::Ticket(TicketNews::Retry));
            });
        } else {
            self.tickets.waiting.retain(|waiting| *waiting != id);
        }
    }

    /// Told once, until a ticket is printed again.
    fn printer_trouble(&mut self, failure: &PrintFailure) {
        let code = failure.code();
        if self.state.printer_trouble.as_deref() == Some(code) {
            return;
        }
        self.state.printer_trouble = Some(code.to_owned());
        if self.state.pause.is_none() {
            let (title, body) = match failure {
                PrintFailure::Unreachable(_) => {
                    ("printer-unreachable-title", "printer-unreachable-body")
                }
                PrintFailure::Failed(_) => ("printer-failed-title", "printer-failed-body"),
            };
            let said = words::plain(&self.catalogue, title, body);
            self.notify(said, About::Printer);
        }
    }

    fn print_next(&mut self) {
        if self.tickets.is_printing || self.tickets.is_resting {
            return;
        }
        let Some(id) = self.tickets.waiting.front().cloned() else {
            return;
        };
        self.tickets.is_printing = true;
        let (press, sender) = (self.press(), self.sender.clone());
        tokio::spawn(async move {
            let outcome = press.print_by_itself(&id).await;
            let _ = sender.send(Input::Ticket(TicketNews::Tried(id, outcome)));
        });
    }

    /// *Imprimir*. With `dialog` the window prints, this only notes it, and [`Controller::ticket_left`] ends it.
    pub(super) fn print_ticket(&mut self, id: String, dialog: bool, reply: Reply<PrintedView>) {
        let (press, sender) = (self.press(), self.sender.clone());
        let in_memory = self.in_memory(&id);
        tokio::spawn(async move {
            let printed = match (in_memory, dialog) {
                (Some(_), true) => Ok((false, None)),
                (Some(order), false) => press.print_unnoted(&order).await.map(|()| (false, None)),
                (None, true) => press
                    .begin_in_dialog(&id)
                    .await
                    .map(|begun| (begun.is_duplicate, Some(begun))),
                (None, false) => press.print_for_a_person(&id).await.map(|is| (is, None)),
            };
            let printed = printed.map(|(duplicate, begun)| {
                let news = if dialog {
                    TicketNews::InDialog(id, begun)
                } else {
                    TicketNews::Printed
                };
                // Before the answer: the page goes on with that.
                let _ = sender.send(Input::Ticket(news));
                PrintedView {
                    duplicate,
                    at: press.now.0,
                }
            });
            answer(reply, printed);
        });
    }

    /// The system's dialog with this order's ticket is gone. It counts as printed unless the system said otherwise.
    pub(super) fn ticket_left(&mut self, id: &str, reply: Reply<bool>) {
        let Some(ticket) = self.tickets.in_dialog.take_if(|ticket| ticket.order == id) else {
            return answer(reply, Err(error("order-unknown", None)));
        };
        let is_printed = !ticket.is_cancelled;
        let Some(begun) = ticket.begun else {
            return answer(reply, Ok(is_printed));
        };
        let (archive, sender) = (self.archive.clone(), self.sender.clone());
        tokio::spawn(async move {
            let ended = archive.end_ticket(begun, is_printed).await;
            let news = if is_printed {
                TicketNews::Printed
            } else {
                TicketNews::Forgotten
            };
            let _ = sender.send(Input::Ticket(news));
            answer(reply, ended.map(|()| is_printed).map_err(not_noted));
        });
    }

    fn press(&self) -> Press {
        let preferences = &self.state.preferences;
        Press {
            shelf: self.shelf(),
            printer: self.printer.clone(),
            name: preferences.printing.printer.clone(),
            language: self.state.language,
            currency: preferences.appearance.currency.clone(),
            offset: self.offset,
            now: self.clock.now().wall,
        }
    }
}

impl Press {
    async fn print_by_itself(&self, id: &str) -> Outcome {
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
    async fn print_for_a_person(&self, id: &str) -> Result<bool, CommandError> {
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

    async fn begin_in_dialog(&self, id: &str) -> Result<BegunTicket, CommandError> {
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
    async fn print_unnoted(&self, order: &OrderView) -> Result<(), CommandError> {
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

fn not_noted(failure: InboxError) -> CommandError {
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
