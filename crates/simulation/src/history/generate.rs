//! Random histories.

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};

use super::{
    DiskFault, Event, HintFault, History, HttpFault, JoinFault, Shop, Spelling, Step, Torn,
};

const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

impl History {
    /// The history of this seed.
    pub fn generate(seed: u64) -> Self {
        let mut random = StdRng::seed_from_u64(seed);
        let shop = shop(&mut random);
        // A history about everything finds less than one in which a few things meet again and again.
        let themes: Vec<Theme> = Theme::ALL
            .iter()
            .filter(|_| random.random_bool(0.45))
            .copied()
            .collect();
        let count = random.random_range(4..40);
        let pace = *[200, 2 * SECOND, 20 * SECOND, 3 * MINUTE]
            .choose(&mut random)
            .unwrap_or(&SECOND);
        let steps = (0..count)
            .map(|_| Step {
                after: random.random_range(0..=pace),
                event: event(&mut random, &themes),
            })
            .collect();
        Self { seed, shop, steps }
    }
}

#[derive(Clone, Copy)]
enum Theme {
    Http,
    Link,
    Hints,
    Disk,
    Crashes,
    Clock,
    Settings,
    Others,
    BadData,
}

impl Theme {
    const ALL: [Self; 9] = [
        Self::Http,
        Self::Link,
        Self::Hints,
        Self::Disk,
        Self::Crashes,
        Self::Clock,
        Self::Settings,
        Self::Others,
        Self::BadData,
    ];
}

fn shop(random: &mut StdRng) -> Shop {
    let many = random.random_bool(0.08);
    Shop {
        guards_versions: random.random_bool(0.5),
        answers_questions: random.random_bool(0.8),
        announces: random.random_bool(0.92),
        has_websocket: random.random_bool(0.85),
        confirms: random.random_bool(0.85),
        spelling: match random.random_range(0..10) {
            0 => Spelling::Unified,
            1 => Spelling::UnifiedLegacy,
            _ => Spelling::Guide,
        },
        pending_at_first: if many {
            random.random_range(90..260)
        } else {
            random.random_range(0..6)
        },
    }
}

/// Half of what happens is what a shop does anyway.
fn event(random: &mut StdRng, themes: &[Theme]) -> Event {
    match themes.choose(random) {
        Some(theme) if random.random_bool(0.5) => trouble(random, *theme),
        Some(_) | None => business(random),
    }
}

fn business(random: &mut StdRng) -> Event {
    match random.random_range(0..20) {
        0..=10 => Event::Orders {
            count: if random.random_bool(0.03) {
                random.random_range(20..130)
            } else {
                random.random_range(1..4)
            },
        },
        11..=13 => Event::Edit {
            order: random.random(),
            matters: random.random_bool(0.7),
        },
        14 => Event::Cancel {
            order: random.random(),
        },
        15..=17 => Event::See {
            order: random.random(),
        },
        _ => Event::SyncNow,
    }
}

fn trouble(random: &mut StdRng, theme: Theme) -> Event {
    match theme {
        Theme::Http => Event::Http {
            fault: http_fault(random),
            lasts: lasts(random),
        },
        Theme::Link => link_trouble(random),
        Theme::Hints => match random.random_range(0..5) {
            0 => Event::IdleHint,
            1 => Event::Hints {
                fault: HintFault::Lost,
                lasts: lasts(random),
            },
            2 | 3 => Event::Hints {
                fault: HintFault::Doubled,
                lasts: lasts(random),
            },
            _ => Event::Hints {
                fault: HintFault::Late {
                    by: random.random_range(0..20 * SECOND),
                },
                lasts: lasts(random),
            },
        },
        Theme::Disk => Event::Disk {
            fault: match random.random_range(0..6) {
                0 => DiskFault::Full,
                1 => DiskFault::Busy,
                2 => DiskFault::ErrorAfterCommit,
                3 | 4 => DiskFault::Hangs,
                _ => DiskFault::Slow {
                    by: random.random_range(0..15 * SECOND),
                },
            },
            lasts: lasts(random),
        },
        Theme::Crashes => Event::Crash {
            writing: match random.random_range(0..4) {
                0 => Torn::NotBegun,
                1 => Torn::Committed,
                _ => Torn::At {
                    part: random.random(),
                },
            },
            away: lasts(random),
        },
        Theme::Clock => match random.random_range(0..3) {
            0 => Event::Sleep {
                lasts: random.random_range(SECOND..10 * HOUR),
            },
            1 => Event::Sleep {
                lasts: random.random_range(SECOND..3 * MINUTE),
            },
            _ => Event::ClockJump {
                by: random.random_range(-30_i64..30) * 137_000,
            },
        },
        Theme::Settings => match random.random_range(0..7) {
            0 | 1 => Event::EnterKey {
                right: random.random_bool(0.6),
            },
            2 => Event::KeysRefused {
                lasts: lasts(random),
            },
            3 => Event::Receiver {
                campana: random.random_bool(0.6),
            },
            4 | 5 => Event::Address {
                other: random.random_bool(0.5),
            },
            _ => Event::NetworkChanged,
        },
        Theme::Others => Event::OthersConfirm {
            count: random.random_range(1..5),
        },
        Theme::BadData => match random.random_range(0..4) {
            0 => Event::BadElement,
            1 | 2 => Event::Poison {
                order: random.random(),
            },
            _ => Event::StalePage,
        },
    }
}

fn link_trouble(random: &mut StdRng) -> Event {
    match random.random_range(0..6) {
        0 => Event::Drop,
        1 | 2 => Event::DieSilently,
        3 => Event::Kick,
        _ => Event::Joining {
            fault: *[
                JoinFault::Unreachable,
                JoinFault::Silent,
                JoinFault::AuthenticationFailed,
                JoinFault::NoNamespace,
                JoinFault::KickedAtOnce,
            ]
            .choose(random)
            .unwrap_or(&JoinFault::Silent),
            lasts: lasts(random),
        },
    }
}

fn http_fault(random: &mut StdRng) -> HttpFault {
    match random.random_range(0..12) {
        0 => HttpFault::Unreachable,
        1 => HttpFault::Silent,
        2 => HttpFault::AnswerLost,
        3 => HttpFault::BrokenOff,
        4 => HttpFault::AppliedLate,
        5 | 6 => HttpFault::Slow {
            by: random.random_range(0..29 * SECOND),
        },
        7 => HttpFault::Status {
            status: *[429, 503].choose(random).unwrap_or(&503),
            well_formed: false,
            retry_after: Some(random.random_range(1..200)),
        },
        8 => HttpFault::Status {
            status: *[400, 404, 409, 422, 500].choose(random).unwrap_or(&500),
            well_formed: random.random_bool(0.8),
            retry_after: None,
        },
        9 => HttpFault::NotUnderstood,
        10 => HttpFault::NeverEnds,
        _ => HttpFault::TooLarge,
    }
}

fn lasts(random: &mut StdRng) -> u64 {
    let longest = *[SECOND, 20 * SECOND, 2 * MINUTE, 20 * MINUTE]
        .choose(random)
        .unwrap_or(&SECOND);
    random.random_range(0..longest)
}
