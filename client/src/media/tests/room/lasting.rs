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

/// Places at the podium of a classroom, and at the other end of it.
fn podium_and_bench() -> [Point; 2] {
    let room = campus().zones.iter().find(|zone| zone.podium.is_some()).expect("a classroom").clone();
    let podium = room.podium.expect("a podium").area;
    [(podium.x + 20, podium.y + 20), (room.area.x + 20, room.area.bottom() - 20)]
        .map(|(x, y)| Point::from(Position::new(x as u16, y as u16)))
}

#[test]
fn whoever_stands_at_the_podium_sends_larger_pictures_until_they_leave_it() {
    let [podium, bench] = podium_and_bench();
    let mut visit = Visit::among([2, 3]);
    visit.place = podium;
    visit.run(ms(200));
    assert!(!visit.upload().is_at_podium, "the camera is off");
    visit.tell(MediaInput::Switch(Device::Camera, true));
    let mut is_larger_at = |place, other| {
        (visit.place, visit.others) = (place, vec![(person(3), other)]);
        visit.run(ms(200));
        visit.upload().is_at_podium
    };
    assert!(is_larger_at(podium, bench));
    assert!(is_larger_at(podium, podium), "who came first");
    assert!(!is_larger_at(bench, podium));
    assert!(!is_larger_at(podium, podium));
    assert!(!is_larger_at(below(3.0), podium), "outside");
}

#[test]
fn the_one_at_the_podium_has_the_stage_until_they_leave_it() {
    let mut visit = Visit::among([2, 3]);
    let [middle, bench] = podium_and_bench();
    visit.place = bench;
    visit.others = vec![(person(3), middle)];
    visit.run(ms(200));
    assert_eq!(visit.media.on_stage(), Some(person(3)));
    assert_eq!(visit.neighbour(3).claim, Some(Claim::Podium));
    assert_eq!(visit.looks()[0], Look::Camera(number(3), PictureSize::Large), "the first of few");
    visit.others = vec![(person(3), middle), (person(2), middle)];
    visit.run(ms(200));
    assert_eq!(visit.media.on_stage(), Some(person(3)), "who came first");
    visit.others = vec![(person(2), middle)];
    visit.run(ms(200));
    assert_eq!(visit.media.on_stage(), Some(person(2)));
    visit.others.clear();
    visit.run(ms(200));
    assert_eq!(visit.media.on_stage(), None);
}

#[test]
fn without_a_camera_nobody_has_the_stage_at_the_podium() {
    let mut visit = Visit::among([2, 3]);
    let [podium, bench] = podium_and_bench();
    (visit.place, visit.others) = (bench, vec![(person(3), podium)]);
    visit.say(FromSfu::Members(vec![(number(2), SEES), (number(3), Shares { camera: false, ..SEES })]));
    visit.run(ms(200));
    assert_eq!((visit.media.on_stage(), visit.neighbour(3).claim), (None, None));
    visit.say(FromSfu::Members(vec![(number(2), SEES), (number(3), SEES)]));
    assert_eq!((visit.media.on_stage(), visit.neighbour(3).claim), (Some(person(3)), Some(Claim::Podium)));
    // Oneself, whose camera is off, and then on.
    (visit.place, visit.others) = (podium, vec![(person(3), bench)]);
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
