//! The world's task: hands what connections say to the world, and what it decides to their outboxes.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use anyhow::anyhow;
use bytes::Bytes;
use rustix::time::{ClockId, clock_gettime};
use shared::{identity::UserId, protocol::Ticket};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout},
};

use crate::{
    alarm::Alarm,
    connection::{
        Purpose, frame,
        outbox::{Outbox, Posted},
    },
    limits::{Limits, WORLD_BATCH},
    metrics::Metrics,
    sfu::driver::{Handle, Saying},
    world::{ConnectionId, FanKind, Input, Output, World},
};

/// What a connection's task says.
pub(crate) enum ToDispatch {
    /// Here it is.
    Opened {
        /// Its name.
        connection: ConnectionId,
        /// What it is for.
        purpose: Purpose,
        /// Where to put what it should send.
        outbox: Arc<Outbox>,
    },
    /// Something for the world.
    Input(Input),
    /// Somebody asks for a signalling connection.
    Redeem {
        /// With this ticket.
        ticket: Ticket,
        /// Whose ticket it is, if it is one.
        answer: oneshot::Sender<Option<UserId>>,
    },
    /// Its socket is closed.
    Done {
        /// Its name.
        connection: ConnectionId,
    },
}

/// See the module.
pub(crate) struct Dispatch {
    world: World,
    alarm: Alarm,
    outboxes: HashMap<ConnectionId, Arc<Outbox>>,
    /// Whose sockets are not yet closed.
    open: HashSet<ConnectionId>,
    metrics: Arc<Metrics>,
    limits: Limits,
    began: Instant,
    /// Inputs that follow from outputs.
    feedback: Vec<Input>,
    sfu: Handle,
    /// What the forwarding unit says to clients.
    sayings: mpsc::Receiver<Saying>,
}

impl Dispatch {
    pub(crate) fn new(
        world: World,
        alarm: Alarm,
        metrics: Arc<Metrics>,
        limits: Limits,
        (sfu, sayings): (Handle, mpsc::Receiver<Saying>),
    ) -> Self {
        Self {
            world,
            alarm,
            outboxes: HashMap::new(),
            open: HashSet::new(),
            metrics,
            limits,
            began: Instant::now(),
            feedback: Vec::new(),
            sfu,
            sayings,
        }
    }

    /// Runs until the thread that forwards media ends, which it does only by a fault. May be dropped between any two
    /// messages, which is how it is stopped otherwise.
    pub(crate) async fn run(&mut self, inbox: &mut mpsc::Receiver<ToDispatch>) -> anyhow::Error {
        let (mut batch, mut sayings) = (Vec::new(), Vec::new());
        loop {
            let due = self.world.next_timeout().map(|at| self.began + at);
            let tick = async {
                match due {
                    Some(due) => self.alarm.wait_until(due).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                biased;
                _ = inbox.recv_many(&mut batch, WORLD_BATCH) => {}
                _ = self.sayings.recv_many(&mut sayings, WORLD_BATCH) => {}
                () = tick => {}
            }
            for message in batch.drain(..) {
                self.take(message);
            }
            // Also when the inbox came first, which may never be empty: an answer does not wait for a quiet moment.
            while sayings.len() < WORLD_BATCH
                && let Ok(saying) = self.sayings.try_recv()
            {
                sayings.push(saying);
            }
            for (to, message) in sayings.drain(..) {
                let now = self.now();
                self.world.handle(now, Input::Sfu { to, message });
            }
            if self.sayings.is_closed() {
                tracing::error!("the thread that forwards the media of rooms has ended by a fault");
                return anyhow!(
                    "the thread that forwards the media of rooms ended by a fault, which is told above; everybody was \
                     told to come back: start the relay again"
                );
            }
            self.settle();
        }
    }

    /// What ends the thread that forwards media by a fault.
    #[cfg(test)]
    pub(crate) fn breaks_down(&self) -> impl FnOnce() + use<> {
        self.sfu.breaks_down()
    }

    /// Tells everybody to come back later, and waits until all sockets are closed or the time for that is over.
    pub(crate) async fn say_goodbye(&mut self, mut inbox: mpsc::Receiver<ToDispatch>) {
        // Where this very process keeps its nanoseconds is seed enough for a jitter.
        let seed = self.began.elapsed().as_nanos() as u64;
        self.world.handle(self.now(), Input::Stopping { seed });
        self.settle();
        let within = self.limits.stop_within;
        let all_closed = async {
            while !self.open.is_empty() {
                let Some(message) = inbox.recv().await else { return };
                self.take(message);
            }
        };
        let _ = timeout(within, all_closed).await;
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    fn take(&mut self, message: ToDispatch) {
        let now = self.now();
        match message {
            ToDispatch::Opened { connection, purpose, outbox } => {
                self.outboxes.insert(connection, outbox);
                self.open.insert(connection);
                let input = match purpose {
                    Purpose::World(nonce) => Input::Connected { connection, nonce },
                    Purpose::Signalling(user_id, ticket) => Input::SignallingOpened { connection, user_id, ticket },
                };
                self.world.handle(now, input);
            }
            ToDispatch::Input(input) => {
                match &input {
                    Input::Received { bytes, .. } => {
                        self.metrics.received(bytes.first().copied());
                        self.world.set_wall_clock(UNIX_EPOCH.elapsed().map_or(0, |since| since.as_secs()));
                    }
                    Input::Closed { connection, .. } => {
                        self.outboxes.remove(connection);
                    }
                    _ => {}
                }
                self.world.handle(now, input);
            }
            ToDispatch::Redeem { ticket, answer } => {
                // Fails if whoever asked hung up: the ticket is gone all the same.
                let _ = answer.send(self.world.redeem(now, ticket));
            }
            ToDispatch::Done { connection } => {
                self.outboxes.remove(&connection);
                self.open.remove(&connection);
                // Known already but for a connection whose task was cut short.
                self.world.handle(now, Input::Closed { connection, is_clean: false });
            }
        }
    }

    /// Does what the world decides until there is nothing left.
    fn settle(&mut self) {
        self.world.handle(self.now(), Input::Tick);
        let (mut began, mut busy) = (self.now(), processor_time());
        loop {
            while let Some(output) = self.world.poll() {
                if output == Output::FlushDone {
                    self.metrics.flushed(self.now().saturating_sub(began));
                    self.feedback.push(Input::Flushed { took: processor_time().saturating_sub(busy) });
                    (began, busy) = (self.now(), processor_time());
                } else {
                    self.obey(output);
                }
            }
            if self.feedback.is_empty() {
                break;
            }
            let now = self.now();
            for input in std::mem::take(&mut self.feedback) {
                self.world.handle(now, input);
            }
        }
        self.metrics.populated(self.world.participants(), self.open.len());
        self.metrics.introduced(self.world.signalling_counts());
    }

    fn obey(&mut self, output: Output) {
        match output {
            Output::Send { connection, bytes } => self.post(&[connection], FanKind::Events, &bytes),
            Output::Fan { kind, to, bytes } => self.post(&to, kind, &bytes),
            Output::SendText { connection, text } => {
                let outbox = self.outboxes.get(&connection);
                let posted = outbox.map(|outbox| outbox.post(&frame::text(&text), FanKind::Events));
                if matches!(posted, Some(Posted::NoRoom)) {
                    self.feedback.push(Input::Overflowed { connection });
                }
            }
            Output::Close { connection, code, reason, last } => {
                self.metrics.refused(reason);
                tracing::debug!(connection = connection.0, reason, "closed");
                if let Some(outbox) = self.outboxes.remove(&connection) {
                    outbox.close(&last, code);
                }
            }
            Output::Sfu(input) => self.sfu.send(input),
            Output::FlushDone => {}
        }
    }

    fn post(&mut self, to: &[ConnectionId], kind: FanKind, message: &[u8]) {
        let frame: Bytes = frame::binary(message);
        let mut posted = 0;
        for &connection in to {
            let Some(outbox) = self.outboxes.get(&connection) else { continue };
            match (outbox.post(&frame, kind), kind) {
                (Posted::Fine, _) => posted += 1,
                (Posted::NoRoom, FanKind::Movements) => {
                    self.metrics.left_out();
                    self.feedback.push(Input::Missed { connection });
                }
                (Posted::NoRoom, FanKind::Events) => self.feedback.push(Input::Overflowed { connection }),
            }
        }
        self.metrics.sent(message.first().copied(), posted, frame.len());
    }
}

/// What this thread has used of the processor. What a flush costs is measured with it and not by the clock: on a busy
/// machine others would be counted too, and everybody told later than need be.
fn processor_time() -> Duration {
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).unwrap_or_default()
}
