//! Whose voices somebody hears.

use shared::protocol::{Number, room::Teacher};

use super::stage::*;
use crate::sfu::streams::Stream;

const TALKS: Source = Source { voice: Some(-30), camera: false, screen: false };

#[test]
fn the_loudest_are_heard_and_the_podium_always() {
    let mut stage = Stage::with(7);
    for place in 0..7 {
        stage.place_at(place, Some(0), place == 6);
        // The lower the number the louder; the podium is nearly silent.
        let level = if place == 6 { -60 } else { -20 - 7 * place as i8 };
        stage.share(place, Source { voice: Some(level), ..Source::default() });
    }
    stage.run(3000);
    let heard = |stage: &Stage, place: usize| {
        let mut heard: Vec<_> = stage.slots(place).voices.iter().flatten().map(|number| number.0).collect();
        heard.sort_unstable();
        heard
    };
    assert_eq!(heard(&stage, 5), [0, 1, 2, 6]);
    assert_eq!(heard(&stage, 0), [1, 2, 3, 6]);
    let since = stage.now;
    let before = stage.slots(5).voices;
    stage.run(2000);
    assert_eq!(stage.slots(5).voices, before, "slots are sticky");
    assert!(stage.got(5, since, 6, Stream::Microphone) > 95);
    assert_eq!(stage.got(5, since, 4, Stream::Microphone), 0);

    stage.share(0, Source { voice: Some(-90), ..Source::default() });
    stage.run(2500);
    assert_eq!(heard(&stage, 5), [1, 2, 3, 6], "whoever is silent gives their slot to whoever speaks");
}

#[test]
fn a_group_at_the_podium_keeps_nobody_from_being_heard_while_it_listens() {
    let mut stage = Stage::with(7);
    for place in 0..7 {
        // Five at the podium, of whom one teaches, all with open microphones; the class speaks.
        stage.place_at(place, Some(0), place < 5);
        let level = if place < 5 { -90 } else { -40 };
        stage.share(place, Source { voice: Some(level), ..Source::default() });
    }
    stage.run(3000);
    let teachers = |stage: &Stage| [0, 1, 6].map(|place| stage.slots(place).teacher);
    let other = |number: u16| Teacher::Other(Number(number));
    let hears = |stage: &Stage, place: usize, other: u16| {
        stage.slots(place).voices.iter().flatten().any(|number| number.0 == other)
    };
    assert!(hears(&stage, 6, 5) && hears(&stage, 5, 6), "the class hears itself");
    assert!(hears(&stage, 6, 0), "and whoever teaches, who is silent");
    assert_eq!(teachers(&stage), [Teacher::Oneself, other(0), other(0)]);
    for place in 1..5 {
        stage.share(place, Source { voice: Some(-50), ..Source::default() });
    }
    stage.run(3000);
    assert!(!hears(&stage, 6, 5), "those who speak there come before the class");
    assert!(hears(&stage, 6, 0));
    stage.place_at(0, Some(0), false);
    stage.run(1000);
    assert!(!hears(&stage, 6, 0), "another teaches now");
    assert_eq!(teachers(&stage), [other(1), Teacher::Oneself, other(1)]);
    stage.place_at(0, Some(0), true);
    stage.run(1000);
    assert_eq!(
        teachers(&stage),
        [other(1), Teacher::Oneself, other(1)],
        "whoever comes back is not the first any more"
    );
    for place in 0..5 {
        stage.place_at(place, Some(0), false);
    }
    stage.run(1000);
    assert_eq!(teachers(&stage), [Teacher::Nobody; 3]);
}

#[test]
fn the_first_word_is_heard() {
    let mut stage = Stage::with(2);
    for place in 0..2 {
        stage.place(place, Some(0));
    }
    stage.run(500);
    stage.share(1, TALKS);
    let since = stage.now;
    stage.run(500);
    let got = stage.got(0, since, 1, Stream::Microphone);
    assert!(got >= 23, "{got} of 25");
}
