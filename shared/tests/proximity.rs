//! With whom one talks on the project's own campus.

use std::{collections::HashSet, path::Path, sync::OnceLock, time::Duration};

use proptest::prelude::*;
use shared::{
    identity::{Identity, UserId},
    limits::CALLS,
    map::{Map, MapFiles},
    position::{Point, Position},
    profile::Status,
    proximity::{Acquaintance, Bystander, Hearing, Listener, Neighbours, hearing, may_be_introduced},
};

fn campus() -> &'static Map {
    static CAMPUS: OnceLock<Map> = OnceLock::new();
    CAMPUS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets");
        let mut files = MapFiles::new();
        for entry in std::fs::read_dir(folder).expect("the assets").flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if [".tmx", ".tsx", ".png"].iter().any(|ending| name.ends_with(ending)) {
                files.insert(name, std::fs::read(entry.path()).expect("an asset"));
            }
        }
        Map::read("campus.tmx", &files).expect("a sound map")
    })
}

fn user_id(secret: u8) -> UserId {
    Identity::from_secret(&[secret; 32]).user_id()
}

fn at(who: u8, x: f32, y: f32) -> Bystander {
    let point = Point::from(Position::from_tiles(x, y));
    Bystander { user_id: user_id(who), listener: Listener { point, status: Status::Available } }
}

/// So many tiles east of where people arrive.
fn east(who: u8, tiles: f32) -> Bystander {
    let (x, y) = campus().default_spawn().tiles();
    at(who, x + tiles, y)
}

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// What somebody knows who has blocked that one.
fn barring(who: u8) -> Acquaintance {
    Acquaintance { barred: HashSet::from([user_id(who)]), ..Acquaintance::default() }
}

/// Whom each of them talks with, after they have looked once.
fn all_neighbours(people: &[Bystander]) -> Vec<HashSet<UserId>> {
    let of = |own: &Bystander| {
        let others: Vec<_> = people.iter().copied().filter(|other| other.user_id != own.user_id).collect();
        let mut near = Neighbours::default();
        near.update(campus(), ms(0), *own, &others, &Acquaintance::default());
        near.iter().collect()
    };
    people.iter().map(of).collect()
}

/// How one pair fares over time: at these times, that far apart.
fn over_time(steps: &[(u64, f32)]) -> Vec<bool> {
    let mut near = Neighbours::default();
    let look = |(at_ms, tiles): &(u64, f32)| {
        near.update(campus(), ms(*at_ms), east(1, 0.0), &[east(2, *tiles)], &Acquaintance::default());
        near.contains(user_id(2))
    };
    steps.iter().map(look).collect()
}

#[test]
fn a_call_begins_at_five_tiles_and_ends_a_second_after_six() {
    assert_eq!(over_time(&[(0, 5.5), (100, 5.0), (200, 5.9), (9000, 5.9)]), [false, true, true, true]);
    assert_eq!(over_time(&[(0, 4.0), (100, 6.5), (1000, 6.5), (1100, 6.5)]), [true, true, true, false]);
    assert_eq!(over_time(&[(0, 4.0), (100, 6.5), (900, 5.9), (1500, 6.5), (2400, 6.5)]), [true; 5], "began anew");
}

#[test]
fn who_stands_between_two_talks_with_both() {
    let near = all_neighbours(&[east(1, 0.0), east(2, 4.0), east(3, 8.0)]);
    let [a, b, c] = [1, 2, 3].map(user_id);
    assert_eq!(near, [HashSet::from([b]), HashSet::from([a, c]), HashSet::from([b])]);
}

#[test]
fn a_wall_is_in_the_way_and_a_door_ends_it_at_once() {
    // On both sides of the wall between the hall and the courtyard, beside its door.
    let (hall, yard) = (at(1, 36.0, 20.5), at(2, 36.0, 24.6));
    assert_eq!(hearing(campus(), hall.listener, yard.listener), Hearing::Cut);
    assert!(!may_be_introduced(campus(), hall.listener, yard.listener));
    let through = at(2, 38.0, 24.6);
    assert!(hearing(campus(), at(1, 38.0, 20.5).listener, through.listener).gain() > 0.0);

    let mut near = Neighbours::default();
    let none = Acquaintance::default();
    near.update(campus(), ms(0), at(1, 38.0, 20.5), &[through], &none);
    assert!(near.contains(user_id(2)));
    near.update(campus(), ms(100), hall, &[yard], &none);
    assert!(near.contains(user_id(2)), "round a corner for a moment");
    near.update(campus(), ms(1100), hall, &[yard], &none);
    assert!(!near.contains(user_id(2)));

    let room = campus().spawn("classroom-a").expect("a room").tiles();
    near.update(campus(), ms(2000), east(1, 0.0), &[east(2, 1.0)], &none);
    assert!(near.contains(user_id(2)));
    near.update(campus(), ms(2100), east(1, 0.0), &[at(2, room.0, room.1)], &none);
    assert!(!near.contains(user_id(2)), "through a door");
}

#[test]
fn who_does_not_want_to_be_disturbed_or_is_blocked_is_left_at_once() {
    let (own, mut other) = (east(1, 0.0), east(2, 1.0));
    let mut near = Neighbours::default();
    near.update(campus(), ms(0), own, &[other], &barring(2));
    assert!(!near.contains(other.user_id));
    near.update(campus(), ms(100), own, &[other], &Acquaintance::default());
    assert!(near.contains(other.user_id));
    near.update(campus(), ms(200), own, &[other], &barring(2));
    assert!(!near.contains(other.user_id));
    near.update(campus(), ms(300), own, &[other], &Acquaintance::default());
    other.listener.status = Status::DoNotDisturb;
    near.update(campus(), ms(400), own, &[other], &Acquaintance::default());
    assert!(!near.contains(other.user_id));
    assert_eq!(near.next_timeout(), None);
}

#[test]
fn a_bench_does_not_come_between_two_people() {
    let bench = campus().shapes.iter().find(|shape| shape.area.contains(Position::new(496, 747))).expect("a bench");
    assert!(!bench.blocks_sound);
    let near = all_neighbours(&[at(1, 31.0, 45.5), at(2, 31.0, 48.0)]);
    assert!(near.iter().all(|others| others.len() == 1));
}

#[test]
fn the_nearest_four_are_chosen_and_must_choose_back() {
    let around = [(2, 0.5), (3, -0.75), (4, 1.0), (5, -1.25)].map(|(who, tiles)| east(who, tiles));
    let (own, far) = (east(1, 0.0), east(6, -4.5));
    let near = all_neighbours(&[&[own][..], &around, &[far]].concat());
    assert_eq!(near[0], [2, 3, 4, 5].map(user_id).into());
    assert_eq!(near[5], HashSet::new(), "all whom it could talk with have four who are nearer");

    // Somebody nearer comes, and after the grace whoever was the fourth is let go.
    let mut over_time = Neighbours::default();
    let others = [&around[..], &[far]].concat();
    over_time.update(campus(), ms(0), own, &others, &Acquaintance::default());
    let closer = [&others[..], &[east(7, 0.25)]].concat();
    over_time.update(campus(), ms(100), own, &closer, &Acquaintance::default());
    assert!(over_time.contains(user_id(7)) && over_time.contains(user_id(5)));
    assert_eq!(over_time.next_timeout(), Some(ms(1100)));
    over_time.update(campus(), ms(1100), own, &closer, &Acquaintance::default());
    assert_eq!(over_time.iter().collect::<HashSet<_>>(), [2, 3, 4, 7].map(user_id).into());
}

/// Somebody with four others nearer than the fifth, who has that one's place unless one of the four takes up none.
fn surrounded() -> (Bystander, Vec<Bystander>, UserId) {
    let others = [(2, 0.5), (3, -0.75), (4, 1.0), (5, -1.25), (6, -4.5)].map(|(who, tiles)| east(who, tiles));
    (east(1, 0.0), others.to_vec(), user_id(6))
}

#[test]
fn who_does_not_want_to_be_disturbed_takes_up_nobodys_place() {
    let (own, mut others, fifth) = surrounded();
    others[0].listener.status = Status::DoNotDisturb;
    let near = all_neighbours(&[&[own][..], &others].concat());
    assert_eq!(near[0], [3, 4, 5, 6].map(user_id).into());
    assert!(near[5].contains(&own.user_id), "both ends know it");
    let mut near = Neighbours::default();
    near.update(campus(), ms(0), own, &others, &Acquaintance::default());
    assert!(near.contains(fifth) && !near.invites(fifth), "nobody has to be told");
}

#[test]
fn who_is_blocked_or_does_not_answer_takes_up_no_place_and_the_next_is_told_so() {
    let (own, others, fifth) = surrounded();
    let mute = Acquaintance { mute: HashSet::from([user_id(2)]), ..Acquaintance::default() };
    for known in [barring(2), mute] {
        let mut near = Neighbours::default();
        near.update(campus(), ms(0), own, &others, &known);
        assert!(near.contains(fifth), "{known:?}");
        assert!(near.invites(fifth) && !near.invites(user_id(3)), "{known:?}");
        assert_eq!(near.contains(user_id(2)), known.barred.is_empty(), "who does not answer is called on all the same");
    }

    // At the other end four seem to be nearer; one of them was told, the other not.
    let theirs: Vec<_> = others.iter().copied().filter(|other| other.user_id != fifth).chain([own]).collect();
    let mut near = Neighbours::default();
    near.update(campus(), ms(0), others[4], &theirs, &Acquaintance::default());
    assert!(!near.contains(own.user_id));
    let host = Acquaintance { hosts: HashSet::from([own.user_id]), ..Acquaintance::default() };
    near.update(campus(), ms(100), others[4], &theirs, &host);
    assert!(near.contains(own.user_id));
}

#[test]
fn whoever_is_invited_comes_only_if_they_have_a_place_themselves() {
    let around = [(2, 0.5), (3, -0.75), (4, 1.0), (5, -1.25)].map(|(who, tiles)| east(who, tiles));
    let host = east(6, 4.5);
    let known = Acquaintance { hosts: HashSet::from([host.user_id]), ..Acquaintance::default() };
    let mut near = Neighbours::default();
    near.update(campus(), ms(0), east(1, 0.0), &[&around[..], &[host]].concat(), &known);
    assert!(!near.contains(host.user_id));
    // Too far away is too far away.
    near.update(campus(), ms(0), east(1, 0.0), &[east(6, 7.0)], &known);
    assert!(!near.prepares(host.user_id));
}

#[test]
fn a_crowd_of_bots_leaves_room_for_two_people_who_meet_among_them() {
    let bots: Vec<_> = (10..22).map(|who| east(who, f32::from(who) * 0.3 - 3.0)).collect();
    let mute: HashSet<_> = bots.iter().map(|bot| bot.user_id).collect();
    let (ada, bob) = (east(1, -2.0), east(2, 2.5));
    let looks = |own: Bystander, other: Bystander, hosts: HashSet<UserId>| {
        let mut near = Neighbours::default();
        let known = Acquaintance { barred: HashSet::new(), mute: mute.clone(), hosts };
        near.update(campus(), ms(0), own, &[&bots[..], &[other]].concat(), &known);
        (near.invites(other.user_id), near.contains(other.user_id))
    };
    assert_eq!(looks(ada, bob, HashSet::new()), (true, false));
    assert_eq!(looks(bob, ada, HashSet::new()), (true, false));
    assert_eq!(looks(ada, bob, HashSet::from([bob.user_id])), (true, true));
    assert_eq!(looks(bob, ada, HashSet::from([ada.user_id])), (true, true));
}

#[test]
fn a_call_is_prepared_before_it_begins_and_kept_a_little_beyond() {
    let mut near = Neighbours::default();
    let mut look = |at_ms, tiles| {
        near.update(campus(), ms(at_ms), east(1, 0.0), &[east(2, tiles)], &Acquaintance::default());
        (near.prepares(user_id(2)), near.contains(user_id(2)))
    };
    assert_eq!([look(0, 7.0), look(100, 6.5), look(200, 5.0)], [(false, false), (true, false), (true, true)]);
    assert_eq!([look(300, 6.6), look(1300, 6.6)], [(true, true), (true, false)], "does not come and go at the edge");
    assert_eq!([look(1400, 7.0), look(2400, 7.0)], [(true, false), (false, false)]);
}

#[test]
fn whoever_talks_was_introduced_before() {
    let is_introduced = |tiles: f32| may_be_introduced(campus(), east(1, 0.0).listener, east(2, tiles).listener);
    assert_eq!([0.0, 5.0, 8.0, 8.1, 12.0].map(is_introduced), [true, true, true, false, false]);
}

#[test]
fn whoever_left_is_gone() {
    let mut near = Neighbours::default();
    near.update(campus(), ms(0), east(1, 0.0), &[east(2, 1.0)], &Acquaintance::default());
    near.update(campus(), ms(100), east(1, 0.0), &[], &Acquaintance::default());
    assert_eq!(near.iter().count(), 0);
}

#[test]
fn people_in_one_room_have_no_calls_in_pairs() {
    let (x, y) = campus().spawn("lounge").expect("a room").tiles();
    let near = all_neighbours(&[at(1, x, y), at(2, x + 1.0, y)]);
    assert!(near.iter().all(HashSet::is_empty));
}

proptest! {
    #[test]
    fn both_ends_of_a_pair_agree_and_nobody_has_too_many(
        places in prop::collection::vec((0.0..12.0_f32, -2.0..2.0_f32), 2..12)
    ) {
        let (x, y) = campus().default_spawn().tiles();
        let people: Vec<_> =
            places.iter().zip(1..).map(|((dx, dy), who)| at(who, x + dx, y + dy)).collect();
        let near = all_neighbours(&people);
        for (own, others) in people.iter().zip(&near) {
            prop_assert!(others.len() <= CALLS);
            for (other, theirs) in people.iter().zip(&near) {
                prop_assert_eq!(others.contains(&other.user_id), theirs.contains(&own.user_id));
            }
        }
    }

    #[test]
    fn whatever_each_knows_they_agree_once_they_have_told_each_other_and_nobody_is_left_out(
        places in prop::collection::vec((0.0..9.0_f32, -2.0..2.0_f32), 2..14),
        bars in prop::collection::vec((0..14_usize, 0..14_usize), 0..8),
        bots in prop::collection::hash_set(0..14_usize, 0..6),
    ) {
        let (x, y) = campus().default_spawn().tiles();
        let people: Vec<_> = places.iter().zip(1..).map(|((dx, dy), who)| at(who, x + dx, y + dy)).collect();
        let ids: Vec<_> = people.iter().map(|person| person.user_id).collect();
        let is_bot = |index: usize| bots.contains(&index);
        // A machine that is barred does not answer, as a bot's does not.
        let known: Vec<_> = (0..people.len()).map(|own| {
            let among = |of: &dyn Fn(usize) -> bool| {
                (0..ids.len()).filter(|other| of(*other)).map(|other| ids[other]).collect()
            };
            Acquaintance {
                barred: among(&|other| bars.contains(&(own, other))),
                mute: among(&|other| is_bot(other) || bars.contains(&(other, own))),
                hosts: HashSet::new(),
            }
        }).collect();
        let look = |own: usize, hosts: HashSet<UserId>| {
            let others: Vec<_> = people.iter().copied().filter(|other| other.user_id != ids[own]).collect();
            let mut near = Neighbours::default();
            near.update(campus(), ms(0), people[own], &others, &Acquaintance { hosts, ..known[own].clone() });
            near
        };
        let first: Vec<_> = (0..people.len()).map(|own| look(own, HashSet::new())).collect();
        let hosts = |own: usize| {
            let invite = (0..people.len()).filter(|other| first[*other].invites(ids[own]));
            invite.map(|other| ids[other]).collect()
        };
        let near: Vec<_> = (0..people.len()).map(|own| look(own, hosts(own))).collect();
        let talks = |a: usize, b: usize| near[a].contains(ids[b]) && !known[a].mute.contains(&ids[b]);
        let answers = |a: usize, b: usize| {
            !known[a].barred.contains(&ids[b]) && !known[a].mute.contains(&ids[b]) && !is_bot(a)
        };
        for own in (0..people.len()).filter(|own| !is_bot(*own)) {
            let others: Vec<_> = (0..people.len()).filter(|other| *other != own && answers(own, *other)).collect();
            prop_assert!(others.iter().filter(|other| talks(own, **other)).count() <= CALLS);
            for other in &others {
                prop_assert_eq!(talks(own, *other), talks(*other, own));
            }
            // Two who have at most four to choose from talk with one another if they are near enough.
            let tiles = |a: usize, b: usize| match hearing(campus(), people[a].listener, people[b].listener) {
                Hearing::Apart(tiles) if answers(a, b) => Some(tiles),
                _ => None,
            };
            let has_few = |of: usize| {
                (0..people.len()).filter(|other| *other != of && tiles(of, *other).is_some()).count() <= CALLS
            };
            for other in others {
                let is_near = tiles(own, other).is_some_and(|tiles| tiles <= 5.0);
                if is_near && has_few(own) && has_few(other) {
                    prop_assert!(talks(own, other), "{} {}", own, other);
                }
            }
        }
    }

    #[test]
    fn both_ends_agree_whatever_happened_before(
        moves in prop::collection::vec((0..8_usize, 30.0..46.0_f32, 18.0..48.0_f32, any::<bool>(), 0..1500_u64), 1..50),
    ) {
        let mut people: Vec<_> = (1..=8).map(|who| east(who, f32::from(who) * 0.8)).collect();
        let mut near = vec![Neighbours::default(); people.len()];
        let mut now = 0;
        // At the end nobody moves for a while, and nobody lingers.
        let rests = [(0, 38.0, 43.0, true, 0), (0, 38.0, 43.0, true, 1000)];
        for (who, x, y, is_open, after_ms) in moves.into_iter().chain(rests) {
            now += after_ms;
            people[who].listener.point = Position::from_tiles(x, y).into();
            people[who].listener.status = if is_open { Status::Away } else { Status::DoNotDisturb };
            for (own, near) in people.iter().zip(&mut near) {
                let others: Vec<_> = people.iter().copied().filter(|other| other.user_id != own.user_id).collect();
                near.update(campus(), ms(now), *own, &others, &Acquaintance::default());
            }
            for (own, others) in people.iter().zip(&near) {
                for (other, theirs) in people.iter().zip(&near) {
                    prop_assert_eq!(others.contains(other.user_id), theirs.contains(own.user_id));
                }
            }
        }
        prop_assert!(near.iter().all(|near| near.iter().count() <= CALLS));
    }
}
