//! Walking with keys: arrows, and the letters WASD or ZQSD, by their place and by what is written on them. The digits 1
//! to 8 show an emote.
//!
//! The key pressed last wins; when it is let go, the one pressed before it counts again. Nothing stays pressed when
//! the focus leaves.
//!
//! A walk that a click began ends with a walking key, which takes over, and with every key that means nothing here,
//! Escape above all. It goes on while one shows an emote, presses a key of calls (M, V, P, the space bar) or a modifier.

use bevy::{
    input::{
        ButtonState,
        keyboard::{Key, KeyboardFocusLost, KeyboardInput},
    },
    prelude::*,
    window::WindowFocused,
};
use shared::{chat::Emote, position::Direction};

use super::super::schedule::WorldSystems;
use crate::{classroom::Classroom, session::Input, view::media::controls::of_key};

/// With one of these a key is for the browser or the system.
const SHORTCUT: [KeyCode; 5] =
    [KeyCode::ControlLeft, KeyCode::ControlRight, KeyCode::AltLeft, KeyCode::SuperLeft, KeyCode::SuperRight];

/// The walking keys that are held, the last pressed last.
#[derive(Debug, Default, Resource)]
pub(super) struct Walking {
    held: Vec<(KeyCode, Direction)>,
    /// Pressed and let go within one frame: they count for that frame, or a slow machine would lose quick taps.
    tapped: Vec<KeyCode>,
}

impl Walking {
    /// Where the held keys lead.
    pub(super) fn direction(&self) -> Option<Direction> {
        self.held.last().map(|(_, direction)| *direction)
    }

    fn press(&mut self, key: KeyCode, direction: Direction) {
        self.release(key);
        self.held.push((key, direction));
    }

    /// Lets go what was tapped in the frame before.
    fn begin_frame(&mut self) {
        for key in std::mem::take(&mut self.tapped) {
            self.release(key);
        }
    }

    fn release(&mut self, key: KeyCode) {
        self.held.retain(|(held, _)| *held != key);
    }
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Walking>().add_systems(Update, listen.in_set(WorldSystems::Listen));
}

pub(super) fn listen(
    mut typed: MessageReader<KeyboardInput>,
    mut keyboard_lost: MessageReader<KeyboardFocusLost>,
    mut window_focused: MessageReader<WindowFocused>,
    keys: Res<ButtonInput<KeyCode>>,
    mut walking: ResMut<Walking>,
    classroom: NonSend<Classroom>,
) {
    let mut stops_route = false;
    let mut pressed = Vec::new();
    walking.begin_frame();
    for input in typed.read() {
        match (input.state, meaning(input, &keys)) {
            (ButtonState::Released, _) if pressed.contains(&input.key_code) => walking.tapped.push(input.key_code),
            (ButtonState::Released, _) => walking.release(input.key_code),
            (ButtonState::Pressed, _) if input.repeat => {}
            (ButtonState::Pressed, Some(direction)) => {
                walking.press(input.key_code, direction);
                pressed.push(input.key_code);
            }
            (ButtonState::Pressed, None) => match emote(input.key_code, &keys) {
                Some(emote) => classroom.tell(Input::Emote(emote)),
                None => stops_route |= !is_modifier(input.key_code) && !is_for_calls(input),
            },
        }
    }
    let is_lost = keyboard_lost.read().count() > 0 || window_focused.read().any(|focus| !focus.focused);
    if is_lost {
        walking.held.clear();
    }
    if stops_route {
        classroom.tell(Input::StopRoute);
    }
}

fn meaning(input: &KeyboardInput, keys: &ButtonInput<KeyCode>) -> Option<Direction> {
    // Whoever prints the page does not mean to walk; some systems do not even say when that key is let go.
    if keys.any_pressed(SHORTCUT) {
        return None;
    }
    direction_of(input.key_code, &input.logical_key)
}

/// The place of a key decides, so that a French keyboard's ZQSD works as an English one's WASD; then its letter.
fn direction_of(place: KeyCode, letter: &Key) -> Option<Direction> {
    match place {
        KeyCode::ArrowUp | KeyCode::KeyW => return Some(Direction::Up),
        KeyCode::ArrowLeft | KeyCode::KeyA => return Some(Direction::Left),
        KeyCode::ArrowDown | KeyCode::KeyS => return Some(Direction::Down),
        KeyCode::ArrowRight | KeyCode::KeyD => return Some(Direction::Right),
        _ => {}
    }
    let Key::Character(letter) = letter else { return None };
    match letter.to_ascii_lowercase().as_str() {
        "w" | "z" => Some(Direction::Up),
        "a" | "q" => Some(Direction::Left),
        "s" => Some(Direction::Down),
        "d" => Some(Direction::Right),
        _ => None,
    }
}

/// What a digit shows. Its place decides: on a French keyboard it is written there with Shift only.
fn emote(place: KeyCode, keys: &ButtonInput<KeyCode>) -> Option<Emote> {
    let number = match place {
        KeyCode::Digit1 | KeyCode::Numpad1 => 0,
        KeyCode::Digit2 | KeyCode::Numpad2 => 1,
        KeyCode::Digit3 | KeyCode::Numpad3 => 2,
        KeyCode::Digit4 | KeyCode::Numpad4 => 3,
        KeyCode::Digit5 | KeyCode::Numpad5 => 4,
        KeyCode::Digit6 | KeyCode::Numpad6 => 5,
        KeyCode::Digit7 | KeyCode::Numpad7 => 6,
        KeyCode::Digit8 | KeyCode::Numpad8 => 7,
        _ => return None,
    };
    // The browser goes to its third tab, or a letter is written with AltGr.
    let is_shortcut = keys.any_pressed(SHORTCUT) || keys.pressed(KeyCode::AltRight);
    if is_shortcut { None } else { Emote::ALL.get(number).copied() }
}

/// Whoever turns the microphone, the camera or the screen on, or holds the space bar to talk, goes on walking.
fn is_for_calls(input: &KeyboardInput) -> bool {
    let is_letter = matches!(&input.logical_key, Key::Character(letter) if of_key(letter).is_some());
    is_letter || input.key_code == KeyCode::Space
}

fn is_modifier(key: KeyCode) -> bool {
    matches!(
        key,
        KeyCode::ShiftLeft
            | KeyCode::ShiftRight
            | KeyCode::ControlLeft
            | KeyCode::ControlRight
            | KeyCode::AltLeft
            | KeyCode::AltRight
            | KeyCode::SuperLeft
            | KeyCode::SuperRight
            | KeyCode::CapsLock
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_key_wins_and_the_one_before_counts_again() {
        let mut walking = Walking::default();
        walking.press(KeyCode::ArrowRight, Direction::Right);
        walking.press(KeyCode::KeyW, Direction::Up);
        assert_eq!(walking.direction(), Some(Direction::Up));
        walking.release(KeyCode::KeyW);
        assert_eq!(walking.direction(), Some(Direction::Right));
        walking.press(KeyCode::KeyS, Direction::Down);
        walking.release(KeyCode::ArrowRight);
        assert_eq!(walking.direction(), Some(Direction::Down), "letting go an older key changes nothing");
        walking.release(KeyCode::KeyS);
        assert_eq!(walking.direction(), None);
    }

    #[test]
    fn a_tap_within_a_frame_counts_for_that_frame() {
        let mut walking = Walking::default();
        walking.press(KeyCode::ArrowLeft, Direction::Left);
        walking.tapped.push(KeyCode::ArrowLeft);
        assert_eq!(walking.direction(), Some(Direction::Left));
        walking.begin_frame();
        assert_eq!(walking.direction(), None);
    }

    #[test]
    fn two_keys_of_one_direction_are_two_keys() {
        let mut walking = Walking::default();
        walking.press(KeyCode::ArrowLeft, Direction::Left);
        walking.press(KeyCode::KeyA, Direction::Left);
        walking.release(KeyCode::ArrowLeft);
        assert_eq!(walking.direction(), Some(Direction::Left));
    }

    #[test]
    fn keys_count_by_place_and_by_letter() {
        let letter = |text: &str| Key::Character(text.into());
        for (what, place, key, expected) in [
            ("Z of a French keyboard", KeyCode::KeyW, letter("z"), Some(Direction::Up)),
            ("Q of a French keyboard", KeyCode::KeyA, letter("q"), Some(Direction::Left)),
            ("W of a French keyboard", KeyCode::KeyZ, letter("w"), Some(Direction::Up)),
            ("Q of an English keyboard", KeyCode::KeyQ, letter("Q"), Some(Direction::Left)),
            ("an arrow", KeyCode::ArrowDown, Key::ArrowDown, Some(Direction::Down)),
            ("Ф of a Russian keyboard", KeyCode::KeyA, letter("ф"), Some(Direction::Left)),
            ("another letter", KeyCode::KeyE, letter("e"), None),
            ("Escape", KeyCode::Escape, Key::Escape, None),
        ] {
            assert_eq!(direction_of(place, &key), expected, "{what}");
        }
    }

    #[test]
    fn the_digits_show_emotes_unless_they_are_a_shortcut() {
        let mut keys = ButtonInput::default();
        assert_eq!(emote(KeyCode::Digit1, &keys), Some(Emote::Wave));
        assert_eq!(emote(KeyCode::Numpad8, &keys), Some(Emote::Party));
        assert_eq!(emote(KeyCode::Digit9, &keys), None);
        keys.press(KeyCode::ShiftLeft);
        assert_eq!(emote(KeyCode::Digit3, &keys), Some(Emote::Heart), "a French keyboard");
        for modifier in SHORTCUT.into_iter().chain([KeyCode::AltRight]) {
            keys.press(modifier);
            assert_eq!(emote(KeyCode::Digit3, &keys), None, "{modifier:?}");
            keys.release(modifier);
        }
    }
}
