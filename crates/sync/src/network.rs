//! Whether this computer has a way to any network at all, and when that changes.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

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

/// Watches the addresses of this computer; dropping it ends that.
pub struct Watch {
    _handle: netwatcher::WatchHandle,
}

/// Calls `changed` whenever this computer's addresses become others than they were, on a thread of its
/// own; what only reaches this computer or the cable does not count.
///
/// # Errors
/// When the system does not tell; technical words. Sleep detection and short waits stand in then.
pub fn watch(mut changed: impl FnMut() + Send + 'static) -> Result<Watch, String> {
    let mut known: Option<BTreeSet<IpAddr>> = None;
    let handle = netwatcher::watch_interfaces_with_callback(move |update| {
        let addresses: BTreeSet<IpAddr> = update
            .interfaces
            .values()
            .flat_map(|interface| &interface.ips)
            .map(|record| record.ip)
            .filter(leads_away)
            .collect();
        if known
            .as_ref()
            .is_some_and(|before| leads_elsewhere(before, &addresses))
        {
            changed();
        }
        known = Some(addresses);
    })
    .map_err(|error| error.to_string())?;
    Ok(Watch { _handle: handle })
}

/// Whether it reaches beyond this computer and its cable.
fn leads_away(address: &IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !address.is_loopback() && !address.is_link_local(),
        IpAddr::V6(address) => !address.is_loopback() && !address.is_unicast_link_local(),
    }
}

/// IPv6 addresses come and go all day for privacy: one more beside others of IPv6 is no other network.
fn leads_elsewhere(before: &BTreeSet<IpAddr>, now: &BTreeSet<IpAddr>) -> bool {
    let old = |address: &&IpAddr| address.is_ipv4();
    let speaks_new = |addresses: &BTreeSet<IpAddr>| addresses.iter().any(IpAddr::is_ipv6);
    !before.iter().filter(old).eq(now.iter().filter(old)) || speaks_new(before) != speaks_new(now)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

    use super::*;

    fn addresses(texts: &[&str]) -> BTreeSet<IpAddr> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn another_network_is_told_from_another_address_for_privacy() {
        let home = addresses(&["192.168.1.7", "2001:db8::7"]);
        for other in [
            &["192.168.1.8", "2001:db8::7"][..],
            &["192.168.1.7"],
            &["10.0.0.2", "192.168.1.7", "2001:db8::7"],
            &[],
        ] {
            assert!(leads_elsewhere(&home, &addresses(other)), "{other:?}");
        }
        for same in [
            &["192.168.1.7", "2001:db8::7"][..],
            &["192.168.1.7", "2001:db8::7", "2001:db8::1234"],
            &["192.168.1.7", "2001:db8::1234"],
        ] {
            assert!(!leads_elsewhere(&home, &addresses(same)), "{same:?}");
        }
    }

    #[test]
    fn what_stays_on_this_computer_or_cable_is_no_network() {
        let kept: Vec<_> = addresses(&["127.0.0.1", "::1", "169.254.3.4", "fe80::1", "10.1.2.3"])
            .into_iter()
            .filter(leads_away)
            .collect();
        assert_eq!(kept, ["10.1.2.3".parse::<IpAddr>().unwrap()]);
    }
}
