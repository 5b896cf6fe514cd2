//! What the relay says, and what follows from it.

use std::sync::Arc;

use shared::{
    map::Map,
    protocol::{self, Event, MapRef, Remark, ToClient, Welcome, Where, codec},
};

use super::{
    Output, Session, Time, Walker,
    chat::{Chats, Key},
    news::{Chime, What},
};

impl Session {
    pub(super) fn received(&mut self, now: Time, bytes: &[u8]) {
        self.line.heard(now);
        match codec::decode_to_client(bytes) {
            Ok(message) => self.understood(now, message),
            // A relay of another version may say things that this one does not know.
            Err(_) => self.line.not_understood(now, codec::version_of(bytes)),
        }
    }

    pub(super) fn understood(&mut self, now: Time, message: ToClient) {
        match message {
            ToClient::Challenge { version, nonce } => {
                let place = self.walker.as_ref().zip(self.map.as_ref());
                let place = place.map(|(walker, map)| walker.pose(&map.collision, now).edge()).or(self.place);
                self.place = place;
                if let Some(profile) = self.profile.clone() {
                    self.telling.introduced(profile.clone());
                    self.line.challenged(now, &self.identity, version, &nonce, profile, place, self.spawn.clone());
                }
            }
            ToClient::Welcome(welcome) => self.welcomed(now, *welcome),
            ToClient::Happened(events) => {
                for event in events {
                    self.happened(now, event);
                }
            }
            ToClient::Moved(edges) => self.roster.moved(now, &edges),
            ToClient::Places(placed) => self.roster.placed(now, &placed),
            ToClient::Refused(refusal) => self.line.refused(now, refusal),
            ToClient::Notice(notice) => self.line.noticed(now, notice),
            ToClient::Restarting { after_ms } => self.line.restarting(now, after_ms),
            ToClient::Pong => {}
            ToClient::Said { place, remark } => self.said(now, place, *remark),
            ToClient::History { place, remarks } => {
                self.chat(now, |chats, situation| chats.history(situation, place, remarks));
            }
            ToClient::Answered { id, outcome } => self.chats.answered(id, outcome),
            ToClient::DirectReceived(direct) => self.direct_received(now, *direct),
            ToClient::Delivered { by, id } => {
                self.chat(now, |chats, situation| chats.delivered(situation, by, id));
            }
            ToClient::Typing(from) => self.chat(now, |chats, situation| chats.is_being_written_to(situation, from)),
            ToClient::Waved(from) => self.waved_at(now, from),
            ToClient::Ticket(ticket) => self.media.ticket(now, self.line.url(), ticket),
            ToClient::IceServers(servers) => self.media.ice_servers(now, *servers),
            ToClient::Introduced { peer, user_id } => self.media.introduced(now, peer, user_id),
            ToClient::Room(message) => self.media.room_said(now, *message, self.roster.numbers()),
        }
    }

    pub(super) fn said(&mut self, now: Time, place: Where, remark: Remark) {
        let from = remark.from;
        let key = self.chat(now, |chats, situation| chats.said(situation, place, remark));
        if let Some(key) = key.filter(|key| self.chats.unread(key) > 0) {
            self.feed.add(now, What::Wrote { from, key });
        }
    }

    pub(super) fn direct_received(&mut self, now: Time, direct: protocol::Direct) {
        let from = direct.with;
        let is_new = self.chat(now, |chats, situation| chats.received(situation, direct));
        let key = Key::Direct(from);
        if is_new && self.chats.unread(&key) > 0 {
            self.feed.add(now, What::Wrote { from, key });
            self.chime(Chime::Message);
        }
    }

    pub(super) fn happened(&mut self, now: Time, event: Event) {
        match &event {
            Event::Joined(participant) => {
                let user_id = participant.user_id;
                if Some(participant.number) == self.own_number || user_id == self.user_id() {
                    return;
                }
                self.roster.happened(now, self.unix_ms(now), event);
                self.feed.add(now, What::Came(user_id));
                self.chat(now, |chats, situation| chats.saw(situation, user_id));
            }
            Event::Left(number) => {
                if let Some(user_id) = self.roster.numbered(*number).map(|person| person.user_id) {
                    self.feed.add(now, What::Left(user_id));
                }
                self.roster.happened(now, self.unix_ms(now), event);
                self.forget_some_people();
            }
            _ => self.roster.happened(now, self.unix_ms(now), event),
        }
    }

    /// Those with whom one has a conversation are remembered as long as that.
    pub(super) fn forget_some_people(&mut self) {
        let chats = &self.chats;
        self.roster.forget_some(|user_id| chats.direct(user_id).is_some());
    }

    pub(super) fn welcomed(&mut self, now: Time, welcome: Welcome) {
        self.own_number = Some(welcome.number);
        self.roster.welcome(now, self.unix_ms(now), self.identity.user_id(), welcome.participants);
        self.forget_some_people();
        let is_where_one_was = self.place.is_some_and(|place| place.position == welcome.edge.position);
        match (&mut self.walker, &self.map) {
            // A walk that went on while the connection was away goes on.
            (Some(walker), Some(map)) if is_where_one_was => walker.tell_again(&map.collision, now, welcome.edge),
            (walker, _) => *walker = Some(Walker::new(now, welcome.edge)),
        }
        // One came in; coming back is to where one was, not to the spawn point.
        self.spawn = None;
        self.place = Some(welcome.edge);
        self.line.welcomed(now);
        if self.map.as_ref().is_none_or(|map| map.hash != welcome.map.hash) {
            self.wanted_map = Some(welcome.map.clone());
            self.outputs.push_back(Output::FetchMap(welcome.map));
        }
        self.chat(now, Chats::came_in);
        self.media.came_in(now);
    }

    pub(super) fn map_loaded(&mut self, now: Time, map: Arc<Map>) {
        let is_wanted = |wanted: &MapRef| wanted.hash == map.hash;
        match &self.wanted_map {
            None => {}
            Some(wanted) if is_wanted(wanted) => self.wanted_map = None,
            // The relay's map changed in between: it says so in its next welcome.
            Some(_) => return self.line.map_failed(now),
        }
        self.map = Some(map);
    }

    pub(super) fn drain_line(&mut self, now: Time) {
        if self.line.is_lost() {
            self.roster.connection_lost(now, self.map.as_deref());
            self.chat(now, Chats::lost);
            self.calls_lost(now);
        }
        self.outputs.extend(self.line.drain());
    }
}
