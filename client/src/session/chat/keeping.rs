//! What is kept of conversations: in pages, within bounds, and together with what other tabs keep.

use shared::identity::UserId;

use super::{
    Chats, Direct, Effect,
    keys::{self, Kept, kept},
    message::Message,
    page::Page,
};
use crate::session::memory::Entry;

/// Most bytes of all conversations together that are kept: browsers allow some 5 MiB.
const BYTES: usize = 4 * 1024 * 1024;

impl Chats {
    /// Forgets the conversation with somebody, here and in storage.
    pub(in crate::session) fn forget(&mut self, with: UserId) {
        let Some(direct) = self.directs.remove(&with) else { return };
        self.revision += 1;
        self.pending.remove(&with);
        for number in direct.page_numbers() {
            self.effects.push_back(Effect::Keep(Entry::gone(keys::page(with, number))));
        }
        self.effects.push_back(Effect::Keep(Entry::gone(keys::unread(with))));
    }

    /// Takes in what is in storage under one of the keys of conversations; damaged entries are left out.
    pub(in crate::session) fn load(&mut self, key: &str, value: &str) {
        match kept(key) {
            Some(Kept::Page(with, number)) => {
                if let Some(page) = Page::read(self.own, with, number, value) {
                    self.merge(with, page);
                }
            }
            Some(Kept::Unread(with)) => {
                self.directs.entry(with).or_default().unread = value.parse().unwrap_or_default();
            }
            None => {}
        }
    }

    /// After everything was loaded: forgets counts of conversations that are gone, and what is too much.
    pub(in crate::session) fn loaded(&mut self) {
        let empty = |direct: &Direct| direct.count() == 0;
        let gone: Vec<_> = self.directs.iter().filter(|(_, direct)| empty(direct)).map(|(with, _)| *with).collect();
        for with in gone {
            self.forget(with);
        }
        for with in self.directs.keys().copied().collect::<Vec<_>>() {
            self.trim(with);
        }
    }

    /// Another tab wrote this; what it wrote and what is known here are put together.
    pub(in crate::session) fn stored_elsewhere(&mut self, key: &str, value: Option<&str>) {
        let Some(kept) = kept(key) else { return };
        self.revision += 1;
        match (kept, value) {
            (Kept::Page(with, number), Some(value)) => {
                if let Some(page) = Page::read(self.own, with, number, value)
                    && self.merge(with, page)
                {
                    self.keep_page(with, number);
                }
            }
            (Kept::Page(with, number), None) => {
                let direct = self.directs.get_mut(&with);
                let page = direct.as_ref().and_then(|direct| direct.page(number));
                // Nothing that still waits is given up because another tab had no room for it.
                if page.is_some_and(|page| !page.messages.iter().any(Message::is_pending))
                    && let Some(direct) = direct
                {
                    direct.remove(number);
                }
            }
            (Kept::Unread(with), value) => {
                if let Some(direct) = self.directs.get_mut(&with) {
                    direct.unread = value.and_then(|value| value.parse().ok()).unwrap_or_default();
                }
            }
        }
    }

    pub(super) fn merge(&mut self, with: UserId, page: Page) -> bool {
        let direct = self.directs.entry(with).or_default();
        let has_more = direct.merge(page);
        if direct.pending().next().is_some() {
            self.pending.insert(with);
        } else {
            self.pending.remove(&with);
        }
        has_more
    }

    pub(super) fn keep_page(&mut self, with: UserId, number: u32) {
        if let Some(page) = self.directs.get(&with).and_then(|direct| direct.page(number)) {
            let value = page.write(self.own);
            self.effects.push_back(Effect::Keep(Entry::text(keys::page(with, number), value)));
        }
    }

    pub(super) fn keep_unread(&mut self, with: UserId) {
        let unread = self.directs.get(&with).map_or(0, Direct::unread);
        let key = keys::unread(with);
        let entry = if unread > 0 { Entry::text(key, unread.to_string()) } else { Entry::gone(key) };
        self.effects.push_back(Effect::Keep(entry));
    }

    /// Lets the oldest pages go where there are too many.
    pub(super) fn trim(&mut self, with: UserId) {
        while let Some(direct) = self.directs.get(&with).filter(|direct| direct.is_too_long()) {
            let Some(number) = direct.oldest_that_may_go(false).map(|page| page.number) else { break };
            self.drop_page(with, number);
        }
        let mut bytes: usize = self.directs.values().map(Direct::bytes).sum();
        for by_force in [false, true] {
            while bytes > BYTES {
                let oldest = self.directs.iter().filter_map(|(with, direct)| {
                    let page = direct.oldest_that_may_go(by_force)?;
                    Some((page.messages.first()?.at_ms, *with, page.number, page.bytes()))
                });
                let Some((_, with, number, freed)) = oldest.min() else { break };
                bytes -= freed;
                self.drop_page(with, number);
            }
        }
    }

    pub(super) fn drop_page(&mut self, with: UserId, number: u32) {
        if let Some(direct) = self.directs.get_mut(&with) {
            direct.remove(number);
            self.effects.push_back(Effect::Keep(Entry::gone(keys::page(with, number))));
        }
    }
}
