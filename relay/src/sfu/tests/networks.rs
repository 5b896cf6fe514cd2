//! Bad networks: packets that are lost, late, and out of order, and lines that carry little. All in virtual time, and
//! with seeds; what is measured is printed as a table (`cargo test -p relay networks -- --nocapture`).

use std::time::Duration;

use shared::protocol::{link::PictureSize, room::Flow};

use super::stage::*;
use crate::sfu::streams::Stream;

const SHOWS: Source = Source { voice: Some(-30), camera: true, screen: false };

/// Each second.
const SOUNDS: usize = 50;
const PICTURES: usize = 20;

/// So many seconds something is measured.
const SECONDS: usize = 10;

/// The first of three looks closely at the second, and small at the third, who looks closely at the first.
fn call() -> Stage {
    let mut stage = Stage::with(3);
    for place in 0..3 {
        stage.place(place, Some(0));
        stage.share(place, SHOWS);
    }
    stage.look(0, PictureSize::Large, &[1]);
    stage.look(2, PictureSize::Large, &[0]);
    stage.run(10_000);
    stage
}

/// What came of somebody to somebody in some seconds.
#[derive(Debug)]
struct Outcome {
    /// Of a hundred sounds.
    sounds: usize,
    /// Of a hundred pictures, in whichever layer: those of which every packet came.
    pictures: usize,
    /// Of the pictures those in the large layer, of a hundred.
    large: usize,
    /// How long the slowest of the fastest 95 % of the sounds was under way.
    late: Duration,
    /// What the unit sent to them, in bits a second.
    sent_bits: u64,
}

fn measure(stage: &mut Stage, to: usize, from: usize) -> Outcome {
    let since = stage.now;
    stage.run(SECONDS as u64 * 1000);
    let by = stage.clients[from].key.number.0;
    let came = || stage.clients[to].heard.iter().filter(|heard| heard.at >= since && heard.mark.by == by);
    let mut late: Vec<_> = came()
        .filter(|heard| heard.mark.stream == Stream::Microphone as u8)
        .map(|heard| Duration::from_millis(stage.ms(heard.at).saturating_sub(heard.mark.at_ms)))
        .collect();
    late.sort_unstable();
    let whole = |stream: Stream, packets: usize| {
        let mut of_picture = std::collections::HashMap::<u64, usize>::new();
        for heard in came().filter(|heard| heard.mark.stream == stream as u8) {
            *of_picture.entry(heard.mark.at_ms).or_default() += 1;
        }
        of_picture.values().filter(|came| **came >= packets).count()
    };
    let (low, high) = (whole(Stream::Low, 1), whole(Stream::High, 3));
    Outcome {
        sounds: late.len() * 100 / (SOUNDS * SECONDS),
        pictures: (low + high) * 100 / (PICTURES * SECONDS),
        large: high * 100 / (low + high).max(1),
        late: late.get(late.len().saturating_sub(1) * 95 / 100).copied().unwrap_or_default(),
        sent_bits: stage.sent_bits(to, since),
    }
}

/// The milliseconds until the large layer comes whole for a second, if that takes no longer than a minute.
fn until_large(stage: &mut Stage, to: usize, from: usize) -> Option<u64> {
    let start = stage.now;
    while stage.now < start + Duration::from_mins(1) {
        stage.run(100);
        let since = stage.now.checked_sub(Duration::from_secs(1)).unwrap_or(start);
        if since >= start && stage.got(to, since, from, Stream::High) >= 3 * PICTURES - 3 {
            return Some(stage.ms(since) - stage.ms(start));
        }
    }
    None
}

fn flow(stage: &Stage, place: usize) -> Option<Flow> {
    stage.slots(place).pictures.into_iter().flatten().map(|picture| picture.flow).next()
}

/// A line of the table.
fn print(what: &str, outcome: &Outcome, back: Option<u64>) {
    let Outcome { sounds, pictures, large, late, sent_bits } = outcome;
    let back = back.map_or("-".to_owned(), |ms| format!("{:.1} s", ms as f64 / 1000.0));
    eprintln!(
        "| {what} | {sounds} % | {} ms | {pictures} % | {large} % | {} | {back} |",
        late.as_millis(),
        sent_bits / 1000
    );
}

fn lossy(loss_percent: u8, seed: u64) -> Network {
    Network { loss_percent, seed, ..Network::default() }
}

/// What comes of a call in a network that is bad both ways for the first of three, to them and from them, and after how
/// long it is as before once the network is.
fn endure(what: &str, network: Network) -> (Outcome, Outcome, Option<u64>) {
    let mut stage = call();
    stage.worsen_down(0, network);
    stage.worsen_up(0, network);
    stage.run(10_000);
    let down = measure(&mut stage, 0, 1);
    let up = measure(&mut stage, 2, 0);
    stage.worsen_down(0, Network::default());
    stage.worsen_up(0, Network::default());
    let back = until_large(&mut stage, 0, 1);
    print(&format!("{what}, to them"), &down, back);
    print(&format!("{what}, from them"), &up, None);
    (down, up, back)
}

#[test]
fn a_good_network_carries_everything() {
    let (down, up, back) = endure("good", Network::default());
    for outcome in [down, up] {
        assert!(outcome.sounds >= 99 && outcome.pictures >= 98 && outcome.large >= 99, "{outcome:?}");
        assert_eq!(outcome.late, 2 * LATENCY);
    }
    assert_eq!(back, Some(0));
}

/// Sound is not sent again: as much comes as is not lost. Pictures are, and they are whole again.
fn loss(percent: u8, seeds: &[u64], pictures_at_least: usize) {
    for seed in seeds {
        let (down, up, back) = endure(&format!("{percent} % lost, seed {seed}"), lossy(percent, *seed));
        // Of 500 sounds, each lost or not: six times the deviation, which is far off.
        let likely = f64::from(percent) / 100.0;
        let off = 600.0 * (likely * (1.0 - likely) / (SOUNDS * SECONDS) as f64).sqrt() + 1.0;
        let expected = 100.0 - f64::from(percent);
        for outcome in [&down, &up] {
            assert!((outcome.sounds as f64 - expected).abs() <= off, "{outcome:?}");
            assert!(outcome.pictures >= pictures_at_least, "{outcome:?}");
        }
        assert!(back.is_some_and(|ms| ms <= 40_000), "{back:?}");
    }
}

#[test]
fn of_two_percent_that_are_lost_nothing_is_seen() {
    loss(2, &[1, 2], 97);
}

#[test]
fn with_ten_percent_lost_sound_goes_on_and_pictures_are_repaired() {
    loss(10, &[1, 2], 90);
}

#[test]
fn with_thirty_percent_lost_sound_goes_on() {
    loss(30, &[1, 2], 0);
}

#[test]
fn packets_that_overtake_one_another_are_neither_lost_nor_too_many() {
    // 15 to 45 ms from one client to the other and 30 in the mean, on each of two lines.
    let network = Network { spread: Duration::from_millis(30), seed: 1, ..Network::default() };
    let (down, up, back) = endure("10 to 40 ms under way", network);
    for outcome in [down, up] {
        assert!(outcome.sounds >= 99 && outcome.pictures >= 95, "{outcome:?}");
        assert!(outcome.late <= 2 * LATENCY + network.spread, "{outcome:?}");
    }
    assert!(back.is_some_and(|ms| ms <= 40_000), "{back:?}");
}

/// What comes over a line that is too narrow for the large layer, and how long it takes until it comes again once the line
/// is not.
fn narrow(line: u64) -> Outcome {
    let mut stage = call();
    stage.worsen_down(0, Network { bits: Some(line), ..Network::default() });
    stage.run(15_000);
    let outcome = measure(&mut stage, 0, 1);
    let flow = flow(&stage, 0);
    stage.worsen_down(0, Network::default());
    let back = until_large(&mut stage, 0, 1);
    print(&format!("{} kbit/s", line / 1000), &outcome, back);
    assert!(outcome.sounds >= 95, "{outcome:?}");
    assert!(outcome.sent_bits <= line * 11 / 10, "{outcome:?}");
    assert_eq!(outcome.large, 0, "{outcome:?}");
    assert!(flow.is_some_and(|flow| flow != Flow::Full), "{flow:?}");
    assert!(back.is_some_and(|ms| ms <= 60_000), "{back:?}");
    outcome
}

#[test]
fn on_a_line_of_300_kbits_sound_stays_and_what_is_sent_fits() {
    narrow(300_000);
}

#[test]
fn on_a_line_of_400_kbits_the_small_picture_comes_as_well() {
    let outcome = narrow(400_000);
    assert!(outcome.pictures >= 95, "{outcome:?}");
}

/// The milliseconds until the last of the large layer comes before ten seconds without it, if there are such within a
/// minute.
fn until_small(stage: &mut Stage, to: usize, from: usize) -> Option<u64> {
    let start = stage.now;
    let mut last = start;
    while stage.now < start + Duration::from_mins(1) {
        let since = stage.now;
        stage.run(100);
        if stage.got(to, since, from, Stream::High) > 0 {
            last = stage.now;
        } else if stage.now >= last + Duration::from_secs(10) {
            return Some(stage.ms(last) - stage.ms(start));
        }
    }
    None
}

#[test]
fn a_line_that_halves_is_followed_within_seconds_and_one_that_doubles_again_is_used() {
    let line = 900_000;
    let mut stage = call();
    stage.worsen_down(0, Network { bits: Some(line), ..Network::default() });
    stage.run(20_000);
    let before = measure(&mut stage, 0, 1);
    let whole = Network { bits: Some(line), ..Network::default() };
    let half = Network { bits: Some(line / 2), ..Network::default() };
    stage.worsen_down(0, half);
    let halved_at = stage.now;
    let fits = until_small(&mut stage, 0, 1);
    let meanwhile = stage.got(0, halved_at, 1, Stream::Microphone) * 100
        / (SOUNDS * ((stage.ms(stage.now) - stage.ms(halved_at)) / 1000) as usize);
    let after = measure(&mut stage, 0, 1);
    stage.worsen_down(0, whole);
    let back = until_large(&mut stage, 0, 1);
    print("900 kbit/s", &before, None);
    print("450 kbit/s since then", &after, back);
    eprintln!("it is small {fits:?} ms after the line halved; {meanwhile} % of the sounds came meanwhile");
    assert!(before.large >= 90 && before.sounds >= 97, "{before:?}");
    // Two looks at the line, half a second each, and what waits in it then.
    assert!(fits.is_some_and(|ms| ms <= 2000), "{fits:?}");
    assert!(meanwhile >= 85, "{meanwhile} % of the sounds");
    assert!(after.sounds >= 95 && after.pictures >= 90 && after.large <= 5, "{after:?}");
    assert!(after.sent_bits <= line / 2 * 11 / 10, "{after:?}");
    assert!(back.is_some_and(|ms| ms <= 60_000), "{back:?}");
}

/// A browser shows itself to somebody of that kind, who looks closely, and says from the beginning what they could
/// receive.
fn call_with(kind: Kind, remb: Option<u64>) -> Stage {
    let mut stage = Stage::new();
    stage.join(kind);
    stage.join(Kind::Browser);
    stage.clients[0].remb = remb;
    stage.run(1000);
    for place in 0..2 {
        stage.place(place, Some(0));
        stage.share(place, SHOWS);
    }
    stage.look(0, PictureSize::Large, &[1]);
    stage.run(5000);
    stage
}

#[test]
fn a_browser_is_not_limited_by_what_it_says_besides_its_feedback() {
    let mut stage = call_with(Kind::Browser, Some(200_000));
    stage.run(5000);
    assert!(measure(&mut stage, 0, 1).large >= 95);
}
