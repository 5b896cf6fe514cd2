//! Lines that carry little: sound stays, pictures follow what there is.

use shared::protocol::{link::PictureSize, room::Flow};

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
