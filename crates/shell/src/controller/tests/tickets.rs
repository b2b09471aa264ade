//! Tickets: each new order once, whatever the printer does.

use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use campana_contract::{Order, Page, Timestamp};
use campana_sync::catalogue::Language;
use campana_sync::inbox::{AlertKind, Arrival, Attention, Change, InboxOrder, TicketWay, Tickets};
use campana_sync::report::Report;
use tokio::sync::oneshot;

use super::support::{Beginning, SHOP, Shop, ringing};
use crate::controller::{Command, Input, Look, TicketNews};
use crate::ticket::{Line, PrintFailure, Style, TicketPrinter};
use crate::view::{CommandError, PrintedView};

const HOUR: Duration = Duration::from_secs(60 * 60);
/// When the tests' clock begins.
const NOW: i64 = 1_795_543_200_000;

/// What came out of it, by the ticket's first line; and how it fails now.
#[derive(Default)]
pub(super) struct FakePrinter {
    paper: Mutex<Vec<String>>,
    failure: Mutex<Option<PrintFailure>>,
}

#[async_trait]
impl TicketPrinter for FakePrinter {
    async fn print(&self, _: &str, ticket: Vec<Line>) -> Result<(), PrintFailure> {
        tokio::time::sleep(Duration::from_millis(50)).await;
        if let Some(failure) = self.failure.lock().unwrap().clone() {
            return Err(failure);
        }
        let large = ticket.iter().filter(|line| line.style == Style::Large);
        let text: Vec<&str> = large.take(2).map(|line| line.text.as_str()).collect();
        self.paper.lock().unwrap().push(text.join(" "));
        Ok(())
    }
}

impl FakePrinter {
    fn fails(&self, failure: Option<PrintFailure>) {
        *self.failure.lock().unwrap() = failure;
    }
    fn paper(&self) -> Vec<String> {
        self.paper.lock().unwrap().clone()
    }
}

fn off() -> PrintFailure {
    PrintFailure::Unreachable("off".into())
}

fn order(id: &str) -> Order {
    let raw = format!(
        r#"{{"id":"{id}","shiftOrderNumber":7,"orderType":"TAKE_AWAY",
            "orderItems":[{{"finalPrice":50,"product":{{"name":"Agua"}}}}]}}"#
    );
    Order::parse(&raw).unwrap()
}

fn printing() -> Beginning {
    let mut beginning = Beginning::complete();
    // The words on paper are compared: they must not be the system's.
    beginning.settings.preferences.language = Some(Language::Es);
    beginning.settings.preferences.printing.automatic = true;
    beginning.settings.preferences.printing.printer = "impresora:9100".into();
    beginning
}

impl Shop {
    /// The order is in the inbox, and the engine tells of it as it does.
    async fn rings(&self, order: &Order, kind: AlertKind, again: bool) {
        self.archive.store(SHOP, std::slice::from_ref(order), NOW);
        let order_id = order.id.key().to_owned();
        if !again {
            let change = if kind == AlertKind::NewOrder {
                Change::New
            } else {
                Change::Updated
            };
            let id = order_id.clone();
            self.input(Input::Report(Report::Order { id, change }))
                .await;
        }
        self.input(Input::Report(Report::Alert {
            order_id,
            kind,
            again,
        }))
        .await;
    }
    async fn print(&self, id: &str, dialog: bool) -> Result<PrintedView, CommandError> {
        let (reply, answer) = oneshot::channel();
        let look = Look::Ticket(id.into(), dialog, Some(reply));
        self.command(Command::Look(look)).await;
        answer.await.unwrap()
    }
    /// The page's dialog is gone.
    async fn left(&self, id: &str) -> Result<bool, CommandError> {
        let (reply, answer) = oneshot::channel();
        let look = Look::TicketLeft(id.into(), Some(reply));
        self.command(Command::Look(look)).await;
        answer.await.unwrap()
    }
    fn tickets(&self, id: &str) -> Tickets {
        let inbox = self.archive.inbox.lock().unwrap();
        let orders = inbox.orders(Timestamp(0)).unwrap();
        let found = orders.iter().find(|order| order.id.key() == id);
        found.unwrap().tickets
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_order_is_printed_once_by_itself_and_a_reprint_says_so() {
    let shop = printing().start().await;
    shop.rings(&order("a"), AlertKind::NewOrder, false).await;
    shop.rings(&order("a"), AlertKind::NewOrder, true).await;
    shop.rings(&order("a"), AlertKind::Changed, false).await;
    assert_eq!(shop.printer.paper(), ["Pedido 7 Recoger"]);
    assert_eq!(shop.tickets("a").printed, 1);
    let again = shop.print("a", false).await.unwrap();
    assert!(again.duplicate);
    assert_eq!(
        shop.printer.paper(),
        ["Pedido 7 Recoger", "DUPLICADO Pedido 7"]
    );
}

#[tokio::test(start_paused = true)]
async fn nothing_is_printed_by_itself_unless_the_owner_wants_it() {
    let shop = Beginning::complete().start().await;
    shop.rings(&order("a"), AlertKind::NewOrder, false).await;
    assert!(shop.printer.paper().is_empty());
    let refused = shop.print("a", false).await.unwrap_err();
    assert_eq!(refused.code, "printer-missing");
    assert!(shop.printer.paper().is_empty());
    assert_eq!(shop.tickets("a"), Tickets::default());
}

#[tokio::test(start_paused = true)]
async fn the_dialog_prints_and_a_second_ticket_of_it_is_a_duplicate() {
    let shop = Beginning::complete().start().await;
    shop.rings(&order("a"), AlertKind::NewOrder, false).await;
    assert!(!shop.print("a", true).await.unwrap().duplicate);
    assert!(shop.left("a").await.unwrap());
    assert!(shop.print("a", true).await.unwrap().duplicate);
    assert!(shop.left("a").await.unwrap());
    assert!(shop.printer.paper().is_empty(), "the dialog prints");
    assert_eq!(shop.tickets("a").printed, 2);
    assert_eq!(
        shop.print("x", true).await.unwrap_err().code,
        "order-unknown"
    );
}

#[tokio::test(start_paused = true)]
async fn a_ticket_that_is_cancelled_in_the_dialog_is_on_no_paper() {
    let shop = Beginning::complete().start().await;
    shop.rings(&order("a"), AlertKind::NewOrder, false).await;
    shop.print("a", true).await.unwrap();
    shop.input(Input::Ticket(TicketNews::Cancelled)).await;
    assert!(!shop.left("a").await.unwrap());
    assert_eq!(shop.tickets("a"), Tickets::default());
    assert_eq!(shop.left("a").await.unwrap_err().code, "order-unknown");

    assert!(!shop.print("a", true).await.unwrap().duplicate);
    assert!(shop.left("a").await.unwrap());
    assert_eq!(shop.tickets("a").printed, 1);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_dies_in_its_dialog_leaves_a_ticket_that_may_be_on_paper() {
    let shop = Beginning::complete().start().await;
    shop.rings(&order("a"), AlertKind::NewOrder, false).await;
    shop.print("a", true).await.unwrap();
    assert!(shop.tickets("a").unsure);
    assert!(shop.print("a", true).await.unwrap().duplicate);
}

#[tokio::test(start_paused = true)]
async fn a_ticket_that_the_system_could_not_print_is_told() {
    let shop = Beginning::complete().start().await;
    shop.input(Input::Ticket(TicketNews::FailedInDialog)).await;
    let view = shop.view().await;
    assert_eq!(view.printer_trouble.as_deref(), Some("printer-failed"));
}

#[tokio::test(start_paused = true)]
async fn a_life_that_died_while_printing_leaves_it_to_a_person() {
    let shop = printing().start().await;
    shop.archive.store(SHOP, &[order("a")], NOW);
    {
        let mut inbox = shop.archive.inbox.lock().unwrap();
        let begun = inbox.begin_ticket(SHOP, "a", TicketWay::Automatic, Timestamp(NOW));
        assert!(begun.unwrap().is_some());
    }
    shop.rings(&order("a"), AlertKind::NewOrder, true).await;
    assert!(shop.printer.paper().is_empty());
    assert!(shop.tickets("a").unsure);
    assert!(shop.print("a", false).await.unwrap().duplicate, "it may be");
}

#[tokio::test(start_paused = true)]
async fn a_life_that_died_before_printing_is_made_good_in_the_next() {
    let shop = printing().start().await;
    shop.rings(&order("a"), AlertKind::NewOrder, true).await;
    assert_eq!(shop.printer.paper().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_printer_that_is_off_is_told_once_and_prints_everything_later() {
    let shop = printing().start().await;
    let told = shop.screen().notices.len();
    shop.printer.fails(Some(off()));
    shop.rings(&order("a"), AlertKind::NewOrder, false).await;
    shop.rings(&order("b"), AlertKind::NewOrder, false).await;
    shop.pass(HOUR).await;
    let view = shop.view().await;
    assert_eq!(view.printer_trouble.as_deref(), Some("printer-unreachable"));
    let titles: Vec<String> = shop.screen().notices[told..]
        .iter()
        .map(|notice| notice.title.clone())
        .filter(|title| title.contains("impresora"))
        .collect();
    assert_eq!(titles, ["La impresora de tickets no responde"]);
    shop.printer.fails(None);
    shop.pass(Duration::from_secs(60)).await;
    assert_eq!(shop.printer.paper().len(), 2);
    assert_eq!(shop.view().await.printer_trouble, None);
    assert_eq!(shop.tickets("a"), shop.tickets("b"));
}

#[tokio::test(start_paused = true)]
async fn what_waited_too_long_is_not_printed_by_itself() {
    let shop = printing().start().await;
    shop.printer.fails(Some(off()));
    shop.rings(&order("a"), AlertKind::NewOrder, false).await;
    shop.pass(3 * HOUR).await;
    shop.printer.fails(None);
    shop.pass(HOUR).await;
    assert!(shop.printer.paper().is_empty());
    assert_eq!(shop.tickets("a"), Tickets::default());
}

#[tokio::test(start_paused = true)]
async fn a_ticket_that_broke_off_is_never_sent_again_by_itself() {
    let shop = printing().start().await;
    shop.printer
        .fails(Some(PrintFailure::Failed("paper".into())));
    shop.rings(&order("a"), AlertKind::NewOrder, false).await;
    shop.printer.fails(None);
    shop.pass(HOUR).await;
    assert!(shop.printer.paper().is_empty());
    let view = shop.view().await;
    assert_eq!(view.printer_trouble.as_deref(), Some("printer-failed"));
    assert!(shop.tickets("a").unsure);
    assert!(shop.print("a", false).await.unwrap().duplicate);
    assert_eq!(shop.view().await.printer_trouble, None);
}

#[tokio::test(start_paused = true)]
async fn an_order_without_items_waits_until_it_is_whole() {
    let shop = printing().start().await;
    let bare = Order::parse(r#"{"id":"a"}"#).unwrap();
    shop.rings(&bare, AlertKind::NewOrder, false).await;
    assert!(shop.printer.paper().is_empty());
    shop.archive.store(SHOP, &[order("a")], NOW);
    shop.input(Input::Report(Report::Order {
        id: "a".into(),
        change: Change::Updated,
    }))
    .await;
    assert_eq!(shop.printer.paper().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn orders_from_before_the_first_contact_are_not_printed_by_themselves() {
    let shop = printing().start().await;
    let old = Order::parse(
        r#"{"id":"a","orderStatus":"DELIVERED","orderItems":[{"product":{"name":"Agua"}}]}"#,
    )
    .unwrap();
    {
        let page = Page {
            orders: vec![old],
            order_elements: 1,
            ..Page::default()
        };
        let arrival = Arrival {
            received_at: Timestamp(NOW),
            server_time: None,
        };
        let mut inbox = shop.archive.inbox.lock().unwrap();
        inbox.store(SHOP, &page, arrival).unwrap();
    }
    shop.input(Input::Report(Report::Order {
        id: "a".into(),
        change: Change::New,
    }))
    .await;
    assert!(shop.printer.paper().is_empty());
    assert_eq!(shop.tickets("a"), Tickets::default());
}

#[tokio::test(start_paused = true)]
async fn printed_and_doubtful_tickets_stand_in_the_order() {
    let mut seen: InboxOrder = ringing("a");
    seen.attention = Attention::Seen;
    seen.tickets = Tickets {
        printed: 2,
        unsure: true,
    };
    let shop = Beginning::complete().with_orders(vec![seen]).start().await;
    let order = shop.view().await.orders.remove(0);
    assert_eq!((order.printed, order.maybe_printed), (2, true));
}
