//! A page of a conversation: what is written to storage at a time, and lost at a time should it be damaged.

use serde::{Deserialize, Serialize};
use shared::{
    chat::{ChatText, MessageId},
    identity::UserId,
};

use super::message::{Message, State};

/// The version of what a page looks like in storage.
const VERSION: u32 = 1;

/// Most messages on a page: each change of one writes the whole page.
const MESSAGES: usize = 32;

/// Most bytes on a page, unless one message alone is longer.
const BYTES: usize = 16 * 1024;

/// Some messages that follow one another.
#[derive(Clone, Debug, Default)]
pub(super) struct Page {
    /// Counted from 0 within the conversation; earlier ones may be gone.
    pub(super) number: u32,
    pub(super) messages: Vec<Message>,
}

/// As kept: `{"version":1,"messages":[…]}`.
#[derive(Serialize, Deserialize)]
struct KeptPage {
    version: u32,
    messages: Vec<KeptMessage>,
}

/// A message without what its conversation knows anyway.
#[derive(Serialize, Deserialize)]
struct KeptMessage {
    id: String,
    own: bool,
    text: ChatText,
    at: u64,
    /// Where it differs from `at`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    stamp: Option<u64>,
    state: State,
}

impl Page {
    /// Whether a message more fits.
    pub(super) fn has_room(&self, message: &Message) -> bool {
        self.messages.is_empty() || self.messages.len() < MESSAGES && self.bytes() + message.bytes() <= BYTES
    }

    /// About how many bytes it takes in storage.
    pub(super) fn bytes(&self) -> usize {
        self.messages.iter().map(Message::bytes).sum()
    }

    /// As text for the storage.
    pub(super) fn write(&self, own: UserId) -> String {
        let kept = |message: &Message| KeptMessage {
            id: message.id.to_string(),
            own: message.from == own,
            text: message.text.clone(),
            at: message.at_ms,
            stamp: (message.stamp_ms != message.at_ms).then_some(message.stamp_ms),
            state: message.state,
        };
        let page = KeptPage { version: VERSION, messages: self.messages.iter().map(kept).collect() };
        // Plain data, which JSON can express.
        serde_json::to_string(&page).unwrap_or_default()
    }

    /// Reads a page of the conversation with `with`; `None` if it is damaged. Whoever wrote it may have been anybody:
    /// the bounds are checked here too.
    pub(super) fn read(own: UserId, with: UserId, number: u32, text: &str) -> Option<Self> {
        let page: KeptPage = serde_json::from_str(text).ok()?;
        if page.version != VERSION || page.messages.len() > MESSAGES {
            return None;
        }
        let message = |kept: KeptMessage| {
            let id: MessageId = kept.id.parse().ok()?;
            let is_consistent = kept.own == (kept.state != State::Received);
            is_consistent.then_some(Message {
                id,
                from: if kept.own { own } else { with },
                name: None,
                text: kept.text,
                at_ms: kept.at,
                stamp_ms: kept.stamp.unwrap_or(kept.at),
                state: kept.state,
            })
        };
        let messages: Option<Vec<_>> = page.messages.into_iter().map(message).collect();
        messages.filter(|messages| !messages.is_empty()).map(|messages| Self { number, messages })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::person;

    fn message(bits: u64, from: UserId, text: &str, state: State) -> Message {
        let text = ChatText::new(text).expect("a text");
        Message { id: MessageId::from_bits(bits), from, name: None, text, at_ms: 5, stamp_ms: 5 + bits, state }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let (own, with) = (person(1), person(2));
        let messages = vec![
            message(0, own, "hi \"Bob\"\n<b>😀</b>", State::Sent),
            message(1, with, "שלום", State::Received),
            message(u64::MAX - 5, own, "e\u{301}", State::Delivered),
        ];
        let page = Page { number: 7, messages };
        let read = Page::read(own, with, 7, &page.write(own)).expect("a sound page");
        assert_eq!((read.number, read.messages), (7, page.messages));
    }

    #[test]
    fn what_is_damaged_is_no_page() {
        let (own, with) = (person(1), person(2));
        let sound = Page { number: 0, messages: vec![message(1, own, "hi", State::Sent)] }.write(own);
        assert!(Page::read(own, with, 0, &sound).is_some());
        let many = Page { number: 0, messages: vec![message(1, own, "hi", State::Sent); MESSAGES + 1] }.write(own);
        for damaged in [
            String::new(),
            sound[..sound.len() - 1].to_owned(),
            sound.replace("\"version\":1", "\"version\":2"),
            sound.replace("0000000000000001", "1"),
            sound.replace("\"hi\"", "\"\""),
            sound.replace("sent", "received"),
            r#"{"version":1,"messages":[]}"#.to_owned(),
            many,
        ] {
            assert!(Page::read(own, with, 0, &damaged).is_none(), "{damaged}");
        }
    }

    #[test]
    fn a_page_has_room_for_so_many_messages_and_bytes() {
        let own = person(1);
        let mut page = Page::default();
        let long = message(1, own, &"x".repeat(2000), State::Sent);
        while page.has_room(&long) {
            page.messages.push(long.clone());
        }
        assert_eq!(page.messages.len(), 7);
        let mut page = Page::default();
        let short = message(1, own, "x", State::Sent);
        while page.has_room(&short) {
            page.messages.push(short.clone());
        }
        assert_eq!(page.messages.len(), MESSAGES);
    }
}
