//! How [`Media`]'s parts work together.

use std::{cell::Cell, time::Duration};

use shared::{
    identity::UserId,
    limits::INTRODUCTIONS,
    profile::Status,
    protocol::{
        ToRelay,
        link::{LinkMessage, Looks, PictureSize, Shares},
    },
    proximity::{Acquaintance, Bystander, UNPREPARED_BEYOND_TILES},
};

use super::{
    Answer, CallEvent, CallId, Device, Effect, Ice, LinkEvent, LinkId, Loudness, Media, MediaOutput, Neighbour,
    Preferences, Scene, ShownRoom, Transport,
    limits::{ANSWER_WITHIN, ICE_AGAIN_AFTER, INTRODUCTIONS_KEPT},
    peer::{Peer, Surroundings, Tiding, Wish},
    room::Around,
    signalling::Step,
};

impl Media {
    pub(super) fn turn(&mut self, device: Device, is_on: bool) {
        if let Some(is_on) = self.sharing.turn(device, is_on) {
            self.act(MediaOutput::Capture(device, is_on));
        }
    }

    /// Turns everything off that one shares.
    pub(super) fn share_nothing(&mut self) {
        for device in Device::ALL {
            self.turn(device, false);
        }
    }

    /// One's status is that from now on. Whoever does not want to be disturbed any more is neither heard nor seen: no
    /// light of a camera is to say otherwise.
    pub(super) fn heed(&mut self, status: Status) {
        let before = std::mem::replace(&mut self.status, status);
        if before != status {
            self.revision += 1;
            if status == Status::DoNotDisturb {
                self.share_nothing();
            }
        }
    }

    /// Whether the microphone may be heard if it is on.
    pub(super) fn is_open(&self) -> bool {
        !self.preferences.push_to_talk || self.is_talking
    }

    pub(super) fn open_microphone(&mut self) {
        let is_open = self.is_open();
        self.act(MediaOutput::OpenMicrophone(is_open));
    }

    pub(super) fn hear(&mut self, user_id: UserId, loudness: Loudness) {
        if loudness == Loudness::default() {
            self.loudness.remove(&user_id);
        } else {
            self.loudness.insert(user_id, loudness);
        }
    }

    pub(super) fn prefer(&mut self, now: Duration, preferences: Preferences) {
        let hid = self.preferences.hide_address;
        self.preferences = preferences.clone();
        self.act(MediaOutput::Choose(preferences));
        self.open_microphone();
        if hid != self.preferences.hide_address {
            // What a running connection has told it cannot take back: calls and links are made anew.
            self.peers.values_mut().for_each(|peer| peer.close(now));
        }
    }

    pub(super) fn ask_ice(&mut self, now: Duration) {
        self.ask_ice_at = Some(now + ICE_AGAIN_AFTER);
        self.effects.push_back(Effect::Tell(ToRelay::GetIceServers));
    }

    pub(super) fn link_event(&mut self, now: Duration, link: LinkId, event: LinkEvent) {
        let around = self.facts();
        let Some(peer) = self.peers.values_mut().find(|peer| peer.has_link(link)) else { return };
        match event {
            LinkEvent::Signal(signal) => self.signalling.send(link, signal),
            LinkEvent::Up => {
                if let Some(answer) = self.answers.get_mut(&peer.user_id) {
                    answer.has_come = true;
                }
                peer.link_up(around.at(now), link);
            }
            LinkEvent::Received(bytes) => peer.received(around.at(now), &bytes),
            LinkEvent::Down => peer.link_down(link),
        }
        self.next_call = around.next_call;
    }

    pub(super) fn call_event(&mut self, now: Duration, call: CallId, event: CallEvent) {
        let is_about_strain = matches!(event, CallEvent::Strained(_));
        let around = self.facts();
        if let Some(peer) = self.peers.values_mut().find(|peer| peer.has_call(call)) {
            peer.call_event(around.at(now), event);
        } else if self.room.has_call(call) {
            self.room.event(now, event);
        }
        self.next_call = around.next_call;
        if is_about_strain {
            let percents = self.peers.values().map(Peer::strain_percent).chain([self.room.strain_percent()]);
            let percent = percents.max().unwrap_or_default();
            self.strain.report(now, percent);
        }
    }

    /// Somebody one has to do with. Each encounter has an instance of its own: both ends begin anew with it.
    fn peer(&mut self, user_id: UserId) -> &mut Peer {
        let (peers, instance) = (&mut self.peers, &mut self.instance);
        let is_rested = self.rested.remove(&user_id);
        peers.entry(user_id).or_insert_with(|| {
            // 0 means that it is not known.
            *instance = instance.wrapping_add(1).max(1);
            Peer::new(user_id, *instance, is_rested)
        })
    }

    /// What one knows of those who are that near, for the choice of whom one talks with.
    pub(super) fn acquaintance(&self, now: Duration, scene: &Scene) -> Acquaintance {
        let here = scene.own.listener.point;
        let is_near = |other: &&Bystander| here.distance_tiles(other.listener.point) <= UNPREPARED_BEYOND_TILES;
        let near = scene.others.iter().filter(is_near).map(|other| other.user_id);
        Acquaintance {
            barred: self.barred.clone(),
            mute: near.filter(|user_id| !self.may_answer(now, *user_id)).collect(),
            hosts: self.peers.values().filter(|peer| peer.is_host).map(|peer| peer.user_id).collect(),
        }
    }

    /// Whether somebody's machine answered, or has not had the time. That of a bot is never introduced.
    fn may_answer(&self, now: Duration, user_id: UserId) -> bool {
        let answers = |answer: &Answer| answer.has_come || now < answer.since + ANSWER_WITHIN;
        self.rested.contains(&user_id) || self.answers.get(&user_id).is_some_and(answers)
    }

    /// Begins with those who came near, and leaves those who went.
    pub(super) fn meet(&mut self, now: Duration) {
        let everybody: Vec<_> = self.near.all().into_iter().chain(self.companions.iter()).collect();
        for user_id in everybody {
            self.peer(user_id);
        }
        let facts = self.facts();
        for (user_id, peer) in &mut self.peers {
            let wish = if self.near.contains(*user_id) {
                Wish::Talk
            } else if self.companions.contains(*user_id) {
                Wish::GoThroughDoor
            } else if self.near.prepares(*user_id) {
                Wish::Prepare
            } else {
                Wish::Nothing
            };
            peer.want(facts.at(now), wish);
            peer.invites = self.near.invites(*user_id);
        }
        self.next_call = facts.next_call;
    }

    /// Goes on until nothing follows from anything any more.
    pub(super) fn settle(&mut self, now: Duration) {
        self.sight.tick(now);
        self.look_at_pictures();
        let facts = self.facts();
        let mut tidings = Vec::new();
        for peer in self.peers.values_mut() {
            peer.volume = volume(peer.gain, self.loudness.get(&peer.user_id).copied().unwrap_or_default());
            peer.settle(facts.at(now));
            self.effects.extend(peer.drain().map(Effect::Do));
            tidings.extend(peer.drain_tidings().into_iter().map(|tiding| (peer.user_id, tiding)));
        }
        self.room.settle(Around {
            base: facts.at(now),
            is_online: self.is_online,
            barred: &self.barred,
            loudness: &self.loudness,
            is_looking: self.is_in_sight && !self.preferences.sound_only,
            sight: &self.sight,
            enlarged: self.enlarged,
        });
        self.effects.extend(self.room.drain());
        self.next_call = facts.next_call;
        for peer in self.peers.values_mut().filter(|peer| peer.is_over()) {
            let unsaid = peer.take_unsaid();
            tidings.extend(unsaid.into_iter().map(|message| (peer.user_id, Tiding::Unsaid(message))));
        }
        for (user_id, tiding) in tidings {
            self.hear_tiding(now, user_id, tiding);
        }
        self.peers.retain(|_, peer| !peer.is_over());
        while let Some(step) = self.signalling.poll() {
            self.take_step(now, step);
        }
        self.show();
    }

    fn hear_tiding(&mut self, now: Duration, user_id: UserId, tiding: Tiding) {
        match tiding {
            Tiding::AskIntroduction => {
                if !self.signalling.ask_introduction(user_id)
                    && self.is_online
                    && self.introductions.take(now, INTRODUCTIONS, 1)
                {
                    self.effects.push_back(Effect::Tell(ToRelay::Introduce(user_id)));
                }
            }
            Tiding::Arrived => self.effects.push_back(Effect::Arrived(user_id)),
            Tiding::LinkClosed(link) => self.signalling.link_closed(link),
            Tiding::Rested => {
                if self.rested.len() >= INTRODUCTIONS_KEPT {
                    self.rested.clear();
                }
                self.rested.insert(user_id);
            }
            Tiding::Said(LinkMessage::Said { id, text }) => {
                self.effects.push_back(Effect::Said(user_id, id, text));
            }
            Tiding::Unsaid(LinkMessage::Said { id, text }) => {
                self.effects.push_back(Effect::Unsaid(user_id, id, text));
            }
            Tiding::Said(_) | Tiding::Unsaid(_) => {}
        }
    }

    fn take_step(&mut self, now: Duration, step: Step) {
        match step {
            Step::AskTicket => self.effects.push_back(Effect::Tell(ToRelay::GetTicket)),
            Step::Dial(url) => self.act(MediaOutput::Dial(url)),
            Step::Send(text) => self.act(MediaOutput::Send(text)),
            Step::HangUp => self.act(MediaOutput::HangUp),
            Step::Met(peer, user_id) => {
                self.signalling.introduced(peer, user_id);
            }
            Step::Tell(link, signal) => self.act(MediaOutput::TellLink(link, signal)),
            Step::Open { peer, with, .. } if self.barred.contains(&with) => self.signalling.refuse(peer),
            Step::Open { peer, with, offers } => {
                self.rested.remove(&with);
                let link = LinkId(self.next_link);
                self.next_link += 1;
                self.signalling.linked(peer, link);
                self.expect_answer(now, with);
                self.peer(with).add_link(now, link);
                let ice = self.ice();
                self.act(MediaOutput::OpenLink { link, offers, ice });
                for signal in self.signalling.take_early(peer) {
                    self.act(MediaOutput::TellLink(link, signal));
                }
            }
            Step::Over(link) => {
                if let Some(peer) = self.peers.values_mut().find(|peer| peer.has_link(link)) {
                    peer.introduction_over(link);
                    self.effects.extend(peer.drain().map(Effect::Do));
                }
            }
        }
    }

    /// Somebody's machine is being reached; how long that takes counts from the first time.
    fn expect_answer(&mut self, now: Duration, user_id: UserId) {
        if self.answers.len() >= INTRODUCTIONS_KEPT {
            let peers = &self.peers;
            self.answers.retain(|user_id, _| peers.contains_key(user_id));
        }
        self.answers.entry(user_id).or_insert(Answer { since: now, has_come: false });
    }

    pub(super) fn act(&mut self, output: MediaOutput) {
        self.effects.push_back(Effect::Do(output));
    }

    /// What is looked at of each: nothing while the page is out of sight, and of a tile that is out of view only what is
    /// shown large.
    fn look_at_pictures(&mut self) {
        for peer in self.peers.values_mut() {
            let is_enlarged = self.enlarged == Some(peer.user_id);
            let is_seen = self.sight.sees(peer.user_id);
            let size = |is_large| match (self.is_in_sight && (is_seen || is_large), is_large) {
                (false, _) => PictureSize::Hidden,
                (true, false) => PictureSize::Tile,
                (true, true) => PictureSize::Large,
            };
            // Whoever shows a screen is enlarged for that: the camera stays a tile.
            let camera = size(is_enlarged && !peer.shares().screen);
            peer.looks = Looks { camera, screen: size(is_enlarged) };
        }
    }

    /// Writes down what panels show.
    fn show(&mut self) {
        let before = std::mem::take(&mut self.neighbours);
        let place = |user_id: UserId| before.iter().position(|neighbour| neighbour.user_id == user_id);
        let mut neighbours: Vec<_> = self.peers.values().filter_map(|peer| self.neighbour(peer)).collect();
        // Whoever is there stays in place; newcomers come after.
        neighbours.sort_by_key(|neighbour| place(neighbour.user_id).unwrap_or(usize::MAX));
        // Nobody inside of a room talks with anybody outside.
        neighbours.splice(..0, self.room.neighbours(&self.barred, &self.loudness));
        if self.enlarged.is_some_and(|user_id| !neighbours.iter().any(|neighbour| neighbour.user_id == user_id)) {
            self.enlarged = None;
        }
        self.sight.keep(|user_id| neighbours.iter().any(|neighbour| neighbour.user_id == user_id));
        let room = ShownRoom {
            name: self.room().map(str::to_owned),
            is_full: self.is_room_full(),
            is_refused: self.is_room_refused(),
            tiles: self.room.tiles(),
            on_stage: self.on_stage(),
        };
        if neighbours != before || room != self.shown_room {
            self.revision += 1;
        }
        let company = |neighbour: &Neighbour| (neighbour.user_id, neighbour.arriving);
        if !neighbours.iter().map(company).eq(before.iter().map(company)) {
            self.company += 1;
        }
        (self.neighbours, self.shown_room) = (neighbours, room);
    }

    fn neighbour(&self, peer: &Peer) -> Option<Neighbour> {
        Some(Neighbour {
            user_id: peer.user_id,
            state: peer.state()?,
            transport: Transport::Peer,
            shares: peer.shares(),
            arriving: peer.shares(),
            flow: None,
            screen_flow: None,
            gain: peer.gain,
            loudness: self.loudness.get(&peer.user_id).copied().unwrap_or_default(),
            is_speaking: peer.is_speaking(),
            claim: None,
        })
    }

    /// What all peers go by at this moment; taken out, so that they can be changed meanwhile.
    pub(super) fn facts(&self) -> Facts {
        Facts {
            own: self.own,
            ice: self.ice(),
            shares: Shares {
                microphone: self.is_heard(),
                camera: self.sharing.is_on(Device::Camera),
                screen: self.sharing.is_on(Device::Screen),
                screen_sound: self.sharing.is_on(Device::Screen),
            },
            // The device is not let go with each word.
            sends_microphone: self.sharing.is_on(Device::Microphone),
            frame_rate_percent: self.strain.frame_rate_percent(),
            next_call: self.next_call.clone(),
        }
    }
}

/// See [`Media::facts`].
pub(super) struct Facts {
    own: UserId,
    ice: Ice,
    shares: Shares,
    sends_microphone: bool,
    frame_rate_percent: u8,
    pub(super) next_call: Cell<u32>,
}

impl Facts {
    pub(super) fn at(&self, now: Duration) -> Surroundings<'_> {
        Surroundings {
            now,
            own: self.own,
            ice: &self.ice,
            shares: self.shares,
            sends_microphone: self.sends_microphone,
            frame_rate_percent: self.frame_rate_percent,
            next_call: &self.next_call,
        }
    }
}

/// How loud somebody is played, 0 to 1.
pub(super) fn volume(gain: f32, loudness: Loudness) -> f32 {
    if loudness.is_muted { 0.0 } else { gain * f32::from(loudness.percent.min(100)) / 100.0 }
}
