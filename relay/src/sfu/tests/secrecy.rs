//! Nothing crosses between those who are not in one room.

use std::collections::BTreeMap;

use proptest::prelude::*;
use shared::protocol::link::PictureSize;

use super::stage::*;

const PEOPLE: usize = 4;

fn steps() -> impl Strategy<Value = Vec<(usize, Option<u16>, u64)>> {
    prop::collection::vec((0..PEOPLE, prop::option::of(0..2_u16), 0..200_u64), 1..25)
}

proptest! {
    // Each case connects four clients: some seconds of cryptography without optimisation.
    #![proptest_config(ProptestConfig::with_cases(12))]

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
        for (place, room, ms) in steps {
            stage.place(place, room);
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
