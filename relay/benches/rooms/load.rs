//! All bots of one room, driven by one thread: what is due is sent, what came is read, and then it sleeps.

use std::{
    net::SocketAddr,
    os::fd::OwnedFd,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use rustix::{
    buffer::spare_capacity,
    event::{Timespec, epoll},
};
use shared::{
    position::Position,
    protocol::{
        link::Shares,
        room::{FromSfu, Look, Membership, ToSfu},
    },
};

use crate::{
    bot::Bot,
    control::{Control, News},
    media::{SOURCES, Source},
    report::Tally,
};

/// Longest sleep: news of the `WebSocket`s does not wake the thread.
const SLEEP_AT_MOST: Duration = Duration::from_millis(2);

/// A frame that is so late is late.
const LATE: Duration = Duration::from_millis(20);

/// Bots that are being connected at a time: each handshake takes the relay a millisecond or two.
const CONNECTING_AT_ONCE: usize = 10;

/// How long anything may take that is waited for.
const PATIENCE: Duration = Duration::from_secs(40);

/// Between two changes of who speaks.
const TURN: Duration = Duration::from_secs(2);

/// How loud a speaker is, and somebody who listens, in decibels below full scale.
const SPEAKING_DB: i8 = -30;
const LISTENING_DB: i8 = -80;

/// See the module.
pub(crate) struct Load {
    relay: SocketAddr,
    pub(crate) bots: Vec<Bot>,
    control: Control,
    epoll: OwnedFd,
    pub(crate) tally: Tally,
    /// How much faster than in life everything is sent.
    pace: f64,
    /// How many speak at a time.
    speakers: usize,
    turn: usize,
    turn_ends: Instant,
}

impl Load {
    /// Nobody is there yet.
    ///
    /// # Errors
    /// If the system has no thread left.
    pub(crate) fn new(relay: SocketAddr, speakers: usize) -> Result<Self> {
        Ok(Self {
            relay,
            bots: Vec::new(),
            control: Control::start()?,
            epoll: epoll::create(epoll::CreateFlags::CLOEXEC)?,
            tally: Tally::default(),
            pace: 1.0,
            speakers,
            turn: 0,
            turn_ends: Instant::now(),
        })
    }

    /// Brings somebody in, who shares that. [`Self::settle`] waits until they are there.
    ///
    /// # Errors
    /// If the system has no socket left.
    pub(crate) fn add(&mut self, place: Position, shares: Shares) -> Result<()> {
        let mut bot = Bot::new(Instant::now())?;
        bot.shares = shares;
        let data = epoll::EventData::new_u64(self.bots.len() as u64);
        epoll::add(&self.epoll, &bot, data, epoll::EventFlags::IN)?;
        self.bots.push(bot);
        self.control.enter(self.relay, place);
        self.connect(CONNECTING_AT_ONCE)
    }

    /// Waits until all are connected.
    ///
    /// # Errors
    /// If they are not, after some time.
    pub(crate) fn settle(&mut self) -> Result<()> {
        self.connect(1)
    }

    /// Waits until fewer than so many are not connected.
    fn connect(&mut self, few: usize) -> Result<()> {
        let is_so = |load: &Self| load.bots.iter().filter(|bot| !bot.is_connected).count() < few;
        ensure!(self.run_until(is_so)?, "bots are not connected after {} s", PATIENCE.as_secs());
        Ok(())
    }

    /// Somebody looks at that from now on.
    pub(crate) fn look(&mut self, who: usize, looks: Vec<Look>) {
        self.bots[who].looks = looks.len();
        self.control.say(who, ToSfu::Look(looks));
    }

    /// From now on everything is sent so much faster than in life.
    pub(crate) fn set_pace(&mut self, pace: f64) {
        self.pace = pace;
    }

    /// Goes on for a while.
    ///
    /// # Errors
    /// If somebody's connection ends.
    pub(crate) fn run(&mut self, time: Duration) -> Result<()> {
        let end = Instant::now() + time;
        while Instant::now() < end {
            self.step(end)?;
        }
        Ok(())
    }

    /// Goes on until something is so, or for some time. Says whether it is.
    ///
    /// # Errors
    /// If somebody's connection ends.
    pub(crate) fn run_until(&mut self, is_so: impl Fn(&Self) -> bool) -> Result<bool> {
        let end = Instant::now() + PATIENCE;
        while !is_so(self) {
            if Instant::now() >= end {
                return Ok(false);
            }
            self.step(end)?;
        }
        Ok(true)
    }

    fn step(&mut self, end: Instant) -> Result<()> {
        self.hear()?;
        self.take_turns();
        let due = self.send()?;
        let sleep = due.min(end).saturating_duration_since(Instant::now()).min(SLEEP_AT_MOST);
        let mut ready: Vec<epoll::Event> = Vec::with_capacity(self.bots.len());
        let timeout = Timespec::try_from(sleep)?;
        epoll::wait(&self.epoll, spare_capacity(&mut ready), Some(&timeout))?;
        for event in ready {
            // If there is more, it is said again at the next step.
            self.bots[event.data.u64() as usize].receive(&mut self.tally)?;
        }
        Ok(())
    }

    /// Sends what is due, and says when the next is.
    fn send(&mut self) -> Result<Instant> {
        let mut next = Instant::now() + SLEEP_AT_MOST;
        for bot in &mut self.bots {
            for source in Source::ALL {
                if !bot.sends(source) {
                    continue;
                }
                let (now, due) = (Instant::now(), bot.due[source as usize]);
                if due <= now {
                    self.tally.late += usize::from(now > due + LATE);
                    self.tally.sent += bot.publish(source)?;
                    // What could not be sent for long is left out, or it would all come at once.
                    let interval = source.interval().div_f64(self.pace);
                    bot.due[source as usize] = due.max(now.checked_sub(2 * LATE).unwrap_or(now)) + interval;
                }
                next = next.min(bot.due[source as usize]);
            }
            if bot.timeout <= Instant::now() {
                bot.advance(Instant::now())?;
            }
            next = next.min(bot.timeout);
        }
        Ok(next)
    }

    fn take_turns(&mut self) {
        if self.speakers == 0 || Instant::now() < self.turn_ends {
            return;
        }
        self.turn_ends = Instant::now() + TURN;
        self.turn += 1;
        let (all, first) = (self.bots.len(), self.turn);
        for (index, bot) in self.bots.iter_mut().enumerate() {
            let is_speaking = (index + all - first % all) % all < self.speakers;
            bot.level_db = if is_speaking { SPEAKING_DB } else { LISTENING_DB };
        }
    }

    fn hear(&mut self) -> Result<()> {
        for (who, news) in self.control.news().collect::<Vec<_>>() {
            let bot = self.bots.get_mut(who).context("news of nobody")?;
            match news {
                News::Entered(number) => bot.number = Some(number),
                News::Ended(error) => return Err(error.context(format!("bot {who}"))),
                News::Said(FromSfu::Membership(Membership::Member)) => {
                    self.control.say(who, ToSfu::Share(bot.shares));
                    self.control.say(who, ToSfu::Offer { connection: 1, description: bot.offer()? });
                }
                News::Said(FromSfu::Answer { description, .. }) => {
                    bot.accept(description.as_str())?;
                    // Not all at the same moment, as in life.
                    let phase = |source: Source| source.interval() * (who as u32 * 7 % 30) / 30;
                    bot.due = std::array::from_fn::<_, SOURCES, _>(|index| Instant::now() + phase(Source::ALL[index]));
                }
                News::Said(FromSfu::Wanted(wanted)) => bot.want(wanted),
                News::Said(FromSfu::Slots(slots)) => bot.fill(slots),
                News::Said(FromSfu::Refused { why, .. }) => bail!("bot {who} is refused: {why:?}"),
                News::Said(FromSfu::Membership(Membership::Full)) => bail!("bot {who} does not fit into the room"),
                News::Said(_) => {}
            }
        }
        Ok(())
    }
}
