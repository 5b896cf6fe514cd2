//! One person near: the links to their page, what is said over them, and the call.

mod calling;
mod linking;

use std::{cell::Cell, collections::VecDeque, time::Duration};

use shared::{
    identity::UserId,
    protocol::{
        codec,
        link::{CallMessage, LinkMessage, Looks, Shares},
    },
    rate::Bucket,
};

use super::{
    backoff::Backoff,
    courier::Courier,
    limits::{FRAMES_TAKEN, LINK_FORGOTTEN, LINK_IDLE, LINK_SILENT, LINK_WITHIN, LINKS_TO_ONE, REMARKS_TAKEN},
    messages::{CallCommand, CallEvent, CallId, CallState, Ice, LinkId, MediaOutput, Sending},
    negotiation::{Event, Negotiation},
};

/// The wait before a call that failed is tried again.
const AGAIN: Backoff = Backoff { at_first: Duration::from_millis(250), at_most: Duration::from_secs(8) };

/// How long somebody near may be without a link until the relay is asked to introduce them: they may be on the way.
/// Whoever has no calls at all, such as a bot, never answers.
const ASK: Backoff = Backoff { at_first: Duration::from_millis(750), at_most: Duration::from_secs(30) };

/// A call that is over after so long without having stood had its time; one that is over sooner was not wanted.
const FUTILE_AFTER: Duration = Duration::from_secs(10);

/// After so many calls none of which ever stood it is said that there is none to be had.
const UNREACHABLE_AFTER: u32 = 2;

/// What one wants of somebody.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Wish {
    /// Nothing: they are too far away.
    #[default]
    Nothing,
    /// A call that stands, for when they come nearer. Nobody learns over it what the other shares, and neither of the
    /// two shows it.
    Prepare,
    /// The same at once: one may walk through a door with them any moment.
    GoThroughDoor,
    /// To talk.
    Talk,
}

/// What all peers are told to go by.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) now: Duration,
    pub(super) own: UserId,
    pub(super) ice: &'a Ice,
    /// What one shares.
    pub(super) shares: Shares,
    /// Whether the microphone is on, heard or not.
    pub(super) sends_microphone: bool,
    /// How much of its frame rate the camera keeps, in percent.
    pub(super) frame_rate_percent: u8,
    /// The name of the next call's connection.
    pub(super) next_call: &'a Cell<u32>,
}

impl Surroundings<'_> {
    pub(super) fn name_call(self) -> CallId {
        CallId(self.next_call.replace(self.next_call.get() + 1))
    }
}

#[derive(Debug)]
struct Link {
    id: LinkId,
    is_up: bool,
    opened_at: Duration,
}

#[derive(Debug)]
struct Call {
    id: CallId,
    number: u32,
    /// Whether the other side knows of it: before the offer nothing that is said of it means anything to them.
    is_announced: bool,
    begun_at: Duration,
    negotiation: Negotiation,
    /// What they share, and look at.
    shares: Shares,
    looks: Looks,
    /// What they were told that one shares and looks at, and what is sent: told again when it changes.
    told_shares: Option<Shares>,
    told_looks: Option<Looks>,
    sending: Option<Sending>,
    playing: Option<f32>,
    is_speaking: bool,
    strain_percent: u8,
}

/// Somebody near, or who was near a moment ago.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug)]
pub(super) struct Peer {
    pub(super) user_id: UserId,
    links: Vec<Link>,
    courier: Courier,
    call: Option<Call>,
    /// An offer that came before one found oneself near enough, and until when it may wait.
    held: VecDeque<(u32, CallMessage)>,
    held_until: Duration,
    wish: Wish,
    /// Whether they are to know that one has a place for them, and what they were told.
    pub(super) invites: bool,
    told_invites: bool,
    /// Whether they say that they have one.
    pub(super) is_host: bool,
    /// Since when somebody is near without a link, and how often the relay was asked.
    missed_since: Option<Duration>,
    asked: u32,
    /// The number of the last call.
    last_number: u32,
    failures: u32,
    /// Calls since one last stood that had their time, and did not stand.
    futile: u32,
    again_at: Duration,
    /// Calls that were begun, remarks that came, and frames of any kind: a page that behaves keeps to all these rates.
    begun: Bucket,
    remarks: Bucket,
    frames: Bucket,
    /// Whether a call that stands and brings nothing is to be mended: not if the one before was, and it did not help. A
    /// microphone may give nothing on the best of paths.
    suspects_silence: bool,
    was_connected: bool,
    /// When a link was last up.
    linked_at: Duration,
    unused_since: Option<Duration>,
    /// How loud they are: by distance, and what one makes of that.
    pub(super) gain: f32,
    pub(super) volume: f32,
    pub(super) looks: Looks,
    outputs: VecDeque<MediaOutput>,
    tidings: VecDeque<Tiding>,
}

/// What others than the peer must hear of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Tiding {
    /// The relay should introduce them anew.
    AskIntroduction,
    /// The first time in this encounter they are heard.
    Arrived,
    /// A link is closed.
    LinkClosed(LinkId),
    /// All links are closed because nobody used them. The relay does not introduce them again by itself.
    Rested,
    /// They said something to those near.
    Said(LinkMessage),
    /// What was said to them did not arrive.
    Unsaid(LinkMessage),
}

impl Peer {
    /// Somebody to whom there is no link yet. Nothing is on the way to them either if the last one is at rest.
    pub(super) fn new(user_id: UserId, instance: u64, is_rested: bool) -> Self {
        Self {
            user_id,
            links: Vec::new(),
            courier: Courier::new(instance),
            call: None,
            held: VecDeque::new(),
            held_until: Duration::ZERO,
            wish: Wish::Nothing,
            invites: false,
            told_invites: false,
            is_host: false,
            missed_since: is_rested.then_some(Duration::ZERO),
            asked: 0,
            last_number: 0,
            failures: 0,
            futile: 0,
            again_at: Duration::ZERO,
            begun: Bucket::default(),
            remarks: Bucket::default(),
            frames: Bucket::default(),
            suspects_silence: true,
            was_connected: false,
            linked_at: Duration::ZERO,
            unused_since: None,
            gain: 0.0,
            volume: 0.0,
            looks: Looks::default(),
            outputs: VecDeque::new(),
            tidings: VecDeque::new(),
        }
    }

    /// What one wants of them from now on.
    pub(super) fn want(&mut self, around: Surroundings, wish: Wish) {
        let before = std::mem::replace(&mut self.wish, wish);
        if wish != Wish::Talk {
            // Whoever comes back arrives anew.
            self.was_connected = false;
        }
        if before == Wish::Nothing && self.is_wanted() {
            (self.failures, self.futile, self.again_at, self.asked) = (0, 0, around.now, 0);
            let held = std::mem::take(&mut self.held);
            for (number, message) in held {
                self.call_said(around, number, message);
            }
        } else if before != Wish::Nothing && !self.is_wanted() {
            self.held.clear();
            self.end_call(around.now, true);
        }
    }

    /// Whether there is to be a call.
    pub(super) fn is_wanted(&self) -> bool {
        self.wish != Wish::Nothing
    }

    /// Whether something is to go over it.
    pub(super) fn is_talking(&self) -> bool {
        self.wish == Wish::Talk
    }

    /// How the call stands, for as long as there is one or is to be one again.
    pub(super) fn state(&self) -> Option<CallState> {
        let is_tried = self.call.is_some() || self.was_connected || self.futile > 0;
        if !self.is_talking() || !is_tried {
            return None;
        }
        Some(match self.call.as_ref().map(|call| call.negotiation.state()).unwrap_or_default() {
            CallState::Connecting if self.was_connected => CallState::Reconnecting,
            CallState::Connecting if self.futile >= UNREACHABLE_AFTER => CallState::Unreachable,
            state => state,
        })
    }

    /// What they share.
    pub(super) fn shares(&self) -> Shares {
        self.call.as_ref().map(|call| call.shares).unwrap_or_default()
    }

    pub(super) fn is_speaking(&self) -> bool {
        self.call.as_ref().is_some_and(|call| call.is_speaking && call.shares.microphone)
    }

    /// For how much of the last second the processor held their picture of oneself back, in percent.
    pub(super) fn strain_percent(&self) -> u8 {
        self.call.as_ref().map_or(0, |call| call.strain_percent)
    }

    pub(super) fn has_call(&self, call: CallId) -> bool {
        self.call.as_ref().is_some_and(|own| own.id == call)
    }

    pub(super) fn has_link(&self, link: LinkId) -> bool {
        self.links.iter().any(|own| own.id == link)
    }

    /// Whether something can be said to them without the relay.
    pub(super) fn is_linked(&self) -> bool {
        self.links.iter().any(|link| link.is_up)
    }

    /// Whether nothing is left of the encounter.
    pub(super) fn is_over(&self) -> bool {
        !self.is_wanted() && !self.invites && self.call.is_none() && self.links.is_empty()
    }

    /// A link to them is being opened. The oldest that is not up makes room for it.
    pub(super) fn add_link(&mut self, now: Duration, link: LinkId) {
        while self.links.len() >= LINKS_TO_ONE {
            let stale = self.links.iter().position(|link| !link.is_up).unwrap_or(0);
            let stale = self.links[stale].id;
            self.close_link(stale);
        }
        self.links.push(Link { id: link, is_up: false, opened_at: now });
        (self.missed_since, self.asked) = (None, 0);
    }

    /// Says something to those near, on the link.
    pub(super) fn say(&mut self, around: Surroundings, message: LinkMessage) {
        if let Err(full) = self.courier.send(around.now, message) {
            self.tidings.push_back(Tiding::Unsaid(full.0));
        }
        self.settle(around);
    }

    /// Both channels of a link are open: it takes the place of earlier ones, which may lead to a page that is gone.
    pub(super) fn link_up(&mut self, around: Surroundings, link: LinkId) {
        let Some(up) = self.links.iter_mut().find(|own| own.id == link) else { return };
        up.is_up = true;
        let earlier: Vec<_> = self.links.iter().filter(|own| own.is_up && own.id != link).map(|own| own.id).collect();
        for id in earlier {
            self.close_link(id);
        }
        self.courier.link_up(around.now);
    }

    /// A link is over by itself.
    pub(super) fn link_down(&mut self, link: LinkId) {
        let was_up = self.is_linked();
        self.close_link(link);
        if was_up && !self.is_linked() {
            self.courier.link_down();
            // There may be no other link before they part; those near should read it while they are.
            let said = self.courier.hand_on();
            self.tidings.extend(said.into_iter().map(Tiding::Unsaid));
        }
    }

    /// The introduction is over: links that do not stand yet never will.
    pub(super) fn introduction_over(&mut self, link: LinkId) {
        if self.links.iter().any(|own| own.id == link && !own.is_up) {
            self.close_link(link);
        }
    }

    /// A message came on a link.
    pub(super) fn received(&mut self, around: Surroundings, bytes: &[u8]) {
        // Before it is looked at: what cannot be read costs something too.
        if !self.frames.take(around.now, FRAMES_TAKEN, 1) {
            let links: Vec<_> = self.links.iter().map(|link| link.id).collect();
            return links.into_iter().for_each(|link| self.link_down(link));
        }
        let Ok(frame) = codec::decode_link(bytes) else {
            // A page of another version, or nothing of ours at all: nothing is lost by not listening.
            return;
        };
        let received = self.courier.received(around.now, frame);
        if received.is_new_instance {
            self.end_call(around.now, false);
            self.held.clear();
            self.last_number = 0;
            (self.told_invites, self.is_host) = (false, false);
        }
        self.tidings.extend(received.undelivered.into_iter().map(Tiding::Unsaid));
        for message in received.messages {
            match message {
                LinkMessage::Call(number, message) => self.call_said(around, number, message),
                LinkMessage::Invites(invites) => self.is_host = invites,
                said @ LinkMessage::Said { .. } => {
                    if self.remarks.take(around.now, REMARKS_TAKEN, 1) {
                        self.tidings.push_back(Tiding::Said(said));
                    }
                }
            }
        }
    }

    /// Something about the call's connection.
    pub(super) fn call_event(&mut self, around: Surroundings, event: CallEvent) {
        let Some(call) = &mut self.call else { return };
        match event {
            CallEvent::Voice(is_speaking) => call.is_speaking = is_speaking,
            CallEvent::Strained(percent) => call.strain_percent = percent,
            event => call.negotiation.handle(around.now, Event::Connection(event)),
        }
    }

    /// Does what time brings, and whatever follows from anything that happened.
    pub(super) fn settle(&mut self, around: Surroundings) {
        let now = around.now;
        self.courier.tick(now);
        self.forget_lost(now);
        if !self.held.is_empty() && now >= self.held_until {
            // One did not come near after all.
            let number = self.held.back().map_or(0, |(number, _)| *number);
            self.held.clear();
            self.tell(now, number, CallMessage::Bye);
        }
        self.invite(now);
        self.begin_call(around);
        self.drop_dead_links(now);
        self.ask_for_link(now);
        self.drive_call(around);
        self.rest(now);
        while let Some(frame) = self.courier.poll(now) {
            if let Some(link) = self.links.iter().rev().find(|link| link.is_up) {
                self.outputs.push_back(MediaOutput::SendOnLink(link.id, codec::encode_link(&frame)));
            }
        }
    }

    /// Whoever cannot be reached for long is not waited for in sight any more: they may have gone for good, or blocked one.
    fn forget_lost(&mut self, now: Duration) {
        if self.is_linked() {
            self.linked_at = now;
        } else if self.call.is_none() && now >= self.linked_at + LINK_FORGOTTEN {
            (self.was_connected, self.futile) = (false, 0);
        }
    }

    /// Tells them whether one has a place for them.
    fn invite(&mut self, now: Duration) {
        let is_told = self.invites == self.told_invites || !self.is_linked();
        if !is_told && self.courier.send(now, LinkMessage::Invites(self.invites)).is_ok() {
            self.told_invites = self.invites;
        }
    }

    /// New servers, or fresh credentials.
    pub(super) fn set_ice(&mut self, ice: &Ice) {
        if let Some(call) = &self.call {
            self.outputs.push_back(MediaOutput::Command(call.id, CallCommand::SetIce(ice.clone())));
        }
    }

    /// Leaves nothing behind.
    pub(super) fn close(&mut self, now: Duration) {
        (self.wish, self.invites) = (Wish::Nothing, false);
        self.end_call(now, true);
        for link in std::mem::take(&mut self.links) {
            self.outputs.push_back(MediaOutput::CloseLink(link.id));
            self.tidings.push_back(Tiding::LinkClosed(link.id));
        }
    }

    /// What was said to them and is not known to have arrived.
    pub(super) fn take_unsaid(&mut self) -> Vec<LinkMessage> {
        self.courier.take_undelivered()
    }

    pub(super) fn next_timeout(&self, own: UserId) -> Option<Duration> {
        let held = (!self.held.is_empty()).then_some(self.held_until);
        let again = (self.offers(own) && self.may_begin() && self.call.is_none()).then_some(self.again_at);
        let ask = self.missed_since.map(|since| since + self.ask_after());
        let idle = self.unused_since.map(|since| since + LINK_IDLE);
        let opening = self.links.iter().filter(|link| !link.is_up).map(|link| link.opened_at + LINK_WITHIN).min();
        let silent = self.courier.waits_since().filter(|_| self.is_linked()).map(|since| since + LINK_SILENT);
        let negotiation = self.call.as_ref().and_then(|call| call.negotiation.next_timeout());
        [held, again, ask, idle, opening, silent, negotiation, self.courier.next_timeout()].into_iter().flatten().min()
    }

    pub(super) fn drain(&mut self) -> impl Iterator<Item = MediaOutput> {
        self.outputs.drain(..)
    }

    pub(super) fn drain_tidings(&mut self) -> Vec<Tiding> {
        self.tidings.drain(..).collect()
    }
}
