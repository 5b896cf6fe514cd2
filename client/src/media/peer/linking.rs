//! The links to one person: when they are of no use any more, and when another is needed.

use std::time::Duration;

use super::{ASK, Link, Peer, Tiding, Wish};
use crate::media::{
    limits::{LINK_IDLE, LINK_SILENT, LINK_WITHIN},
    messages::{LinkId, MediaOutput},
};

impl Peer {
    pub(super) fn close_link(&mut self, link: LinkId) {
        if let Some(at) = self.links.iter().position(|own| own.id == link) {
            self.links.remove(at);
            self.outputs.push_back(MediaOutput::CloseLink(link));
            self.tidings.push_back(Tiding::LinkClosed(link));
        }
    }

    /// Closes links that never came to be, or on which nothing is acknowledged any more: a channel says nothing when its
    /// path is gone.
    pub(super) fn drop_dead_links(&mut self, now: Duration) {
        let is_dead = self.courier.waits_since().is_some_and(|since| now >= since + LINK_SILENT);
        let is_dead = |link: &&Link| if link.is_up { is_dead } else { now >= link.opened_at + LINK_WITHIN };
        let dead: Vec<_> = self.links.iter().filter(is_dead).map(|link| link.id).collect();
        for link in dead {
            self.link_down(link);
        }
    }

    /// Somebody near without a link for a while: the relay introduces them anew.
    pub(super) fn ask_for_link(&mut self, now: Duration) {
        if !(self.is_wanted() || self.invites) || !self.links.is_empty() {
            self.missed_since = None;
            return;
        }
        let since = *self.missed_since.get_or_insert(now);
        if now >= since + self.ask_after() {
            self.missed_since = Some(now);
            self.asked += 1;
            self.tidings.push_back(Tiding::AskIntroduction);
        }
    }

    pub(super) fn ask_after(&self) -> Duration {
        // Inside of a room the relay introduces nobody who does not ask.
        let is_at_door = self.wish == Wish::GoThroughDoor && self.asked == 0;
        if is_at_door { Duration::ZERO } else { ASK.wait(self.asked) }
    }

    /// Closes links that nobody used for a while: a day among many people leaves nothing behind.
    pub(super) fn rest(&mut self, now: Duration) {
        let is_used = self.is_wanted() || self.invites || self.call.is_some() || self.links.is_empty();
        if is_used {
            self.unused_since = None;
        } else if now >= *self.unused_since.get_or_insert(now) + LINK_IDLE {
            let links: Vec<_> = self.links.iter().map(|link| link.id).collect();
            for link in links {
                self.link_down(link);
            }
            self.tidings.push_back(Tiding::Rested);
        }
    }
}
