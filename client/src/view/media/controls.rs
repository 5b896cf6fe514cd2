//! The buttons of what one shares: how each stands, and what to do where one does not work.

use crate::{
    media::{Device, DeviceTrouble, Failure, Switch},
    words::{fill_all, words},
};

/// A button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// What it turns on and off.
    pub device: Device,
    /// How that stands.
    pub switch: Switch,
    /// How it stands in words, with the key.
    pub about: String,
    /// What there is to say about it, if there is.
    pub card: Option<Card>,
}

/// What stands above a button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Card {
    /// Whether something went wrong, or else the browser is asking just now.
    pub is_failure: bool,
    /// What is the matter, and what to do.
    pub sentence: &'static str,
}

impl Control {
    /// Whether a press turns it off.
    pub fn is_pressed(&self) -> bool {
        matches!(self.switch, Switch::On | Switch::Starting)
    }

    /// How it stands, for the style sheet.
    pub fn code(&self) -> &'static str {
        code(self.switch)
    }
}

/// How a device stands, for the style sheet.
pub fn code(switch: Switch) -> &'static str {
    match switch {
        Switch::Off => "off",
        Switch::Starting => "starting",
        Switch::On => "on",
        Switch::Failed(_) => "failed",
    }
}

/// The letter that presses a button while nothing is written. W, A, S, D, Z and Q walk, C writes.
pub const fn key(device: Device) -> &'static str {
    match device {
        Device::Microphone => "M",
        Device::Camera => "V",
        // As in *present*, and in the French *partager*.
        Device::Screen => "P",
    }
}

/// The device of a key as browsers name it.
pub fn of_key(pressed: &str) -> Option<Device> {
    Device::ALL.into_iter().find(|device| key(*device).eq_ignore_ascii_case(pressed))
}

/// What a button is called, however it stands.
pub fn name(device: Device) -> &'static str {
    match device {
        Device::Microphone => words().microphone,
        Device::Camera => words().camera,
        Device::Screen => words().share_screen,
    }
}

/// The button of a device. It may be on though another one was chosen, which failed.
pub fn control(
    device: Device,
    switch: Switch,
    trouble: Option<DeviceTrouble>,
    has_talk_key: bool,
    is_heard: bool,
) -> Control {
    let state = match switch {
        Switch::Off => words().device_off,
        Switch::Starting => words().device_starting,
        Switch::On if device == Device::Microphone && has_talk_key && is_heard => words().talk_heard,
        Switch::On if device == Device::Microphone && has_talk_key => words().talk_hold,
        Switch::On => words().device_on,
        Switch::Failed(_) => words().device_failed,
    };
    let card = match switch {
        Switch::Off => None,
        Switch::On => trouble.map(|trouble| Card { is_failure: true, sentence: what_is_wrong(device, trouble) }),
        Switch::Starting => Some(Card { is_failure: false, sentence: asking(device) }),
        Switch::Failed(failure) => Some(Card { is_failure: true, sentence: what_to_do(device, failure) }),
    };
    let about = fill_all(words().device_key, &[("state", state), ("key", key(device))]);
    Control { device, switch, about, card }
}

/// What is the matter with a device that is on.
fn what_is_wrong(device: Device, trouble: DeviceTrouble) -> &'static str {
    match (trouble, device) {
        (DeviceTrouble::HeldBack, Device::Microphone) => words().held_back_microphone,
        (DeviceTrouble::HeldBack, Device::Camera | Device::Screen) => words().held_back_camera,
        (DeviceTrouble::ChosenFailed, _) => words().chosen_failed,
    }
}

fn asking(device: Device) -> &'static str {
    match device {
        Device::Microphone => words().asks_microphone,
        Device::Camera => words().asks_camera,
        Device::Screen => words().asks_screen,
    }
}

/// Why a device does not work, and what to do.
pub fn what_to_do(device: Device, failure: Failure) -> &'static str {
    let words = words();
    let [microphone, camera, screen] = match failure {
        Failure::Refused => [words.refused_microphone, words.refused_camera, words.refused_screen],
        Failure::Missing => [words.missing_microphone, words.missing_camera, words.missing_screen],
        Failure::Busy => [words.busy_microphone, words.busy_camera, words.busy_screen],
        Failure::Insecure => [words.insecure_device; 3],
        Failure::Unsupported => [words.unsupported_device, words.unsupported_device, words.unsupported_screen],
    };
    match device {
        Device::Microphone => microphone,
        Device::Camera => camera,
        Device::Screen => screen,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_button_says_how_it_stands_and_which_key_presses_it() {
        let about = |switch| control(Device::Microphone, switch, None, false, true).about;
        assert_eq!(about(Switch::Off), "Off · key M");
        assert_eq!(about(Switch::On), "On · key M");
        assert_eq!(about(Switch::Failed(Failure::Busy)), "Does not work · key M");
    }

    #[test]
    fn with_a_key_to_talk_the_microphone_says_whether_it_is_held_and_the_camera_does_not() {
        let about = |device, is_heard| control(device, Switch::On, None, true, is_heard).about;
        assert_eq!(about(Device::Microphone, false), "On: hold the space bar to talk · key M");
        assert_eq!(about(Device::Microphone, true), "On while you hold the space bar · key M");
        assert_eq!(about(Device::Camera, false), "On · key V");
    }

    #[test]
    fn whatever_goes_wrong_there_is_a_card_that_says_what_to_do() {
        let failures = [Failure::Refused, Failure::Missing, Failure::Busy, Failure::Insecure, Failure::Unsupported];
        for (device, failure) in Device::ALL.into_iter().flat_map(|device| failures.map(|failure| (device, failure))) {
            let control = control(device, Switch::Failed(failure), None, false, false);
            let card = control.card.expect("a card");
            assert!(card.is_failure && card.sentence.ends_with('.'), "{device:?} {failure:?}");
            assert!(!control.is_pressed(), "pressing tries again");
        }
        assert_ne!(
            what_to_do(Device::Camera, Failure::Refused),
            what_to_do(Device::Microphone, Failure::Refused),
            "what to allow is named"
        );
    }

    #[test]
    fn what_is_the_matter_with_a_device_that_is_on_is_told() {
        let card = |device, trouble| {
            let control = control(device, Switch::On, Some(trouble), false, false);
            assert!(control.is_pressed());
            control.card.expect("a card")
        };
        let held_back = card(Device::Microphone, DeviceTrouble::HeldBack);
        assert_eq!(held_back, Card { is_failure: true, sentence: words().held_back_microphone });
        assert_eq!(card(Device::Camera, DeviceTrouble::ChosenFailed).sentence, words().chosen_failed);
        for device in [Device::Microphone, Device::Camera] {
            for trouble in [DeviceTrouble::HeldBack, DeviceTrouble::ChosenFailed] {
                let sentence = card(device, trouble).sentence;
                assert!(!sentence.contains("press the button"), "it would turn it off: {sentence}");
            }
        }
    }

    #[test]
    fn while_the_browser_asks_it_is_said_that_it_does() {
        let control = control(Device::Camera, Switch::Starting, None, false, false);
        assert_eq!(control.card, Some(Card { is_failure: false, sentence: words().asks_camera }));
        assert!(control.is_pressed(), "pressing again takes it back");
    }

    #[test]
    fn keys_are_letters_that_do_not_walk_nor_write() {
        for device in Device::ALL {
            assert_eq!(of_key(&key(device).to_ascii_lowercase()), Some(device));
            assert!(!"WASDZQC".contains(key(device)), "{device:?}");
        }
        assert_eq!(of_key("Enter"), None);
    }
}
