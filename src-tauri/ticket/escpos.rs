//! ESC/POS: the language of nearly every ticket printer, over the network or a device's file.

use std::cell::RefCell;
use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream, ToSocketAddrs as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use campana_shell::ticket::{Line, PrintFailure, Style, TicketPrinter, WIDTH};
use escpos::driver::{Driver, FileDriver};
use escpos::errors::PrinterError;
use escpos::printer::Printer;
use escpos::printer_options::PrinterOptions;
use escpos::utils::{JustifyMode, PageCode, Protocol};
use tokio::sync::{Mutex, oneshot};

/// Where printers listen when nothing else is said.
const PORT: u16 = 9100;

/// Code page 850, as far as it has letters: every printer has it, and it has every letter of Spanish.
const LETTERS: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»ÁÂÀ©¢¥ãÃ¤ðÐÊËÈÍÎÏÌÓßÔÒõÕµþÞÚÛÙýÝ¯´±¾¶§÷¸°¨·¹³²";

/// How long a printer may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// To accept a connection.
    pub connecting: Duration,
    /// To take what is sent to it.
    pub writing: Duration,
    /// To say that something went wrong, after it took everything.
    pub afterwards: Duration,
    /// For all of it; a device whose file does not open has no other bound.
    pub altogether: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connecting: Duration::from_secs(5),
            writing: Duration::from_secs(10),
            afterwards: Duration::from_millis(500),
            altogether: Duration::from_secs(20),
        }
    }
}

/// Prints by ESC/POS, one ticket after the other, each on a thread of its own: a printer that hangs delays
/// nobody but the next ticket.
pub struct EscPosPrinter {
    patience: Patience,
    turn: Arc<Mutex<()>>,
}

impl EscPosPrinter {
    /// One with this patience.
    pub fn new(patience: Patience) -> Self {
        Self {
            patience,
            turn: Arc::default(),
        }
    }
}

#[async_trait]
impl TicketPrinter for EscPosPrinter {
    async fn print(&self, printer: &str, ticket: Vec<Line>) -> Result<(), PrintFailure> {
        let patience = self.patience;
        let turn = self.turn.clone().lock_owned();
        let Ok(turn) = tokio::time::timeout(patience.altogether, turn).await else {
            return Err(PrintFailure::Unreachable("the ticket before hangs".into()));
        };
        let bytes = encoded(&ticket)
            .map_err(|error| PrintFailure::Unreachable(format!("it cannot be written: {error}")))?;
        let (answer, answered) = oneshot::channel();
        let gate = Gate::default();
        let (entering, printer) = (gate.clone(), printer.to_owned());
        let work = move || {
            let sent = send(&printer, &bytes, patience, &entering);
            // Whoever asked may have lost patience.
            let _ = answer.send(sent);
            drop(turn);
        };
        std::thread::Builder::new()
            .name("ticket".into())
            .spawn(work)
            .map_err(|error| PrintFailure::Unreachable(error.to_string()))?;
        match tokio::time::timeout(patience.altogether, answered).await {
            Ok(Ok(sent)) => sent,
            Ok(Err(_)) => Err(gate.given_up("its thread is gone")),
            Err(_) => Err(gate.given_up("it does not answer")),
        }
    }
}

/// Between waiting for a printer and sending to it: whoever gives up before the first byte knows that none
/// will follow.
#[derive(Clone, Default)]
struct Gate(Arc<AtomicU8>);

impl Gate {
    const WAITING: u8 = 0;
    const SENDING: u8 = 1;
    const GIVEN_UP: u8 = 2;

    fn pass(&self) -> Result<(), PrintFailure> {
        self.turn_to(Self::SENDING)
            .then_some(())
            .ok_or_else(|| PrintFailure::Unreachable("it answered too late".into()))
    }

    fn given_up(&self, why: &str) -> PrintFailure {
        if self.turn_to(Self::GIVEN_UP) {
            PrintFailure::Unreachable(why.into())
        } else {
            PrintFailure::Failed(why.into())
        }
    }

    fn turn_to(&self, state: u8) -> bool {
        self.0
            .compare_exchange(Self::WAITING, state, Ordering::SeqCst, Ordering::SeqCst)
            .is_ok()
    }
}

fn send(printer: &str, bytes: &[u8], patience: Patience, gate: &Gate) -> Result<(), PrintFailure> {
    let unreachable = |error: &dyn std::fmt::Display| PrintFailure::Unreachable(error.to_string());
    let failed = |error: &dyn std::fmt::Display| PrintFailure::Failed(error.to_string());
    if is_device(printer) {
        let mut options = std::fs::OpenOptions::new();
        options.append(true);
        let device = FileDriver::open_with_options(Path::new(printer), &options)
            .map_err(|error| unreachable(&error))?;
        gate.pass()?;
        return device
            .write(bytes)
            .and_then(|()| device.flush())
            .map_err(|error| failed(&error));
    }
    let mut stream = connect(printer, patience).map_err(|error| unreachable(&error))?;
    gate.pass()?;
    stream
        .write_all(bytes)
        .and_then(|()| stream.flush())
        .and_then(|()| stream.shutdown(Shutdown::Write))
        .map_err(|error| failed(&error))?;
    // Most printers say nothing; one that breaks the connection did not take it.
    match stream.read(&mut [0; 16]) {
        Err(error) if is_broken_off(&error) => Err(failed(&error)),
        Ok(_) | Err(_) => Ok(()),
    }
}

/// Whether the other end ended the connection before its time; Windows has two words for it.
fn is_broken_off(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted
    )
}

/// Whether this is the path of a device, and no name in the network.
fn is_device(printer: &str) -> bool {
    printer.contains(['/', '\\'])
}

fn connect(printer: &str, patience: Patience) -> io::Result<TcpStream> {
    let (host, port) = host_and_port(printer);
    let mut last = io::Error::new(io::ErrorKind::NotFound, "its name leads nowhere");
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, patience.connecting) {
            Ok(stream) => {
                stream.set_write_timeout(Some(patience.writing))?;
                stream.set_read_timeout(Some(patience.afterwards))?;
                return Ok(stream);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn host_and_port(printer: &str) -> (&str, u16) {
    let (host, port) = match printer.rsplit_once(':') {
        Some((host, port)) => match port.parse() {
            Ok(port) => (host, port),
            Err(_) => (printer, PORT),
        },
        None => (printer, PORT),
    };
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    (inner.unwrap_or(host), port)
}

/// The ticket as the printer understands it.
fn encoded(ticket: &[Line]) -> Result<Vec<u8>, PrinterError> {
    let width = u8::try_from(WIDTH).unwrap_or(u8::MAX);
    let options = PrinterOptions::new(Some(PageCode::PC850), None, width);
    let mut printer = Printer::new(Sheet::default(), Protocol::default(), Some(options));
    printer.init()?;
    for line in ticket {
        let is_large = line.style == Style::Large;
        if is_large {
            printer.justify(JustifyMode::CENTER)?.size(2, 2)?;
        }
        printer
            .bold(line.style != Style::Plain)?
            .writeln(&printable(&line.text))?;
        if is_large {
            printer.size(1, 1)?.justify(JustifyMode::LEFT)?;
        }
    }
    printer.bold(false)?.feeds(4)?.print_cut()?;
    Ok(printer.driver().0.into_inner())
}

/// Where the library writes to.
#[derive(Default)]
struct Sheet(RefCell<Vec<u8>>);

impl Driver for Sheet {
    fn name(&self) -> String {
        "sheet".into()
    }
    fn write(&self, data: &[u8]) -> Result<(), PrinterError> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }
    fn read(&self, _: &mut [u8]) -> Result<usize, PrinterError> {
        Ok(0)
    }
    fn flush(&self) -> Result<(), PrinterError> {
        Ok(())
    }
}

/// The text in letters that the printer has. Nothing in it can be taken for a command.
fn printable(text: &str) -> String {
    text.chars()
        .filter_map(|letter| match letter {
            ' '..='~' => Some(letter),
            letter if LETTERS.contains(letter) => Some(letter),
            '\u{2018}' | '\u{2019}' => Some('\''),
            '\u{201c}' | '\u{201d}' => Some('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => Some('-'),
            '\u{2022}' => Some('*'),
            '\u{a0}' | '\u{2009}' | '\u{202f}' => Some(' '),
            // Accents that stand for themselves, joiners and the like have no width.
            '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => None,
            _ => Some('?'),
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use super::{encoded, host_and_port, is_device, printable};
    use campana_shell::ticket::{Line, Style};

    #[test]
    fn printers_are_named_by_host_and_port_or_by_path() {
        assert_eq!(host_and_port("192.168.1.50:9101"), ("192.168.1.50", 9101));
        assert_eq!(host_and_port("impresora"), ("impresora", 9100));
        assert_eq!(host_and_port("[::1]:9100"), ("::1", 9100));
        assert!(is_device("/dev/usb/lp0"));
        assert!(is_device(r"\\.\COM3"));
        assert!(!is_device("impresora.local:9100"));
    }

    #[test]
    fn accents_have_the_bytes_of_code_page_850() {
        let line = Line {
            text: "ÁÉÍÓÚÑÜ áéíóúñü ¿¡½".into(),
            style: Style::Plain,
        };
        let bytes = encoded(&[line]).unwrap();
        let expected = [
            0xb5, 0x90, 0xd6, 0xe0, 0xe9, 0xa5, 0x9a, b' ', 0xa0, 0x82, 0xa1, 0xa2, 0xa3, 0xa4,
            0x81, b' ', 0xa8, 0xad, 0xab,
        ];
        assert!(
            bytes.windows(expected.len()).any(|found| found == expected),
            "{bytes:02x?}"
        );
        assert!(bytes.starts_with(&[0x1b, b'@', 0x1b, b't', 2]), "page 850");
    }

    #[test]
    fn nothing_in_an_order_can_command_the_printer() {
        assert_eq!(printable("a\u{1b}p\u{0}\u{1d}V\n"), "a?p??V?");
        assert_eq!(
            printable("Jose\u{301} “Pepe” — 5 €\u{1F355}"),
            "Jose \"Pepe\" - 5 ??"
        );
    }
}
