//! Whom the world introduces to whose machine, when that ends, and what is handed on in between.

use matchbox_protocol::{PeerEvent, PeerRequest};
use shared::{
    limits::TICKET_HOLDS,
    position::Direction,
    profile::Status,
    protocol::{PeerId, Ticket, ToRelay},
};
use uuid::Uuid;

use super::{super::*, stage::*};
use crate::{
    limits::{INTRODUCE_EVERY, INTRODUCED_AT_ONCE, PART_AFTER, STRANGER_FOR},
    signalling::exchange::Signal,
};

const DATA: &str = "v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n";

/// On the path of the courtyard, so many tiles east of where people arrive.
fn east(tiles: u16) -> (u16, u16) {
    ((38 + tiles) * 16, 700)
}

fn move_to(stage: &mut Stage, id: u64, (x, y): (u16, u16)) {
    stage.say(id, &ToRelay::Moved(stand(x, y)));
    // Whoever leaps waits a little.
    stage.wait((STRANGER_FOR + 2 * INTRODUCE_EVERY).as_millis() as u64);
}

/// The same where it is not far.
fn step_to(stage: &mut Stage, id: u64, (x, y): (u16, u16)) {
    stage.say(id, &ToRelay::Moved(stand(x, y)));
    stage.wait(INTRODUCE_EVERY.as_millis() as u64);
}

fn set_status(stage: &mut Stage, id: u64, status: Status) {
    stage.say(id, &ToRelay::SetStatus(status));
    stage.wait(INTRODUCE_EVERY.as_millis() as u64);
}

/// Two people, the one with the smaller user id first, and their signalling connections.
struct Pair {
    stage: Stage,
    people: [u8; 2],
    ids: [u64; 2],
    lines: [u64; 2],
}

impl Pair {
    fn at(first: (u16, u16), second: (u16, u16)) -> Self {
        let mut people = [1, 2];
        people.sort_by_key(|who| user_id(*who));
        let mut stage = Stage::on_campus();
        let ids = [stage.enter_at(people[0], first), stage.enter_at(people[1], second)];
        let lines = ids.map(|id| stage.open_line(id));
        stage.wait(1000);
        Self { stage, people, ids, lines }
    }

    /// By which names each was told of the other, in the order in which that happened.
    fn names(&self, which: usize) -> Vec<PeerId> {
        let other = user_id(self.people[1 - which]);
        self.stage.heard(self.ids[which], |message| match message {
            ToClient::Introduced { peer, user_id } => {
                assert_eq!(*user_id, other);
                Some(*peer)
            }
            _ => None,
        })
    }

    /// What came on a signalling connection after its own id.
    fn events(&self, which: usize) -> &[PeerEvent<Signal>] {
        let events = &self.stage.lines[&self.lines[which]].events;
        assert!(matches!(events[0], PeerEvent::IdAssigned(_)));
        &events[1..]
    }

    fn has_met(&self) -> bool {
        assert_eq!(self.names(0).len(), self.names(1).len(), "they are told of one another");
        !self.names(0).is_empty()
    }

    /// One says something to the other, by the name of the last introduction.
    fn say(&mut self, which: usize, signal: Signal) {
        let receiver = matchbox(*self.names(which).last().expect("an introduction"));
        let text = serde_json::to_string(&PeerRequest::Signal { receiver, data: signal }).expect("JSON");
        self.stage.signal(self.lines[which], &text);
    }
}

fn matchbox(peer: PeerId) -> matchbox_protocol::PeerId {
    matchbox_protocol::PeerId(Uuid::from_u128(peer.0))
}

fn offer() -> Signal {
    Signal::Offer(DATA.to_owned())
}

#[test]
fn who_comes_within_eight_tiles_is_introduced_once() {
    let mut pair = Pair::at(east(0), east(9));
    assert!(!pair.has_met());
    let [_, bob] = pair.ids;
    move_to(&mut pair.stage, bob, east(8));
    assert!(pair.has_met());
    for tiles in [7, 5, 0, 9, 8, 10, 3] {
        move_to(&mut pair.stage, bob, east(tiles));
    }
    let [to_bob, to_ada] = [pair.names(0), pair.names(1)];
    assert_eq!((to_bob.len(), to_ada.len()), (1, 1));
    assert_ne!(to_bob, to_ada, "each has a name of its own for the other");
    // The one with the smaller user id makes the offer; the other hears of it by the first signal.
    assert_eq!(pair.events(0), [PeerEvent::NewPeer(matchbox(to_bob[0]))]);
    assert_eq!(pair.events(1), []);
}

#[test]
fn who_walks_by_without_a_word_is_introduced_on_the_way() {
    let mut pair = Pair::at(east(0), east(14));
    let [_, bob] = pair.ids;
    let (x, y) = east(14);
    pair.stage.say(bob, &ToRelay::Moved(edge(x, y, Direction::Left, true)));
    // Six tiles at four tiles a second.
    pair.stage.wait(1400);
    assert!(!pair.has_met());
    pair.stage.wait(400);
    assert!(pair.has_met());
}

#[test]
fn walls_rooms_and_wishes_come_between_people() {
    let corridor = (38 * 16, 328);
    for (first, second, has_met, what) in [
        (corridor, (38 * 16, 392), true, "an open door"),
        (corridor, (552, 416), false, "a wall"),
        ((368, 328), (368, 360), true, "both are in the corridor"),
        ((368, 328), (368, 400), false, "one is in a classroom"),
        ((360, 420), (368, 400), false, "both are in it: they have the room's own call"),
    ] {
        assert_eq!(Pair::at(first, second).has_met(), has_met, "{what}");
    }
    let mut pair = Pair::at(east(0), east(9));
    let ids = pair.ids;
    set_status(&mut pair.stage, ids[0], Status::DoNotDisturb);
    move_to(&mut pair.stage, ids[1], east(1));
    assert!(!pair.has_met());
    set_status(&mut pair.stage, ids[0], Status::Busy);
    assert!(pair.has_met());
}

#[test]
fn signals_are_handed_on_between_the_two_under_the_names_they_know() {
    let mut pair = Pair::at(east(0), east(3));
    let answer = Signal::Answer(DATA.to_owned());
    let candidate = Signal::IceCandidate("null".to_owned());
    pair.say(0, offer());
    pair.say(0, candidate.clone());
    pair.say(1, answer.clone());
    pair.say(1, candidate.clone());
    let [to_bob, to_ada] = [0, 1].map(|which| matchbox(pair.names(which)[0]));
    let from = |sender, data: &Signal| PeerEvent::Signal { sender, data: data.clone() };
    assert_eq!(pair.events(1), [from(to_ada, &offer()), from(to_ada, &candidate)]);
    assert_eq!(pair.events(0), [PeerEvent::NewPeer(to_bob), from(to_bob, &answer), from(to_bob, &candidate)]);
    let counts = pair.stage.world.signalling_counts();
    assert_eq!((counts.introductions, counts.signals, counts.dropped), (1, 4, 0));
}

#[test]
fn who_is_apart_for_two_seconds_is_parted_and_introduced_anew_by_new_names() {
    let mut pair = Pair::at(east(0), east(3));
    let bob = pair.ids[1];
    let [to_bob, to_ada] = [0, 1].map(|which| matchbox(pair.names(which)[0]));
    step_to(&mut pair.stage, bob, east(11));
    pair.stage.wait(1500);
    step_to(&mut pair.stage, bob, east(10));
    pair.stage.wait(5000);
    assert_eq!(pair.events(1), [], "who comes back in time is not parted");

    step_to(&mut pair.stage, bob, east(11));
    pair.stage.wait((PART_AFTER + INTRODUCE_EVERY).as_millis() as u64);
    assert_eq!(pair.events(0), [PeerEvent::NewPeer(to_bob), PeerEvent::PeerLeft(to_bob)]);
    assert_eq!(pair.events(1), [PeerEvent::PeerLeft(to_ada)]);
    pair.say(0, offer());
    assert_eq!(pair.events(1).len(), 1, "nothing is handed on any more");
    assert_eq!(pair.stage.world.signalling_counts().dropped, 1);
    assert_eq!(pair.stage.world.next_timeout(), None, "nothing is left to look at");

    move_to(&mut pair.stage, bob, east(2));
    let names: std::collections::HashSet<_> = [pair.names(0), pair.names(1)].concat().into_iter().collect();
    assert_eq!(names.len(), 4, "no name is used twice");
    pair.say(0, offer());
    assert_eq!(pair.events(1).len(), 2);
}

#[test]
fn do_not_disturb_and_doors_part_people() {
    for by_status in [true, false] {
        let mut pair = Pair::at((368, 328), (368, 344));
        let bob = pair.ids[1];
        if by_status {
            set_status(&mut pair.stage, bob, Status::DoNotDisturb);
        } else {
            move_to(&mut pair.stage, bob, (368, 400));
        }
        pair.stage.wait((PART_AFTER + INTRODUCE_EVERY).as_millis() as u64);
        assert!(matches!(pair.events(1), [PeerEvent::PeerLeft(_)]));
    }
}

#[test]
fn those_at_a_door_inside_a_room_who_asked_for_it_stay_introduced_until_one_goes_further_in() {
    let mut pair = Pair::at((360, 420), (368, 400));
    let ([ada, bob], [_, bob_is]) = (pair.ids, pair.people);
    assert!(!pair.has_met());
    pair.stage.say(ada, &ToRelay::Introduce(user_id(bob_is)));
    pair.stage.wait((PART_AFTER + INTRODUCE_EVERY).as_millis() as u64);
    assert_eq!(pair.names(0).len(), 1);
    pair.say(0, offer());
    pair.stage.wait((PART_AFTER + INTRODUCE_EVERY).as_millis() as u64);
    assert!(matches!(pair.events(1), [PeerEvent::Signal { .. }]), "an answer may take its time");
    move_to(&mut pair.stage, bob, (120, 560));
    pair.stage.wait((PART_AFTER + INTRODUCE_EVERY).as_millis() as u64);
    assert!(matches!(pair.events(1), [PeerEvent::Signal { .. }, PeerEvent::PeerLeft(_)]));
}

#[test]
fn asking_introduces_anew_and_only_those_who_are_near() {
    let mut pair = Pair::at(east(0), east(3));
    let ([ada, bob], [_, bob_is]) = (pair.ids, pair.people);
    pair.say(0, offer());
    pair.stage.say(ada, &ToRelay::Introduce(user_id(bob_is)));
    let [old, new] = pair.names(0)[..] else { panic!("expected two introductions") };
    let events = [PeerEvent::NewPeer, PeerEvent::PeerLeft].map(|event| event(matchbox(old)));
    assert_eq!(pair.events(0), [&events[..], &[PeerEvent::NewPeer(matchbox(new))]].concat());
    pair.say(0, offer());
    let offers = pair.events(1).iter().filter(|event| matches!(event, PeerEvent::Signal { .. }));
    assert_eq!(offers.count(), 2);

    move_to(&mut pair.stage, bob, east(9));
    for whom in [user_id(bob_is), user_id(pair.people[0]), user_id(99)] {
        pair.stage.say(ada, &ToRelay::Introduce(whom));
    }
    assert_eq!(pair.names(0).len(), 2, "far, oneself, and nobody");
}

#[test]
fn a_newer_signalling_connection_takes_the_place_of_the_older() {
    let mut pair = Pair::at(east(0), east(3));
    let old = pair.lines[1];
    pair.lines[1] = pair.stage.open_line(pair.ids[1]);
    pair.stage.wait(1000);
    assert_eq!(pair.stage.lines[&old].closed, Some(close::REFUSED));
    assert_eq!(pair.names(0).len(), 2);
    assert!(matches!(pair.events(0), [PeerEvent::NewPeer(_), PeerEvent::PeerLeft(_), PeerEvent::NewPeer(_)]));
    pair.say(0, offer());
    assert!(matches!(pair.events(1), [PeerEvent::Signal { .. }]));
}

#[test]
fn signalling_ends_with_the_connection_it_hangs_on() {
    for (how, is_clean) in [("leaves", Some(true)), ("is lost", Some(false)), ("is replaced", None)] {
        let mut pair = Pair::at(east(0), east(3));
        match is_clean {
            Some(is_clean) => pair.stage.close(pair.ids[1], is_clean),
            None => {
                pair.stage.enter(pair.people[1]);
            }
        }
        assert!(pair.stage.lines[&pair.lines[1]].closed.is_some(), "{how}");
        assert!(matches!(pair.events(0), [PeerEvent::NewPeer(_), PeerEvent::PeerLeft(_)]), "{how}");
        assert_eq!(pair.stage.lines[&pair.lines[0]].closed, None);
    }
}

#[test]
fn a_lost_signalling_connection_parts_people_and_leaves_them_in_the_world() {
    let mut pair = Pair::at(east(0), east(3));
    let connection = ConnectionId(pair.lines[1]);
    pair.stage.handle(Input::Closed { connection, is_clean: false });
    assert!(matches!(pair.events(0), [PeerEvent::NewPeer(_), PeerEvent::PeerLeft(_)]));
    pair.stage.wait(60_000);
    assert!(pair.stage.seen(pair.ids[0], pair.ids[1]).is_some());
    for input in [Input::NotAMessage { connection }, Input::Flooded { connection }, Input::Overflowed { connection }] {
        pair.stage.handle(input);
    }
}

#[test]
fn strange_texts_end_signalling_and_nothing_else() {
    let mut pair = Pair::at(east(0), east(3));
    for (number, text) in
        ["", "{}", "\"Signal\"", "null", "[[[[", "{\"Signal\":{}}"].iter().cycle().take(600).enumerate()
    {
        if pair.stage.lines[&pair.lines[0]].closed.is_some() {
            assert!(number > 100, "an honest client may be wrong now and then");
            break;
        }
        pair.stage.signal(pair.lines[0], text);
        pair.stage.signal(pair.lines[1], "\"KeepAlive\"");
    }
    assert_eq!(pair.stage.lines[&pair.lines[0]].closed, Some(close::REFUSED));
    assert_eq!(pair.stage.lines[&pair.lines[1]].closed, None);
    assert_eq!(pair.stage.clients[&pair.ids[0]].closed, None);
    assert!(matches!(pair.events(1), [PeerEvent::PeerLeft(_)]));
}

#[test]
fn tickets_hold_once_and_soon_and_for_the_last_who_asked() {
    let mut stage = Stage::on_campus();
    let ada = stage.enter(1);
    let used = stage.ticket(ada);
    assert!(stage.redeem(used).is_some());
    assert_eq!(stage.redeem(used), None, "used");
    let void = stage.ticket(ada);
    let late = stage.ticket(ada);
    assert_eq!(stage.redeem(void), None, "another was asked for");
    stage.wait(TICKET_HOLDS.as_millis() as u64);
    assert_eq!(stage.redeem(late), None, "too late");
    let lost = stage.ticket(ada);
    stage.close(ada, false);
    assert_eq!(stage.redeem(lost), None, "its owner is lost");
    assert_eq!(stage.redeem(Ticket([0; 16])), None, "made up");
    assert_eq!(std::collections::HashSet::from([used, void, late, lost]).len(), 4);
}

#[test]
fn whoever_left_between_ticket_and_connection_gets_none() {
    let mut stage = Stage::on_campus();
    let ada = stage.enter(1);
    let ticket = stage.ticket(ada);
    let user_id = stage.world.redeem(stage.now, ticket).expect("a ticket");
    stage.close(ada, true);
    stage.lines.insert(99, Line::default());
    stage.handle(Input::SignallingOpened { connection: ConnectionId(99), user_id, ticket });
    assert_eq!(stage.lines[&99].closed, Some(close::REFUSED));
    assert_eq!(stage.lines[&99].events, []);
}

#[test]
fn nothing_is_looked_at_where_nobody_has_signalling_or_nobody_moves() {
    let mut stage = Stage::on_campus_without_media();
    let [ada, _] = [stage.enter_at(1, east(0)), stage.enter_at(2, east(3))];
    let (x, y) = east(0);
    stage.say(ada, &ToRelay::Moved(walk(x, y)));
    stage.wait(1000);
    assert_eq!(stage.world.next_timeout(), None);
    stage.open_line(ada);
    stage.wait(100);
    assert!(stage.world.next_timeout().is_some(), "who walks may come near somebody");
    stage.say(ada, &ToRelay::Moved(stand(x, y)));
    stage.wait(1000);
    assert_eq!(stage.world.next_timeout(), None);
}

#[test]
fn a_crowd_is_not_introduced_all_to_all() {
    let mut stage = Stage::on_campus();
    let people: Vec<_> = (1..=80).map(|who| stage.enter_at(who, (608 + u16::from(who), 700))).collect();
    assert!(people.len() > 2 * INTRODUCED_AT_ONCE);
    let lines: Vec<_> = people.iter().map(|id| stage.open_line(*id)).collect();
    stage.wait(10_000);
    for (id, line) in people.iter().zip(&lines) {
        let told = stage.heard(*id, |message| matches!(message, ToClient::Introduced { .. }).then_some(()));
        let events = &stage.lines[line].events;
        let parted = events.iter().filter(|event| matches!(event, PeerEvent::PeerLeft(_))).count();
        assert!((1..=INTRODUCED_AT_ONCE).contains(&(told.len() - parted)), "{} and {parted}", told.len());
    }
}

#[test]
fn a_relay_that_stops_ends_signalling_too() {
    let mut pair = Pair::at(east(0), east(3));
    pair.stage.handle(Input::Stopping { seed: 1 });
    for line in pair.lines {
        assert_eq!(pair.stage.lines[&line].closed, Some(close::RESTARTING));
    }
}

#[test]
fn servers_are_told_as_the_host_named_them() {
    let mut stage = Stage::on_campus();
    let ada = stage.enter(1);
    stage.say(ada, &ToRelay::GetIceServers);
    let none = ToClient::IceServers(Box::default());
    assert_eq!(stage.clients[&ada].heard.last(), Some(&none));
}

#[test]
fn who_leaps_from_one_to_the_next_is_introduced_to_nobody() {
    let mut stage = Stage::on_campus();
    let (ada, bob) = (stage.enter_at(1, east(0)), stage.enter_at(2, east(14)));
    for id in [ada, bob] {
        stage.open_line(id);
    }
    stage.wait(1000);
    let is_introduced =
        |stage: &Stage| stage.heard(bob, |message| matches!(message, ToClient::Introduced { .. }).then_some(()));
    let leap = |stage: &mut Stage, (x, y): (u16, u16)| stage.say(bob, &ToRelay::Moved(stand(x, y)));
    for _ in 0..10 {
        leap(&mut stage, east(2));
        stage.wait(900);
        leap(&mut stage, east(14));
        stage.wait(900);
    }
    assert_eq!(is_introduced(&stage), []);
    // Whoever stays is somebody to meet.
    leap(&mut stage, east(2));
    stage.wait((STRANGER_FOR + 2 * INTRODUCE_EVERY).as_millis() as u64);
    assert_eq!(is_introduced(&stage), [()]);
}

#[test]
fn a_line_that_hung_for_a_second_keeps_nobody_from_being_introduced() {
    let mut stage = Stage::on_campus();
    let (ada, bob) = (stage.enter_at(1, east(0)), stage.enter_at(2, east(14)));
    for id in [ada, bob] {
        stage.open_line(id);
    }
    stage.wait(1000);
    let (x, y) = east(7);
    stage.say(bob, &ToRelay::Moved(stand(x, y)));
    stage.wait(2 * INTRODUCE_EVERY.as_millis() as u64);
    assert_eq!(stage.heard(bob, |message| matches!(message, ToClient::Introduced { .. }).then_some(())), [()]);
}
