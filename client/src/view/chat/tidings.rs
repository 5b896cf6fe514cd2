//! What is told in passing of what happened: who came, who waves, who wrote where one is not looking.

use std::collections::HashMap;

use shared::identity::UserId;

use super::{lines, list::shorten, name};
use crate::{
    session::{
        Session,
        chat::{
            Key,
            message::{Message, State},
        },
        news::What,
    },
    words::{self, words},
};

/// So many characters of a message are told.
const TOLD: usize = 120;

/// So many of those who came are named; of more there is a number.
const NAMED: usize = 2;

/// So many messages are told one by one; of more there is a number.
const MESSAGES: usize = 3;

/// What happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tidings {
    /// The number of the last news that is told.
    pub last: u64,
    /// The names of those who came.
    pub came: Vec<String>,
    /// Who waved, and their names.
    pub waved: Vec<(UserId, String)>,
    /// What was written, the oldest first.
    pub heard: Vec<Heard>,
}

/// Something that somebody wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Where.
    pub key: Key,
    /// What that conversation is called, if it is with several people.
    pub place: Option<String>,
    /// Who wrote.
    pub speaker: String,
    /// How it begins.
    pub text: String,
}

/// What happened after the news of that number.
pub fn tidings(session: &Session, after: u64) -> Tidings {
    let mut tidings = Tidings { last: session.feed().last(), ..Tidings::default() };
    let person = |who: UserId| session.roster().person(who).map(|person| person.profile.name.to_string());
    let mut wrote: Vec<(UserId, &Key)> = Vec::new();
    for news in session.feed().after(after) {
        match &news.what {
            What::Came(who) => tidings.came.extend(person(*who)),
            What::Left(_) => {}
            What::Waved(who) => tidings.waved.extend(person(*who).map(|name| (*who, name))),
            What::Wrote { from, key } => wrote.push((*from, key)),
        }
    }
    // The last news are about the last messages.
    let mut told: HashMap<(UserId, &Key), usize> = HashMap::new();
    for (from, key) in wrote.into_iter().rev() {
        let later = told.entry((from, key)).or_default();
        let mut of_them = session.chats().messages(key).rev().filter(|message| is_of(message, from));
        // It may be forgotten by now.
        tidings.heard.extend(of_them.nth(*later).map(|message| heard(session, key, message)));
        *later += 1;
    }
    tidings.heard.reverse();
    tidings
}

fn is_of(message: &Message, from: UserId) -> bool {
    message.from == from && message.state == State::Received
}

fn heard(session: &Session, key: &Key, message: &Message) -> Heard {
    let (speaker, _) = lines::speaker(session, message);
    Heard {
        key: key.clone(),
        place: (!matches!(key, Key::Direct(_))).then(|| name(session, key)),
        speaker,
        text: shorten(message.text.as_str(), TOLD),
    }
}

impl Tidings {
    /// All in one breath, for those who listen; without what is read in `open` anyway.
    pub fn sentence(&self, open: Option<&Key>) -> Option<String> {
        let words = words();
        let mut sentences = Vec::new();
        let heard: Vec<_> = self.heard.iter().filter(|heard| Some(&heard.key) != open).collect();
        if heard.len() > MESSAGES {
            sentences.push(words::fill(words.chat_new_many, "count", &heard.len().to_string()));
        } else {
            sentences.extend(heard.into_iter().map(Heard::sentence));
        }
        sentences.extend(self.waved.iter().map(|(_, name)| words::fill(words.waves_at_you, "name", name)));
        match &self.came[..] {
            [] => {}
            [one] => sentences.push(words::fill(words.came_in, "name", one)),
            few if few.len() <= NAMED => sentences.push(words::fill(words.came_in_several, "names", &few.join(", "))),
            many => sentences.push(words::fill(words.came_in_many, "count", &many.len().to_string())),
        }
        (!sentences.is_empty()).then(|| sentences.join(" "))
    }
}

impl Heard {
    /// Who wrote, and where if that is not to oneself.
    pub fn title(&self) -> String {
        match &self.place {
            None => self.speaker.clone(),
            Some(place) => format!("{} · {place}", self.speaker),
        }
    }

    fn sentence(&self) -> String {
        words::fill_all(words().chat_said, &[("name", &self.title()), ("text", &self.text)])
    }
}
