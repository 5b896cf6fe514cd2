//! Nobody is ever sent anything of a conversation they are not part of.
//!
//! Whatever people do in whatever order: what each client hears of chat is exactly what a model says it should, and
//! the model knows nothing of how the world keeps places, audiences and histories.

use proptest::prelude::*;
use shared::{
    chat::{Channel, MessageId},
    movement,
    position::Direction,
    profile::Status,
    protocol::{Direct, Label, Outcome, ToRelay, Where},
    proximity::{self, Listener},
};

use super::{super::*, stage::*};

/// Rooms, doors, both sides of a wall and of a bench, and spots of the courtyard some tiles apart.
const SPOTS: [(u16, u16); 14] = [
    (992, 200),
    (960, 200),
    (992, 216),
    (992, 232),
    (224, 200),
    (240, 200),
    (608, 208),
    (212, 250),
    (192, 275),
    (538, 432),
    (538, 464),
    (608, 700),
    (640, 700),
    (688, 700),
];

const PEOPLE: std::ops::Range<u8> = 1..6;

#[derive(Clone, Debug)]
enum Step {
    Enter(u8, usize),
    Leave(u8),
    Lose(u8),
    Stand(u8, usize),
    Walk(u8, usize, usize),
    Disturb(u8, bool),
    Say(u8, Channel),
    Direct(u8, u8),
    Sign(u8, u8, u8),
    Read(u8),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = || PEOPLE;
    let spot = || 0..SPOTS.len();
    let channel = prop::sample::select(vec![Channel::Nearby, Channel::Room, Channel::Everyone]);
    prop_oneof![
        4 => (who(), spot()).prop_map(|(who, spot)| Step::Enter(who, spot)),
        1 => who().prop_map(Step::Leave),
        1 => who().prop_map(Step::Lose),
        3 => (who(), spot()).prop_map(|(who, spot)| Step::Stand(who, spot)),
        3 => (who(), spot(), 0..4usize).prop_map(|(who, spot, way)| Step::Walk(who, spot, way)),
        1 => (who(), any::<bool>()).prop_map(|(who, is_busy)| Step::Disturb(who, is_busy)),
        10 => (who(), channel).prop_map(|(who, channel)| Step::Say(who, channel)),
        4 => (who(), who()).prop_map(|(who, to)| Step::Direct(who, to)),
        3 => (who(), who(), 0..3u8).prop_map(|(who, to, sign)| Step::Sign(who, to, sign)),
        3 => who().prop_map(Step::Read),
        4 => (0..2_000u64).prop_map(Step::Wait),
        1 => (0..900_000u64).prop_map(Step::Wait),
    ]
}

/// What the model knows: who is connected by which client, and what was said where.
#[derive(Default)]
struct Model {
    entered: HashMap<u8, u64>,
    said: HashMap<Where, Vec<(Duration, MessageId)>>,
    next: u64,
}

impl Model {
    /// The client by which somebody is here.
    fn here(&self, stage: &Stage, who: u8) -> Option<u64> {
        self.entered.get(&who).copied().filter(|id| {
            let client = &stage.clients[id];
            client.closed.is_none() && client.number.is_some()
        })
    }

    fn next_id(&mut self) -> MessageId {
        self.next += 1;
        message_id(self.next)
    }
}

/// Where somebody is, from all they said about it, and whether they want to be spoken to.
fn listener(stage: &Stage, who: u8) -> Listener {
    let participant = &stage.world.participants[&user_id(who)];
    let age = stage.now.saturating_sub(participant.since);
    let pose = movement::advance(&stage.world.map.collision, participant.edge.into(), age);
    Listener { point: pose.point, status: participant.profile.status }
}

fn room(stage: &Stage, who: u8) -> Option<Label> {
    let position = listener(stage, who).point.nearest_position();
    stage.world.map.zone_at(position).map(|zone| label(&zone.name))
}

fn is_in_world(stage: &Stage, who: u8) -> bool {
    stage.world.participants.contains_key(&user_id(who))
}

/// What there is of chat in what a client heard, as far as it should hear it; histories are named by identifiers.
#[derive(Clone, Debug, PartialEq)]
enum Heard {
    Said(Where, MessageId, UserId),
    Room(Where, Vec<MessageId>),
    Direct(UserId, MessageId),
    Sign(ToClient),
}

fn of_chat(message: &ToClient) -> Option<Heard> {
    match message {
        ToClient::Said { place, remark } => Some(Heard::Said(place.clone(), remark.id, remark.from)),
        ToClient::History { place, remarks } if *place != Where::Everyone => {
            Some(Heard::Room(place.clone(), remarks.iter().map(|remark| remark.id).collect()))
        }
        ToClient::DirectReceived(direct) => Some(Heard::Direct(direct.with, direct.id)),
        ToClient::Delivered { .. } | ToClient::Typing(_) | ToClient::Waved(_) => Some(Heard::Sign(message.clone())),
        _ => None,
    }
}

/// The outcome a client was told of a message, if it was.
fn outcome(stage: &Stage, client: u64, id: MessageId) -> Option<Outcome> {
    stage.answers(client).into_iter().find(|(answered, _)| *answered == id).map(|(_, outcome)| outcome)
}

/// Takes a step, and says who should hear what of it.
fn take(stage: &mut Stage, model: &mut Model, step: &Step) -> Vec<(u64, Heard)> {
    match *step {
        Step::Enter(who, spot) => {
            let (x, y) = SPOTS[spot];
            let id = stage.enter_with(who, |hello| hello.place = Some(stand(x, y)));
            model.entered.insert(who, id);
        }
        Step::Leave(who) | Step::Lose(who) => {
            if let Some(id) = model.here(stage, who) {
                stage.close(id, matches!(step, Step::Leave(_)));
            }
        }
        Step::Stand(who, spot) | Step::Walk(who, spot, _) => {
            if let Some(id) = model.here(stage, who) {
                let (x, y) = SPOTS[spot];
                let way = if let Step::Walk(_, _, way) = step { Some(Direction::ALL[*way]) } else { None };
                stage.say(id, &ToRelay::Moved(edge(x, y, way.unwrap_or_default(), way.is_some())));
            }
        }
        Step::Disturb(who, is_busy) => {
            if let Some(id) = model.here(stage, who) {
                let status = if is_busy { Status::DoNotDisturb } else { Status::Available };
                stage.say(id, &ToRelay::SetStatus(status));
            }
        }
        Step::Say(who, channel) => return say(stage, model, who, channel),
        Step::Direct(who, to) => {
            let Some(id) = model.here(stage, who) else { return Vec::new() };
            let there = model.here(stage, to).filter(|_| to != who);
            let message = model.next_id();
            let direct = Direct { with: user_id(to), id: message, sent_at_ms: 1, text: text("hi") };
            stage.say(id, &ToRelay::SendDirect(Box::new(direct)));
            let told = outcome(stage, id, message);
            if told == Some(Outcome::TooFast) || stage.clients[&id].closed.is_some() {
                return Vec::new();
            }
            assert_eq!(told, Some(if there.is_some() { Outcome::Sent } else { Outcome::NotHere }));
            return there.map(|there| (there, Heard::Direct(user_id(who), message))).into_iter().collect();
        }
        Step::Sign(who, to, sign) => {
            let Some(id) = model.here(stage, who) else { return Vec::new() };
            let there = model.here(stage, to).filter(|_| to != who);
            let (own, other, message) = (user_id(who), user_id(to), message_id(u64::from(to)));
            let (said, heard) = match sign {
                0 => (ToRelay::Typing(other), ToClient::Typing(own)),
                1 => (ToRelay::Wave(other), ToClient::Waved(own)),
                _ => (ToRelay::Stored { from: other, id: message }, ToClient::Delivered { by: own, id: message }),
            };
            stage.say(id, &said);
            let there = there.filter(|_| stage.clients[&id].closed.is_none());
            return there.map(|there| (there, Heard::Sign(heard))).into_iter().collect();
        }
        Step::Read(who) => {
            let Some(id) = model.here(stage, who) else { return Vec::new() };
            let place = room(stage, who).map(Where::Room);
            stage.say(id, &ToRelay::ReadRoom);
            let Some(place) = place.filter(|_| stage.clients[&id].closed.is_none()) else { return Vec::new() };
            forget(stage, model, who, &place);
            let remarks = model.said.get(&place).map(|said| said.iter().map(|(_, id)| *id).collect());
            return vec![(id, Heard::Room(place, remarks.unwrap_or_default()))];
        }
        Step::Wait(ms) => stage.wait(ms),
    }
    Vec::new()
}

fn say(stage: &mut Stage, model: &mut Model, who: u8, channel: Channel) -> Vec<(u64, Heard)> {
    let Some(id) = model.here(stage, who) else { return Vec::new() };
    let message = model.next_id();
    let (own, own_room) = (listener(stage, who), room(stage, who));
    stage.say(id, &ToRelay::Say { channel, id: message, text: text("hi") });
    let told = outcome(stage, id, message);
    if told == Some(Outcome::TooFast) || stage.clients[&id].closed.is_some() {
        return Vec::new();
    }
    let place = match (channel, &own_room) {
        (Channel::Everyone, _) => Where::Everyone,
        (Channel::Nearby, _) => Where::Nearby,
        (Channel::Room, Some(room)) => Where::Room(room.clone()),
        (Channel::Room, None) => {
            assert_eq!(told, Some(Outcome::NotInRoom));
            return Vec::new();
        }
    };
    assert_eq!(told, Some(Outcome::Sent));
    // In a room nearby is said to the room, and counts as a visit.
    if let Some(room) = own_room.clone().filter(|_| channel != Channel::Everyone) {
        forget(stage, model, who, &Where::Room(room));
    }
    if place != Where::Nearby {
        model.said.entry(place.clone()).or_default().push((stage.now, message));
    }
    let hears = |other: u8| match &place {
        Where::Everyone => true,
        Where::Room(_) => room(stage, other) == own_room,
        Where::Nearby => proximity::hearing(&stage.world.map, own, listener(stage, other)).gain() > 0.0,
    };
    let others = PEOPLE.filter(|other| *other != who);
    let here = others.filter_map(|other| Some((other, model.here(stage, other)?)));
    here.filter(|(other, _)| hears(*other))
        .map(|(_, id)| (id, Heard::Said(place.clone(), message, user_id(who))))
        .collect()
}

/// Nobody is left of those who heard it, and it was long ago.
fn forget(stage: &Stage, model: &mut Model, visitor: u8, place: &Where) {
    let Where::Room(name) = place else { return };
    let is_somebody_there = PEOPLE
        .filter(|other| *other != visitor && is_in_world(stage, *other))
        .any(|other| room(stage, other).as_ref() == Some(name));
    let newest = model.said.get(place).and_then(|said| said.last());
    let is_old = newest.is_some_and(|(at, _)| stage.now.saturating_sub(*at) > Duration::from_mins(10));
    if is_old && !is_somebody_there {
        model.said.remove(place);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn everybody_hears_what_is_for_them_and_nothing_else(steps in prop::collection::vec(step(), 1..80)) {
        let mut stage = Stage::on_campus();
        let mut model = Model::default();
        for step in &steps {
            let before: HashMap<u64, usize> = stage.clients.iter().map(|(id, client)| (*id, client.heard.len())).collect();
            let everyone: Vec<_> = model.said.get(&Where::Everyone).into_iter().flatten().copied().collect();
            let expected = take(&mut stage, &mut model, step);
            for (id, client) in &stage.clients {
                let new = &client.heard[before.get(id).copied().unwrap_or_default()..];
                let heard: Vec<_> = new.iter().filter_map(of_chat).collect();
                let should: Vec<_> = expected.iter().filter(|(to, _)| to == id).map(|(_, heard)| heard.clone()).collect();
                prop_assert_eq!(&heard, &should, "client {} at {:?}", id, step);
                // What was said to everyone is told to newcomers right after their welcome, and is complete.
                for pair in new.windows(2) {
                    if let ToClient::History { place: Where::Everyone, remarks } = &pair[1] {
                        prop_assert!(matches!(pair[0], ToClient::Welcome(_)));
                        let told: Vec<_> = remarks.iter().map(|remark| remark.id).collect();
                        let is_fresh = |at: Duration| stage.now.saturating_sub(at) < Duration::from_hours(24);
                        let said: Vec<_> = everyone.iter().filter(|(at, _)| is_fresh(*at)).map(|(_, id)| *id).collect();
                        prop_assert_eq!(told, said[said.len().saturating_sub(50)..].to_vec());
                    }
                }
            }
        }
    }
}
