//! Every fault.

mod answers;
mod forward_proxy;
mod garbage;
mod memory;
mod name;
mod network;
mod redirect;
mod server;
mod trust;

use crate::case::Case;

/// All of them, in the order of the table.
pub fn all() -> Vec<Case> {
    let mut cases = network::cases();
    cases.extend(name::cases());
    cases.extend(server::cases());
    cases.extend(trust::cases());
    cases.extend(redirect::cases());
    cases.extend(forward_proxy::cases());
    cases.extend(answers::cases());
    cases.extend(garbage::cases());
    cases.extend(memory::cases());
    cases
}
