//! Tickets on paper: what stands on one, and the printer that it goes to.

mod layout;
#[cfg(test)]
mod tests;

use async_trait::async_trait;

pub use layout::{Line, Style, WIDTH, Wording, lines};

/// Why a ticket is not known to be on paper.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintFailure {
    /// Nothing reached the printer, and nothing will.
    #[error("the printer cannot be reached: {0}")]
    Unreachable(String),
    /// The printer got something, and did not take all of it: the ticket may be on paper or not.
    #[error("the printer did not take the ticket: {0}")]
    Failed(String),
}

impl PrintFailure {
    /// The stable code of the catalogue's `error-<code>`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreachable(_) => "printer-unreachable",
            Self::Failed(_) => "printer-failed",
        }
    }
}

/// A ticket printer.
#[async_trait]
pub trait TicketPrinter: Send + Sync + 'static {
    /// Prints these lines at `printer`: `host:port`, or the path of a device. Ends within bounds.
    ///
    /// # Errors
    /// When it is not known to be on paper.
    async fn print(&self, printer: &str, ticket: Vec<Line>) -> Result<(), PrintFailure>;
}
