//! The printers that tickets go to.

mod escpos;
#[cfg(test)]
mod tests;

pub use escpos::{EscPosPrinter, Patience};
