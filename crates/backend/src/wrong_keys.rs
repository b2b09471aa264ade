//! How often an address may come with a wrong key.

use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

/// So many wrong keys at once from one address are answered as such …
const AT_ONCE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// … and one more for each of these.
const ONE_MORE: Duration = Duration::from_secs(3);

/// Counts wrong keys by the address from which they come. A right key is never counted and never shut out: the
/// address may be that of a proxy, behind which every shop is.
pub(crate) struct WrongKeys<C: Clock + Clone = MonotonicClock> {
    limiter: RateLimiter<IpAddr, HashMapStateStore<IpAddr>, C, NoOpMiddleware<C::Instant>>,
    clock: C,
}

impl<C: Clock + Clone> WrongKeys<C> {
    pub(crate) fn new(clock: C) -> Self {
        // A quota of no time at all is refused; this is one of three seconds.
        let quota = Quota::with_period(ONE_MORE)
            .unwrap_or_else(|| Quota::per_second(NonZeroU32::MIN))
            .allow_burst(AT_ONCE);
        Self {
            limiter: RateLimiter::hashmap_with_clock(quota, clock.clone()),
            clock,
        }
    }

    /// Counts a wrong key.
    ///
    /// # Errors
    /// When there were too many: how long to wait before the next one.
    pub(crate) fn came_from(&self, address: IpAddr) -> Result<(), Duration> {
        self.limiter
            .check_key(&network(address))
            .map_err(|too_soon| too_soon.wait_time_from(self.clock.now()))
    }

    /// Forgets the addresses that have all of their attempts again.
    pub(crate) fn forget_old(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// Whoever has one address of IPv6 has its /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let network = u128::from(address) & !u128::from(u64::MAX);
            IpAddr::V6(Ipv6Addr::from(network))
        }
        IpAddr::V4(address) => IpAddr::V4(address),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]
mod tests {
    use governor::clock::FakeRelativeClock;

    use super::*;

    #[test]
    fn shuts_out_an_address_and_lets_it_try_again_later() {
        let clock = FakeRelativeClock::default();
        let wrong_keys = WrongKeys::new(clock.clone());
        let here: IpAddr = "192.0.2.7".parse().unwrap();
        for _ in 0..AT_ONCE.get() {
            wrong_keys.came_from(here).unwrap();
        }
        let wait = wrong_keys.came_from(here).unwrap_err();
        assert!(wait <= ONE_MORE && !wait.is_zero(), "{wait:?}");
        wrong_keys.came_from("192.0.2.8".parse().unwrap()).unwrap();
        clock.advance(wait);
        wrong_keys.came_from(here).unwrap();
        wrong_keys.came_from(here).unwrap_err();
        clock.advance(ONE_MORE * (AT_ONCE.get() + 2));
        wrong_keys.forget_old();
        assert!(wrong_keys.limiter.is_empty());
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address() {
        let same = ["2001:db8::1", "2001:db8::ffff:0:1"].map(|text| network(text.parse().unwrap()));
        assert_eq!(same[0], same[1]);
        let mapped: IpAddr = "::ffff:192.0.2.7".parse().unwrap();
        assert_eq!(network(mapped), network("192.0.2.7".parse().unwrap()));
    }
}
