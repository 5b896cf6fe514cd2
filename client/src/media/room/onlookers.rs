//! What one sees of a room's call: who is in it, what of theirs comes, and who has the stage.

use std::collections::{HashMap, HashSet};

use shared::{
    identity::UserId,
    protocol::{link::Shares, room::Flow},
};

use super::{Room, connection::Connection};
use crate::media::{Claim, Loudness, Neighbour, Transport, messages::CallState};

impl Room {
    /// Who has the stage by themselves: by a screen, or at the podium with a camera. The relay tells of no other screen
    /// while one's own is there; whom one has blocked has none. `shares` is what one shares oneself.
    pub(in crate::media) fn on_stage(&self, own: UserId, shares: Shares, barred: &HashSet<UserId>) -> Option<UserId> {
        let is_seen = |user_id: &UserId| !barred.contains(user_id);
        let has_camera = |user_id: &UserId| {
            let mut others = self.present.members.iter();
            let is_shown = |(other, shares): &(UserId, Shares)| other == user_id && shares.camera;
            if *user_id == own { shares.camera } else { others.any(is_shown) }
        };
        let screen = self.present.stage.map(|shown| shown.of).filter(is_seen).or(shares.screen.then_some(own));
        screen.or(self.present.teacher(own).filter(is_seen).filter(has_camera)).filter(|_| self.is_member())
    }

    /// Whether one teaches oneself in the room whose call one is in.
    pub(in crate::media) fn is_teaching(&self) -> bool {
        self.is_member() && self.present.teaches()
    }

    /// Whose screen is on stage while one's own, which is shared, waits.
    pub(in crate::media) fn ahead_on_stage(&self, shares_screen: bool) -> Option<UserId> {
        self.present.stage.map(|shown| shown.of).filter(|_| shares_screen && self.is_member())
    }

    /// Everybody else in the call, those with a tile first.
    pub(in crate::media) fn neighbours(
        &self,
        barred: &HashSet<UserId>,
        loudness: &HashMap<UserId, Loudness>,
    ) -> Vec<Neighbour> {
        if !self.is_member() {
            return Vec::new();
        }
        let seated = self.seats.seated();
        let place = |user_id: UserId| seated.iter().position(|seat| *seat == user_id).unwrap_or(usize::MAX);
        let mut members: Vec<_> = self.members(barred).collect();
        members.sort_by_key(|(user_id, _)| place(*user_id));
        let state = self.state();
        let neighbour = |(user_id, shares)| Neighbour {
            user_id,
            state,
            transport: Transport::Sfu,
            shares,
            arriving: if state == CallState::Connected { self.arriving(user_id, shares) } else { Shares::default() },
            flow: self.present.camera(user_id),
            screen_flow: self.present.screen(user_id),
            gain: 1.0,
            loudness: loudness.get(&user_id).copied().unwrap_or_default(),
            is_speaking: self.present.speakers.contains(&user_id),
            claim: self.claim(user_id, shares),
        };
        members.into_iter().map(neighbour).collect()
    }

    fn state(&self) -> CallState {
        match self.connection.as_ref().map(Connection::state) {
            Some(CallState::Connecting) | None if self.was_connected => CallState::Reconnecting,
            Some(state) => state,
            None => CallState::Connecting,
        }
    }

    /// What of theirs comes in some line.
    fn arriving(&self, user_id: UserId, shares: Shares) -> Shares {
        let comes = |flow: Option<Flow>| flow.is_some_and(|flow| flow != Flow::Paused);
        let screen = self.present.screen(user_id);
        Shares {
            microphone: shares.microphone && self.present.voices.contains(&Some(user_id)),
            camera: shares.camera && comes(self.present.camera(user_id)),
            screen: shares.screen && comes(screen),
            screen_sound: shares.screen_sound && screen.is_some(),
        }
    }

    /// A face drawn large would hide the room for nothing: the podium has the stage with a camera alone.
    fn claim(&self, user_id: UserId, shares: Shares) -> Option<Claim> {
        if self.present.screen(user_id).is_some() {
            return Some(Claim::Screen);
        }
        (self.present.is_teacher(user_id) && shares.camera).then_some(Claim::Podium)
    }

    pub(super) fn members(&self, barred: &HashSet<UserId>) -> impl Iterator<Item = (UserId, Shares)> {
        self.present.members.iter().copied().filter(|(user_id, _)| !barred.contains(user_id))
    }
}
