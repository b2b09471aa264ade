//! Sound made by computing: notes of a voice, each with its overtones.

use std::f32::consts::TAU;
use std::num::NonZero;

/// Samples a second.
pub(super) const RATE: NonZero<u32> = match NonZero::new(48_000) {
    Some(rate) => rate,
    None => NonZero::<u32>::MIN,
};
/// The loudest sample of every tune; what is left is for a stroke that still fades below the next one.
pub(super) const PEAK: f32 = 0.9;
/// So long a note that is cut off fades away, in seconds: a step in the wave would crack.
const RELEASE: f32 = 0.03;

/// What gives a note its colour.
pub(super) struct Voice {
    pub partials: &'static [Partial],
    /// So long a note swells, in seconds.
    pub swell: f32,
}

/// One overtone.
pub(super) struct Partial {
    /// Times the pitch.
    pub times: f32,
    pub loud: f32,
    /// How fast it dies away: after 1/`fades` seconds a third is left.
    pub fades: f32,
}

/// One note; seconds and hertz.
pub(super) struct Note {
    pub at: f32,
    pub pitch: f32,
    pub length: f32,
}

/// The samples of these notes, for so many seconds; the loudest is [`PEAK`].
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few seconds of samples are far from the limits"
)]
pub(super) fn render(voice: &Voice, notes: &[Note], length: f32) -> Vec<f32> {
    let rate = RATE.get() as f32;
    let mut samples = vec![0.0_f32; (length * rate) as usize];
    for note in notes {
        let until = note.length.min(length - note.at);
        let begins = (note.at * rate) as usize;
        let count = (until * rate) as usize;
        for (index, sample) in samples.iter_mut().skip(begins).take(count).enumerate() {
            let at = index as f32 / rate;
            let swell = (at / voice.swell).min(1.0);
            let release = ((until - at) / RELEASE).clamp(0.0, 1.0);
            *sample += swell * release * wave(voice, note.pitch, at);
        }
    }
    let loudest = samples
        .iter()
        .fold(0.0_f32, |most, one| most.max(one.abs()));
    if loudest > 0.0 {
        for sample in &mut samples {
            *sample *= PEAK / loudest;
        }
    }
    samples
}

fn wave(voice: &Voice, pitch: f32, at: f32) -> f32 {
    voice
        .partials
        .iter()
        .map(|partial| {
            let fade = (-partial.fades * at).exp();
            partial.loud * fade * (TAU * pitch * partial.times * at).sin()
        })
        .sum()
}
