//! Tickets: each new order once by itself where the owner wants it, and any order when somebody asks.

use std::collections::VecDeque;
use std::time::Duration;

use campana_sync::inbox::{BegunTicket, Change};

use super::input::{Input, Reply, answer, error};
use super::notices::About;
use super::press::{Outcome, Press, not_noted};
use super::{Controller, words};
use crate::ticket::PrintFailure;
use crate::view::PrintedView;

/// A printer that did not answer is tried again.
const RETRY: Duration = Duration::from_secs(15);

/// What is to be printed by itself, and how that goes.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// [`crate::view::OrderView::id`], oldest first.
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
    /// [`crate::view::OrderView::id`].
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

impl Controller {
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
            let sender = self.reach.sender.clone();
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
        let (press, sender) = (self.press(), self.reach.sender.clone());
        tokio::spawn(async move {
            let outcome = press.print_by_itself(&id).await;
            let _ = sender.send(Input::Ticket(TicketNews::Tried(id, outcome)));
        });
    }

    /// *Imprimir*. With `dialog` the window prints, this only notes it, and [`Controller::ticket_left`] ends it.
    pub(super) fn print_ticket(&mut self, id: String, dialog: bool, reply: Reply<PrintedView>) {
        let (press, sender) = (self.press(), self.reach.sender.clone());
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
        let (archive, sender) = (self.reach.archive.clone(), self.reach.sender.clone());
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
            printer: self.reach.printer.clone(),
            name: preferences.printing.printer.clone(),
            language: self.state.language,
            currency: preferences.appearance.currency.clone(),
            offset: self.reach.offset,
            now: self.now.wall,
        }
    }
}
