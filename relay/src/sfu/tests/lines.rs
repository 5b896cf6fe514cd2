//! Lines that carry little: sound stays, pictures follow what there is.

use std::{collections::BTreeMap, time::Duration};

use shared::protocol::{
    link::PictureSize,
    room::{Flow, FromSfu},
};

use super::stage::*;
use crate::sfu::streams::Stream;

const SHOWS: Source = Source { voice: Some(-30), camera: true, screen: false };

fn line(bits: u64) -> Network {
    Network { bits: Some(bits), ..Network::default() }
}

/// The first of three looks closely at the others.
fn call() -> Stage {
    let mut stage = Stage::with(3);
    for place in 0..3 {
        stage.place(place, Some(0));
        stage.share(place, SHOWS);
    }
    stage.look(0, PictureSize::Large, &[1, 2]);
    stage
}

/// How many of 100 sounds of each of the others come, and the bits a second of their pictures.
fn come(stage: &mut Stage) -> (usize, usize) {
    const SECONDS: usize = 10;
    let since = stage.now;
    stage.run(SECONDS as u64 * 1000);
    let sounds = (1..3).map(|other| stage.got(0, since, other, Stream::Microphone)).min().unwrap_or_default();
    let heard = stage.clients[0].heard.iter().filter(|heard| heard.at >= since && !heard.line.is_sound());
    (sounds * 2 / SECONDS, heard.map(|heard| heard.bytes).sum::<usize>() * 8 / SECONDS)
}

#[test]
fn on_a_line_of_300_kbits_sound_stays_and_pictures_take_what_is_left() {
    let mut stage = call();
    stage.worsen_down(0, line(300_000));
    stage.run(20_000);
    let (sounds, bits) = come(&mut stage);
    assert!(sounds >= 95, "{sounds} of 100 sounds");
    assert!(bits <= 300_000, "{bits} bits a second");
    let flows: Vec<_> = stage.slots(0).pictures.into_iter().flatten().map(|picture| picture.flow).collect();
    assert!(flows.iter().all(|flow| *flow != Flow::Full), "{flows:?}");
    assert_eq!(flows.len(), 2);
}

#[test]
fn the_packets_of_a_picture_are_sent_together() {
    let mut stage = call();
    stage.run(10_000);
    let since = stage.now;
    stage.run(2000);
    let mut pictures: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for heard in stage.clients[0].heard.iter().filter(|heard| heard.mark.stream == Stream::High as u8) {
        if heard.at >= since {
            pictures.entry((heard.mark.by, heard.mark.at_ms)).or_default().push(heard.at);
        }
    }
    assert!(pictures.len() >= 76, "{} of 80 pictures", pictures.len());
    let is_together = |arrived: &&Vec<_>| arrived.iter().all(|at| *at == arrived[0]);
    let together = pictures.values().filter(is_together).count();
    // Those at both ends of the time may be cut in two, and the line may be put to the test.
    assert!(together >= 72, "{together} of {} pictures", pictures.len());
}

#[test]
fn a_line_that_becomes_worse_is_followed_down_and_up_again() {
    let mut stage = call();
    stage.worsen_down(0, line(3_000_000));
    stage.run(15_000);
    let (sounds, bits) = come(&mut stage);
    assert!(sounds >= 97, "{sounds} of 100 sounds");
    assert!(bits > 800_000, "both large: {bits} bits a second");
    stage.worsen_down(0, line(500_000));
    stage.run(10_000);
    let (sounds, bits) = come(&mut stage);
    assert!(sounds >= 95, "{sounds} of 100 sounds");
    assert!((50_000..500_000).contains(&bits), "{bits} bits a second");
    stage.worsen_down(0, line(3_000_000));
    stage.run(40_000);
    let (sounds, bits) = come(&mut stage);
    assert!(sounds >= 97, "{sounds} of 100 sounds");
    assert!(bits > 800_000, "both large again: {bits} bits a second");
}

/// How the first of some gets each of their pictures that has a slot.
fn flows(stage: &Stage) -> Vec<Flow> {
    stage.slots(0).pictures.into_iter().flatten().map(|picture| picture.flow).collect()
}

#[test]
fn open_microphones_that_are_silent_take_no_room_from_pictures() {
    let mut stage = Stage::with(5);
    for place in 0..5 {
        stage.place(place, Some(0));
        stage.share(place, Source { voice: Some(NO_SOUND_DB), camera: place == 1, screen: false });
    }
    stage.worsen_down(0, line(300_000));
    stage.look(0, PictureSize::Tile, &[1]);
    stage.run(20_000);
    let since = stage.now;
    stage.run(5000);
    let pictures = stage.got(0, since, 1, Stream::Low);
    assert!(pictures >= 90, "{pictures} of 100 pictures");
}

#[test]
fn a_line_that_loses_much_is_said_to_be_poor_though_all_pictures_fit() {
    let mut stage = call();
    stage.look(0, PictureSize::Tile, &[1, 2]);
    stage.run(10_000);
    assert_eq!(flows(&stage), [Flow::Full; 2]);
    stage.worsen_down(0, Network { loss_percent: 15, seed: 1, ..Network::default() });
    stage.run(10_000);
    assert_eq!(flows(&stage), [Flow::Reduced; 2]);
    let since = stage.now;
    stage.run(5000);
    assert!(stage.got(0, since, 1, Stream::Low) >= 90, "it comes all the same");
    stage.worsen_down(0, Network::default());
    stage.run(15_000);
    assert_eq!(flows(&stage), [Flow::Full; 2]);
}

#[test]
fn a_line_that_loses_much_is_said_to_be_poor_by_clients_without_feedback_too() {
    let mut stage = simple_call();
    stage.run(10_000);
    assert_eq!(flows(&stage), [Flow::Full; 2]);
    stage.worsen_down(0, Network { loss_percent: 15, seed: 1, ..Network::default() });
    stage.run(15_000);
    assert_eq!(flows(&stage), [Flow::Reduced; 2]);
}

#[test]
fn a_line_that_carries_hardly_a_small_picture_is_said_to_be_poor() {
    let mut stage = call();
    stage.share(2, Source::default());
    stage.look(0, PictureSize::Tile, &[1]);
    stage.worsen_down(0, line(280_000));
    stage.run(30_000);
    assert_eq!(flows(&stage), [Flow::Reduced]);
    let since = stage.now;
    stage.run(5000);
    assert!(stage.got(0, since, 1, Stream::Low) >= 80, "it comes all the same");
}

#[test]
fn a_large_layer_that_does_not_come_leaves_its_room_to_others() {
    let mut stage = call();
    stage.clients[1].leaves_out_high = true;
    // Both large do not fit, one does.
    stage.worsen_down(0, line(1_100_000));
    stage.run(15_000);
    let since = stage.now;
    stage.run(20_000);
    let large = stage.got(0, since, 2, Stream::High) / 3;
    assert!(large >= 360, "{large} of 400 large pictures");
    let asked = stage.clients[1].told.iter().filter(|told| matches!(told, FromSfu::Wanted(wanted) if wanted.high));
    assert!(asked.count() >= 2, "it is asked for again");
    stage.clients[1].leaves_out_high = false;
    stage.worsen_down(0, Network::default());
    stage.run(30_000);
    let since = stage.now;
    stage.run(2000);
    assert!([1, 2].iter().all(|other| stage.got(0, since, *other, Stream::High) / 3 >= 36), "both come large again");
}

#[test]
fn another_order_of_speakers_is_no_sign_of_a_bad_line() {
    let mut stage = call();
    stage.worsen_down(0, line(1_100_000));
    stage.run(20_000);
    let hurt_at = |stage: &Stage| stage.sfu.people[&stage.clients[0].key].budget.hurt_at();
    let before = hurt_at(&stage);
    for turn in 0..6 {
        let levels = if turn % 2 == 0 { [-30, NO_SOUND_DB] } else { [NO_SOUND_DB, -30] };
        for (place, level) in [(1, levels[0]), (2, levels[1])] {
            stage.share(place, Source { voice: Some(level), ..SHOWS });
        }
        stage.run(4000);
        let since = stage.now;
        stage.run(1000);
        let large = [1, 2].map(|other| stage.got(0, since, other, Stream::High) / 3 >= 15);
        assert_eq!(large, [turn % 2 == 0, turn % 2 == 1], "turn {turn}: who speaks is large");
    }
    assert_eq!(hurt_at(&stage), before);
}

#[test]
fn what_a_line_carries_is_not_forgotten_outside() {
    let mut stage = call();
    stage.run(15_000);
    let believed = |stage: &Stage| stage.sfu.people[&stage.clients[0].key].budget.bits();
    let before = believed(&stage);
    stage.place(0, None);
    stage.run(15_000);
    let after = believed(&stage);
    assert!(after >= before * 9 / 10, "{before} bits a second before, {after} after");
}

#[test]
fn what_is_sent_again_is_counted() {
    let mut stage = call();
    stage.run(10_000);
    assert_eq!(stage.sfu.counts().sent_again, 0);
    stage.worsen_down(0, Network { loss_percent: 5, seed: 1, ..Network::default() });
    stage.run(20_000);
    // Of some 2 times 20 pictures a second of 1 to 3 packets each.
    let again = stage.sfu.counts().sent_again;
    assert!((60..=250).contains(&again), "{again}");
}

/// The first of three, who only says what it could receive, looks at the others in small.
fn simple_call() -> Stage {
    let mut stage = Stage::new();
    stage.join(Kind::Simple);
    stage.join(Kind::Browser);
    stage.join(Kind::Browser);
    stage.run(1000);
    for place in 0..3 {
        stage.place(place, Some(0));
        stage.share(place, SHOWS);
    }
    stage.look(0, PictureSize::Tile, &[1, 2]);
    stage.run(3000);
    stage
}

/// How many of the pictures of 10 seconds come of each of the others, if a number is said twice a second.
fn pictures(stage: &mut Stage, receivable: impl Fn(u64) -> u64) -> [usize; 2] {
    let since = stage.now;
    for half in 0..20 {
        stage.say_receivable(0, receivable(half));
        stage.run(500);
    }
    [1, 2].map(|other| stage.got(0, since, other, Stream::Low))
}

#[test]
fn a_client_that_says_it_could_receive_little_more_than_what_comes_keeps_all_of_it_and_gets_more() {
    let mut stage = simple_call();
    // aiortc begins with what came, and its number grows by some 4 % until it is half as large again.
    let growing = |half: u64| 128_000 + 5_000 * half.min(12);
    let pictures = pictures(&mut stage, growing);
    assert!(pictures.iter().all(|count| *count >= 195), "{pictures:?} of 200 pictures");
    let since = stage.now;
    stage.look(0, PictureSize::Large, &[1]);
    stage.run(3000);
    assert!(stage.got(0, since, 1, Stream::High) >= 100, "the large one fits into what every line carries");
}

#[test]
fn a_client_whose_number_falls_gets_less_for_a_while() {
    let mut stage = simple_call();
    pictures(&mut stage, |_| 200_000);
    let fell = pictures(&mut stage, |half| 100_000 - half.min(8) * 1000);
    assert!(fell[0] >= 150 && fell[1] < 100, "one of two goes on: {fell:?} of 200 pictures");
    let after = pictures(&mut stage, |_| 92_000);
    assert!(after.iter().all(|count| *count >= 100), "both go on again: {after:?} of 200 pictures");
}

#[test]
fn pictures_come_to_a_machine_that_is_too_busy_to_look_up_often() {
    for stall in [60, 150, 350] {
        let mut stage = Stage::new();
        for place in 0..3 {
            stage.join(Kind::Browser);
            stage.worsen_down(place, Network { stall: Duration::from_millis(stall), ..Network::default() });
        }
        stage.run(1000);
        for place in 0..3 {
            stage.place(place, Some(0));
            stage.share(place, Source { camera: false, ..SHOWS });
        }
        stage.look(0, PictureSize::Large, &[1, 2]);
        stage.run(8000);
        for place in 0..3 {
            stage.share(place, SHOWS);
        }
        let seconds = (0..60).filter(|_| {
            let since = stage.now;
            stage.run(1000);
            let comes =
                |other| stage.got(0, since, other, Stream::Low) + stage.got(0, since, other, Stream::High) / 3 >= 10;
            comes(1) && comes(2)
        });
        let seconds = seconds.count();
        assert!(seconds >= 45, "both come in {seconds} of 60 seconds, packets every {stall} ms");
    }
}
