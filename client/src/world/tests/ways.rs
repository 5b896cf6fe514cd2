//! The way that a click begins: it is marked, and keys end it.

use super::*;

/// Where these tests click: in view, to the right of oneself.
const END: (u16, u16) = (X + 100, Y);

/// The mark at the end of the way, and how many dots lead there.
fn marks(stage: &mut Stage) -> (Option<Vec2>, usize) {
    let (targets, dots): (Vec<_>, Vec<_>) = stage.drawn::<Mark>().into_iter().partition(|(_, area)| area.width() > 4.0);
    assert!(targets.len() <= 1, "one end: {targets:?}");
    let middle = targets.first().map(|(corner, area)| *corner + (area.size() / 2.0).floor());
    (middle, dots.len())
}

fn clicked() -> Stage {
    let mut stage = Stage::new();
    stage.frame(0);
    assert_eq!(marks(&mut stage), (None, 0), "nobody walks");
    stage.click(16, END.0, END.1);
    stage
}

fn end() -> Vec2 {
    Vec2::new(END.0.into(), END.1.into())
}

#[test]
fn the_way_of_a_click_is_marked_and_shrinks_until_one_is_there() {
    let mut stage = clicked();
    let (target, at_first) = marks(&mut stage);
    assert_eq!(target, Some(end()));
    assert!(at_first >= 8, "a dot every half tile, there are {at_first}");
    let mut counts = vec![at_first];
    let mut ms = 32;
    while !stage.classroom.read(|session, _| session.route()).is_empty() {
        let (target, dots) = marks(&mut stage);
        assert_eq!(target, Some(end()), "it stays where it is");
        counts.push(dots);
        assert!(ms < 10_000, "it never ends");
        stage.frame(ms);
        ms += 16;
    }
    assert!(counts.is_sorted_by(|a, b| a >= b), "dots go and none comes: {counts:?}");
    assert_eq!(counts.last(), Some(&0), "one is nearly there: {counts:?}");
    assert_eq!(marks(&mut stage), (None, 0), "one is there");
}

#[test]
fn walking_keys_and_escape_end_a_way_and_its_marks_and_emotes_calls_and_modifiers_do_not() {
    let letter = |text: &str| Key::Character(text.into());
    for (key_code, key, ends) in [
        (KeyCode::ArrowUp, Key::ArrowUp, true),
        (KeyCode::KeyA, letter("q"), true),
        (KeyCode::Escape, Key::Escape, true),
        (KeyCode::KeyE, letter("e"), true),
        (KeyCode::Digit1, letter("1"), false),
        (KeyCode::Digit8, letter("8"), false),
        (KeyCode::Digit9, letter("9"), true),
        (KeyCode::KeyM, letter("m"), false),
        (KeyCode::KeyV, letter("v"), false),
        (KeyCode::KeyP, letter("p"), false),
        (KeyCode::Space, Key::Space, false),
        (KeyCode::ShiftLeft, Key::Shift, false),
        (KeyCode::ControlLeft, Key::Control, false),
        (KeyCode::AltRight, Key::AltGraph, false),
    ] {
        let mut stage = clicked();
        stage.frame(500);
        let (target, dots) = marks(&mut stage);
        assert!(target == Some(end()) && dots > 0, "{key_code:?} comes on the way");
        stage.tap(516, key_code, &key);
        let (target, dots) = marks(&mut stage);
        assert_eq!((target.is_none(), dots == 0), (ends, ends), "{key_code:?}");
    }
}
