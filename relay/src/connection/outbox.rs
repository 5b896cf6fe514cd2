//! What waits to be written to one client, bounded, with a policy by kind.
//!
//! As long as the client reads, nothing waits: whoever has something to say writes it to the socket at once, from the
//! world's task, without waking the connection's. Only what the socket does not take is queued, and the connection's
//! task writes it when the socket takes more. Movements that do not fit are left out, since later ones replace them;
//! all else must arrive, and if it cannot, the client is too slow.

use std::{
    collections::VecDeque,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::task::AtomicWaker;
use tokio::net::tcp::OwnedWriteHalf;

use super::frame;
use crate::{
    limits::{QUEUE_BYTES, QUEUE_FRAMES, QUEUE_MOVEMENTS},
    world::FanKind,
};

/// Where an [`Outbox`] writes to: a socket, or a test's idea of one.
pub(crate) trait Sink {
    /// Writes as much as can be written now.
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize>;

    /// Waits until more can be written.
    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>>;
}

impl Sink for OwnedWriteHalf {
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        OwnedWriteHalf::try_write(self, bytes)
    }

    fn poll_ready(&self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.as_ref().poll_write_ready(context)
    }
}

/// Whether a frame found its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Posted {
    /// Written, or queued.
    Fine,
    /// Left out for want of room.
    NoRoom,
}

/// What the connection's task learns while it writes what waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drained {
    /// Nothing waits any more, and movements were left out meanwhile.
    CaughtUp,
    /// The last frame is to be written and then no more.
    Closing,
}

/// See the module.
pub(crate) struct Outbox<S = OwnedWriteHalf> {
    sink: S,
    state: Mutex<State>,
    /// The connection's task.
    waker: AtomicWaker,
}

#[derive(Default)]
struct State {
    queue: VecDeque<Bytes>,
    /// Of all frames in the queue together.
    bytes: usize,
    /// Whether the first frame of the queue is the rest of one.
    is_begun: bool,
    is_behind: bool,
    end: End,
}

impl State {
    fn push(&mut self, frame: Bytes) {
        self.bytes += frame.len();
        self.queue.push_back(frame);
    }

    fn clear(&mut self) {
        self.queue.clear();
        self.bytes = 0;
    }
}

/// How far the end of a connection is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    #[default]
    Open,
    /// To the world, which decided it.
    Closing,
    /// To the connection's task too.
    Seen,
}

impl<S: Sink> Outbox<S> {
    pub(crate) fn new(sink: S) -> Self {
        Self { sink, state: Mutex::default(), waker: AtomicWaker::new() }
    }

    pub(crate) fn sink(&self) -> &S {
        &self.sink
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // The state is sound between any two of its changes.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes or queues a frame.
    pub(crate) fn post(&self, frame: &Bytes, kind: FanKind) -> Posted {
        let room = match kind {
            FanKind::Movements => QUEUE_MOVEMENTS,
            FanKind::Events => QUEUE_FRAMES,
        };
        let mut state = self.lock();
        if state.end != End::Open {
            return Posted::Fine;
        }
        if state.queue.len() >= room || state.bytes >= QUEUE_BYTES {
            state.is_behind |= kind == FanKind::Movements;
            return Posted::NoRoom;
        }
        if state.queue.is_empty() {
            match self.sink.try_write(frame) {
                Ok(written) if written == frame.len() => return Posted::Fine,
                Ok(written) => {
                    state.is_begun = written > 0;
                    state.push(frame.slice(written..));
                }
                // Of a broken socket its reader learns, and the task ends.
                Err(_) => state.push(frame.clone()),
            }
        } else {
            state.push(frame.clone());
        }
        drop(state);
        self.waker.wake();
        Posted::Fine
    }

    /// Puts a last message and the closing frame in the place of all that waits.
    pub(crate) fn close(&self, last: &[u8], code: u16) {
        let mut state = self.lock();
        if state.end == End::Open {
            // Half a frame must be completed, or the client would take the next one for its rest.
            let kept = usize::from(state.is_begun);
            state.queue.truncate(kept);
            state.bytes = state.queue.iter().map(Bytes::len).sum();
            if !last.is_empty() {
                state.push(frame::binary(last));
            }
            state.push(frame::close(code));
            state.end = End::Closing;
            drop(state);
            self.waker.wake();
        }
    }

    /// Writes what waits, as far as the socket takes it.
    pub(crate) fn poll_drain(&self, context: &mut Context<'_>) -> Poll<Drained> {
        // Before looking, or a frame queued in between would wait for ever.
        self.waker.register(context.waker());
        let mut state = self.lock();
        if state.end == End::Closing {
            state.end = End::Seen;
            return Poll::Ready(Drained::Closing);
        }
        if self.poll_write(&mut state, context).is_pending() {
            return Poll::Pending;
        }
        if std::mem::take(&mut state.is_behind) { Poll::Ready(Drained::CaughtUp) } else { Poll::Pending }
    }

    /// Waits until nothing waits.
    pub(crate) fn poll_empty(&self, context: &mut Context<'_>) -> Poll<()> {
        self.waker.register(context.waker());
        self.poll_write(&mut self.lock(), context)
    }

    fn poll_write(&self, state: &mut State, context: &mut Context<'_>) -> Poll<()> {
        while let Some(first) = state.queue.front_mut() {
            match self.sink.try_write(first) {
                Ok(written) if written == first.len() => {
                    state.queue.pop_front();
                    state.bytes -= written;
                    state.is_begun = false;
                }
                Ok(written) => {
                    bytes::Buf::advance(first, written);
                    state.bytes -= written;
                    state.is_begun |= written > 0;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => match self.sink.poll_ready(context) {
                    Poll::Ready(Ok(())) => {}
                    Poll::Ready(Err(_)) => state.clear(),
                    Poll::Pending => return Poll::Pending,
                },
                Err(_) => state.clear(),
            }
        }
        // The memory of a crowd that came in at once is given back.
        state.queue.shrink_to(QUEUE_MOVEMENTS);
        Poll::Ready(())
    }
}

#[cfg(test)]
mod tests;
