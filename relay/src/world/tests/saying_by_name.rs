//! What is said nearby to people to whom no link leads: whoever is named and hears it, and nobody else.

use shared::{
    identity::UserId,
    limits::{REMARKS, TOLD_BY_NAME},
    profile::Status,
    protocol::{ByName, Outcome, ToRelay, Where},
};

use super::{super::*, stage::*};

fn say(stage: &mut Stage, id: u64, to: Vec<UserId>, number: u64) {
    let saying = ByName { to, id: message_id(number), text: text("psst") };
    stage.say(id, &ToRelay::SayByName(Box::new(saying)));
}

/// By whom that client was told something nearby, each time.
fn told(stage: &Stage, id: u64) -> Vec<UserId> {
    stage.heard(id, |message| match message {
        ToClient::Said { place: Where::Nearby, remark } => Some(remark.from),
        _ => None,
    })
}

#[test]
fn those_hear_it_who_are_named_and_near() {
    let mut stage = Stage::on_campus();
    let ada = stage.enter_at(1, (608, 700));
    let near = stage.enter_at(2, (640, 700));
    let not_named = stage.enter_at(3, (650, 700));
    let far = stage.enter_at(4, (720, 700));
    let disturbed = stage.enter_at(5, (620, 700));
    let lost = stage.enter_at(6, (630, 700));
    stage.say(disturbed, &ToRelay::SetStatus(Status::DoNotDisturb));
    stage.close(lost, false);
    let to = [2, 2, 4, 5, 6, 1, 99].map(user_id).to_vec();
    say(&mut stage, ada, to, 7);
    assert_eq!(stage.answers(ada), [(message_id(7), Outcome::Sent)]);
    assert_eq!(told(&stage, near), [user_id(1)], "once");
    for id in [ada, not_named, far, disturbed] {
        assert_eq!(told(&stage, id), []);
    }
}

#[test]
fn it_is_heard_by_so_many_and_said_so_often() {
    let mut stage = Stage::on_campus();
    let ada = stage.enter_at(1, (608, 700));
    let bob = stage.enter_at(2, (624, 700));
    let strangers = (0..TOLD_BY_NAME as u8).map(|who| user_id(100 + who));
    let too_late: Vec<_> = strangers.chain([user_id(2)]).collect();
    say(&mut stage, ada, too_late, 0);
    assert_eq!(told(&stage, bob), []);
    for number in 1..=u64::from(REMARKS.burst) {
        say(&mut stage, ada, vec![user_id(2)], number);
    }
    assert_eq!(told(&stage, bob).len() as u32, REMARKS.burst - 1);
    assert_eq!(stage.answers(ada).last().map(|(_, outcome)| *outcome), Some(Outcome::TooFast));
    // They are counted with what is said to several.
    let other = ToRelay::Say { channel: shared::chat::Channel::Nearby, id: message_id(99), text: text("hi") };
    stage.say(ada, &other);
    assert_eq!(stage.answers(ada).last(), Some(&(message_id(99), Outcome::TooFast)));
}
