//! Messages to one other page, each once and in order, over links that come and go.
//!
//! A link's channel is reliable while it lasts. What was under way when it ends is not: so messages are numbered, kept
//! until they are acknowledged, and said again, on the next link if need be. A page that is loaded anew has another
//! instance; nothing said to the earlier one concerns it, and both number their messages from 0 again.

use std::{
    collections::{BTreeMap, VecDeque},
    time::Duration,
};

use shared::protocol::link::{CallMessage, Frame, LinkMessage};

use super::limits::{LEFT_INSTANCES, OUT_OF_ORDER, UNACKNOWLEDGED, UNACKNOWLEDGED_BYTES};

/// A message is said again when it was not acknowledged for so long; each time the wait doubles ...
const REPEAT_AFTER: Duration = Duration::from_secs(1);

/// ... up to this.
const REPEAT_AT_MOST: Duration = Duration::from_secs(4);

/// How long an acknowledgement waits for a message it can travel with.
const ACKNOWLEDGE_AFTER: Duration = Duration::from_millis(100);

/// An earlier page is taken for the present one only when that was silent for so long: stragglers come sooner.
const SILENT_PAGE: Duration = Duration::from_secs(4);

/// A message that found no room.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Full(pub(super) LinkMessage);

/// What came of a frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Received {
    /// What the other side says, in order.
    pub(super) messages: Vec<LinkMessage>,
    /// Whether it is another page than before: all that was about the earlier one is over.
    pub(super) is_new_instance: bool,
    /// What was said to those near, and the earlier page did not acknowledge. It may have taken the last of it.
    pub(super) undelivered: Vec<LinkMessage>,
}

/// The pipe to one other page.
#[derive(Debug)]
pub(super) struct Courier {
    own: u64,
    /// The other page's instance, once it is known ...
    other: Option<u64>,
    /// ... and those before it, the latest last.
    left: VecDeque<u64>,
    /// When something of the other page came last.
    heard_at: Option<Duration>,
    is_up: bool,
    /// What is not acknowledged, the oldest first, and the number of the oldest.
    kept: VecDeque<LinkMessage>,
    kept_from: u32,
    kept_bytes: usize,
    /// The number from which on nothing of it was handed on another way.
    handed_on: u32,
    /// The number of the next message to put on the link, and of the first that never was.
    next: u32,
    sent: u32,
    /// How many messages of the other side were taken, and those that came before their turn.
    taken: u32,
    early: BTreeMap<u32, LinkMessage>,
    early_bytes: usize,
    /// When the oldest is said again, and how long the wait after that.
    repeat_at: Option<Duration>,
    repeat_after: Duration,
    has_to_repeat: bool,
    waits_since: Option<Duration>,
    acknowledge_at: Option<Duration>,
    /// When whoever is at the other end is told which page this is.
    announce_at: Option<Duration>,
}

impl Courier {
    /// A pipe from that page.
    pub(super) fn new(own: u64) -> Self {
        Self {
            own,
            other: None,
            left: VecDeque::new(),
            heard_at: None,
            is_up: false,
            kept: VecDeque::new(),
            kept_from: 0,
            kept_bytes: 0,
            handed_on: 0,
            next: 0,
            sent: 0,
            taken: 0,
            early: BTreeMap::new(),
            early_bytes: 0,
            repeat_at: None,
            repeat_after: REPEAT_AFTER,
            has_to_repeat: false,
            waits_since: None,
            acknowledge_at: None,
            announce_at: None,
        }
    }

    /// Whether the other page has said which one it is.
    pub(super) fn is_acquainted(&self) -> bool {
        self.other.is_some()
    }

    /// Says something.
    ///
    /// # Errors
    /// If too much waits already; the message comes back.
    pub(super) fn send(&mut self, now: Duration, message: LinkMessage) -> Result<(), Full> {
        let bytes = size(&message);
        if self.kept.len() >= UNACKNOWLEDGED || self.kept_bytes + bytes > UNACKNOWLEDGED_BYTES {
            return Err(Full(message));
        }
        self.kept_bytes += bytes;
        self.kept.push_back(message);
        self.repeat_at.get_or_insert(now + self.repeat_after);
        if self.is_up {
            self.waits_since.get_or_insert(now);
        }
        Ok(())
    }

    /// A link is up: it is told who is here, and all that may have been lost with the one before.
    pub(super) fn link_up(&mut self, now: Duration) {
        self.is_up = true;
        self.announce_at = Some(now);
        self.waits_since = (!self.kept.is_empty()).then_some(now);
        self.next = self.kept_from;
        self.begin_waiting(now);
    }

    /// No link is up any more.
    pub(super) fn link_down(&mut self) {
        self.is_up = false;
        self.waits_since = None;
    }

    /// What was said to those near and is not acknowledged, each once: it is to go another way. It is kept for the next
    /// link all the same; whoever gets it twice takes it once.
    pub(super) fn hand_on(&mut self) -> Vec<LinkMessage> {
        let done = self.handed_on.wrapping_sub(self.kept_from) as i32;
        let undelivered = self.kept.iter().skip(usize::try_from(done).unwrap_or(0));
        let said = undelivered.filter(|message| matches!(message, LinkMessage::Said { .. })).cloned().collect();
        self.handed_on = self.kept_from.wrapping_add(self.kept.len() as u32);
        said
    }

    /// Gives up what is not acknowledged. Gives what of it was said to those near and not handed on, who may have taken
    /// the last of it.
    pub(super) fn take_undelivered(&mut self) -> Vec<LinkMessage> {
        let said = self.hand_on();
        self.kept.clear();
        self.kept_bytes = 0;
        self.waits_since = None;
        said
    }

    /// Since when something waits on the link without anything being acknowledged.
    pub(super) fn waits_since(&self) -> Option<Duration> {
        self.waits_since
    }

    /// Takes a frame from the link.
    pub(super) fn received(&mut self, now: Duration, frame: Frame) -> Received {
        let mut received = Received::default();
        let Frame { instance, to, taken, message } = frame;
        // Nobody, or an echo.
        if instance == 0 || instance == self.own {
            return received;
        }
        if to != 0 && to != self.own {
            // It takes this page for another, until it is told.
            self.announce_at.get_or_insert(now + ACKNOWLEDGE_AFTER);
            return received;
        }
        if self.other != Some(instance) {
            let is_silent = self.heard_at.is_none_or(|at| now >= at + SILENT_PAGE);
            if self.left.contains(&instance) && !is_silent {
                // A straggler of an earlier page; or else the one that was taken for newer is not heard much longer.
                return received;
            }
            received.is_new_instance = self.other.is_some();
            received.undelivered = self.begin_anew(now, instance);
        }
        self.heard_at = Some(now);
        if to != self.own {
            // It does not know this page, or not yet whether the link leads to it: it took nothing, and says nothing.
            self.acknowledge_at.get_or_insert(now + ACKNOWLEDGE_AFTER);
            return received;
        }
        self.acknowledged(now, taken);
        if let Some((number, message)) = message {
            self.take(number, message, &mut received.messages);
            // Also for what was taken already: the acknowledgement may have been lost.
            self.acknowledge_at.get_or_insert(now + ACKNOWLEDGE_AFTER);
        }
        received
    }

    /// Says again what was not acknowledged in time: the oldest alone, since the channel loses nothing and may be slow.
    pub(super) fn tick(&mut self, now: Duration) {
        if self.is_up && self.repeat_at.is_some_and(|at| now >= at) {
            self.repeat_after = (self.repeat_after * 2).min(REPEAT_AT_MOST);
            self.repeat_at = Some(now + self.repeat_after);
            if self.is_acquainted() {
                self.has_to_repeat = true;
            } else {
                self.announce_at.get_or_insert(now);
            }
        }
    }

    /// The next frame for the link, if there is one at that time.
    pub(super) fn poll(&mut self, now: Duration) -> Option<Frame> {
        let is_due = |at: Option<Duration>| at.is_some_and(|at| now >= at);
        if !self.is_up {
            return None;
        }
        if is_due(self.announce_at) {
            self.announce_at = None;
            return Some(Frame { instance: self.own, to: 0, taken: 0, message: None });
        }
        let to = self.other?;
        let message = self.next_message();
        if message.is_none() && !is_due(self.acknowledge_at) {
            return None;
        }
        self.acknowledge_at = None;
        Some(Frame { instance: self.own, to, taken: self.taken, message })
    }

    /// When [`Self::tick`] and [`Self::poll`] should come at the latest.
    pub(super) fn next_timeout(&self) -> Option<Duration> {
        let acknowledge = self.acknowledge_at.filter(|_| self.is_acquainted());
        [self.repeat_at, acknowledge, self.announce_at].into_iter().flatten().min().filter(|_| self.is_up)
    }

    /// Messages begin once it is known whom they are for: they would be lost on a page that was just loaded. They stop
    /// where the other side would not keep them for want of earlier ones.
    fn next_message(&mut self) -> Option<(u32, LinkMessage)> {
        if std::mem::take(&mut self.has_to_repeat)
            && self.next != self.kept_from
            && let Some(oldest) = self.kept.front()
        {
            return Some((self.kept_from, oldest.clone()));
        }
        let ahead = self.next.wrapping_sub(self.kept_from) as usize;
        let message = self.kept.get(ahead).filter(|_| ahead < OUT_OF_ORDER)?.clone();
        let number = self.next;
        self.next = self.next.wrapping_add(1);
        if self.sent == number {
            self.sent = self.next;
        }
        Some((number, message))
    }

    fn acknowledged(&mut self, now: Duration, taken: u32) {
        let count = taken.wrapping_sub(self.kept_from) as usize;
        // More than was ever put on the link is no acknowledgement.
        let sent = self.sent.wrapping_sub(self.kept_from) as usize;
        if count == 0 || count > sent.min(self.kept.len()) {
            return;
        }
        for message in self.kept.drain(..count) {
            self.kept_bytes -= size(&message);
        }
        // A new link may not have come as far yet.
        if (self.next.wrapping_sub(self.kept_from) as usize) < count {
            self.next = taken;
        }
        self.kept_from = taken;
        self.waits_since = (!self.kept.is_empty()).then_some(now);
        self.begin_waiting(now);
    }

    fn take(&mut self, number: u32, message: LinkMessage, messages: &mut Vec<LinkMessage>) {
        let ahead = number.wrapping_sub(self.taken) as usize;
        if ahead == 0 {
            messages.push(message);
            self.taken = self.taken.wrapping_add(1);
            while let Some(next) = self.early.remove(&self.taken) {
                self.early_bytes -= size(&next);
                messages.push(next);
                self.taken = self.taken.wrapping_add(1);
            }
        } else if ahead < OUT_OF_ORDER
            && !self.early.contains_key(&number)
            && self.early_bytes + size(&message) <= UNACKNOWLEDGED_BYTES
        {
            self.early_bytes += size(&message);
            self.early.insert(number, message);
        }
    }

    /// The wait for an acknowledgement, or for the other page to name itself, begins again.
    fn begin_waiting(&mut self, now: Duration) {
        self.repeat_after = REPEAT_AFTER;
        self.has_to_repeat = false;
        let waits = !self.kept.is_empty() || !self.is_acquainted();
        self.repeat_at = waits.then(|| now + REPEAT_AFTER);
    }

    /// Another page is at the other end: calls with the earlier one are over, what was said to it is given back.
    fn begin_anew(&mut self, now: Duration, instance: u64) -> Vec<LinkMessage> {
        let mut undelivered = Vec::new();
        if let Some(earlier) = self.other.replace(instance) {
            if self.left.contains(&instance) {
                // A straggler of an earlier page was taken for a new one. To that page, too, one has to be new, or the
                // two would disagree about numbers.
                self.own = self.own.wrapping_add(1).max(1);
            }
            self.left.retain(|left| *left != earlier && *left != instance);
            self.left.push_back(earlier);
            if self.left.len() > LEFT_INSTANCES {
                self.left.pop_front();
            }
            undelivered = self.take_undelivered();
            self.handed_on = 0;
        }
        (self.kept_from, self.next, self.sent) = (0, 0, 0);
        self.taken = 0;
        self.early.clear();
        self.early_bytes = 0;
        self.begin_waiting(now);
        undelivered
    }
}

/// About how much of memory and link a message takes, in bytes.
fn size(message: &LinkMessage) -> usize {
    64 + match message {
        LinkMessage::Said { text, .. } => text.as_str().len(),
        LinkMessage::Call(_, CallMessage::Offer(text) | CallMessage::Answer(text)) => text.as_str().len(),
        LinkMessage::Call(_, CallMessage::Candidate(candidate)) => candidate.line.as_str().len(),
        LinkMessage::Call(..) | LinkMessage::Invites(_) => 0,
    }
}

#[cfg(test)]
pub(super) mod tests;
