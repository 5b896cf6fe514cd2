//! Two couriers in virtual time, on links that lose, repeat and reorder frames and come and go, between pages that are
//! loaded anew.

use super::*;

/// What happens to two pages.
#[derive(Clone, Copy, Debug)]
pub(in crate::media) enum Step {
    Wait(u64),
    Say(usize),
    /// The link ends, and all that is under way on it.
    Cut,
    /// A link is up, perhaps a second one.
    Join,
    /// A page is loaded anew. Stragglers of the one before may still be under way.
    Reload(usize),
}

/// What happens to a frame: whether it is lost, how long it takes, and how long a second copy takes.
pub(in crate::media) type Fate = (bool, u64, Option<u64>);

/// What may happen to frames, one after another.
pub(in crate::media) fn fates() -> impl Strategy<Value = Vec<Fate>> {
    let fate = (prop::bool::weighted(0.2), 1_u64..600, prop::option::weighted(0.2, 1_u64..3000));
    prop::collection::vec(fate, 1..40)
}

/// What pages said and heard, by their names.
#[derive(Debug, Default)]
pub(in crate::media) struct Journal {
    /// By receiving page, from which page and what.
    pub(in crate::media) taken: Vec<(u64, u64, LinkMessage)>,
    /// By page, all it said, and what it was told did not arrive.
    pub(in crate::media) said: Vec<(u64, u64)>,
    pub(in crate::media) undelivered: Vec<(u64, LinkMessage)>,
    /// How often a page found another one at the other end than before.
    pub(in crate::media) renewals: usize,
}

/// See the module.
#[derive(Debug)]
pub(in crate::media) struct Pair {
    pub(in crate::media) now: Duration,
    pub(in crate::media) pages: [Courier; 2],
    /// Their names here: a courier may take another instance.
    pub(in crate::media) names: [u64; 2],
    is_up: bool,
    under_way: Vec<(Duration, usize, u64, Frame)>,
    pub(in crate::media) fates: Vec<Fate>,
    pub(in crate::media) frames: usize,
    pub(in crate::media) journal: Journal,
}

impl Pair {
    pub(in crate::media) fn new(fates: Vec<Fate>) -> Self {
        Self {
            now: START,
            pages: [Courier::new(1 << 32), Courier::new(2 << 32)],
            names: [1, 2],
            is_up: false,
            under_way: Vec::new(),
            fates,
            frames: 0,
            journal: Journal::default(),
        }
    }

    pub(in crate::media) fn step(&mut self, step: Step) {
        match step {
            Step::Wait(time) => self.run(ms(time)),
            Step::Say(page) => {
                let id = self.journal.said.len() as u64;
                if self.pages[page].send(self.now, said(id)).is_ok() {
                    self.journal.said.push((self.names[page], id));
                }
            }
            Step::Cut => {
                self.is_up = false;
                self.under_way.clear();
                self.pages.iter_mut().for_each(Courier::link_down);
            }
            Step::Join => self.join(),
            Step::Reload(page) => {
                self.names[page] += 2;
                self.pages[page] = Courier::new(self.names[page] << 32);
                if self.is_up {
                    self.join();
                }
            }
        }
    }

    pub(in crate::media) fn join(&mut self) {
        self.is_up = true;
        let now = self.now;
        self.pages.iter_mut().for_each(|page| page.link_up(now));
    }

    /// Lets so much time pass, from one event to the next.
    pub(in crate::media) fn run(&mut self, time: Duration) {
        let end = self.now + time;
        loop {
            self.exchange();
            let arrivals = self.under_way.iter().map(|(at, ..)| *at);
            let timeouts = self.pages.iter().filter_map(Courier::next_timeout);
            let next = arrivals.chain(timeouts).min().unwrap_or(end).max(self.now);
            if next >= end {
                self.now = end;
                return;
            }
            self.now = next;
        }
    }

    /// Takes what arrived, and puts on the link what is to be said.
    fn exchange(&mut self) {
        let now = self.now;
        let (due, later) = std::mem::take(&mut self.under_way).into_iter().partition(|(at, ..)| *at <= now);
        self.under_way = later;
        let due: Vec<(Duration, usize, u64, Frame)> = due;
        for (_, to, from, frame) in due {
            let received = self.pages[to].received(now, frame);
            let name = self.names[to];
            self.journal.renewals += usize::from(received.is_new_instance);
            self.journal.taken.extend(received.messages.into_iter().map(|message| (name, from, message)));
            self.journal.undelivered.extend(received.undelivered.into_iter().map(|message| (name, message)));
        }
        for from in 0..2 {
            for frame in all(&mut self.pages[from], now) {
                let (is_lost, delay, copy) = self.fates[self.frames % self.fates.len()];
                self.frames += 1;
                let mut send =
                    |delay| self.under_way.push((now + ms(delay), 1 - from, self.names[from], frame.clone()));
                if !is_lost {
                    send(delay);
                }
                copy.into_iter().for_each(send);
            }
        }
    }
}
