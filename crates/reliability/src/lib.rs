//! Real faults on real sockets: the real engine against real servers, through a hostile proxy.
//!
//! Each fault has a world of its own. What the status said and when, how long it took to notice and to recover,
//! and whether an order was lost or rang twice, becomes a row of the table in `docs/reliability.md`.

pub mod case;
pub mod certificates;
pub mod document;
pub mod engine;
pub mod faults;
pub mod forward;
pub mod front;
pub mod garbage;
pub mod history;
pub mod listener;
pub mod machine;
pub mod proxy;
pub mod run;
pub mod server;
pub mod table;
pub mod traces;
