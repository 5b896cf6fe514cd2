//! What one shares: the state of one's own devices, and how the camera gives way when the processor is short.

use std::time::Duration;

use super::messages::{Device, DeviceTrouble, Failure, Switch};

/// So long a device that vanished is waited for: a plug that was loose is in again by then. Later, whoever plugs one in
/// may mean something else by it, and nobody may be there who knows that one would be heard.
const MISSED_FOR: Duration = Duration::from_mins(1);

/// How one's devices stand, and what is wanted of them.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    switches: [Switch; 3],
    /// Of each that is on: why it is not as it should be.
    troubles: [Option<DeviceTrouble>; 3],
    /// Of each that is not: since when, if it was on and vanished.
    missed: [Option<Duration>; 3],
}

impl Sharing {
    pub(super) fn switch(&self, device: Device) -> Switch {
        self.switches[device as usize]
    }

    pub(super) fn is_on(&self, device: Device) -> bool {
        self.switch(device) == Switch::On
    }

    /// Why a device that is on is not as it should be.
    pub(super) fn trouble(&self, device: Device) -> Option<DeviceTrouble> {
        self.troubles[device as usize].filter(|_| self.is_on(device))
    }

    /// Whether one shares anything: whoever does is not away.
    pub(super) fn is_any_on(&self) -> bool {
        self.switches.contains(&Switch::On)
    }

    /// Turns a device on or off. Gives whether the browser is to be asked for it, or to let it go.
    pub(super) fn turn(&mut self, device: Device, is_on: bool) -> Option<bool> {
        (self.troubles[device as usize], self.missed[device as usize]) = (None, None);
        let switch = &mut self.switches[device as usize];
        let was_on = matches!(switch, Switch::Starting | Switch::On);
        *switch = match (is_on, *switch) {
            (true, Switch::On) => Switch::On,
            (true, _) => Switch::Starting,
            (false, _) => Switch::Off,
        };
        (was_on != is_on).then_some(is_on)
    }

    /// A device is on. If it is not wanted any more, it is to be let go: `false`.
    pub(super) fn captured(&mut self, device: Device) -> bool {
        self.troubles[device as usize] = None;
        let switch = &mut self.switches[device as usize];
        if *switch == Switch::Starting {
            *switch = Switch::On;
        }
        let is_on = *switch == Switch::On;
        if is_on {
            self.missed[device as usize] = None;
        }
        is_on
    }

    /// One was plugged in. Gives whether the browser is to be asked for it: it takes the place of one that was on and
    /// vanished a moment ago, since whoever turned that on means to be heard.
    pub(super) fn appeared(&mut self, now: Duration, device: Device) -> bool {
        let is_recent = self.missed[device as usize].is_some_and(|since| now < since + MISSED_FOR);
        let is_missed = is_recent && self.switch(device) == Switch::Failed(Failure::Missing);
        if is_missed {
            self.switches[device as usize] = Switch::Starting;
        }
        is_missed
    }

    /// A device is on, and not as it should be.
    pub(super) fn troubled(&mut self, device: Device, trouble: DeviceTrouble) {
        self.troubles[device as usize] = Some(trouble);
    }

    /// A device could not be had.
    pub(super) fn failed(&mut self, now: Duration, device: Device, failure: Failure) {
        let switch = &mut self.switches[device as usize];
        if matches!(switch, Switch::Starting | Switch::On) {
            if *switch == Switch::On && failure == Failure::Missing {
                self.missed[device as usize] = Some(now);
            }
            *switch = Switch::Failed(failure);
        }
    }

    /// A device is gone without having been turned off.
    pub(super) fn ended(&mut self, now: Duration, device: Device) {
        let switch = &mut self.switches[device as usize];
        if *switch != Switch::Off {
            if *switch == Switch::On && device != Device::Screen {
                self.missed[device as usize] = Some(now);
            }
            // Whoever ends the sharing of a screen in the browser meant to; a microphone that is gone is missed.
            *switch = if device == Device::Screen { Switch::Off } else { Switch::Failed(Failure::Missing) };
        }
    }
}

/// The camera's frame rate, in percent of the usual one, from least to most.
const FRAME_RATES: [u8; 4] = [25, 50, 75, 100];

/// From so many percent of a second on in which the processor held pictures back, it counts as short.
const STRAINED_FROM: u8 = 50;

/// So long the processor must be short until the frame rate falls by a step: sound must never suffer first.
const GIVE_WAY_AFTER: Duration = Duration::from_secs(3);

/// So long it must have time to spare until the frame rate rises by a step.
const RECOVER_AFTER: Duration = Duration::from_secs(20);

/// How much of its frame rate the camera keeps.
#[derive(Debug)]
pub(super) struct Strain {
    step: usize,
    is_short: bool,
    since: Duration,
}

impl Default for Strain {
    fn default() -> Self {
        Self { step: FRAME_RATES.len() - 1, is_short: false, since: Duration::ZERO }
    }
}

impl Strain {
    /// One sender reports for how much of the last second the processor was short.
    pub(super) fn report(&mut self, now: Duration, percent: u8) {
        let is_short = percent >= STRAINED_FROM;
        if is_short != self.is_short {
            (self.is_short, self.since) = (is_short, now);
        }
        let (after, step) = if is_short {
            (GIVE_WAY_AFTER, self.step.saturating_sub(1))
        } else {
            (RECOVER_AFTER, (self.step + 1).min(FRAME_RATES.len() - 1))
        };
        if now >= self.since + after && step != self.step {
            (self.step, self.since) = (step, now);
        }
    }

    pub(super) fn frame_rate_percent(&self) -> u8 {
        FRAME_RATES[self.step]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Duration = Duration::from_secs(1000);

    #[test]
    fn a_device_that_comes_too_late_is_let_go() {
        let mut sharing = Sharing::default();
        assert_eq!(sharing.turn(Device::Camera, true), Some(true));
        assert_eq!(sharing.turn(Device::Camera, true), None);
        assert_eq!(sharing.turn(Device::Camera, false), Some(false));
        assert!(!sharing.captured(Device::Camera));
        assert_eq!(sharing.switch(Device::Camera), Switch::Off);
        sharing.failed(START, Device::Camera, Failure::Busy);
        assert_eq!(sharing.switch(Device::Camera), Switch::Off, "nobody waits for it any more");
    }

    #[test]
    fn what_failed_can_be_tried_again() {
        let mut sharing = Sharing::default();
        sharing.turn(Device::Microphone, true);
        sharing.failed(START, Device::Microphone, Failure::Refused);
        assert_eq!(sharing.switch(Device::Microphone), Switch::Failed(Failure::Refused));
        assert_eq!(sharing.turn(Device::Microphone, true), Some(true));
        assert!(sharing.captured(Device::Microphone));
        sharing.ended(START, Device::Microphone);
        assert_eq!(sharing.switch(Device::Microphone), Switch::Failed(Failure::Missing));
    }

    #[test]
    fn what_is_the_matter_with_a_device_that_is_on_is_told_until_it_is_well_or_off() {
        let on = || {
            let mut sharing = Sharing::default();
            sharing.turn(Device::Camera, true);
            sharing.captured(Device::Camera);
            sharing.troubled(Device::Camera, DeviceTrouble::HeldBack);
            assert!(sharing.is_on(Device::Camera), "it goes on");
            assert_eq!(sharing.trouble(Device::Camera), Some(DeviceTrouble::HeldBack));
            assert_eq!(sharing.trouble(Device::Microphone), None);
            sharing
        };
        let mut sharing = on();
        sharing.captured(Device::Camera);
        assert_eq!(sharing.trouble(Device::Camera), None);
        let mut sharing = on();
        sharing.turn(Device::Camera, false);
        assert_eq!(sharing.trouble(Device::Camera), None);
        sharing.turn(Device::Camera, true);
        sharing.captured(Device::Camera);
        assert_eq!(sharing.trouble(Device::Camera), None);
    }

    #[test]
    fn what_was_on_and_vanished_is_on_again_once_it_is_back_and_nothing_else_is() {
        let vanished = || {
            let mut sharing = Sharing::default();
            sharing.turn(Device::Microphone, true);
            sharing.captured(Device::Microphone);
            sharing.failed(START, Device::Microphone, Failure::Missing);
            sharing
        };
        let mut sharing = vanished();
        assert!(!sharing.appeared(START, Device::Camera));
        assert!(sharing.appeared(START, Device::Microphone));
        assert_eq!(sharing.switch(Device::Microphone), Switch::Starting);
        assert!(!sharing.appeared(START, Device::Microphone), "it is under way");
        sharing.failed(START, Device::Microphone, Failure::Missing);
        assert!(sharing.appeared(START, Device::Microphone), "until it is there");
        assert!(sharing.captured(Device::Microphone));
        sharing.turn(Device::Microphone, false);
        assert!(!sharing.appeared(START, Device::Microphone), "off by hand");

        let mut sharing = vanished();
        assert!(!sharing.appeared(START + MISSED_FOR, Device::Microphone), "nobody may be there any more");
        sharing.turn(Device::Microphone, true);
        sharing.failed(START, Device::Microphone, Failure::Missing);
        assert!(!sharing.appeared(START, Device::Microphone), "tried by hand, it never was on");
        let mut sharing = Sharing::default();
        sharing.turn(Device::Camera, true);
        sharing.captured(Device::Camera);
        sharing.failed(START, Device::Camera, Failure::Refused);
        assert!(!sharing.appeared(START, Device::Camera), "taken away");
        sharing.turn(Device::Camera, true);
        sharing.captured(Device::Camera);
        sharing.ended(START, Device::Camera);
        assert!(sharing.appeared(START, Device::Camera));
    }

    #[test]
    fn who_stops_sharing_in_the_browser_meant_to() {
        let mut sharing = Sharing::default();
        sharing.turn(Device::Screen, true);
        sharing.captured(Device::Screen);
        sharing.ended(START, Device::Screen);
        assert_eq!(sharing.switch(Device::Screen), Switch::Off);
    }

    #[test]
    fn the_frame_rate_falls_soon_and_rises_late() {
        let mut strain = Strain::default();
        let mut at = |seconds, percent| {
            strain.report(Duration::from_secs(seconds), percent);
            strain.frame_rate_percent()
        };
        assert_eq!([at(1, 90), at(2, 90), at(4, 90), at(6, 90), at(7, 90), at(60, 90)], [100, 100, 75, 75, 50, 25]);
        assert_eq!([at(61, 0), at(80, 0), at(81, 0), at(100, 0), at(101, 0)], [25, 25, 50, 50, 75]);
    }
}
