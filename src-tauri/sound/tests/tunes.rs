use campana_sync::settings::Chime;

use super::super::synthesis::PEAK;
use super::super::tune::Tune;
use super::hearing::{count, loudness, steepest, strength};

const ALL: [Tune; 5] = [
    Tune::Chime(Chime::Bell),
    Tune::Chime(Chime::Marimba),
    Tune::Chime(Chime::Buzzer),
    Tune::ConnectionLost,
    Tune::KeyRefused,
];

/// How much of its sound lies in each third of an octave, from 150 Hz to 8 kHz; together 1.
fn spectrum(samples: &[f32]) -> Vec<f32> {
    let bands: Vec<f32> = (0..18)
        .map(|band| {
            let strengths = (0..12).map(|step| {
                let third = band as f32 + step as f32 / 12.0;
                strength(samples, 150.0 * (third / 3.0).exp2()).powi(2)
            });
            strengths.sum::<f32>()
        })
        .collect();
    let sum: f32 = bands.iter().sum();
    bands.into_iter().map(|band| band / sum).collect()
}

#[test]
fn every_tune_is_loud_never_clips_and_begins_and_ends_without_a_crack() {
    for tune in ALL {
        let samples = tune.samples();
        assert_eq!(samples.len(), count(tune.length()), "{tune:?}");
        let loudest = samples
            .iter()
            .fold(0.0_f32, |most, one| most.max(one.abs()));
        assert!((loudest - PEAK).abs() < 0.001, "{tune:?}: {loudest}");
        assert!(samples.first().unwrap().abs() < 0.001, "{tune:?}");
        assert!(samples.last().unwrap().abs() < 0.001, "{tune:?}");
        assert!(
            loudness(&samples) > 0.08,
            "{tune:?}: {}",
            loudness(&samples)
        );
        // The steepest that its highest overtone can be at full loudness.
        assert!(steepest(&samples) < 0.6, "{tune:?}: {}", steepest(&samples));
    }
    assert!(loudness(&Tune::Silence.samples()) == 0.0);
}

#[test]
fn no_two_tunes_can_be_taken_for_each_other() {
    let spectra: Vec<_> = ALL.iter().map(|tune| spectrum(&tune.samples())).collect();
    for (index, one) in spectra.iter().enumerate() {
        for (place, other) in spectra.iter().enumerate().skip(index + 1) {
            let common: f32 = one
                .iter()
                .zip(other)
                .map(|(one, other)| one.min(*other))
                .sum();
            assert!(
                common < 0.5,
                "{:?} and {:?} have {common} in common",
                ALL[index],
                ALL[place]
            );
        }
    }
}

#[test]
fn trouble_is_lower_than_any_order_and_falls() {
    let half = |tune: Tune, second: bool| {
        let samples = tune.samples();
        let middle = samples.len() / 2;
        let part = if second {
            &samples[middle..]
        } else {
            &samples[..middle]
        };
        let spectrum = spectrum(part);
        let weighed = spectrum.iter().enumerate();
        weighed
            .map(|(band, share)| band as f32 * share)
            .sum::<f32>()
    };
    for trouble in [Tune::ConnectionLost, Tune::KeyRefused] {
        assert!(
            half(trouble, true) < half(trouble, false) - 0.5,
            "{trouble:?}"
        );
        for chime in [Chime::Bell, Chime::Marimba, Chime::Buzzer] {
            let lowest = half(Tune::Chime(chime), false).min(half(Tune::Chime(chime), true));
            assert!(half(trouble, false) < lowest - 1.5, "{trouble:?} {chime:?}");
        }
    }
}
