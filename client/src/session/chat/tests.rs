//! Conversations against a relay that says what each test needs.

use std::collections::BTreeMap;

use shared::{
    chat::{Channel, ChatText, MessageId},
    movement::Edge,
    position::{Direction, Position},
    profile::Name,
    protocol::{self, Event, Label, Outcome, Remark, ToClient, ToRelay, Where},
};

use super::{Key, Returned, Unsaid, direct, message::State};
use crate::session::{
    Input, Output,
    memory::{Entry, Memory, Store},
    news::{Chime, What},
    tests::{Client, participant, person, sent},
};

const BOB: u8 = 2;

fn text(text: &str) -> ChatText {
    ChatText::new(text).expect("a text")
}

fn id(bits: u64) -> MessageId {
    MessageId::from_bits(bits)
}

/// A storage that does what a session asks for.
#[derive(Default)]
struct Drawer(BTreeMap<String, String>);

impl Drawer {
    fn take(&mut self, outputs: &[Output]) {
        for output in outputs {
            if let Output::Remember(Entry { key, value }) = output {
                match value {
                    Some(value) => self.0.insert(key.to_string(), value.clone()),
                    None => self.0.remove(key.as_ref()),
                };
            }
        }
    }
}

impl Store for Drawer {
    fn read(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn keys(&self) -> Vec<String> {
        self.0.keys().cloned().collect()
    }
}

fn edge() -> Edge {
    Edge { position: Position::new(608, 700), direction: Direction::Down, is_moving: false }
}

fn joined() -> ToClient {
    ToClient::Happened(vec![Event::Joined(Box::new(participant(2, BOB, "Bob", edge(), 0)))])
}

/// Ada, with Bob beside her.
fn with_bob() -> Client {
    let mut ada = Client::online();
    ada.hear(0, &joined());
    ada
}

fn say(to: &str) -> Input {
    Input::Say { key: Key::Direct(person(BOB)), text: text(to) }
}

fn direct(bits: u64, stamp: u64, what: &str) -> ToClient {
    let direct = protocol::Direct { with: person(BOB), id: id(bits), sent_at_ms: stamp, text: text(what) };
    ToClient::DirectReceived(Box::new(direct))
}

fn directs(outputs: &[Output]) -> Vec<protocol::Direct> {
    let direct = |message| if let ToRelay::SendDirect(direct) = message { Some(*direct) } else { None };
    sent(outputs).into_iter().filter_map(direct).collect()
}

fn returned(outputs: &[Output]) -> Vec<Returned> {
    let returned = |output: &Output| if let Output::PutBack(returned) = output { Some(returned.clone()) } else { None };
    outputs.iter().filter_map(returned).collect()
}

fn receipts(outputs: &[Output]) -> Vec<MessageId> {
    let receipt = |message| if let ToRelay::Stored { id, .. } = message { Some(id) } else { None };
    sent(outputs).into_iter().filter_map(receipt).collect()
}

fn texts(client: &Client, key: &Key) -> Vec<String> {
    client.session.chats().messages(key).map(|message| message.text.as_str().to_owned()).collect()
}

fn states(client: &Client) -> Vec<State> {
    client.session.chats().messages(&Key::Direct(person(BOB))).map(|message| message.state).collect()
}

#[test]
fn a_direct_message_is_sending_then_sent_then_delivered() {
    let mut ada = with_bob();
    let outputs = ada.tell(10, say("hi"));
    let [message] = &directs(&outputs)[..] else { panic!("one message: {outputs:?}") };
    assert_eq!((message.with, message.text.as_str()), (person(BOB), "hi"));
    assert_eq!(states(&ada), [State::Sending]);
    ada.hear(20, &ToClient::Answered { id: message.id, outcome: Outcome::Sent });
    assert_eq!(states(&ada), [State::Sent]);
    ada.hear(30, &ToClient::Delivered { by: person(BOB), id: message.id });
    assert_eq!(states(&ada), [State::Delivered]);
    assert_eq!(directs(&ada.tell(120_000, Input::Tick)), [], "nothing is sent again");
}

#[test]
fn nobody_else_can_acknowledge_a_message() {
    let mut ada = with_bob();
    let id = directs(&ada.tell(10, say("hi")))[0].id;
    ada.hear(30, &ToClient::Delivered { by: person(3), id });
    assert_eq!(states(&ada), [State::Sending]);
}

#[test]
fn a_message_to_somebody_who_is_away_waits_for_them() {
    let mut ada = with_bob();
    ada.hear(10, &ToClient::Happened(vec![Event::Left(protocol::Number(2))]));
    assert_eq!(directs(&ada.tell(20, say("one"))), []);
    assert_eq!(directs(&ada.tell(30, say("two"))), []);
    let sent = directs(&ada.hear(60_000, &joined()));
    assert_eq!(sent.iter().map(|direct| direct.text.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    assert!(sent[0].sent_at_ms < sent[1].sent_at_ms, "stamps order them");
}

#[test]
fn what_waits_survives_a_reload() {
    let mut drawer = Drawer::default();
    let mut ada = with_bob();
    drawer.take(&ada.hear(10, &ToClient::Happened(vec![Event::Left(protocol::Number(2))])));
    drawer.take(&ada.tell(20, say("one")));
    let mut ada = Client::online_with(Memory::read(&drawer));
    assert_eq!(states(&ada), [State::Sending]);
    assert_eq!(directs(&ada.hear(100, &joined())).len(), 1);
    let bob = ada.session.roster().person(person(BOB)).expect("an acquaintance");
    assert_eq!(bob.profile.name.as_str(), "Bob");
}

#[test]
fn a_message_that_comes_twice_is_stored_once_and_acknowledged_twice() {
    let mut drawer = Drawer::default();
    let mut ada = with_bob();
    let outputs = ada.hear(10, &direct(7, 5, "hi"));
    drawer.take(&outputs);
    let kept = outputs.iter().position(|output| matches!(output, Output::Remember(_)));
    let told = outputs.iter().position(|output| matches!(output, Output::Send(_)));
    assert!(kept.is_some() && kept < told, "stored before it is acknowledged: {outputs:?}");
    assert_eq!(receipts(&outputs), [id(7)]);
    assert_eq!(receipts(&ada.hear(20, &direct(7, 5, "hi"))), [id(7)]);
    assert_eq!(texts(&ada, &Key::Direct(person(BOB))), ["hi"]);

    let mut ada = Client::online_with(Memory::read(&drawer));
    ada.hear(30, &joined());
    assert_eq!(receipts(&ada.hear(40, &direct(7, 5, "hi"))), [id(7)]);
    assert_eq!(texts(&ada, &Key::Direct(person(BOB))), ["hi"], "after a reload too");
}

#[test]
fn messages_that_come_in_the_wrong_order_are_put_in_the_right_one() {
    let mut ada = with_bob();
    ada.tell(5, say("before"));
    for (bits, stamp) in [(1, 10), (3, 30), (4, 40), (2, 20)] {
        ada.hear(10, &direct(bits, stamp, &bits.to_string()));
    }
    assert_eq!(texts(&ada, &Key::Direct(person(BOB))), ["before", "1", "2", "3", "4"]);
}

#[test]
fn a_clock_that_is_ahead_does_not_put_messages_into_the_future() {
    let mut ada = with_bob();
    ada.hear(1000, &direct(1, u64::MAX, "hi"));
    let unix_ms = ada.session.unix_ms(crate::session::tests::at(1000));
    let key = Key::Direct(person(BOB));
    let at: Vec<_> = ada.session.chats().messages(&key).map(|message| message.at_ms).collect();
    assert_eq!(at, [unix_ms]);
}

#[test]
fn what_is_not_looked_at_counts_as_unread_across_visits_until_it_is() {
    let mut drawer = Drawer::default();
    let mut ada = with_bob();
    let outputs = ada.hear(10, &direct(1, 1, "one"));
    assert!(outputs.contains(&Output::Chime(Chime::Message)));
    drawer.take(&outputs);
    drawer.take(&ada.hear(10, &direct(2, 2, "two")));
    let key = Key::Direct(person(BOB));
    assert_eq!(ada.session.chats().unread(&key), 2);
    let wrote = What::Wrote { from: person(BOB), key: key.clone() };
    assert_eq!(ada.session.feed().after(0).filter(|news| news.what == wrote).count(), 2);

    let mut ada = Client::online_with(Memory::read(&drawer));
    assert_eq!(ada.session.chats().all_unread(), 2);
    drawer.take(&ada.tell(20, Input::Read(Some(key.clone()))));
    ada.hear(20, &joined());
    let outputs = ada.hear(30, &direct(3, 3, "three"));
    assert!(!outputs.contains(&Output::Chime(Chime::Message)), "one is looking at it");
    assert_eq!(ada.session.chats().unread(&key), 0);
    assert_eq!(Client::online_with(Memory::read(&drawer)).session.chats().all_unread(), 0);
}

#[test]
fn who_is_blocked_is_not_heard_and_does_not_learn_of_it() {
    let mut ada = with_bob();
    let outputs = ada.tell(10, Input::Block(person(BOB), true));
    assert_eq!(sent(&outputs), []);
    assert_eq!(receipts(&ada.hear(20, &direct(1, 1, "hi"))), []);
    ada.hear(20, &ToClient::Waved(person(BOB)));
    ada.hear(20, &ToClient::Typing(person(BOB)));
    ada.hear(20, &remark(Where::Everyone, BOB, 9, "hi all", 0));
    assert_eq!(ada.session.chats().all_unread(), 0);
    assert!(ada.session.chats().messages(&Key::Everyone).next().is_none());
    let waved = ada.session.feed().after(0).any(|news| news.what == What::Waved(person(BOB)));
    assert!(!waved && !ada.session.chats().is_writing(person(BOB), crate::session::tests::at(21)));
    let check = ada.session.check(crate::session::tests::at(21), &Key::Direct(person(BOB)), "hi");
    assert_eq!(check, Err(Unsaid::Blocked));

    ada.tell(30, Input::Block(person(BOB), false));
    assert_eq!(receipts(&ada.hear(40, &direct(1, 1, "hi"))), [id(1)]);
}

fn remark(place: Where, from: u8, bits: u64, what: &str, age_ms: u32) -> ToClient {
    let name = Name::new("Bob").expect("a name");
    let remark = Remark { from: person(from), name, id: id(bits), text: text(what), age_ms };
    ToClient::Said { place, remark: Box::new(remark) }
}

#[test]
fn a_remark_is_sent_and_what_was_too_fast_comes_back() {
    let mut ada = with_bob();
    let outputs = ada.tell(10, Input::Say { key: Key::Everyone, text: text("hello") });
    let said = sent(&outputs);
    let [ToRelay::Say { channel: Channel::Everyone, id: first, .. }] = said[..] else { panic!("{said:?}") };
    ada.hear(20, &ToClient::Answered { id: first, outcome: Outcome::Sent });
    let outputs = ada.tell(30, Input::Say { key: Key::Everyone, text: text("again") });
    let Some(ToRelay::Say { id: second, .. }) = sent(&outputs).pop() else { panic!("{outputs:?}") };
    let outputs = ada.hear(40, &ToClient::Answered { id: second, outcome: Outcome::TooFast });
    assert_eq!(texts(&ada, &Key::Everyone), ["hello"]);
    assert_eq!(returned(&outputs), [Returned { key: Key::Everyone, text: text("again"), why: Unsaid::TooFast }]);
}

#[test]
fn whoever_says_too_much_is_stopped_before_the_relay_has_to() {
    let mut ada = with_bob();
    let now = crate::session::tests::at(10);
    let fine = (0..20).take_while(|_| {
        let is_fine = ada.session.check(now, &Key::Everyone, "hi").is_ok();
        let outputs = ada.tell(10, Input::Say { key: Key::Everyone, text: text("hi") });
        assert_eq!(returned(&outputs).is_empty(), is_fine);
        is_fine
    });
    assert_eq!(fine.count(), shared::limits::REMARKS.burst as usize);
    assert_eq!(ada.session.check(now, &Key::Everyone, "hi"), Err(Unsaid::TooFast));
}

#[test]
fn a_history_is_put_before_what_was_heard_and_does_not_count_as_unread() {
    let mut ada = with_bob();
    ada.hear(5000, &remark(Where::Everyone, BOB, 3, "three", 0));
    let name = Name::new("Cem").expect("a name");
    let past = |bits, what: &str, age_ms| Remark {
        from: person(3),
        name: name.clone(),
        id: id(bits),
        text: text(what),
        age_ms,
    };
    let mut again = past(3, "three", 1000);
    again.from = person(BOB);
    let remarks = vec![past(1, "one", 4000), past(2, "two", 3000), again];
    ada.hear(6000, &ToClient::History { place: Where::Everyone, remarks });
    assert_eq!(texts(&ada, &Key::Everyone), ["one", "two", "three"]);
    assert_eq!(ada.session.chats().unread(&Key::Everyone), 1);
}

#[test]
fn what_was_said_while_the_connection_was_lost_was_missed() {
    let mut ada = with_bob();
    ada.tell(10_000, Input::SocketClosed(None));
    let name = Name::new("Bob").expect("a name");
    let past = |bits, age_ms| Remark { from: person(BOB), name: name.clone(), id: id(bits), text: text("hi"), age_ms };
    let remarks = vec![past(1, 15_000), past(2, 5000), past(3, 1000)];
    ada.hear(20_000, &ToClient::History { place: Where::Everyone, remarks });
    assert_eq!(ada.session.chats().unread(&Key::Everyone), 2);
}

#[test]
fn nothing_more_is_sent_to_whom_one_blocks() {
    let mut ada = with_bob();
    ada.tell(10, say("hi"));
    ada.tell(20, Input::Block(person(BOB), true));
    for ms in (1000..100_000).step_by(1000) {
        assert_eq!(directs(&ada.tell(ms, Input::Tick)), []);
    }
}

#[test]
fn whoever_comes_into_a_room_asks_what_was_said_there() {
    let lounge = crate::session::tests::campus().spawn("lounge").expect("a room");
    let mut ada = Client::online_at(lounge);
    let key = Key::Room(Label::new("lounge").expect("a label"));
    assert!(ada.asked.contains(&ToRelay::ReadRoom), "{:?}", ada.asked);
    assert_eq!(ada.session.check(crate::session::tests::at(1), &key, "hi").map(String::from).as_deref(), Ok("hi"));
    let other = Key::Room(Label::new("library").expect("a label"));
    assert_eq!(ada.session.check(crate::session::tests::at(1), &other, "hi"), Err(Unsaid::NotInRoom));
    ada.tell(2, Input::Say { key: key.clone(), text: text("hi") });
    assert_eq!(texts(&ada, &key), ["hi"]);

    let asks = |outputs: &[Output]| sent(outputs).contains(&ToRelay::ReadRoom);
    assert!(!asks(&ada.tell(900, Input::Tick)));
    assert!(asks(&ada.tell(1500, Input::Tick)), "there was no answer");
    let place = Where::Room(Label::new("lounge").expect("a label"));
    ada.hear(1600, &ToClient::History { place, remarks: vec![] });
    assert!(!asks(&ada.tell(9000, Input::Tick)));
}

#[test]
fn somebody_who_writes_is_seen_writing_until_they_have_written() {
    let mut ada = with_bob();
    let now = crate::session::tests::at;
    ada.hear(0, &ToClient::Typing(person(BOB)));
    assert!(ada.session.chats().is_writing(person(BOB), now(5000)));
    assert!(!ada.session.chats().is_writing(person(BOB), now(6000)));
    ada.hear(100, &ToClient::Typing(person(BOB)));
    ada.hear(200, &direct(1, 1, "hi"));
    assert!(!ada.session.chats().is_writing(person(BOB), now(300)));

    let typing = |outputs: &[Output]| sent(outputs).iter().filter(|say| matches!(say, ToRelay::Typing(_))).count();
    assert_eq!(typing(&ada.tell(300, Input::WriteTo(person(BOB)))), 1);
    assert_eq!(typing(&ada.tell(3200, Input::WriteTo(person(BOB)))), 0);
    assert_eq!(typing(&ada.tell(3300, Input::WriteTo(person(BOB)))), 1);
    ada.tell(3400, say("hi"));
    assert_eq!(typing(&ada.tell(3500, Input::WriteTo(person(BOB)))), 1, "the next message is another");
}

#[test]
fn a_long_conversation_loses_its_oldest_pages_and_says_so() {
    let mut drawer = Drawer::default();
    let mut ada = with_bob();
    let key = Key::Direct(person(BOB));
    for bits in 0..1100 {
        drawer.take(&ada.hear(bits, &direct(bits, bits, &format!("message {bits}"))));
    }
    let conversation = ada.session.chats().direct(person(BOB)).expect("a conversation");
    assert!(conversation.count() <= direct::MESSAGES && conversation.count() > direct::MESSAGES - 32);
    assert!(conversation.is_trimmed());
    let shown = texts(&ada, &key);
    assert_eq!(shown.last().map(String::as_str), Some("message 1099"));
    let ada = Client::online_with(Memory::read(&drawer));
    assert_eq!(texts(&ada, &key), shown, "storage and memory agree");

    let long = "x".repeat(2000);
    let mut ada = with_bob();
    let mut drawer = Drawer::default();
    for bits in 0..400 {
        drawer.take(&ada.hear(bits, &direct(bits, bits, &long)));
    }
    let kept: usize = drawer.0.iter().filter(|(key, _)| key.contains(".chat.")).map(|(_, value)| value.len()).sum();
    assert!(kept <= direct::BYTES && kept > direct::BYTES / 2, "{kept} bytes");
}

#[test]
fn what_waits_is_never_given_up_for_room() {
    let mut ada = with_bob();
    ada.hear(0, &ToClient::Happened(vec![Event::Left(protocol::Number(2))]));
    ada.tell(1, say("please read this"));
    ada.hear(2, &joined());
    for bits in 0..1500 {
        ada.hear(3 + bits, &direct(bits, bits, "chatter"));
    }
    assert_eq!(texts(&ada, &Key::Direct(person(BOB)))[0], "please read this");
}

#[test]
fn not_more_waits_for_somebody_than_can_be_kept() {
    let mut ada = with_bob();
    ada.hear(0, &ToClient::Happened(vec![Event::Left(protocol::Number(2))]));
    let now = crate::session::tests::at(1);
    let long = "x".repeat(2000);
    let waiting = (0..).take_while(|_| {
        let is_taken = ada.session.check(now, &Key::Direct(person(BOB)), &long).is_ok();
        let whys: Vec<_> = returned(&ada.tell(1, say(&long))).iter().map(|returned| returned.why).collect();
        assert_eq!(whys, if is_taken { vec![] } else { vec![Unsaid::TooMuchWaits] });
        is_taken
    });
    let waiting = waiting.count();
    assert!((20..=direct::PENDING).contains(&waiting), "{waiting}");
}

#[test]
fn a_damaged_page_is_lost_alone() {
    let mut drawer = Drawer::default();
    let mut ada = with_bob();
    for bits in 0..80 {
        drawer.take(&ada.hear(bits, &direct(bits, bits, &format!("message {bits}"))));
    }
    let key = format!("classroom.chat.{}.1", person(BOB));
    assert!(drawer.0.insert(key, "{\"version\":1,\"messages\":[{".to_owned()).is_some());
    let ada = Client::online_with(Memory::read(&drawer));
    let shown = texts(&ada, &Key::Direct(person(BOB)));
    assert_eq!(shown.len(), 80 - 32);
    assert_eq!((shown[31].as_str(), shown[32].as_str()), ("message 31", "message 64"));
}

#[test]
fn two_tabs_put_together_what_each_wrote() {
    let mut drawer = Drawer::default();
    let (mut left, mut right) = (with_bob(), Client::online_seeded(8));
    right.hear(0, &joined());
    for client in [&mut left, &mut right] {
        client.hear(0, &ToClient::Happened(vec![Event::Left(protocol::Number(2))]));
    }
    let by_left = left.tell(10, say("from the left"));
    let by_right = right.tell(11, say("from the right"));
    drawer.take(&by_left);
    drawer.take(&by_right);
    let page = |outputs: &[Output]| {
        let entry = |output: &Output| match output {
            Output::Remember(entry) if entry.key.ends_with(".0") => Some(entry.clone()),
            _ => None,
        };
        outputs.iter().find_map(entry)
    };
    let told = left.tell(20, Input::StoredElsewhere(page(&by_right).expect("a page")));
    drawer.take(&told);
    let last = page(&told).expect("the union is written");
    let answer = right.tell(30, Input::StoredElsewhere(last));
    assert_eq!(page(&answer), None, "nothing more to write");
    let mut shown = texts(&right, &Key::Direct(person(BOB)));
    shown.sort();
    assert_eq!(shown, ["from the left", "from the right"]);
    assert_eq!(
        Client::online_with(Memory::read(&drawer)).session.chats().messages(&Key::Direct(person(BOB))).count(),
        2
    );
}

#[test]
fn a_tab_that_was_replaced_keeps_nothing() {
    let mut ada = with_bob();
    ada.hear(10, &ToClient::Refused(protocol::Refusal::Replaced));
    let outputs = ada.tell(20, say("hi"));
    assert!(!outputs.iter().any(|output| matches!(output, Output::Remember(_))), "{outputs:?}");
}

#[test]
fn a_wave_is_heard_unless_one_does_not_want_to_be_disturbed() {
    let mut ada = with_bob();
    assert!(ada.hear(10, &ToClient::Waved(person(BOB))).contains(&Output::Chime(Chime::Wave)));
    ada.tell(20, Input::SetStatus(shared::profile::Status::DoNotDisturb));
    assert!(!ada.hear(30, &ToClient::Waved(person(BOB))).contains(&Output::Chime(Chime::Wave)));
    assert_eq!(ada.session.feed().after(0).filter(|news| news.what == What::Waved(person(BOB))).count(), 2);

    let waves = |ada: &mut Client| {
        let outputs = ada.tell(40, Input::Wave(person(BOB)));
        sent(&outputs).iter().filter(|say| matches!(say, ToRelay::Wave(_))).count()
    };
    assert_eq!((0..10).map(|_| waves(&mut ada)).sum::<usize>(), shared::limits::WAVES.burst as usize);
}
