//! What the conversations hold while their elements come and go: which one is open, how much of it is shown, and what
//! was begun to be written in each.

use std::collections::HashMap;

use leptos::prelude::*;

use crate::{
    classroom::Classroom,
    session::chat::{Key, Returned, Unsaid},
    view::chat::{self, Looking, MessageKey, SHOWN},
};

/// Lines of what is read already above the first new message, when one begins there.
const READ_BEFORE: usize = 5;

/// What outlives the elements.
#[derive(Clone, Copy)]
pub(crate) struct Held {
    /// The conversation that is open; without one, the list of them is.
    pub(super) open: RwSignal<Option<Key>>,
    /// Whether one ever was: whoever is at the list then went there.
    has_begun: RwSignal<bool>,
    /// So many messages of it are shown at least.
    pub(super) at_least: RwSignal<usize>,
    /// The first message that was new when one began to read.
    pub(super) fresh: RwSignal<Option<MessageKey>>,
    /// Whether its end is seen.
    pub(super) is_at_end: RwSignal<bool>,
    /// Whether the keyboard is to go to what is opened next.
    wants_keyboard: RwSignal<bool>,
    drafts: RwSignal<HashMap<Key, Draft>>,
}

/// What was begun to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The text.
    pub(super) text: String,
    /// Why it could not be said, if somebody tried.
    pub(super) problem: Option<Unsaid>,
}

impl Held {
    /// Nothing was opened or written yet.
    pub(crate) fn new() -> Self {
        Self {
            open: RwSignal::new(None),
            has_begun: RwSignal::new(false),
            at_least: RwSignal::new(SHOWN),
            fresh: RwSignal::new(None),
            is_at_end: RwSignal::new(false),
            wants_keyboard: RwSignal::new(false),
            drafts: RwSignal::new(HashMap::new()),
        }
    }

    /// Goes to where somebody wants to be who goes to the conversations.
    pub(crate) fn begin(&self, classroom: &Classroom) {
        let open = self.open.get_untracked();
        if open.is_none() && self.has_begun.get_untracked() {
            self.wants_keyboard.set(true);
        } else {
            let key = classroom.read(|session, now| chat::start(session, now, open.as_ref()));
            self.go_to(classroom, key);
        }
    }

    /// Goes to a conversation: to the first message in it that is new, or to its end.
    pub(crate) fn go_to(&self, classroom: &Classroom, key: Key) {
        let (unread, first) =
            classroom.read(|session, _| (session.chats().unread(&key), chat::first_unread(session, &key)));
        self.at_least.set(SHOWN.max(unread as usize + READ_BEFORE));
        self.fresh.set(first);
        self.is_at_end.set(false);
        self.has_begun.set(true);
        self.wants_keyboard.set(true);
        self.open.set(Some(key));
    }

    /// The conversation that is open.
    pub(crate) fn conversation(&self) -> Option<Key> {
        self.open.get()
    }

    /// The same, for once.
    pub(crate) fn conversation_untracked(&self) -> Option<Key> {
        self.open.get_untracked()
    }

    /// Goes back to the list.
    pub(super) fn close(&self) {
        self.wants_keyboard.set(true);
        self.open.set(None);
    }

    /// Whether the keyboard is to go to what was opened; once.
    pub(super) fn takes_keyboard(&self) -> bool {
        let wants = self.wants_keyboard.get_untracked();
        self.wants_keyboard.set(false);
        wants
    }

    /// What was begun to be written there.
    pub(super) fn draft(&self, key: &Key) -> Draft {
        self.drafts.with(|drafts| drafts.get(key).cloned()).unwrap_or_default()
    }

    /// Something is written there.
    pub(super) fn write(&self, key: &Key, text: String) {
        self.drafts.update(|drafts| {
            if text.is_empty() {
                drafts.remove(key);
            } else {
                drafts.insert(key.clone(), Draft { text, problem: None });
            }
        });
    }

    /// What is written there cannot be said.
    pub(super) fn complain(&self, key: &Key, why: Unsaid) {
        self.drafts.update(|drafts| drafts.entry(key.clone()).or_default().problem = Some(why));
    }

    /// A text that could not be said after all goes before what was written meanwhile.
    pub(crate) fn put_back(&self, returned: &Returned) {
        self.drafts.update(|drafts| {
            let draft = drafts.entry(returned.key.clone()).or_default();
            let text = returned.text.as_str();
            draft.text = if draft.text.is_empty() { text.to_owned() } else { format!("{text}\n{}", draft.text) };
            draft.problem = Some(returned.why);
        });
    }

    /// What is looked at, if the panel is open.
    pub(crate) fn looking(&self, is_open: bool) -> Looking {
        let open = self.open.get_untracked().filter(|_| is_open);
        Looking {
            at_list: is_open && open.is_none(),
            at: open,
            at_least: self.at_least.get_untracked(),
            ..Looking::default()
        }
    }
}
