//! Connections of TCP to the port of media, for clients that cannot send UDP.

use std::{
    collections::HashMap,
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    time::Instant,
};

use super::{
    framing::{self, Frames},
    limits::{DATAGRAM_BYTES, STREAM_IDLE, STREAM_QUEUE_BYTES, STREAMS},
};

/// All of them.
pub(super) struct Streams {
    listener: TcpListener,
    open: HashMap<SocketAddr, Stream>,
}

struct Stream {
    socket: TcpStream,
    frames: Frames,
    queue: Vec<u8>,
    heard_at: Instant,
}

impl Streams {
    /// Takes connections from that listener, which does not block.
    pub(super) fn new(listener: TcpListener) -> Self {
        Self { listener, open: HashMap::new() }
    }

    /// The listener and all connections, each with whether there is something to write to it.
    pub(super) fn sockets(&self) -> (&TcpListener, impl Iterator<Item = (&TcpStream, bool)>) {
        (&self.listener, self.open.values().map(|stream| (&stream.socket, !stream.queue.is_empty())))
    }

    /// Accepts who is waiting, if `allows` says so.
    pub(super) fn accept(&mut self, now: Instant, allows: impl Fn(SocketAddr) -> bool) {
        while let Ok((socket, from)) = self.listener.accept() {
            if self.open.len() < STREAMS && allows(from) && socket.set_nonblocking(true).is_ok() {
                // Voices are small and must not wait for one another.
                let _ = socket.set_nodelay(true);
                let stream = Stream { socket, frames: Frames::default(), queue: Vec::new(), heard_at: now };
                self.open.insert(from, stream);
            }
        }
    }

    /// Reads what came, gives each datagram to `take`, and writes what waits. Gives those that are closed.
    pub(super) fn work(&mut self, now: Instant, mut take: impl FnMut(SocketAddr, &[u8])) -> Vec<SocketAddr> {
        let mut closed = Vec::new();
        for (from, stream) in &mut self.open {
            let is_fine = stream.read(now, |datagram| take(*from, datagram)) && stream.write();
            if !is_fine || now >= stream.heard_at + STREAM_IDLE {
                closed.push(*from);
            }
        }
        for from in &closed {
            self.open.remove(from);
        }
        closed
    }

    /// Sends a datagram. One too many is lost, as datagrams are.
    pub(super) fn send(&mut self, to: SocketAddr, datagram: &[u8]) {
        if let Some(stream) = self.open.get_mut(&to)
            && stream.queue.len() < STREAM_QUEUE_BYTES
        {
            framing::frame(datagram, &mut stream.queue);
            // A closed one is noticed when it is read next.
            stream.write();
        }
    }
}

impl Stream {
    fn read(&mut self, now: Instant, mut take: impl FnMut(&[u8])) -> bool {
        let mut buffer = [0; 8 * DATAGRAM_BYTES];
        match self.socket.read(&mut buffer) {
            Ok(0) => return false,
            Ok(length) => {
                self.heard_at = now;
                self.frames.push(&buffer[..length]);
            }
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(_) => return false,
        }
        loop {
            match self.frames.pop() {
                Ok(Some(datagram)) => take(&datagram),
                Ok(None) => return true,
                Err(_) => return false,
            }
        }
    }

    fn write(&mut self) -> bool {
        while !self.queue.is_empty() {
            match self.socket.write(&self.queue) {
                Ok(0) => return false,
                Ok(length) => {
                    self.queue.drain(..length);
                }
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => return true,
                Err(_) => return false,
            }
        }
        true
    }
}
