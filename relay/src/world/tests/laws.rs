//! What holds whatever happens in whatever order: every client's picture is the world's.

use proptest::prelude::*;
use shared::{profile::Status, protocol::ToRelay};

use super::{super::*, stage::*};

#[derive(Clone, Debug)]
enum Step {
    Enter(u8),
    Walk(u8, u16, u16),
    Rename(u8, u8),
    Status(u8),
    Leave(u8),
    Lose(u8),
    Block(u8),
    Unblock(u8),
    Garbage(u8),
    Wait(u64),
    Cost(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 1..6u8;
    prop_oneof![
        3 => who().prop_map(Step::Enter),
        6 => (who(), 5..315u16, 3..189u16).prop_map(|(who, x, y)| Step::Walk(who, x, y)),
        2 => (who(), 0..9u8).prop_map(|(who, name)| Step::Rename(who, name)),
        1 => who().prop_map(Step::Status),
        1 => who().prop_map(Step::Leave),
        2 => who().prop_map(Step::Lose),
        1 => who().prop_map(Step::Block),
        1 => who().prop_map(Step::Unblock),
        1 => who().prop_map(Step::Garbage),
        6 => (0..15_000u64).prop_map(Step::Wait),
        2 => (0..9u64).prop_map(Step::Cost),
    ]
}

/// The connections that are in the world, by person.
fn connected(stage: &Stage, entered: &HashMap<u8, u64>, who: u8) -> Option<u64> {
    entered.get(&who).copied().filter(|id| {
        let client = &stage.clients[id];
        client.closed.is_none() && client.number.is_some()
    })
}

fn run(steps: &[Step]) -> (Stage, HashMap<u8, u64>) {
    let mut stage = Stage::new();
    let mut entered: HashMap<u8, u64> = HashMap::new();
    for step in steps {
        let id = |who: u8| connected(&stage, &entered, who);
        match *step {
            Step::Enter(who) => {
                // Without waiting: the welcome comes with the next flush.
                let id = stage.dial();
                let hello = stage.hello(id, who);
                stage.say(id, &ToRelay::Hello(Box::new(hello)));
                entered.insert(who, id);
            }
            Step::Walk(who, x, y) => {
                if let Some(id) = id(who) {
                    stage.say(id, &ToRelay::Moved(walk(x, y)));
                }
            }
            Step::Rename(who, name) => {
                if let Some(id) = id(who) {
                    stage.say(id, &ToRelay::SetName(profile(&format!("Name {name}")).name));
                }
            }
            Step::Status(who) => {
                if let Some(id) = id(who) {
                    stage.say(id, &ToRelay::SetStatus(Status::Away));
                }
            }
            Step::Leave(who) | Step::Lose(who) => {
                if let Some(id) = id(who) {
                    stage.close(id, matches!(step, Step::Leave(_)));
                }
            }
            Step::Block(who) => stage.blocked.extend(id(who)),
            Step::Unblock(who) => {
                if let Some(id) = id(who) {
                    stage.blocked.retain(|blocked| *blocked != id);
                    stage.handle(Input::CaughtUp { connection: ConnectionId(id) });
                }
            }
            Step::Garbage(who) => {
                if let Some(id) = id(who) {
                    stage.say_bytes(id, vec![77]);
                }
            }
            Step::Wait(ms) => stage.wait(ms),
            Step::Cost(ms) => stage.flush = Duration::from_millis(ms),
        }
    }
    (stage, entered)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn every_client_sees_the_world_as_it_is(steps in prop::collection::vec(step(), 1..60)) {
        let (mut stage, _) = run(&steps);
        for blocked in std::mem::take(&mut stage.blocked) {
            stage.handle(Input::CaughtUp { connection: ConnectionId(blocked) });
        }
        // Past all flushes, but not past all graces.
        stage.wait(150);
        for client in stage.clients.values().filter(|client| client.closed.is_none() && client.number.is_some()) {
            let mut seen: Vec<_> = client.others.values().map(|other| (other.number, other.profile.clone(), other.edge)).collect();
            let there = stage.world.participants.values().filter(|other| Some(other.number) != client.number);
            let mut there: Vec<_> = there.map(|other| (other.number, other.profile.clone(), other.edge)).collect();
            seen.sort_by_key(|other| other.0);
            there.sort_by_key(|other| other.0);
            prop_assert_eq!(seen, there);
        }
    }

    #[test]
    fn nothing_is_kept_of_those_who_are_gone(steps in prop::collection::vec(step(), 1..60)) {
        let (mut stage, _) = run(&steps);
        let open: Vec<_> = stage.clients.iter().filter(|(_, client)| client.closed.is_none()).map(|(id, _)| *id).collect();
        for id in open {
            stage.close(id, false);
        }
        stage.wait(30_000);
        prop_assert_eq!(stage.world.participants(), 0);
        prop_assert!(stage.world.connections.is_empty() && stage.world.arrivals.is_empty());
        prop_assert!(stage.world.hellos_due.is_empty() && stage.world.graces_end.is_empty());
        prop_assert!(stage.world.to_stop.is_empty() && !stage.world.fan_out.is_pending());
        prop_assert_eq!(stage.world.next_timeout(), None);
    }

    #[test]
    fn no_bytes_harm_the_world(bytes in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 1..20)) {
        let mut stage = Stage::new();
        let bystander = stage.enter(1);
        let id = stage.enter(2);
        for bytes in bytes {
            if stage.clients[&id].closed.is_none() {
                stage.say_bytes(id, bytes);
            }
        }
        stage.wait(100);
        prop_assert!(stage.clients[&bystander].closed.is_none());
    }
}
