//! Both ends of a call in virtual time: two negotiations, a [`pipe`](super::pipe) between them, and a model of each browser's
//! connection which complains about all that a browser would refuse.

use super::{pipe::Pipe, *};
use crate::media::messages::ConnectionState;

/// How fine time is.
pub(super) const STEP: Duration = Duration::from_millis(10);

/// How long a model's connection does not notice that nothing arrives.
const NOTICE_AFTER: Duration = Duration::from_secs(1);

/// How long it hopes after that.
const HOPE: Duration = Duration::from_secs(12);

/// How long checks of a path take.
const CHECKS: Duration = Duration::from_millis(60);

/// What is wanted of the model; all else follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Path {
    Up,
    /// Nothing passes; the same path may come back.
    Down,
    /// The connection stands, but no sound or picture passes.
    Mute,
}

/// A browser's connection.
#[derive(Debug)]
pub(super) struct Browser {
    /// The names of the path's two ends: own and the other's, as agreed, and the own one that is offered.
    pub(super) agreed: Option<(u32, u32)>,
    offered: Option<u32>,
    /// All that the other side described here so far.
    described: Vec<u32>,
    commands: VecDeque<CallCommand>,
    ready_at: Option<Duration>,
    state: ConnectionState,
    changes_since: Option<Duration>,
    packets: u64,
}

impl Browser {
    fn new() -> Self {
        Self {
            agreed: None,
            offered: None,
            described: Vec::new(),
            commands: VecDeque::new(),
            ready_at: None,
            state: ConnectionState::Connecting,
            changes_since: None,
            packets: 0,
        }
    }

    pub(super) fn is_stable(&self) -> bool {
        self.offered.is_none() && self.commands.is_empty()
    }
}

/// Two ends.
pub(super) struct Pair {
    pub(super) now: Duration,
    pub(super) ends: [Negotiation; 2],
    pub(super) browsers: [Browser; 2],
    /// What carries what the two say to each other.
    pub(super) pipe: Pipe,
    pub(super) path: Path,
    /// Paths with names below this never work again.
    works_from: u32,
    next_name: u32,
    /// In milliseconds, taken in turn: how long browsers and pipe take.
    delays: Vec<u64>,
    delays_used: usize,
    /// How many attempts came to nothing.
    pub(super) given_up: usize,
    /// When each end gave up or restarted for the first time.
    pub(super) restarts: Vec<(usize, Duration)>,
    pub(super) gave_up: Vec<(usize, Duration)>,
    /// Offers that met another, seen where they were taken back.
    pub(super) taken_back: usize,
}

impl Pair {
    /// On a pipe that does nothing worse than pause.
    pub(super) fn new(delays: Vec<u64>) -> Self {
        Self::on(Pipe::ideal(), delays)
    }

    pub(super) fn on(pipe: Pipe, delays: Vec<u64>) -> Self {
        Self {
            now: START,
            ends: [Negotiation::new(START, true, true), Negotiation::new(START, false, true)],
            browsers: [Browser::new(), Browser::new()],
            pipe,
            path: Path::Up,
            works_from: 0,
            next_name: 1,
            delays,
            delays_used: 0,
            given_up: 0,
            restarts: Vec::new(),
            gave_up: Vec::new(),
            taken_back: 0,
        }
    }

    /// The network is another one from now on.
    pub(super) fn change_network(&mut self) {
        self.works_from = self.next_name;
    }

    pub(super) fn expect(&mut self, end: usize, sound: bool) {
        self.ends[end].handle(self.now, Event::Expects { sound, picture: false });
    }

    pub(super) fn fail(&mut self, end: usize) {
        if self.browsers[end].agreed.is_some() {
            self.change(end, ConnectionState::Failed);
        }
    }

    pub(super) fn is_connected(&self) -> bool {
        self.ends.iter().all(|end| end.state() == CallState::Connected)
    }

    /// Whether both ends mean the same path, and nothing is left to be said about it.
    pub(super) fn agrees(&self) -> bool {
        let [a, b] = &self.browsers;
        let is_same = a.agreed.is_some() && a.agreed == b.agreed.map(|(own, other)| (other, own));
        is_same && a.is_stable() && b.is_stable()
    }

    pub(super) fn run(&mut self, ms: u64) {
        let end = self.now + Duration::from_millis(ms);
        while self.now < end {
            self.now += STEP;
            self.step();
        }
    }

    fn step(&mut self) {
        for end in 0..2 {
            for message in self.pipe.arrived(self.now, end) {
                self.ends[end].handle(self.now, Event::Said(message));
                self.act(end);
            }
            self.work(end);
            self.carry(end);
            if self.ends[end].next_timeout().is_some_and(|at| at <= self.now) {
                self.ends[end].handle(self.now, Event::Tick);
            }
            self.act(end);
        }
        let gives_up = self.ends.iter().any(|end| end.is_over);
        self.given_up += usize::from(gives_up);
        if self.pipe.is_renewed() || gives_up {
            self.begin_anew();
        }
    }

    /// A page is loaded anew, and knows nothing of what was.
    pub(super) fn reload(&mut self, end: usize) {
        self.pipe.reload(end);
        self.begin_anew();
    }

    /// Both ends hear sooner or later that an attempt is over, and the next one knows nothing of it.
    fn begin_anew(&mut self) {
        self.ends = [Negotiation::new(self.now, true, true), Negotiation::new(self.now, false, true)];
        self.browsers = [Browser::new(), Browser::new()];
        self.pipe.begin_anew();
    }

    fn delay(&mut self) -> Duration {
        self.delays_used += 1;
        Duration::from_millis(self.delays[self.delays_used % self.delays.len()])
    }

    fn act(&mut self, end: usize) {
        while let Some(action) = self.ends[end].poll() {
            match action {
                Action::Say(message) => {
                    let delay = self.delay();
                    if !self.pipe.say(self.now, 1 - end, message, delay) {
                        // A pipe that full leads to nobody: as a peer does, one gives up.
                        self.ends[end].give_up();
                    }
                }
                Action::Command(command) => {
                    if command == (CallCommand::Offer { restart: true }) {
                        self.restarts.push((end, self.now));
                    }
                    self.browsers[end].commands.push_back(command);
                }
                Action::GiveUp => self.gave_up.push((end, self.now)),
            }
        }
    }

    fn tell(&mut self, end: usize, event: CallEvent) {
        self.ends[end].handle(self.now, Event::Connection(event));
        self.act(end);
    }

    fn change(&mut self, end: usize, state: ConnectionState) {
        self.browsers[end].changes_since = None;
        if std::mem::replace(&mut self.browsers[end].state, state) != state {
            self.tell(end, CallEvent::State(state));
        }
    }

    /// A browser does one command after another, each in its time.
    fn work(&mut self, end: usize) {
        if self.browsers[end].commands.is_empty() {
            return;
        }
        if self.browsers[end].ready_at.is_none() {
            self.browsers[end].ready_at = Some(self.now + self.delay());
        }
        if self.browsers[end].ready_at.is_some_and(|at| self.now < at) {
            return;
        }
        self.browsers[end].ready_at = None;
        if let Some(command) = self.browsers[end].commands.pop_front() {
            self.perform(end, command);
        }
    }

    fn name(&mut self) -> u32 {
        self.next_name += 1;
        self.next_name - 1
    }

    fn perform(&mut self, end: usize, command: CallCommand) {
        match command {
            CallCommand::Offer { restart } => {
                assert!(self.browsers[end].offered.is_none(), "an offer while one waits for its answer");
                assert_eq!(restart, self.browsers[end].agreed.is_some());
                let name = self.name();
                self.browsers[end].offered = Some(name);
                self.tell(end, CallEvent::Described(describe(name, 0)));
                self.find_candidates(end, name);
            }
            CallCommand::AcceptOffer(offer) => {
                let (other, _) = read(&offer);
                if self.browsers[end].offered.take().is_some() {
                    assert_eq!(end, 1, "only the polite side takes its offer back");
                    self.taken_back += 1;
                }
                self.browsers[end].described.push(other);
                self.tell(end, CallEvent::Accepted);
                let name = self.name();
                self.agree(end, (name, other));
                self.tell(end, CallEvent::Described(describe(name, other)));
                self.find_candidates(end, name);
            }
            CallCommand::AcceptAnswer(answer) => {
                let (other, to) = read(&answer);
                let own = self.browsers[end].offered.take();
                assert_eq!(own, Some(to), "an answer to something else");
                self.browsers[end].described.push(other);
                self.agree(end, (to, other));
                self.tell(end, CallEvent::Accepted);
            }
            CallCommand::AddCandidate(candidate) => {
                let name = candidate.line.as_str().parse().expect("a name");
                let is_known = self.browsers[end].described.contains(&name);
                assert!(is_known, "a candidate of what was never described");
            }
            _ => panic!("not a negotiation's command"),
        }
    }

    fn find_candidates(&mut self, end: usize, name: u32) {
        for media_line in 0..3 {
            let line = CandidateLine::new(&name.to_string()).expect("a candidate");
            self.tell(end, CallEvent::Candidate(Candidate { line, media_line }));
        }
    }

    fn agree(&mut self, end: usize, names: (u32, u32)) {
        self.browsers[end].agreed = Some(names);
        self.change(end, ConnectionState::Connecting);
    }

    /// Lets the path do what it does in one step.
    fn carry(&mut self, end: usize) {
        let [own, other] = [&self.browsers[end], &self.browsers[1 - end]];
        let is_same = own.agreed.is_some() && own.agreed == other.agreed.map(|(own, other)| (other, own));
        let is_fresh = own.agreed.is_some_and(|(a, b)| a.min(b) >= self.works_from);
        let works = is_same && is_fresh && self.path != Path::Down;
        let (state, now) = (own.state, self.now);
        let wait = match (state, works) {
            (ConnectionState::Connected, true) | (ConnectionState::Failed | ConnectionState::Connecting, false) => {
                self.browsers[end].changes_since = None;
                None
            }
            (_, true) => Some((CHECKS, ConnectionState::Connected)),
            (ConnectionState::Connected, false) => Some((NOTICE_AFTER, ConnectionState::Disconnected)),
            (ConnectionState::Disconnected, false) => Some((HOPE, ConnectionState::Failed)),
        };
        if let Some((wait, next)) = wait
            && now >= *self.browsers[end].changes_since.get_or_insert(now) + wait
        {
            self.change(end, next);
        }
        if now.subsec_millis() == 0 && self.browsers[end].agreed.is_some() {
            if works && self.path == Path::Up {
                self.browsers[end].packets += 3;
            }
            let sound = self.browsers[end].packets;
            self.tell(end, CallEvent::Arrived { sound, picture: 0 });
        }
    }
}
