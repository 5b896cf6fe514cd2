//! What a person is told in passing: who came, who waved, who wrote.

use std::collections::VecDeque;

use shared::identity::UserId;

use super::{Time, chat::Key};

/// Most news that are remembered: who did not see older ones meanwhile does not need to.
const REMEMBERED: usize = 64;

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// Counts up from 1.
    pub number: u64,
    /// When it happened.
    pub at: Time,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Somebody came in.
    Came(UserId),
    /// Somebody left.
    Left(UserId),
    /// Somebody waved at oneself.
    Waved(UserId),
    /// Somebody wrote in a conversation that is not looked at.
    Wrote {
        /// Who.
        from: UserId,
        /// Where.
        key: Key,
    },
}

/// A sound for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chime {
    /// Somebody waves.
    Wave,
    /// Somebody wrote to oneself alone.
    Message,
    /// Somebody comes into hearing.
    Arrival,
}

/// The last news.
#[derive(Debug, Default)]
pub struct Feed {
    news: VecDeque<News>,
    count: u64,
}

impl Feed {
    /// The news after that number, the oldest first.
    pub fn after(&self, number: u64) -> impl Iterator<Item = &News> {
        self.news.iter().filter(move |news| news.number > number)
    }

    /// The number of the last news; 0 if there were none.
    pub fn last(&self) -> u64 {
        self.count
    }

    pub(super) fn add(&mut self, at: Time, what: What) {
        self.count += 1;
        self.news.push_back(News { number: self.count, at, what });
        if self.news.len() > REMEMBERED {
            self.news.pop_front();
        }
    }
}
