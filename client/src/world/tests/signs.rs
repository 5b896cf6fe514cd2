//! Emotes, and the way to somebody.

use super::*;

#[test]
fn an_emote_is_over_the_name_until_it_ends() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, false));
    stage.frame(0);
    stage.emoted(0, Emote::Heart);
    for ms in (0..=400).step_by(16) {
        stage.frame(ms);
    }
    let bubbles = stage.drawn::<Bubble>();
    let [(place, area)] = bubbles[..] else { panic!("one bubble: {bubbles:?}") };
    let head = f32::from(Y) - HEIGHT as f32;
    assert!((place.x - f32::from(X)).abs() < 1.0 && place.y < head - 5.0 && place.y > head - 12.0, "{place}");
    assert_eq!(area.min.x as u32 / 24, Emote::Heart as u32);
    stage.emoted(400, Emote::Laugh);
    stage.frame(600);
    assert_eq!(stage.drawn::<Bubble>()[0].1.min.x as u32 / 24, Emote::Laugh as u32, "another takes its place");
    stage.frame(4390);
    assert_eq!(stage.drawn::<Bubble>().len(), 1);
    stage.frame(4410);
    assert!(stage.drawn::<Bubble>().is_empty());
}

#[test]
fn a_ring_is_around_whoever_is_heard_to_speak_and_goes_with_their_last_word() {
    let mut stage = Stage::of(Client::in_room("meeting-1", 2..=3));
    let speak = |stage: &mut Stage, ms, speakers: &[u16]| {
        let speakers = FromSfu::Speakers(speakers.iter().copied().map(Number).collect());
        stage.hear(ms, &ToClient::Room(Box::new(speakers)));
        stage.frame(ms);
    };
    let feet = stage.classroom.read(Session::own_pose).expect("one is in").point;
    speak(&mut stage, 400, &[]);
    assert!(stage.drawn::<Ring>().is_empty());
    speak(&mut stage, 416, &[2]);
    let rings = stage.drawn::<Ring>();
    let [(place, _)] = rings[..] else { panic!("one ring: {rings:?}") };
    let (x, y) = feet.tiles();
    assert!(place.distance(Vec2::new(x, y) * 16.0) < 3.0, "around the feet of who stands there: {place}");
    speak(&mut stage, 432, &[3, 2]);
    assert_eq!(stage.drawn::<Ring>().len(), 2);
    speak(&mut stage, 448, &[3]);
    assert_eq!(stage.drawn::<Ring>().len(), 1);
    stage.hear(464, &ToClient::Happened(vec![Event::Left(Number(3))]));
    stage.frame(464);
    assert!(stage.drawn::<Ring>().is_empty(), "nor around nobody");
}

#[test]
fn a_ring_walks_along() {
    let mut stage = Stage::of(Client::in_room("lounge", 2..=2));
    stage.hear(400, &ToClient::Room(Box::new(FromSfu::Speakers(vec![Number(2)]))));
    stage.frame(400);
    let before = stage.drawn::<Ring>()[0].0;
    let from = stage.bob().expect("Bob is drawn").0.feet;
    stage.moved(416, edge(from.x as u16 + 8, from.y as u16, false));
    for ms in (416..800).step_by(16) {
        stage.frame(ms);
    }
    assert!((stage.drawn::<Ring>()[0].0 - before - Vec2::new(8.0, 0.0)).length() < 1.0);
}

#[test]
fn who_leaves_takes_their_emote_along() {
    let mut stage = Stage::new();
    stage.joined(0, edge(X, Y, false));
    stage.emoted(0, Emote::Clap);
    stage.frame(0);
    assert_eq!(stage.drawn::<Bubble>().len(), 1);
    stage.hear(100, &ToClient::Happened(vec![Event::Left(Number(2))]));
    stage.frame(100);
    assert!(stage.drawn::<Bubble>().is_empty());
}

#[test]
fn a_digit_shows_an_emote_over_ones_own_head_and_a_way_goes_on() {
    let mut stage = Stage::new();
    stage.frame(0);
    stage.classroom.tell(Input::WalkTo(Position::new(X + 100, Y)));
    stage.tap(16, KeyCode::Digit2, &Key::Character("é".into()));
    let own = stage.view().corner.x as f32 + stage.view().size.x / 2.0;
    let bubbles = stage.drawn::<Bubble>();
    let [(place, area)] = bubbles[..] else { panic!("one bubble: {bubbles:?}") };
    assert_eq!(area.min.x as u32 / 24, Emote::ThumbsUp as u32);
    assert!((place.x - own).abs() < 2.0);
    assert!(!stage.classroom.read(|session, _| session.route()).is_empty());
}

#[test]
fn nothing_pops_up_for_who_wants_little_motion() {
    let mut stage = Stage::new();
    stage.controls().set_calm(true);
    stage.joined(0, edge(X, Y, false));
    let rests = stage.settle(0);
    let long = stage.mode();
    stage.emoted(rests, Emote::Wave);
    stage.frame(rests);
    let first = stage.drawn::<Bubble>();
    assert_eq!(first.len(), 1);
    let beats = stage.settle(rests);
    stage.frame(beats + 300);
    assert_eq!((stage.drawn::<Bubble>(), stage.mode()), (first, long), "a still picture");
}

#[test]
fn who_is_looked_for_is_shown_and_then_pointed_at_until_one_moves() {
    let mut stage = Stage::new();
    stage.joined(0, edge(FAR, Y, false));
    stage.frame(0);
    let home = stage.view();
    stage.classroom.tell(Input::Find(Some(person(2))));
    let mut corners = vec![];
    for ms in (0..=900).step_by(16) {
        stage.frame(ms);
        corners.push(stage.view().corner.x);
        assert_eq!(stage.drawn::<Marker>().len(), 1, "from the start on");
    }
    assert!(corners.is_sorted_by(|a, b| a >= b && a - b < 30), "it glides: {corners:?}");
    let bob = IVec2::new(FAR.into(), Y.into());
    assert!(stage.view().contains(bob, 0), "the camera is there");
    let over = stage.drawn::<Marker>()[0].0;
    assert!((over.x - f32::from(FAR)).abs() < 1.0 && over.y < f32::from(Y) - HEIGHT as f32, "{over}");
    assert!(!stage.would_wake(3200) && stage.would_wake(3310), "the camera turns back");
    for ms in (3310..4300).step_by(16) {
        stage.frame(ms);
    }
    assert_eq!(stage.view(), home);
    let (beside, area) = stage.drawn::<Marker>()[0];
    assert!(beside.x < home.corner.x as f32 + 30.0, "at the left edge: {beside}");
    assert_eq!((area.min.x as u32 / 24, area.min.y as u32 / 24), (4, 2), "to the left");
    stage.classroom.tell(Input::Steer(Some(Direction::Right)));
    stage.frame(4400);
    assert!(stage.drawn::<Marker>().is_empty());
}

#[test]
fn who_is_looked_for_and_leaves_is_not_pointed_at() {
    let mut stage = Stage::new();
    stage.joined(0, edge(FAR, Y, false));
    stage.frame(0);
    let home = stage.view();
    stage.classroom.tell(Input::Find(Some(person(2))));
    for ms in (0..=1000).step_by(16) {
        stage.frame(ms);
    }
    stage.hear(1000, &ToClient::Happened(vec![Event::Left(Number(2))]));
    for ms in (1000..=2000).step_by(16) {
        stage.frame(ms);
    }
    assert!(stage.drawn::<Marker>().is_empty());
    assert_eq!(stage.view(), home);
}

#[test]
fn the_camera_jumps_for_who_wants_little_motion() {
    let mut stage = Stage::new();
    stage.controls().set_calm(true);
    stage.joined(0, edge(FAR, Y, false));
    stage.frame(0);
    stage.classroom.tell(Input::Find(Some(person(2))));
    stage.frame(16);
    assert!(stage.view().contains(IVec2::new(FAR.into(), Y.into()), 0));
    let marker = stage.drawn::<Marker>();
    stage.frame(300);
    assert_eq!(stage.drawn::<Marker>(), marker, "the arrow does not bounce");
}
