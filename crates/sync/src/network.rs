//! Whether this computer has a way to any network at all.

use std::net::{Ipv4Addr, SocketAddr, UdpSocket};

use crate::address::Address;

/// Whether the system knows a route away from here. Nothing is sent: connecting a UDP socket only asks
/// the routing table. A loopback address needs no network.
pub(crate) fn leads_to(address: &Address) -> bool {
    if address.is_loopback() {
        return true;
    }
    // Any address outside will do; this block is reserved for documentation (RFC 5737).
    let outside = SocketAddr::from((Ipv4Addr::new(192, 0, 2, 1), 9));
    UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| socket.connect(outside))
        .is_ok()
}
