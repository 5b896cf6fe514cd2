//! What is read out of calls to those who do not see the page: that a device went on or off, and that the call with
//! somebody was lost, or is back.

use std::collections::HashMap;

use shared::identity::UserId;

use super::{Calls, Standing, controls};
use crate::{
    media::{Device, Switch},
    words::words,
};

/// How everything stood when it was looked last.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    switches: HashMap<Device, Switch>,
    standings: HashMap<UserId, Standing>,
}

impl Spoken {
    /// What is to be read out of what changed. Whoever is at a button with the keyboard hears from it how it stands; what
    /// failed is said by its card.
    pub fn next(&mut self, calls: &Calls, at_button_of: Option<Device>) -> Option<String> {
        let mut sentences = Vec::new();
        for control in &calls.controls {
            let before = self.switches.insert(control.device, control.switch);
            let state = match control.switch {
                Switch::Off => words().device_off,
                Switch::On => words().device_on,
                Switch::Starting | Switch::Failed(_) => continue,
            };
            let is_new = before.is_some_and(|before| before != control.switch);
            if is_new && at_button_of != Some(control.device) {
                sentences.push(format!("{}: {state}", controls::name(control.device)));
            }
        }
        let standings: HashMap<_, _> = calls.tiles.iter().map(|tile| (tile.user_id, tile.standing)).collect();
        let before = std::mem::replace(&mut self.standings, standings);
        for tile in &*calls.tiles {
            let was_lost = before.get(&tile.user_id).map(|before| *before == Standing::Reconnecting);
            let state = match (was_lost, tile.standing) {
                (Some(false), Standing::Reconnecting) => words().call_reconnecting,
                (Some(true), Standing::Up | Standing::Poor | Standing::Paused) => words().call_is_back,
                _ => continue,
            };
            sentences.push(format!("{}: {state}", tile.name));
        }
        (!sentences.is_empty()).then(|| sentences.join(". "))
    }
}

#[cfg(test)]
mod tests {
    use shared::{profile::Appearance, protocol::link::Shares};

    use super::{
        super::tiles::{self, tests::neighbour},
        *,
    };
    use crate::media::Failure;

    fn with(microphone: Switch, standing: Option<Standing>) -> Calls {
        let near = tiles::tile(&neighbour(1, Shares::default()), ("Bob".to_owned(), Appearance::default()), true);
        let tiles: Vec<_> = standing.map(|standing| super::super::Tile { standing, ..near }).into_iter().collect();
        let control = controls::control(Device::Microphone, microphone, None, false, true);
        Calls { controls: vec![control], tiles: tiles.into(), ..Calls::default() }
    }

    #[test]
    fn a_device_that_goes_on_or_off_is_said_unless_one_is_at_its_button() {
        let mut spoken = Spoken::default();
        let mut next = |switch, at_button_of| spoken.next(&with(switch, None), at_button_of);
        assert_eq!(next(Switch::Off, None), None, "as it was");
        assert_eq!(next(Switch::Starting, None), None);
        assert_eq!(next(Switch::On, None).as_deref(), Some("Microphone: On"));
        assert_eq!(next(Switch::On, None), None);
        assert_eq!(next(Switch::Off, Some(Device::Microphone)), None);
        assert_eq!(next(Switch::On, Some(Device::Camera)).as_deref(), Some("Microphone: On"));
        assert_eq!(next(Switch::Failed(Failure::Missing), None), None, "its card says so");
    }

    #[test]
    fn a_call_that_is_lost_is_said_and_that_it_is_back() {
        let mut spoken = Spoken::default();
        let mut next = |standing| spoken.next(&with(Switch::Off, standing), None);
        assert_eq!(next(None), None);
        assert_eq!(next(Some(Standing::Connecting)), None);
        assert_eq!(next(Some(Standing::Up)), None, "that somebody came is said by others");
        assert_eq!(next(Some(Standing::Reconnecting)).as_deref(), Some("Bob: reconnecting …"));
        assert_eq!(next(Some(Standing::Reconnecting)), None);
        assert_eq!(next(Some(Standing::Up)).as_deref(), Some("Bob: connected again"));
        assert_eq!(next(None), None);
        assert_eq!(next(Some(Standing::Reconnecting)), None, "somebody new");
    }
}
