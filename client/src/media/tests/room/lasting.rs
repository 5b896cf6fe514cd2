//! A room's call when its path, the relay or a place in it is lost, and what is left when it is over.

use super::*;

#[test]
fn a_lost_path_is_looked_for_again_and_then_made_anew() {
    let mut visit = Visit::among([2]);
    visit.run(ms(6000));
    visit.cut();
    assert_eq!(visit.neighbour(2).state, CallState::Reconnecting);
    visit.run(ms(3100));
    assert_eq!(visit.offers(), [1, 1], "a restart");
    visit.run(ms(10_500));
    assert_eq!(visit.offers(), [1, 1, 2], "another connection");
    assert_eq!(visit.open.len(), 1);
    assert_eq!(visit.neighbour(2).state, CallState::Reconnecting);
    visit.has_path = true;
    visit.run(ms(30_000));
    assert_eq!(visit.neighbour(2).state, CallState::Connected);
}

#[test]
fn a_connection_the_sfu_lost_is_made_anew_at_once_and_another_that_it_lost_at_once_later() {
    let mut visit = Visit::among([2]);
    visit.tell(MediaInput::Switch(Device::Camera, true));
    visit.say(FromSfu::Wanted(Wanted { low: true, high: false, screen: false }));
    visit.run(ms(6000));
    visit.say(FromSfu::Refused { connection: 1, why: SfuRefusal::Lost });
    visit.run(ms(500));
    assert_eq!(visit.offers(), [1, 2]);
    assert!(visit.upload().low, "what is wanted is not said again");
    visit.say(FromSfu::Refused { connection: 1, why: SfuRefusal::Lost });
    visit.run(ms(500));
    assert_eq!(visit.offers(), [1, 2], "an earlier one is over anyway");
    visit.answers = false;
    for _ in 0..20 {
        let connection = *visit.offers().last().expect("an offer");
        visit.say(FromSfu::Refused { connection, why: SfuRefusal::Lost });
        visit.run(ms(1000));
    }
    assert!(visit.offers().len() < 9, "{:?}", visit.offers());
    assert!(visit.open.len() <= 1);
}

#[test]
fn a_relay_without_an_sfu_is_not_asked_again_before_it_comes_back() {
    let mut visit = Visit::new(3.0);
    visit.answers = false;
    visit.run(ms(300));
    visit.say(FromSfu::Refused { connection: 1, why: SfuRefusal::NoSfu });
    visit.run(ms(60_000));
    assert_eq!((visit.offers(), visit.open.len()), (vec![1], 0));
    let now = visit.now;
    visit.media.lost(now);
    visit.media.came_in(now);
    visit.answers = true;
    visit.run(ms(500));
    assert_eq!((visit.offers(), visit.open.len()), (vec![1, 2], 1));
}

#[test]
fn an_offer_that_is_refused_ends_the_calls_of_rooms_only_if_none_was_ever_taken() {
    let mut visit = Visit::among([2]);
    visit.run(ms(6000));
    visit.say(FromSfu::Refused { connection: 1, why: SfuRefusal::BadOffer });
    assert!(!visit.media.is_room_refused());
    visit.run(ms(1000));
    assert_eq!((visit.offers(), visit.open.len()), (vec![1, 2], 1));
    assert_eq!(visit.neighbour(2).state, CallState::Connected);

    let mut visit = Visit::new(-3.0);
    visit.answers = false;
    visit.run(ms(300));
    let before = visit.media.revision();
    visit.say(FromSfu::Refused { connection: 1, why: SfuRefusal::BadOffer });
    visit.run(ms(60_000));
    assert_eq!((visit.offers(), visit.open.len()), (vec![1], 0));
    assert!(visit.media.is_room_refused() && visit.media.revision() > before, "it is said");
    visit.place = below(3.0);
    visit.run(ms(200));
    assert!(!visit.media.is_room_refused());
}

#[test]
fn whoever_is_in_a_room_is_back_in_its_call_when_the_relay_is() {
    let mut visit = Visit::among([2, 3]);
    visit.tell(MediaInput::Switch(Device::Microphone, true));
    visit.run(ms(200));
    let now = visit.now;
    visit.media.lost(now);
    visit.run(ms(20_000));
    assert_eq!(visit.tiles(), [person(2), person(3)], "people do not vanish");
    let now = visit.now;
    visit.numbers = [(number(7), person(2)), (number(8), person(3))].into();
    visit.media.came_in(now);
    visit.run(ms(300));
    assert_eq!(visit.offers(), [1, 2]);
    assert_eq!(visit.open.len(), 1);
    visit.say(FromSfu::Members(vec![(number(7), SEES), (number(8), SEES)]));
    visit.say(FromSfu::Slots(voices(&[Some(8)])));
    assert_eq!(visit.tiles(), [person(2), person(3)]);
    assert!(visit.volumes().voices[0] > 0.0 && visit.upload().microphone);
    assert_eq!(visit.neighbour(3).state, CallState::Connected);
    assert_eq!(visit.heard.iter().filter(|message| matches!(message, ToSfu::Share(_))).count(), 3, "told anew");
}

#[test]
fn those_who_are_not_in_the_call_any_more_when_the_relay_is_back_go_after_a_while() {
    let mut visit = Visit::among([2, 3]);
    let now = visit.now;
    visit.media.lost(now);
    visit.answers = false;
    visit.media.came_in(now);
    visit.run(ms(9000));
    assert_eq!(visit.tiles().len(), 2);
    visit.run(ms(2000));
    assert!(visit.media.neighbours().is_empty() && !visit.media.is_in_room());
}

#[test]
fn in_a_full_room_nobody_is_heard_until_somebody_leaves() {
    let mut visit = Visit::new(-3.0);
    visit.admits = false;
    visit.tell(MediaInput::Switch(Device::Microphone, true));
    visit.run(ms(300));
    assert!(visit.upload().microphone, "there may be a place");
    visit.say(FromSfu::Membership(Membership::Full));
    assert!(visit.media.is_room_full() && !visit.media.is_in_room());
    assert!(!visit.upload().microphone, "nobody would hear it");
    visit.say(FromSfu::Membership(Membership::Member));
    visit.say(FromSfu::Members(vec![(number(2), SEES)]));
    assert!(!visit.media.is_room_full() && visit.upload().microphone);
    assert_eq!(visit.tiles(), [person(2)]);
}

#[test]
fn who_does_not_want_to_be_disturbed_leaves_the_call_at_once() {
    let mut visit = Visit::among([2]);
    visit.status = Status::DoNotDisturb;
    visit.run(ms(200));
    assert!(visit.open.is_empty() && visit.media.neighbours().is_empty());
    visit.status = Status::Available;
    visit.run(ms(500));
    assert_eq!((visit.open.len(), visit.offers()), (1, vec![1, 2]));
}

/// The SFU says who teaches.
fn teaches(teacher: Teacher) -> FromSfu {
    FromSfu::Slots(Slots { teacher, ..Slots::default() })
}

#[test]
fn whoever_teaches_sends_larger_pictures_until_they_do_not_any_more() {
    let mut visit = Visit::among([2, 3]);
    visit.say(teaches(Teacher::Oneself));
    visit.run(ms(200));
    assert!(!visit.upload().is_at_podium, "the camera is off");
    visit.tell(MediaInput::Switch(Device::Camera, true));
    let mut seen_as = |teacher| {
        visit.say(teaches(teacher));
        visit.run(ms(200));
        (visit.upload().is_at_podium, visit.media.is_teaching())
    };
    assert_eq!(seen_as(Teacher::Oneself), (true, true));
    assert_eq!(seen_as(Teacher::Other(number(3))), (false, false));
    assert_eq!(seen_as(Teacher::Oneself), (true, true));
    assert_eq!(seen_as(Teacher::Nobody), (false, false));
    visit.say(teaches(Teacher::Oneself));
    visit.place = below(3.0);
    visit.run(ms(200));
    assert!(!visit.upload().is_at_podium, "outside");
}

#[test]
fn whoever_teaches_has_the_stage() {
    let mut visit = Visit::among([2, 3]);
    visit.say(teaches(Teacher::Other(number(3))));
    visit.run(ms(200));
    assert_eq!(visit.media.on_stage(), Some(person(3)));
    assert_eq!(visit.neighbour(3).claim, Some(Claim::Podium));
    assert_eq!(visit.looks()[0], Look::Camera(number(3), PictureSize::Large), "the first of few");
    visit.say(teaches(Teacher::Other(number(2))));
    visit.run(ms(200));
    assert_eq!((visit.media.on_stage(), visit.neighbour(3).claim), (Some(person(2)), None));
    visit.say(teaches(Teacher::Nobody));
    visit.run(ms(200));
    assert_eq!(visit.media.on_stage(), None);
}

#[test]
fn without_a_camera_nobody_has_the_stage_at_the_podium() {
    let mut visit = Visit::among([2, 3]);
    visit.say(teaches(Teacher::Other(number(3))));
    visit.say(FromSfu::Members(vec![(number(2), SEES), (number(3), Shares { camera: false, ..SEES })]));
    visit.run(ms(200));
    assert_eq!((visit.media.on_stage(), visit.neighbour(3).claim), (None, None));
    visit.say(FromSfu::Members(vec![(number(2), SEES), (number(3), SEES)]));
    assert_eq!((visit.media.on_stage(), visit.neighbour(3).claim), (Some(person(3)), Some(Claim::Podium)));
    // Oneself, whose camera is off, and then on.
    visit.say(teaches(Teacher::Oneself));
    visit.run(ms(200));
    assert_eq!(visit.media.on_stage(), None);
    visit.tell(MediaInput::Switch(Device::Camera, true));
    visit.run(ms(200));
    assert_eq!(visit.media.on_stage(), Some(person(1)));
}

#[test]
fn a_taken_over_tab_leaves_nothing_behind() {
    let mut visit = Visit::among([2]);
    let now = visit.now;
    visit.media.end(now);
    visit.perform();
    visit.run(ms(30_000));
    assert!(visit.open.is_empty() && visit.media.neighbours().is_empty());
}

#[test]
fn fifty_times_in_and_out_leave_nothing_behind() {
    let mut visit = Visit::new(5.5);
    for _ in 0..50 {
        visit.place = below(-2.0);
        visit.run(ms(1000));
        assert_eq!(visit.open.len(), 1);
        visit.say(FromSfu::Membership(Membership::None));
        visit.place = below(5.5);
        visit.run(ms(21_000));
        assert!(visit.open.is_empty());
    }
    assert_eq!(visit.arrivals, 0);
}
