//! Single rules, then two negotiations with each other, then one against somebody who says anything at all.

mod pair;
mod pipe;

use proptest::prelude::*;
use shared::protocol::link::{CandidateLine, Shares};

use self::{
    pair::{Pair, Path},
    pipe::Pipe,
};
use super::*;
use crate::media::{courier::tests::pair as couriers, messages::ConnectionState};

/// A whole second, as far as the model's counting of packets goes.
const START: Duration = Duration::from_secs(1000);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// A description of a call: its maker's name for the path, and that of the offer it answers, if it does.
fn describe(name: u32, answers: u32) -> Description {
    let lines = ["audio", "video", "video", "audio"].map(|kind| format!("m={kind} 9 UDP/TLS/RTP/SAVPF 96\r\n"));
    let text = format!("v=0\r\ns={answers}\r\n{}a=ice-ufrag:{name}\r\n", lines.concat());
    Description::new(&text).expect("a description")
}

/// What [`describe`] put in.
fn read(description: &Description) -> (u32, u32) {
    let number = |start: &str| {
        let line = description.as_str().lines().find_map(|line| line.strip_prefix(start));
        line.and_then(|line| line.parse().ok()).expect("a number")
    };
    (number("a=ice-ufrag:"), number("s="))
}

fn candidate(name: u32) -> Candidate {
    Candidate { line: CandidateLine::new(&name.to_string()).expect("a candidate"), media_line: 0 }
}

/// One end, and what it did so far.
struct End {
    negotiation: Negotiation,
    now: Duration,
}

impl End {
    fn new(offers: bool) -> Self {
        Self { negotiation: Negotiation::new(START, offers, true), now: START }
    }

    fn handle(&mut self, event: Event) -> Vec<Action> {
        self.negotiation.handle(self.now, event);
        std::iter::from_fn(|| self.negotiation.poll()).collect()
    }

    fn said(&mut self, message: CallMessage) -> Vec<Action> {
        self.handle(Event::Said(message))
    }

    fn told(&mut self, event: CallEvent) -> Vec<Action> {
        self.handle(Event::Connection(event))
    }

    fn wait(&mut self, ms: u64) -> Vec<Action> {
        self.now += Duration::from_millis(ms);
        self.handle(Event::Tick)
    }

    /// The impolite side, after its first offer was answered and the connection stands.
    fn connected() -> Self {
        let mut end = Self::new(true);
        assert_eq!(end.handle(Event::Tick), [offers(false)]);
        end.told(CallEvent::Described(describe(1, 0)));
        end.said(CallMessage::Answer(describe(2, 1)));
        end.told(CallEvent::Accepted);
        assert_eq!(end.told(CallEvent::State(ConnectionState::Connected)), []);
        end
    }

    /// The polite side, after it answered the first offer and the connection stands.
    fn answered() -> Self {
        let mut end = Self::new(false);
        end.said(CallMessage::Offer(describe(1, 0)));
        end.told(CallEvent::Accepted);
        let answer = CallMessage::Answer(describe(2, 1));
        assert_eq!(end.told(CallEvent::Described(describe(2, 1))), [Action::Say(answer)]);
        assert_eq!(end.told(CallEvent::State(ConnectionState::Connected)), []);
        end
    }
}

fn offers(restart: bool) -> Action {
    Action::Command(CallCommand::Offer { restart })
}

fn adds(name: u32) -> Action {
    Action::Command(CallCommand::AddCandidate(candidate(name)))
}

#[test]
fn candidates_follow_their_description_on_both_sides() {
    let mut polite = End::new(false);
    assert_eq!(polite.said(CallMessage::Candidate(candidate(9))), [], "of nothing");
    let accepts = Action::Command(CallCommand::AcceptOffer(describe(1, 0)));
    assert_eq!(polite.said(CallMessage::Offer(describe(1, 0))), [accepts]);
    assert_eq!(polite.said(CallMessage::Candidate(candidate(1))), [], "the offer is not set yet");
    polite.told(CallEvent::Accepted);
    assert_eq!(polite.told(CallEvent::Candidate(candidate(2))), [], "the answer is not told yet");
    let answer = Action::Say(CallMessage::Answer(describe(2, 1)));
    let own = || Action::Say(CallMessage::Candidate(candidate(2)));
    assert_eq!(polite.told(CallEvent::Described(describe(2, 1))), [answer, own(), adds(1)]);
    assert_eq!(polite.told(CallEvent::Candidate(candidate(2))), [own()]);
    assert_eq!(polite.said(CallMessage::Candidate(candidate(1))), [adds(1)]);
}

#[test]
fn the_impolite_side_goes_on_with_its_own_offer() {
    let mut end = End::connected();
    assert_eq!(end.told(CallEvent::State(ConnectionState::Failed)), [offers(true)]);
    assert_eq!(end.said(CallMessage::Offer(describe(3, 0))), []);
    assert_eq!(end.said(CallMessage::Candidate(candidate(3))), []);
    let offer = Action::Say(CallMessage::Offer(describe(4, 0)));
    assert_eq!(end.told(CallEvent::Described(describe(4, 0))), [offer]);
    assert_eq!(end.said(CallMessage::Offer(describe(5, 0))), []);
    assert_eq!(end.said(CallMessage::Candidate(candidate(5))), []);
    end.said(CallMessage::Answer(describe(6, 4)));
    assert_eq!(end.said(CallMessage::Candidate(candidate(6))), []);
    assert_eq!(end.told(CallEvent::Accepted), [adds(6)]);
}

#[test]
fn the_polite_side_takes_its_offer_back() {
    let mut end = End::answered();
    end.told(CallEvent::State(ConnectionState::Failed));
    assert_eq!(end.wait(1000), [offers(true)]);
    assert_eq!(end.said(CallMessage::Offer(describe(3, 0))), []);
    let offer = Action::Say(CallMessage::Offer(describe(4, 0)));
    let accepts = Action::Command(CallCommand::AcceptOffer(describe(3, 0)));
    assert_eq!(end.told(CallEvent::Described(describe(4, 0))), [offer, accepts]);
    end.told(CallEvent::Accepted);
    let answer = Action::Say(CallMessage::Answer(describe(5, 3)));
    assert_eq!(end.told(CallEvent::Described(describe(5, 3))), [answer], "the other's restart serves both");
}

#[test]
fn an_offer_taken_back_for_one_that_restarts_nothing_is_made_again() {
    let mut end = End::answered();
    end.told(CallEvent::State(ConnectionState::Failed));
    end.wait(1000);
    end.told(CallEvent::Described(describe(4, 0)));
    end.said(CallMessage::Offer(describe(1, 0)));
    end.told(CallEvent::Accepted);
    let answer = Action::Say(CallMessage::Answer(describe(2, 1)));
    assert_eq!(end.told(CallEvent::Described(describe(2, 1))), [answer, offers(true)]);
}

#[test]
fn a_restart_that_is_no_longer_needed_is_not_made() {
    let mut end = End::connected();
    end.said(CallMessage::Offer(describe(3, 0)));
    assert_eq!(end.told(CallEvent::State(ConnectionState::Failed)), [], "the browser is busy");
    end.told(CallEvent::State(ConnectionState::Connected));
    end.told(CallEvent::Accepted);
    let answer = Action::Say(CallMessage::Answer(describe(4, 3)));
    assert_eq!(end.told(CallEvent::Described(describe(4, 3))), [answer]);
}

#[test]
fn the_other_sides_restart_takes_the_place_of_an_own_one() {
    let mut impolite = End::new(true);
    impolite.told(CallEvent::Described(describe(1, 0)));
    impolite.said(CallMessage::Answer(describe(2, 1)));
    assert_eq!(impolite.told(CallEvent::State(ConnectionState::Failed)), [], "the browser is busy");
    assert_eq!(impolite.said(CallMessage::Offer(describe(3, 0))), []);
    let accepts = Action::Command(CallCommand::AcceptOffer(describe(3, 0)));
    assert_eq!(impolite.told(CallEvent::Accepted), [accepts]);
    impolite.told(CallEvent::Accepted);
    let answer = Action::Say(CallMessage::Answer(describe(4, 3)));
    assert_eq!(impolite.told(CallEvent::Described(describe(4, 3))), [answer]);

    let mut polite = End::answered();
    polite.told(CallEvent::State(ConnectionState::Disconnected));
    polite.wait(2000);
    polite.said(CallMessage::Offer(describe(3, 0)));
    polite.told(CallEvent::Accepted);
    polite.told(CallEvent::Described(describe(4, 3)));
    assert_eq!(polite.wait(9999), []);
    assert_eq!(polite.wait(1), [Action::GiveUp]);
}

#[test]
fn what_a_browser_refuses_is_the_end() {
    let mut end = End::connected();
    assert_eq!(end.told(CallEvent::Broken), [Action::GiveUp]);
    assert_eq!(end.told(CallEvent::Broken), []);
    assert_eq!(end.said(CallMessage::Offer(describe(3, 0))), []);
    assert_eq!(end.negotiation.next_timeout(), None);
}

#[test]
fn a_description_of_something_else_is_never_set() {
    let data = Description::new("v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n").expect("text");
    assert_eq!(End::new(false).said(CallMessage::Offer(data.clone())), [Action::GiveUp]);
    assert_eq!(End::connected().said(CallMessage::Offer(data.clone())), [Action::GiveUp]);
    let mut end = End::new(true);
    end.told(CallEvent::Described(describe(1, 0)));
    assert_eq!(end.said(CallMessage::Answer(data)), [Action::GiveUp]);
}

#[test]
fn answers_nobody_asked_for_are_left_alone() {
    assert_eq!(End::connected().said(CallMessage::Answer(describe(2, 1))), []);
    assert_eq!(End::answered().said(CallMessage::Answer(describe(1, 0))), []);
    assert_eq!(End::connected().said(CallMessage::Shares(Shares::default())), []);
    assert_eq!(End::connected().told(CallEvent::Described(describe(7, 0))), []);
}

#[test]
fn each_description_may_have_many_candidates() {
    let mut end = End::answered();
    let added = |end: &mut End| {
        let many = (0..CANDIDATES + 3).flat_map(|_| end.said(CallMessage::Candidate(candidate(1))));
        many.filter(|action| *action == adds(1)).count()
    };
    assert_eq!(added(&mut end), CANDIDATES);
    end.said(CallMessage::Offer(describe(1, 0)));
    end.told(CallEvent::Accepted);
    end.told(CallEvent::Described(describe(2, 1)));
    assert_eq!(added(&mut end), CANDIDATES);
}

#[test]
fn a_storm_is_the_end() {
    let storm = |message: &dyn Fn(u32) -> CallMessage, most: usize| {
        let mut end = End::answered();
        let gives_up = |end: &mut End, count: u32| end.said(message(count)).contains(&Action::GiveUp);
        let at = (0..2000).position(|count| gives_up(&mut end, count)).expect("an end");
        assert!(at <= most && end.negotiation.waiting.is_empty(), "{at}");
    };
    storm(&|count| CallMessage::Offer(describe(count, 0)), 10);
    storm(&|_| CallMessage::Answer(describe(1, 0)), 10);
    storm(&|_| CallMessage::Candidate(candidate(1)), CANDIDATES + 10);
}

#[test]
fn a_pair_connects() {
    let mut pair = Pair::new(vec![20]);
    pair.run(1000);
    assert!(pair.is_connected() && pair.agrees());
    pair.run(3_600_000);
    assert!(pair.is_connected());
    assert_eq!((pair.given_up, &pair.restarts[..]), (0, &[][..]), "and is left alone");
}

#[test]
fn a_first_connection_that_never_stands_is_given_up_after_fifteen_seconds() {
    let mut pair = Pair::new(vec![20]);
    pair.path = Path::Down;
    pair.run(14_990);
    assert_eq!(pair.given_up, 0);
    pair.run(10);
    assert_eq!(pair.gave_up[0], (0, START + ms(15_000)));
}

#[test]
fn a_cut_leads_to_a_restart_and_then_to_another_attempt() {
    let mut pair = Pair::new(vec![20]);
    pair.run(1000);
    pair.path = Path::Down;
    pair.pipe.set_up(false);
    pair.run(20_000);
    // A second until it is noticed.
    let noticed = START + ms(2010);
    assert_eq!(pair.restarts, [(0, noticed + ms(3000)), (1, noticed + ms(4000))]);
    assert_eq!(pair.gave_up[0], (0, noticed + ms(13_000)));
}

#[test]
fn silence_leads_to_a_restart_and_then_to_another_attempt() {
    let mut pair = Pair::new(vec![20]);
    pair.expect(0, true);
    pair.run(2500);
    pair.path = Path::Mute;
    pair.run(30_000);
    // The last packets were counted after two seconds.
    assert_eq!(pair.restarts, [(0, START + ms(5000))]);
    assert_eq!(pair.gave_up[0], (0, START + ms(15_000)));
    assert_eq!(pair.given_up, 1, "nothing ever arrived on the next, so nothing is missed");
}

#[test]
fn another_network_is_found_by_a_restart() {
    let mut pair = Pair::new(vec![50]);
    pair.run(1000);
    pair.change_network();
    pair.run(6000);
    assert!(pair.is_connected() && pair.agrees());
    assert_eq!((pair.given_up, pair.restarts.len()), (0, 1));
}

#[test]
fn two_who_restart_at_once_agree() {
    for delay in [10, 50, 200, 400] {
        let mut pair = Pair::new(vec![delay]);
        pair.run(5000);
        pair.change_network();
        pair.fail(1);
        pair.run(990);
        pair.fail(0);
        pair.run(5000);
        assert_eq!(pair.taken_back, 1, "both offered");
        assert!(pair.is_connected() && pair.agrees(), "{delay}");
        assert_eq!((pair.given_up, pair.restarts.len()), (0, 2));
    }
}

#[test]
fn two_who_restart_at_once_agree_though_what_they_say_is_lost_and_overtaken() {
    let frames =
        vec![(false, 300, None), (true, 1, None), (false, 5, Some(900)), (false, 120, None), (true, 1, Some(70))];
    let mut pair = Pair::on(Pipe::couriers(frames), vec![50]);
    pair.run(15_000);
    assert!(pair.is_connected() && pair.agrees());
    pair.change_network();
    pair.fail(1);
    pair.run(990);
    pair.fail(0);
    pair.run(9000);
    assert_eq!(pair.taken_back, 1, "both offered");
    assert!(pair.is_connected() && pair.agrees());
    assert_eq!((pair.given_up, pair.restarts.len()), (0, 2));
}

/// What happens to a pair.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Wait(u64),
    Fail(usize),
    Path(Path),
    Pipe(bool),
    Network,
    Expect(usize, bool),
    /// The path is gone, and both ends notice within so many milliseconds: both offer.
    Glare(u64),
    /// A page is loaded anew.
    Reload(usize),
}

fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let path = prop_oneof![3 => Just(Path::Up), 2 => Just(Path::Down), 1 => Just(Path::Mute)];
    let fate = prop_oneof![
        6 => (10_u64..2000).prop_map(Fate::Wait),
        2 => (2000_u64..8000).prop_map(Fate::Wait),
        2 => (0_usize..2).prop_map(Fate::Fail),
        2 => path.prop_map(Fate::Path),
        2 => any::<bool>().prop_map(Fate::Pipe),
        1 => Just(Fate::Network),
        1 => (0_usize..2, any::<bool>()).prop_map(|(end, sound)| Fate::Expect(end, sound)),
        2 => (900_u64..1100).prop_map(Fate::Glare),
        1 => (0_usize..2).prop_map(Fate::Reload),
    ];
    prop::collection::vec(fate, 0..30)
}

fn delays(most: u64) -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(1..most, 1..20)
}

fn bear(pair: &mut Pair, fate: Fate) {
    match fate {
        Fate::Wait(ms) => pair.run(ms),
        Fate::Fail(end) => pair.fail(end),
        Fate::Path(path) => pair.path = path,
        Fate::Pipe(is_up) => pair.pipe.set_up(is_up),
        Fate::Network => pair.change_network(),
        Fate::Expect(end, sound) => pair.expect(end, sound),
        Fate::Reload(end) => pair.reload(end),
        Fate::Glare(ms) => {
            pair.change_network();
            // The polite side waits for a second, so that the two rarely meet.
            pair.fail(1);
            pair.run(ms);
            pair.fail(0);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn whatever_happened_a_pair_connects_once_it_can(fates in fates(), delays in delays(500)) {
        let mut pair = Pair::new(delays);
        for fate in fates {
            bear(&mut pair, fate);
        }
        pair.path = Path::Up;
        pair.pipe.set_up(true);
        // Long enough for an attempt that is beyond help to end, and for the next.
        pair.run(30_000);
        prop_assert!(pair.is_connected() && pair.agrees());
    }

    #[test]
    fn whatever_became_of_what_they_said_a_pair_connects_once_it_can(
        fates in fates(),
        frames in couriers::fates(),
        delays in delays(500),
    ) {
        let mut pair = Pair::on(Pipe::couriers(frames), delays);
        for fate in fates {
            bear(&mut pair, fate);
        }
        pair.path = Path::Up;
        pair.pipe.lose_nothing();
        pair.pipe.set_up(true);
        pair.run(40_000);
        prop_assert!(pair.is_connected() && pair.agrees());
    }

    #[test]
    fn a_change_of_network_never_costs_a_call(
        changes in prop::collection::vec((0_usize..2, 0_u64..2000, 0_usize..2), 0..12),
        delays in delays(300),
    ) {
        let mut pair = Pair::new(delays);
        for (first, between, second) in changes {
            pair.run(6000);
            pair.change_network();
            pair.fail(first);
            pair.run(between);
            pair.fail(second);
        }
        pair.run(9000);
        prop_assert!(pair.is_connected() && pair.agrees());
        prop_assert_eq!(pair.given_up, 0);
    }

    #[test]
    fn anything_at_all_is_borne(offers in any::<bool>(), events in prop::collection::vec(hostile(), 0..300)) {
        let mut negotiation = Negotiation::new(START, offers, true);
        let (mut now, mut is_busy, mut gave_up) = (START, false, false);
        for (wait, event) in events {
            now += ms(wait);
            // What a browser says follows from what it was told.
            let completes = match &event {
                Event::Connection(CallEvent::Described(_) | CallEvent::Accepted) if !is_busy => continue,
                Event::Connection(CallEvent::Described(_)) => {
                    matches!(negotiation.busy, Some(Busy::Offering | Busy::Answering))
                }
                Event::Connection(CallEvent::Accepted) => negotiation.busy == Some(Busy::AcceptingAnswer),
                _ => false,
            };
            is_busy &= !completes;
            negotiation.handle(now, event);
            while let Some(action) = negotiation.poll() {
                prop_assert!(!gave_up, "nothing after the end");
                match action {
                    Action::Command(CallCommand::AddCandidate(_)) => prop_assert!(!is_busy),
                    Action::Command(_) => prop_assert!(!std::mem::replace(&mut is_busy, true), "one at a time"),
                    Action::GiveUp => gave_up = true,
                    Action::Say(_) => {}
                }
            }
            prop_assert!(negotiation.waiting.len() <= WAITING && negotiation.early_candidates.len() <= CANDIDATES);
            prop_assert!(negotiation.next_timeout().is_none_or(|at| at > now), "no timeout goes by");
        }
    }
}

/// After how long, and what.
fn hostile() -> impl Strategy<Value = (u64, Event)> {
    let name = 1_u32..6;
    let state = prop_oneof![
        Just(ConnectionState::Connecting),
        Just(ConnectionState::Connected),
        Just(ConnectionState::Disconnected),
        Just(ConnectionState::Failed),
    ];
    let event = prop_oneof![
        3 => name.clone().prop_map(|name| Event::Said(CallMessage::Offer(describe(name, 0)))),
        3 => name.clone().prop_map(|name| Event::Said(CallMessage::Answer(describe(name, 1)))),
        4 => name.clone().prop_map(|name| Event::Said(CallMessage::Candidate(candidate(name)))),
        4 => name.clone().prop_map(|name| Event::Connection(CallEvent::Described(describe(name, 0)))),
        4 => Just(Event::Connection(CallEvent::Accepted)),
        2 => name.prop_map(|name| Event::Connection(CallEvent::Candidate(candidate(name)))),
        2 => state.prop_map(|state| Event::Connection(CallEvent::State(state))),
        1 => (0_u64..3, 0_u64..3)
            .prop_map(|(sound, picture)| Event::Connection(CallEvent::Arrived { sound, picture })),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(sound, picture)| Event::Expects { sound, picture }),
    ];
    (prop_oneof![4 => 0_u64..300, 1 => 0_u64..6000], event)
}
