//! A line in one direction.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    time::{Duration, Instant},
};

use str0m_netem::{Bitrate, DataSize, Input, Netem, NetemConfig, Output, Probability, RandomLoss};

use super::LATENCY;

/// What happens to packets on a line. The default is a good one.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Network {
    /// How many of a hundred are lost.
    pub(crate) loss_percent: u8,
    /// Each takes up to so much longer than the fastest, so that they overtake one another.
    pub(crate) spread: Duration,
    /// Whoever receives them looks up only so often, and then finds all that came since: their machine is busy.
    pub(crate) stall: Duration,
    /// What it carries in bits a second; a router holds back some 300 ms of more, and drops the rest.
    pub(crate) bits: Option<u64>,
    /// The same seed has the same bad luck.
    pub(crate) seed: u64,
}

/// See the module.
pub(super) struct Road {
    network: Network,
    /// Loses and throttles, but lets nothing overtake.
    line: Netem<Vec<u8>>,
    packets: u64,
    late: BTreeMap<(Instant, u64), Vec<u8>>,
    began: Instant,
}

impl Network {
    fn config(self) -> NetemConfig {
        let loss = RandomLoss::new(Probability::new(f32::from(self.loss_percent) / 100.0));
        let config = NetemConfig::new().latency(LATENCY).loss(loss).seed(self.seed);
        match self.bits {
            Some(bits) => config.link(Bitrate::bps(bits), DataSize::bytes((bits * 3 / 80) as i64)),
            None => config,
        }
    }
}

impl Road {
    pub(super) fn new(began: Instant) -> Self {
        let network = Network::default();
        Self { network, line: Netem::new(network.config()), packets: 0, late: BTreeMap::new(), began }
    }

    /// From now on it is another one.
    pub(super) fn change(&mut self, network: Network) {
        self.network = network;
        self.line.set_config(network.config());
    }

    pub(super) fn send(&mut self, now: Instant, packet: Vec<u8>) {
        self.line.handle_input(Input::Packet(now, packet));
    }

    /// When the next packet comes.
    pub(super) fn timeout(&self) -> Instant {
        let line = self.line.poll_timeout();
        self.late.first_key_value().map_or(line, |((at, _), _)| line.min(*at))
    }

    /// When whoever receives what came by then looks up next.
    fn looks_up(&self, at: Instant) -> Instant {
        let stall = self.network.stall.as_nanos().max(1);
        let past = at.saturating_duration_since(self.began).as_nanos() % stall;
        at + Duration::from_nanos(((stall - past) % stall) as u64)
    }

    /// What comes out of it.
    pub(super) fn arrive(&mut self, now: Instant) -> Vec<Vec<u8>> {
        self.line.handle_input(Input::Timeout(now));
        while let Some(output) = self.line.poll_output() {
            match output {
                Output::Packet(packet) => {
                    self.packets += 1;
                    let mut hasher = DefaultHasher::new();
                    (self.network.seed, self.packets).hash(&mut hasher);
                    let spread = self.network.spread.mul_f64(hasher.finish() as f64 / u64::MAX as f64);
                    self.late.insert((self.looks_up(now + spread), self.packets), packet);
                }
                Output::Timeout(_) => break,
            }
        }
        let later = self.late.split_off(&(now + Duration::from_nanos(1), 0));
        std::mem::replace(&mut self.late, later).into_values().collect()
    }
}
