//! People are seen where they are, as they look.

use super::*;

#[test]
fn people_are_drawn_where_the_session_says_as_long_as_they_are_in() {
    let mut stage = Stage::new();
    stage.frame(0);
    assert!(stage.bob().is_none());
    stage.joined(0, edge(X, Y, true));
    stage.frame(0);
    stage.frame(500);
    let (stance, transform, area) = stage.bob().expect("Bob is drawn");
    assert_eq!(stance.feet, IVec2::new(i32::from(X) + 32, Y.into()), "4 tiles a second");
    assert!(stance.is_in_motion && area.is_some());
    assert_eq!(transform.translation.truncate(), Vec2::new(f32::from(X) + 22.0, -f32::from(Y) - 3.0), "the cell");
    stage.hear(600, &ToClient::Happened(vec![Event::Left(Number(2))]));
    stage.frame(600);
    assert!(stage.bob().is_none());
}

#[test]
fn a_late_stop_is_eased_and_a_far_one_is_not() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, true));
    stage.frame(0);
    stage.frame(500);
    let before = stage.bobs_x();
    // Bob stopped 12 pixels before the place where he was seen last.
    stage.moved(516, edge(before as u16 - 12, Y, false));
    let mut seen = vec![before];
    for ms in (516..700).step_by(16) {
        stage.frame(ms);
        seen.push(stage.bobs_x());
    }
    assert!(seen.windows(2).all(|pair| (pair[0] - pair[1]).abs() <= 3), "no leaps: {seen:?}");
    assert_eq!(seen.last(), Some(&(before - 12)), "there within a moment: {seen:?}");
    assert!(!stage.bob().is_some_and(|(stance, ..)| stance.is_in_motion));
    stage.moved(800, edge(X - 100, Y, false));
    stage.frame(800);
    assert_eq!(stage.bobs_x(), i32::from(X) - 100, "more than two tiles");
}

#[test]
fn after_a_hidden_tab_everybody_is_where_they_are_at_once() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, false));
    stage.frame(0);
    stage.moved(4000, edge(X + 20, Y, false));
    stage.frame(5000);
    assert_eq!(stage.bobs_x(), i32::from(X) + 20);
}

#[test]
fn a_new_look_is_seen_in_the_next_frame() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, false));
    stage.frame(0);
    stage.frame(16);
    let (.., before) = stage.bob().expect("Bob is drawn");
    let look = Appearance::new([1, 2, 3, 4, 5]).expect("on the sheet");
    stage.hear(20, &ToClient::Happened(vec![Event::AppearanceChanged(Number(2), look)]));
    stage.frame(32);
    let (.., after) = stage.bob().expect("Bob is drawn");
    assert!(before.is_some() && after.is_some() && before != after, "another strip: {before:?}, {after:?}");
}

#[test]
fn a_key_is_seen_in_the_frame_after_it_is_pressed() {
    let mut stage = Stage::new();
    stage.frame(0);
    let mut key = KeyboardInput {
        key_code: KeyCode::ArrowRight,
        logical_key: Key::ArrowRight,
        state: ButtonState::Pressed,
        text: None,
        repeat: false,
        window: stage.window(),
    };
    stage.app.world_mut().write_message(key.clone());
    stage.frame(16);
    let is_moving = |stage: &Stage| {
        let pose = stage.classroom.read(Session::own_pose);
        pose.is_some_and(|pose| pose.is_moving)
    };
    assert!(is_moving(&stage));
    let mut own = stage.app.world_mut().query::<(&Avatar, &Stance)>();
    assert!(own.iter(stage.app.world()).any(|(avatar, stance)| avatar.is_own && stance.is_in_motion));
    key.state = ButtonState::Released;
    stage.app.world_mut().write_message(key);
    stage.frame(16 + Duration::from_secs(1).as_millis() as u64);
    assert!(!is_moving(&stage));
}
