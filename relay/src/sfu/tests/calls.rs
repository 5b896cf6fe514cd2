//! Who hears and sees whom, in which slots and layers.

use std::time::Duration;

use proptest::prelude::*;
use shared::protocol::{
    Number,
    link::{Description, PictureSize},
    room::{AUDIO_SLOTS, Flow, FromSfu, Line, Look, SfuRefusal, ToSfu, Wanted},
};

use super::stage::*;
use crate::sfu::{Input, limits::LOST_AFTER, streams::Stream};

const SHOWS: Source = Source { voice: Some(-30), camera: true, screen: false };

/// So many in one room, who all talk, show themselves, and look at all others.
fn call(people: usize, size: PictureSize) -> Stage {
    let mut stage = Stage::with(people as u16);
    for place in 0..people {
        stage.place(place, Some(0));
        stage.share(place, SHOWS);
        let others: Vec<_> = (0..people).filter(|other| *other != place).collect();
        stage.look(place, size, &others);
    }
    stage.run(1000);
    stage
}

#[test]
fn three_in_a_room_hear_and_see_one_another() {
    let mut stage = call(3, PictureSize::Tile);
    let since = stage.now;
    stage.run(2000);
    for place in 0..3 {
        for other in (0..3).filter(|other| *other != place) {
            let (voice, low) =
                (stage.got(place, since, other, Stream::Microphone), stage.got(place, since, other, Stream::Low));
            assert!((98..=102).contains(&voice), "{place} got {voice} of 100 sounds of {other}");
            assert!((38..=42).contains(&low), "{place} got {low} of 40 pictures of {other}");
            assert_eq!(stage.got(place, since, other, Stream::High), 0, "nobody looks so closely");
        }
        let members = stage.told(place, |told| match told {
            FromSfu::Members(members) => Some(members.len()),
            _ => None,
        });
        assert_eq!(members, Some(2));
        let speakers = stage.told(place, |told| match told {
            FromSfu::Speakers(speakers) => Some(speakers.len()),
            _ => None,
        });
        assert_eq!(speakers, Some(2));
    }
    let counts = stage.sfu.counts();
    assert_eq!((counts.members, counts.connections, counts.faults), (3, 3, 0));
    assert!(counts.packets_out > counts.packets_in / 2);
}

#[test]
fn what_is_not_shared_is_not_forwarded_even_if_it_is_sent() {
    let mut stage = call(2, PictureSize::Tile);
    let source = stage.clients[0].source;
    stage.share(0, Source::default());
    stage.clients[0].source = source;
    stage.run(100);
    let since = stage.now;
    stage.run(1000);
    assert_eq!(stage.got(1, since, 0, Stream::Microphone) + stage.got(1, since, 0, Stream::Low), 0);
    assert_eq!(stage.slots(1).voices, [None; AUDIO_SLOTS]);
    assert!(stage.got(0, since, 1, Stream::Microphone) > 40, "the other way all goes on");
}

/// What the first one got on a line, all of which must follow one another: sequence numbers, times, and the numbers of
/// pictures, whoever and whichever layer it is of.
fn without_jumps(stage: &Stage, line: Line) -> Vec<Heard> {
    let pictures: Vec<_> = stage.clients[0].heard.iter().copied().filter(|heard| heard.line == line).collect();
    for pair in pictures.windows(2) {
        let [a, b] = pair else { unreachable!() };
        assert_eq!(b.sequence, a.sequence + 1, "no packet is missing");
        let (step, ticks) = (b.picture.expect("numbered") - a.picture.expect("numbered"), b.time.wrapping_sub(a.time));
        let is_new = b.mark != a.mark;
        assert_eq!(step, u16::from(is_new), "pictures are numbered one after the other");
        assert_eq!(b.base_picture.expect("numbered").wrapping_sub(a.base_picture.expect("numbered")), step as u8);
        assert!(if is_new { (90..=stage.ms(b.at) as u32 * 90).contains(&ticks) } else { ticks == 0 }, "{ticks} ticks");
        let is_same_source = b.mark.stream == a.mark.stream && b.mark.by == a.mark.by;
        assert!(is_same_source || b.starts_keyframe, "a source begins with a key frame");
    }
    pictures
}

proptest! {
    // Each case connects three clients.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn whoever_looks_at_whomever_in_whichever_size_no_line_jumps(
        looks in prop::collection::vec((any::<[bool; 2]>(), any::<[bool; 2]>(), any::<bool>(), 20..1500_u64), 1..12),
    ) {
        let mut stage = call(3, PictureSize::Tile);
        stage.share(1, Source { screen: true, ..SHOWS });
        for (seen, large, is_screen_seen, ms) in looks {
            let camera = |place: usize| {
                let size = if large[place] { PictureSize::Large } else { PictureSize::Tile };
                Look::Camera(Number(place as u16 + 1), size)
            };
            let mut look: Vec<_> = (0..2).filter(|place| seen[*place]).map(camera).collect();
            look.extend(is_screen_seen.then_some(Look::Screen));
            stage.say(0, ToSfu::Look(look));
            stage.run(ms);
        }
        let came: usize =
            [Line::Picture(0), Line::Picture(1), Line::StageScreen].map(|line| without_jumps(&stage, line).len()).iter().sum();
        prop_assert!(came > 0);
    }
}

#[test]
fn a_large_picture_comes_in_the_large_layer_and_nothing_jumps_when_it_changes() {
    let mut stage = call(2, PictureSize::Tile);
    for size in [PictureSize::Large, PictureSize::Tile, PictureSize::Large] {
        stage.look(0, size, &[1]);
        stage.run(3000);
        let since = stage.now;
        stage.run(1000);
        let (low, high) = (stage.got(0, since, 1, Stream::Low), stage.got(0, since, 1, Stream::High));
        let expected = if size == PictureSize::Large { (0, 60) } else { (20, 0) };
        assert!(low.abs_diff(expected.0) <= 2 && high.abs_diff(expected.1) <= 4, "{size:?}: {low} low, {high} high");
    }
    let pictures = without_jumps(&stage, Line::Picture(0));
    assert!(pictures.first().is_some_and(|first| first.starts_keyframe && first.sequence < 1 << 16));
}

#[test]
fn a_small_screen_in_the_slot_of_another_person_goes_on_without_a_jump() {
    let mut stage = call(3, PictureSize::Tile);
    stage.look(0, PictureSize::Tile, &[1]);
    stage.run(1000);
    stage.look(0, PictureSize::Tile, &[2]);
    stage.run(1000);
    let number = stage.clients[2].key.number;
    let slots = stage.slots(0).pictures;
    let slot = slots.iter().position(|picture| picture.is_some_and(|picture| picture.of == number)).expect("a slot");
    let line = Line::Picture(slot as u8);
    let pictures: Vec<_> = stage.clients[0].heard.iter().filter(|heard| heard.line == line).collect();
    assert!(pictures.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1));
    assert_eq!(slots.iter().flatten().count(), 1);
}

#[test]
fn a_screen_is_on_stage_for_all_and_the_podiums_comes_first() {
    let mut stage = Stage::with(3);
    for place in 0..3 {
        stage.place_at(place, Some(0), place == 2);
        stage.say(place, ToSfu::Look(vec![Look::Screen]));
    }
    stage.share(1, Source { screen: true, ..Source::default() });
    stage.run(2000);
    assert_eq!(stage.slots(0).stage.map(|picture| (picture.of, picture.flow)), Some((Number(1), Flow::Full)));
    let since = stage.now;
    stage.run(1000);
    assert!((19..=21).contains(&stage.got(0, since, 1, Stream::Screen)));
    stage.share(2, Source { screen: true, ..Source::default() });
    stage.run(1000);
    let since = stage.now;
    stage.run(1000);
    assert_eq!(stage.slots(0).stage.map(|picture| picture.of), Some(Number(2)));
    assert!((19..=21).contains(&stage.got(0, since, 2, Stream::Screen)));
    assert_eq!(on_stage(&stage, 1), Some(Number(2)), "also for whoever was on stage before");
    assert_eq!(on_stage(&stage, 2), None, "nobody sees their own, nor one that waits");
    assert_eq!(stage.got(1, since, 2, Stream::Screen), stage.got(0, since, 2, Stream::Screen));
    let pictures: Vec<_> = stage.clients[0].heard.iter().filter(|heard| heard.line == Line::StageScreen).collect();
    assert!(pictures.windows(2).all(|pair| pair[1].sequence == pair[0].sequence + 1));
}

/// Whose screen is on stage, as somebody was told.
fn on_stage(stage: &Stage, place: usize) -> Option<Number> {
    stage.slots(place).stage.map(|picture| picture.of)
}

#[test]
fn of_two_who_show_their_screens_the_first_is_on_stage_for_all_until_it_ends() {
    let mut stage = Stage::with(3);
    let (shows, nothing) = (Source { screen: true, ..Source::default() }, Source::default());
    for place in 0..3 {
        stage.place(place, Some(0));
        stage.say(place, ToSfu::Look(vec![Look::Screen]));
    }
    let seen = |stage: &Stage| [0, 1, 2].map(|place| on_stage(stage, place));
    stage.share(2, shows);
    stage.run(1000);
    stage.share(1, shows);
    stage.run(1000);
    assert_eq!(seen(&stage), [Some(Number(2)), Some(Number(2)), None]);
    let since = stage.now;
    stage.run(1000);
    let got = |stage: &Stage, place, of| stage.got(place, since, of, Stream::Screen);
    assert!((19..=21).contains(&got(&stage, 0, 2)) && (19..=21).contains(&got(&stage, 1, 2)));
    assert_eq!([got(&stage, 0, 1), got(&stage, 2, 1)], [0, 0], "one that waits is shown to nobody");
    // Somebody who shared before them comes in.
    let late = stage.join(Kind::Browser);
    stage.run(1000);
    stage.share(late, shows);
    stage.place(late, Some(0));
    stage.run(1000);
    assert_eq!(seen(&stage), [Some(Number(2)), Some(Number(2)), None]);
    stage.share(2, nothing);
    stage.run(1000);
    assert_eq!(seen(&stage), [Some(Number(1)), None, Some(Number(1))]);
    assert_eq!(on_stage(&stage, late), Some(Number(1)));
}

proptest! {
    // Each case connects four clients.
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn whoever_shows_a_screen_there_is_one_stage_for_all(
        steps in prop::collection::vec((0..4_usize, any::<bool>(), any::<bool>(), 130..400_u64), 1..20),
    ) {
        let mut stage = Stage::with(4);
        let (mut shows, mut teaches) = ([false; 4], [false; 4]);
        for place in 0..4 {
            stage.place(place, Some(0));
        }
        let mut before = None;
        for (place, screen, is_podium, ms) in steps {
            (shows[place], teaches[place]) = (screen, is_podium);
            stage.share(place, Source { screen, ..Source::default() });
            stage.place_at(place, Some(0), is_podium);
            stage.run(ms);
            let seen: Vec<_> = (0..4).filter_map(|place| on_stage(&stage, place)).collect();
            let staged = seen.first().map(|number| usize::from(number.0));
            prop_assert!(seen.windows(2).all(|pair| pair[0] == pair[1]), "{seen:?}");
            prop_assert_eq!(staged.is_some(), shows.contains(&true));
            if let Some(staged) = staged {
                prop_assert!(shows[staged] && seen.len() == 3 && on_stage(&stage, staged).is_none());
                let has_podium = (0..4).any(|place| shows[place] && teaches[place]);
                prop_assert_eq!(teaches[staged], has_podium, "the podium comes first");
            }
            // Whoever is on stage stays there.
            let may_stay = |place: usize| shows[place] && (teaches[place] || staged.is_some_and(|staged| !teaches[staged]));
            prop_assert!(before.is_none_or(|before| !may_stay(before) || staged == Some(before)));
            before = staged;
        }
    }
}

#[test]
fn a_publisher_is_told_what_nobody_looks_at_and_key_frames_are_asked_for_seldom() {
    let mut stage = call(2, PictureSize::Tile);
    let wanted = |stage: &Stage, place| {
        stage.told(place, |told| match told {
            FromSfu::Wanted(wanted) => Some(*wanted),
            _ => None,
        })
    };
    stage.run(5500);
    assert_eq!(wanted(&stage, 1), Some(Wanted { low: true, high: false, screen: false }));
    stage.look(0, PictureSize::Large, &[1]);
    // As soon as a probe has found that the line carries it.
    stage.run(400);
    assert_eq!(wanted(&stage, 1), Some(Wanted { low: true, high: true, screen: false }));
    stage.say(0, ToSfu::Look(Vec::new()));
    stage.run(5500);
    assert_eq!(wanted(&stage, 1), Some(Wanted::default()));
    let asked = stage.clients[1].keyframes_asked;
    assert!((1..=4).contains(&asked), "{asked}");
}

#[test]
fn whoever_comes_in_is_told_at_once_what_is_looked_at_also_on_a_page_that_was_loaded_anew() {
    let mut stage = call(2, PictureSize::Tile);
    let wanted = |told: &FromSfu| match told {
        FromSfu::Wanted(wanted) => Some(*wanted),
        _ => None,
    };
    let low = Wanted { low: true, ..Wanted::default() };
    assert_eq!(stage.told(1, wanted), Some(low), "within a second");
    stage.clients[1].told.clear();
    let who = stage.clients[1].key;
    stage.handle(Input::Arrived(who));
    stage.run(100);
    assert_eq!(stage.told(1, wanted), Some(low));
    stage.clients[1].told.clear();
    stage.run(8000);
    assert_eq!(stage.told(1, wanted), None, "nothing new");
}

#[test]
fn a_client_without_feedback_and_layers_takes_part() {
    let mut stage = Stage::new();
    stage.join(Kind::Browser);
    stage.join(Kind::Simple);
    stage.run(1000);
    for place in 0..2 {
        stage.place(place, Some(0));
        stage.share(place, SHOWS);
        stage.look(place, PictureSize::Large, &[1 - place]);
    }
    stage.run(3000);
    let since = stage.now;
    stage.run(1000);
    assert!(stage.got(1, since, 0, Stream::Microphone) >= 49);
    assert!(stage.got(1, since, 0, Stream::High) >= 58, "it fits into what every line carries");
    assert!(stage.got(0, since, 1, Stream::Low) >= 19, "its only layer");
}

#[test]
fn another_connection_takes_the_place_of_the_first_and_a_page_loaded_anew_may_number_as_it_likes() {
    let mut stage = Stage::with(2);
    let answers =
        |stage: &Stage| stage.clients[0].told.iter().filter(|told| matches!(told, FromSfu::Answer { .. })).count();
    let offer = |stage: &mut Stage, connection| {
        let mut fresh = Fresh::new(stage.now);
        let description = Description::new(&fresh.offer()).expect("short");
        stage.say(0, ToSfu::Offer { connection, description });
    };
    assert_eq!(answers(&stage), 1);
    offer(&mut stage, 2);
    assert_eq!(answers(&stage), 2);
    offer(&mut stage, 1);
    assert_eq!(answers(&stage), 2, "from before");
    let who = stage.clients[0].key;
    stage.handle(Input::Arrived(who));
    offer(&mut stage, 1);
    assert_eq!(answers(&stage), 3);
    offer(&mut stage, 1);
    assert_eq!(answers(&stage), 4, "the same number, but another certificate");
}

#[test]
fn a_client_that_falls_silent_is_told_so_and_forgotten() {
    let mut stage = Stage::with(2);
    stage.place(0, Some(0));
    stage.place(1, Some(0));
    stage.clients[1].is_cut_off = true;
    stage.run(LOST_AFTER.as_millis() as u64 + 1000);
    let lost = |told: &FromSfu| matches!(told, FromSfu::Refused { why: SfuRefusal::Lost, .. }).then_some(());
    assert!(stage.told(1, lost).is_some());
    assert!(stage.told(0, lost).is_none());
    stage.run(200);
    assert_eq!(stage.sfu.counts().connections, 1);
}

#[test]
fn who_is_cut_off_is_missed_long_before_they_are_given_up_and_is_there_again_with_the_first_packet() {
    let mut stage = call(3, PictureSize::Tile);
    let members = |stage: &Stage, place| {
        stage.told(place, |told| match told {
            FromSfu::Members(members) => Some(members.iter().map(|(number, _)| number.0).collect::<Vec<_>>()),
            _ => None,
        })
    };
    let slots = |stage: &Stage| {
        let slots = stage.slots(0);
        (slots.voices.iter().flatten().count(), slots.pictures.iter().flatten().count())
    };
    stage.share(2, Source::default());
    stage.clients[1].is_cut_off = true;
    stage.run(2500);
    assert_eq!((members(&stage, 0), slots(&stage)), (Some(vec![1, 2]), (1, 1)), "a moment is no loss");
    stage.run(1000);
    assert_eq!((members(&stage, 0), slots(&stage)), (Some(vec![2]), (0, 0)));
    assert_eq!(members(&stage, 1), Some(vec![0, 2]));
    stage.clients[2].is_cut_off = true;
    stage.run(3500);
    assert_eq!(members(&stage, 0), Some(vec![2]), "who sends nothing may be silent for longer");
    stage.run(1500);
    assert_eq!(members(&stage, 0), Some(vec![]));
    stage.clients[2].is_cut_off = false;
    stage.run(500);
    assert_eq!(members(&stage, 0), Some(vec![2]));

    stage.clients[1].is_cut_off = false;
    stage.run(500);
    assert_eq!((members(&stage, 0), slots(&stage)), (Some(vec![1, 2]), (1, 1)));
    let since = stage.now;
    stage.run(1000);
    let (voice, low) = (stage.got(0, since, 1, Stream::Microphone), stage.got(0, since, 1, Stream::Low));
    assert!(voice > 45 && low > 15, "{voice} sounds and {low} pictures");
}

#[test]
fn who_only_listens_or_is_alone_is_not_missed() {
    let mut stage = call(2, PictureSize::Tile);
    let listener = stage.join(Kind::Browser);
    let idle = [stage.join(Kind::Browser), stage.join(Kind::Simple)];
    stage.run(1000);
    stage.place(listener, Some(0));
    for place in idle {
        stage.place(place, Some(1));
    }
    stage.run(1000);
    let changes = |stage: &Stage, place: usize| {
        stage.clients[place].told.iter().filter(|told| matches!(told, FromSfu::Members(_))).count()
    };
    let before = [0, idle[0], idle[1]].map(|place| changes(&stage, place));
    stage.run(60_000);
    assert_eq!([0, idle[0], idle[1]].map(|place| changes(&stage, place)), before);
}

#[test]
fn who_was_lost_is_in_the_call_again_only_with_a_connection_that_stands() {
    let mut stage = call(2, PictureSize::Tile);
    let count = |stage: &Stage| {
        stage.told(0, |told| match told {
            FromSfu::Members(members) => Some(members.len()),
            _ => None,
        })
    };
    stage.clients[1].is_cut_off = true;
    stage.run(LOST_AFTER.as_millis() as u64 + 1000);
    assert_eq!(count(&stage), Some(0));
    // A connection whose path is dead as well.
    let offer = Fresh::new(stage.now).offer();
    stage.say(1, ToSfu::Offer { connection: 2, description: Description::new(&offer).expect("short") });
    stage.run(2000);
    assert_eq!((count(&stage), stage.sfu.counts().connections), (Some(0), 2));
}

#[test]
fn nobody_waits_for_the_network_longer_than_needed() {
    let mut stage = call(2, PictureSize::Tile);
    let since = stage.now;
    stage.run(1000);
    let late = stage.clients[0]
        .heard
        .iter()
        .filter(|heard| heard.at >= since && heard.line == Line::Voice(0))
        .map(|heard| Duration::from_millis(stage.ms(heard.at) - heard.mark.at_ms));
    assert_eq!(late.max(), Some(2 * LATENCY), "sound is not paced");
}
