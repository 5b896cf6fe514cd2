//! What one does besides walking and talking: coming in, showing who one is, waving, being away.

use std::time::Duration;

use shared::{
    chat::Emote,
    identity::UserId,
    limits::{EMOTES, WAVES},
    profile::{Profile, Status},
    protocol::{Label, ToRelay},
};

use super::{
    Connection, Output, Session, Time,
    memory::Entry,
    news::{Chime, What},
};

/// How long an emote is shown over a head.
pub const EMOTE_SHOWN: Duration = Duration::from_secs(4);

impl Session {
    pub(super) fn enter(&mut self, now: Time, profile: Profile, spawn: Option<Label>) {
        self.remember(Entry::profile(&profile));
        self.idling.stirred(now);
        self.profile = Some(profile);
        if spawn.is_some() {
            self.place = None;
        }
        self.spawn = spawn;
        self.line.enter(now);
    }

    pub(super) fn stir(&mut self, now: Time) {
        if let Some(status) = self.idling.stirred(now) {
            self.change_profile(|profile| profile.status = status);
        }
    }

    /// Who does nothing for a while is away, unless they are in a room, where they listen, or share something.
    pub(super) fn nod_off(&mut self, now: Time) {
        self.handled_at = now;
        self.is_present = self.room(now).is_some() || self.media.is_sharing();
        let Some(profile) = &self.profile else { return };
        if self.idling.nods_off(now, profile.status, self.is_present) {
            self.change_profile(|profile| profile.status = Status::Away);
        }
    }

    pub(super) fn wave(&mut self, now: Time, at: UserId) {
        if self.roster.is_online(at) && !self.roster.is_blocked(at) && self.waves.take(now, WAVES, 1) {
            self.line.send_if_online(&ToRelay::Wave(at));
        }
    }

    /// Whether one may wave again: not too often.
    pub fn may_wave(&self, now: Time) -> bool {
        self.waves.next_at(WAVES) <= now
    }

    pub(super) fn waved_at(&mut self, now: Time, from: UserId) {
        if self.roster.is_online(from) && !self.roster.is_blocked(from) {
            self.feed.add(now, What::Waved(from));
            self.chime(Chime::Wave);
        }
    }

    /// Makes a sound, unless one does not want to be disturbed.
    pub(super) fn chime(&mut self, chime: Chime) {
        if self.profile.as_ref().is_some_and(|profile| profile.status != Status::DoNotDisturb) {
            self.outputs.push_back(Output::Chime(chime));
        }
    }

    pub(super) fn show_emote(&mut self, now: Time, emote: Emote) {
        if self.emotes.take(now, EMOTES, 1) {
            self.own_emote = Some((emote, now));
            self.line.send_if_online(&ToRelay::Emote(emote));
        }
    }

    pub(super) fn change_profile(&mut self, change: impl FnOnce(&mut Profile)) {
        let Some(profile) = &mut self.profile else { return };
        change(profile);
        let entry = Entry::profile(profile);
        self.remember(entry);
    }

    /// Tells the relay what it does not know of one's profile yet.
    pub(super) fn tell_profile(&mut self, now: Time) {
        let is_online = self.line.connection() == Connection::Online;
        if let Some(profile) = self.profile.as_ref().filter(|_| is_online) {
            for message in self.telling.take(now, profile) {
                self.line.send_if_online(&message);
            }
        }
    }
}
