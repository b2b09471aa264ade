//! What is to sound when, and whether it was heard: the alarm without a thread, a clock or a device.

use std::time::{Duration, Instant};

use campana_shell::desktop::Alarm;
use campana_shell::view::SoundView;
use campana_sync::settings::{Alerts, Chime, Repeat};

use super::device::Trouble;
use super::feed::RAMP;
use super::loudness;
use super::manner::Manner;
use super::synthesis::RATE;
use super::tune::Tune;

/// A device may take so long to open, or to take the first samples.
const PATIENCE: Duration = Duration::from_secs(3);
/// A device that has taken so much more than fits into its buffer does play.
const PROOF: Duration = Duration::from_millis(350);
/// One that takes samples so much faster than they sound plays them to nobody.
const TOO_FAST: u32 = 4;
const TOO_MUCH: Duration = Duration::from_secs(1);
/// How often a device is looked at until it has proven itself.
const LOOK: Duration = Duration::from_millis(100);
/// A missing device may be plugged in while the alarm sounds.
const RETRY: Duration = Duration::from_secs(2);
/// So often a device is looked for while nothing has to sound: the status must not go on to deny sound.
const SEARCH: Duration = Duration::from_secs(60);
/// The device's own buffer still holds the end of what was played.
const LINGER: Duration = Duration::from_millis(250);
/// For a longer silence the device is closed.
const SHORT_SILENCE: Duration = Duration::from_secs(5);

/// Something happened.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Event {
    Ring(Alarm),
    Hush,
    Chime,
    Preview(Chime, u8),
    Prefer(Alerts),
    /// The device is open; nothing of it was taken yet.
    Opened,
    Refused(Trouble),
    Broken(Trouble),
    /// It is [`Ringer::deadline`].
    Time,
}

/// Something to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Deed {
    Open,
    Close,
    Play(Tune, f32),
    Gain(f32),
    Fade,
    Report(SoundView),
}

/// Both clocks: time, and how many samples the open device has taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    pub at: Instant,
    pub pulled: u64,
}

#[derive(Debug)]
pub(super) struct Ringer {
    alerts: Alerts,
    alarm: Option<Alarm>,
    /// When the alarm sounds next; `None` when it has sounded and does not repeat.
    next: Option<Instant>,
    /// When it began to sound last.
    last: Option<Instant>,
    single: Option<Single>,
    output: Output,
    /// The open device has proven itself before.
    has_played: bool,
    sounding: Option<Sounding>,
    /// What is known of the device.
    known: SoundView,
    told: SoundView,
    /// Not before this the alarm tries to open the device again.
    retry: Option<Instant>,
    /// When a device is looked for if nothing has to sound.
    search: Option<Instant>,
}

/// Sounds once.
#[derive(Clone, Copy, Debug)]
struct Single {
    tune: Tune,
    percent: u8,
}

#[derive(Clone, Copy, Debug)]
enum Output {
    Closed,
    Opening(Instant),
    Open,
}

#[derive(Clone, Copy, Debug)]
struct Sounding {
    tune: Tune,
    is_alarm: bool,
    gain: f32,
    began: Instant,
    /// Since then the device has to prove itself.
    trial: Now,
    ends: Instant,
    /// When the device is looked at next, until it has proven itself.
    look: Instant,
    is_proven: bool,
}

impl Ringer {
    /// Silent; the first thing it does is to find out whether it could be heard.
    pub fn new(at: Instant) -> Self {
        Self {
            alerts: Alerts::default(),
            alarm: None,
            next: None,
            last: None,
            single: None,
            output: Output::Closed,
            has_played: false,
            sounding: None,
            known: SoundView::Works,
            told: SoundView::Works,
            retry: None,
            search: Some(at),
        }
    }

    /// What is to be done about this, in this order.
    pub fn handle(&mut self, event: Event, now: Now) -> Vec<Deed> {
        let mut deeds = Vec::new();
        match event {
            Event::Ring(alarm) => self.ring(alarm, now.at, &mut deeds),
            Event::Hush => self.hush(now.at, &mut deeds),
            Event::Chime => self.chime(),
            Event::Preview(chime, percent) => {
                let tune = Tune::Chime(chime);
                self.single = Some(Single { tune, percent });
            }
            Event::Prefer(alerts) => self.prefer(alerts, now.at, &mut deeds),
            Event::Opened => {
                self.output = Output::Open;
                self.has_played = false;
            }
            Event::Refused(trouble) => self.lose(trouble, now.at, &mut deeds),
            Event::Broken(trouble) => self.broken(trouble, now.at, &mut deeds),
            Event::Time => {}
        }
        self.listen(now, &mut deeds);
        self.play(now, &mut deeds);
        self.rest(now.at, &mut deeds);
        let view = self.view();
        if view != self.told {
            self.told = view;
            deeds.push(Deed::Report(view));
        }
        deeds
    }

    /// When something is to be done without an event.
    pub fn deadline(&self) -> Option<Instant> {
        let alarm = self.next.filter(|_| self.percent() > 0);
        let wanted = match self.output {
            Output::Opening(since) => return Some(since + PATIENCE),
            Output::Closed => alarm.map(|at| self.retry.map_or(at, |retry| retry.max(at))),
            Output::Open => alarm.map(|at| self.after_single(at)),
        };
        let look = self.sounding.map(|sounding| {
            if sounding.is_proven {
                sounding.ends + LINGER
            } else {
                sounding.look
            }
        });
        let search = self.search.filter(|_| self.is_idle());
        [wanted, look, search].into_iter().flatten().min()
    }

    fn ring(&mut self, alarm: Alarm, now: Instant, deeds: &mut Vec<Deed>) {
        let before = self.alarm.replace(alarm);
        match (before, alarm) {
            (Some(before), _) if before == alarm => {}
            // Somebody has seen the late ones: no reason to sound anew.
            (Some(Alarm::Orders { louder: true }), Alarm::Orders { louder: false }) => {
                self.adapt(now, deeds);
            }
            _ => {
                self.next = Some(now);
                self.retry = None;
            }
        }
    }

    fn hush(&mut self, now: Instant, deeds: &mut Vec<Deed>) {
        self.alarm = None;
        self.next = None;
        self.last = None;
        self.retry = None;
        if self.single.take().is_some() || self.sounding.is_some_and(|one| !one.is_proven) {
            // What would have shown whether the device plays does not end.
            self.search.get_or_insert(now);
        }
        if let Some(sounding) = &mut self.sounding
            && sounding.ends > now + RAMP
        {
            sounding.ends = now + RAMP;
            deeds.push(Deed::Fade);
        }
    }

    fn chime(&mut self) {
        let is_endless = self.alarm.is_some() && self.alerts.repeat == Repeat::Continuous;
        if !is_endless {
            self.single = Some(Single {
                tune: Tune::Chime(self.alerts.chime),
                percent: self.alerts.volume,
            });
        }
    }

    fn prefer(&mut self, alerts: Alerts, now: Instant, deeds: &mut Vec<Deed>) {
        let was_mute = self.alerts.volume == 0;
        let tune = self.tune();
        self.alerts = alerts;
        if was_mute && self.alerts.volume > 0 {
            self.search = Some(now);
        }
        let is_heard = self.next.is_some() || self.sounding.is_some_and(|one| one.is_alarm);
        if tune.is_some() && tune != self.tune() && is_heard {
            self.next = Some(now);
        }
        self.adapt(now, deeds);
    }

    /// The same alarm goes on in another way.
    fn adapt(&mut self, now: Instant, deeds: &mut Vec<Deed>) {
        if let Some(last) = self.last {
            let is_due = self.next.is_some_and(|next| next <= now);
            self.next = match self.period() {
                _ if is_due => self.next,
                Some(period) => Some(now.max(last + period)),
                None => None,
            };
        }
        let gain = loudness::gain(self.percent());
        if let Some(sounding) = &mut self.sounding
            && sounding.is_alarm
            && (sounding.gain - gain).abs() > f32::EPSILON
        {
            sounding.gain = gain;
            deeds.push(Deed::Gain(gain));
        }
    }

    /// It played and ended: often there is another default now.
    fn broken(&mut self, trouble: Trouble, now: Instant, deeds: &mut Vec<Deed>) {
        let known = self.known;
        self.lose(trouble, now, deeds);
        if self.has_played {
            self.known = known;
            self.retry = None;
            self.search = Some(now);
        }
    }

    fn lose(&mut self, trouble: Trouble, now: Instant, deeds: &mut Vec<Deed>) {
        self.known = match trouble {
            Trouble::NoDevice => SoundView::NoDevice,
            Trouble::Failing => SoundView::Failing,
        };
        deeds.push(Deed::Close);
        self.output = Output::Closed;
        // A late chime would be taken for another order.
        self.single = None;
        self.retry = Some(now + RETRY);
        self.search = Some(now + SEARCH);
        if self
            .sounding
            .take()
            .is_some_and(|sounding| sounding.is_alarm)
        {
            self.next = Some(now);
        }
    }

    /// Whether the device really takes what it is given.
    fn listen(&mut self, now: Now, deeds: &mut Vec<Deed>) {
        if let Output::Opening(since) = self.output
            && now.at >= since + PATIENCE
        {
            return self.lose(Trouble::Failing, now.at, deeds);
        }
        let Some(sounding) = self.sounding.as_mut().filter(|one| !one.is_proven) else {
            return;
        };
        sounding.look = now.at + LOOK;
        let elapsed = now.at.saturating_duration_since(sounding.trial.at);
        let taken = span(now.pulled.saturating_sub(sounding.trial.pulled));
        if taken > elapsed * TOO_FAST + TOO_MUCH {
            self.lose(Trouble::Failing, now.at, deeds);
        } else if taken >= PROOF {
            sounding.is_proven = true;
            self.has_played = true;
            self.known = SoundView::Works;
            self.search = None;
        } else if elapsed >= PATIENCE {
            self.lose(Trouble::Failing, now.at, deeds);
        }
    }

    /// Plays what is due, or opens the device for it.
    fn play(&mut self, now: Now, deeds: &mut Vec<Deed>) {
        if self.is_idle() && self.search.is_some_and(|at| now.at >= at) {
            self.search = None;
            self.single = Some(Single {
                tune: Tune::Silence,
                percent: 100,
            });
        }
        self.single = self.single.filter(|single| single.percent > 0);
        let is_due = self.percent() > 0
            && self
                .next
                .is_some_and(|next| now.at >= self.after_single(next));
        match self.output {
            Output::Opening(_) => {}
            Output::Closed => {
                let may_try = self.retry.is_none_or(|retry| now.at >= retry);
                if self.single.is_some() || (is_due && may_try) {
                    self.output = Output::Opening(now.at);
                    deeds.push(Deed::Open);
                }
            }
            Output::Open => {
                if let Some(Single { tune, percent }) = self.single.take() {
                    self.strike(tune, percent, false, now, deeds);
                } else if is_due && let Some(tune) = self.tune() {
                    let percent = self.percent();
                    self.strike(tune, percent, true, now, deeds);
                    self.last = Some(now.at);
                    self.next = self.period().map(|period| now.at + period);
                }
            }
        }
    }

    fn strike(&mut self, tune: Tune, percent: u8, is_alarm: bool, now: Now, deeds: &mut Vec<Deed>) {
        let gain = loudness::gain(percent);
        // A device that takes nothing is given no more time with each stroke.
        let unproven = self.sounding.filter(|sounding| !sounding.is_proven);
        deeds.push(Deed::Play(tune, gain));
        self.sounding = Some(Sounding {
            tune,
            is_alarm,
            gain,
            trial: unproven.map_or(now, |sounding| sounding.trial),
            began: now.at,
            ends: now.at + tune.length(),
            look: now.at + LOOK,
            is_proven: false,
        });
    }

    /// Closes a device that is not needed soon, so that the next alarm opens the default of then.
    fn rest(&mut self, now: Instant, deeds: &mut Vec<Deed>) {
        if !matches!(self.output, Output::Open) {
            return;
        }
        let is_sounding = self.sounding.is_some_and(|sounding| {
            !sounding.is_proven && !self.is_hushed(&sounding) || now < sounding.ends + LINGER
        });
        let is_soon = self.percent() > 0
            && self
                .next
                .is_some_and(|next| next.saturating_duration_since(now) < SHORT_SILENCE);
        if !is_sounding {
            self.sounding = None;
            if !is_soon {
                self.output = Output::Closed;
                deeds.push(Deed::Close);
            }
        }
    }

    /// It was told to end before its end: whether it was heard cannot be known any more.
    fn is_hushed(&self, sounding: &Sounding) -> bool {
        sounding.ends < sounding.began + sounding.tune.length()
    }

    /// Nothing has to sound, and nothing is about to.
    fn is_idle(&self) -> bool {
        matches!(self.output, Output::Closed)
            && self.single.is_none()
            && (self.alarm.is_none() || self.next.is_none())
            && self.alerts.volume > 0
    }

    /// An alarm lets a chime or a preview end.
    fn after_single(&self, at: Instant) -> Instant {
        match self.sounding {
            Some(one) if !one.is_alarm && one.tune != Tune::Silence => at.max(one.ends),
            Some(_) | None => at,
        }
    }

    fn manner(&self) -> Option<Manner<'_>> {
        let alerts = &self.alerts;
        self.alarm.map(|alarm| Manner { alarm, alerts })
    }

    fn tune(&self) -> Option<Tune> {
        self.manner().map(|manner| manner.tune())
    }

    fn percent(&self) -> u8 {
        self.manner()
            .map_or(self.alerts.volume, |manner| manner.percent())
    }

    fn period(&self) -> Option<Duration> {
        self.manner()?.period()
    }

    fn view(&self) -> SoundView {
        if self.alerts.volume == 0 {
            SoundView::Muted
        } else {
            self.known
        }
    }
}

/// How long so many samples sound.
fn span(samples: u64) -> Duration {
    Duration::from_micros(samples.saturating_mul(1_000_000) / u64::from(RATE.get()))
}
