//! Nothing crosses between those who are not in one room.

use std::collections::BTreeMap;

use proptest::prelude::*;
use shared::protocol::link::PictureSize;

use super::stage::*;
use crate::sfu::Input;

const PEOPLE: usize = 4;

/// Who goes where, whether to the podium there, and how long that takes. Rooms lie side by side: one leads straight into
/// the other.
fn steps() -> impl Strategy<Value = Vec<(usize, Option<u16>, bool, u64)>> {
    prop::collection::vec((0..PEOPLE, prop::option::of(0..2_u16), any::<bool>(), 0..200_u64), 1..25)
}

proptest! {
    // Each case connects four clients: some seconds of cryptography without optimisation.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whoever_is_not_in_a_room_gets_nothing_from_it(steps in steps()) {
        let mut stage = Stage::with(PEOPLE as u16);
        let everybody: Vec<_> = (0..PEOPLE).collect();
        for place in 0..PEOPLE {
            stage.share(place, Source { voice: Some(-30), camera: true, screen: true });
            stage.look(place, PictureSize::Tile, &everybody);
        }
        // Where each is, from which millisecond on.
        let mut history: Vec<BTreeMap<u64, Option<u16>>> = vec![BTreeMap::from([(0, None)]); PEOPLE];
        for (place, room, is_podium, ms) in steps {
            stage.place_at(place, room, is_podium);
            history[place].insert(stage.ms(stage.now), room);
            stage.run(ms);
        }
        stage.run(500);
        let room_at = |place: usize, ms: u64| history[place].range(..=ms).next_back().and_then(|(_, room)| *room);
        let mut together = 0;
        for place in 0..PEOPLE {
            for heard in &stage.clients[place].heard {
                // When the unit had the packet, to the millisecond; moves of that very millisecond count both ways.
                let ms = heard.mark.at_ms + LATENCY.as_millis() as u64;
                let other = usize::from(heard.mark.by);
                let are_together = [ms.saturating_sub(1), ms].into_iter().any(|ms| {
                    room_at(place, ms).is_some() && room_at(place, ms) == room_at(other, ms)
                });
                prop_assert!(are_together, "{place} got {:?} from {other}", heard.mark);
                together += 1;
            }
        }
        // A schedule that brings two together for a while is not silent.
        let meets = (0..PEOPLE).any(|a| (0..a).any(|b| {
            let end = stage.ms(stage.now);
            (end - 300..end).all(|ms| room_at(a, ms).is_some() && room_at(a, ms) == room_at(b, ms))
        }));
        prop_assert!(!meets || together > 0);
    }
}

/// What somebody got of somebody else that the unit had after that moment.
fn got_of(stage: &Stage, place: usize, other: usize, from_ms: u64) -> usize {
    let by = other as u16;
    let heard = stage.clients[place].heard.iter();
    heard.filter(|heard| heard.mark.by == by && heard.mark.at_ms + LATENCY.as_millis() as u64 > from_ms).count()
}

#[test]
fn whoever_goes_from_one_room_straight_into_the_next_takes_nothing_along() {
    let mut stage = Stage::with(3);
    let everything = Source { voice: Some(-30), camera: true, screen: true };
    for (place, room) in [(0, 0), (1, 0), (2, 1)] {
        stage.share(place, everything);
        stage.look(place, PictureSize::Large, &[0, 1, 2]);
        stage.place(place, Some(room));
    }
    stage.run(2000);
    // Back and forth, so that slots are still held, and key frames asked for, when the room is another one.
    for turn in 0..6 {
        let room = 1 - turn % 2;
        stage.place(0, Some(room));
        let moved_at = stage.ms(stage.now);
        stage.run([20, 500][usize::from(turn / 2 == 1)]);
        let (with, without) = if room == 1 { (2, 1) } else { (1, 2) };
        assert_eq!(got_of(&stage, 0, without, moved_at) + got_of(&stage, without, 0, moved_at), 0, "turn {turn}");
        if turn / 2 == 1 {
            assert!(got_of(&stage, 0, with, moved_at) > 20 && got_of(&stage, with, 0, moved_at) > 20, "turn {turn}");
        }
    }
}

#[test]
fn whoever_left_the_world_sends_and_gets_nothing_though_their_packets_still_come() {
    let mut stage = Stage::with(2);
    for place in 0..2 {
        stage.share(place, Source { voice: Some(-30), camera: true, screen: false });
        stage.look(place, PictureSize::Tile, &[1 - place]);
        stage.place(place, Some(0));
    }
    stage.run(1000);
    let who = stage.clients[0].key;
    stage.handle(Input::Left(who));
    let left_at = stage.ms(stage.now);
    stage.run(1000);
    assert_eq!(got_of(&stage, 0, 1, left_at) + got_of(&stage, 1, 0, left_at), 0);
    assert_eq!(stage.sfu.counts().members, 1);
}
