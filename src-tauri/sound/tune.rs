//! What there is to hear. The chimes call; the two of trouble are low and fall, so that nobody takes them for an order.

use std::time::Duration;

use campana_sync::settings::Chime;

use super::synthesis::{Note, Partial, Voice, render};

/// Something to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Tune {
    /// An order.
    Chime(Chime),
    /// No orders have arrived for a while.
    ConnectionLost,
    /// The backend refuses the key.
    KeyRefused,
    /// Nothing, to find out whether a device would play.
    Silence,
}

/// How a tune is written; seconds.
struct Score {
    voice: &'static Voice,
    notes: &'static [Note],
    length: f32,
    /// From one beginning to the next when it sounds without pause.
    period: f32,
}

impl Tune {
    /// Its samples, at [`super::synthesis::RATE`].
    pub fn samples(self) -> Vec<f32> {
        let score = self.score();
        render(score.voice, score.notes, score.length)
    }

    /// How long it sounds.
    pub fn length(self) -> Duration {
        Duration::from_secs_f32(self.score().length)
    }

    /// From one beginning to the next when it sounds without pause; `dense` is twice as often.
    pub fn period(self, dense: bool) -> Duration {
        let period = Duration::from_secs_f32(self.score().period);
        if dense { period / 2 } else { period }
    }

    fn score(self) -> Score {
        match self {
            Self::Chime(Chime::Bell) => BELL,
            Self::Chime(Chime::Marimba) => MARIMBA,
            Self::Chime(Chime::Buzzer) => BUZZER,
            Self::ConnectionLost => CONNECTION_LOST,
            Self::KeyRefused => KEY_REFUSED,
            Self::Silence => SILENCE,
        }
    }
}

const fn partial(times: f32, loud: f32, fades: f32) -> Partial {
    Partial { times, loud, fades }
}

const fn note(at: f32, pitch: f32, length: f32) -> Note {
    Note { at, pitch, length }
}

/// A small bell.
const METAL: Voice = Voice {
    partials: &[
        partial(1.0, 1.0, 3.4),
        partial(2.0, 0.45, 5.0),
        partial(2.76, 0.28, 7.5),
        partial(5.4, 0.12, 12.0),
    ],
    swell: 0.004,
};

/// A bar of wood, tuned to 1 : 4 : 10 as makers of marimbas do.
const WOOD: Voice = Voice {
    partials: &[
        partial(1.0, 1.0, 7.0),
        partial(3.98, 0.4, 16.0),
        partial(10.2, 0.12, 40.0),
    ],
    swell: 0.002,
};

/// A square wave without its edges; its third overtone is where ears hear best.
const ELECTRIC: Voice = Voice {
    partials: &[
        partial(1.0, 1.0, 0.0),
        partial(3.0, 0.6, 0.0),
        partial(5.0, 0.35, 0.0),
        partial(7.0, 0.2, 0.0),
    ],
    swell: 0.006,
};

/// A flute far away; the overtone is what small loudspeakers can play of it.
const SOFT: Voice = Voice {
    partials: &[partial(1.0, 1.0, 1.2), partial(2.0, 0.5, 1.8)],
    swell: 0.035,
};

/// A hollow knock.
const HOLLOW: Voice = Voice {
    partials: &[
        partial(1.0, 1.0, 5.0),
        partial(3.0, 0.55, 6.0),
        partial(5.0, 0.2, 9.0),
    ],
    swell: 0.008,
};

const BELL: Score = Score {
    voice: &METAL,
    notes: &[note(0.0, 1318.5, 1.6), note(0.32, 1046.5, 1.3)],
    length: 1.6,
    period: 2.0,
};

const MARIMBA: Score = Score {
    voice: &WOOD,
    notes: &[
        note(0.0, 587.3, 0.6),
        note(0.13, 740.0, 0.6),
        note(0.26, 880.0, 0.8),
        note(0.6, 587.3, 0.6),
        note(0.73, 740.0, 0.6),
        note(0.86, 880.0, 0.8),
    ],
    length: 1.6,
    period: 1.8,
};

const BUZZER: Score = Score {
    voice: &ELECTRIC,
    notes: &[
        note(0.0, 700.0, 0.11),
        note(0.18, 700.0, 0.11),
        note(0.36, 700.0, 0.11),
        note(0.72, 700.0, 0.11),
        note(0.9, 700.0, 0.11),
        note(1.08, 700.0, 0.11),
    ],
    length: 1.2,
    period: 1.6,
};

/// Calm, since it may go on for long.
const CONNECTION_LOST: Score = Score {
    voice: &SOFT,
    notes: &[
        note(0.0, 440.0, 0.6),
        note(0.4, 349.2, 0.6),
        note(0.8, 261.6, 1.0),
    ],
    length: 1.8,
    period: 6.0,
};

const KEY_REFUSED: Score = Score {
    voice: &HOLLOW,
    notes: &[
        note(0.0, 233.1, 0.25),
        note(0.2, 233.1, 0.3),
        note(0.6, 185.0, 0.6),
    ],
    length: 1.2,
    period: 6.0,
};

const SILENCE: Score = Score {
    voice: &SOFT,
    notes: &[],
    length: 0.6,
    period: 60.0,
};
