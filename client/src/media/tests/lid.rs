//! A lid is closed during a call, and opened an hour later.

use std::collections::HashMap;

use super::{stage::End, *};
use crate::media::{CallEvent, CallId, ConnectionState};

const HOUR: Duration = Duration::from_hours(1);

/// That machine sleeps from now on.
fn close_lid(stage: &mut Stage, index: usize) {
    stage.asleep.insert(index);
    stage.has_signalling[index] = false;
    stage.introduced.clear();
}

/// It wakes. It has not noticed anything yet.
fn open_lid(stage: &mut Stage, index: usize) {
    stage.asleep.remove(&index);
}

/// Its page finds that the relay and the connections are gone, and dials.
fn notices(stage: &mut Stage, index: usize) {
    let now = stage.now;
    stage.tell(index, MediaInput::SignallingClosed);
    stage.people[index].lost(now);
    let ends = |ends: &HashMap<(usize, u32), End>| {
        ends.keys().filter(|(owner, _)| *owner == index).map(|(_, name)| *name).collect::<Vec<_>>()
    };
    for call in ends(&stage.calls) {
        stage.tell(index, MediaInput::Call(CallId(call), CallEvent::State(ConnectionState::Failed)));
    }
    for link in ends(&stage.links) {
        stage.tell(index, MediaInput::Link(LinkId(link), LinkEvent::Down));
    }
    stage.people[index].came_in(now);
}

#[test]
fn whose_lid_was_closed_for_an_hour_is_called_anew() {
    for noticed_after in [0, 500, 8000] {
        let mut stage = Stage::new(&[0.0, 2.0]);
        stage.tell(1, MediaInput::Switch(Device::Microphone, true));
        stage.run(ms(1000));
        assert!(stage.is_connected(0, 1));
        let before = stage.opened_calls;
        close_lid(&mut stage, 0);
        stage.run(ms(10_000));
        assert!(stage.states(1).is_empty(), "whoever is gone has no tile");
        stage.now += HOUR;
        open_lid(&mut stage, 0);
        stage.run(ms(noticed_after));
        notices(&mut stage, 0);
        stage.run(ms(20_000));
        assert!(stage.is_connected(0, 1), "{:?} {:?}", stage.states(0), stage.states(1));
        assert!(stage.opened_calls > before, "the call is another one");
        assert_eq!(stage.open(), (2, 2), "nothing is left of the one before");
    }
}

#[test]
fn an_hour_that_passes_in_a_moment_for_everybody_costs_nothing() {
    let mut stage = Stage::new(&[0.0, 2.0]);
    for index in 0..2 {
        stage.tell(index, MediaInput::Switch(Device::Microphone, true));
    }
    stage.run(ms(1000));
    stage.now += HOUR;
    stage.run(ms(30_000));
    assert!(stage.is_connected(0, 1), "{:?} {:?}", stage.states(0), stage.states(1));
    assert_eq!(stage.open(), (2, 2));
}
