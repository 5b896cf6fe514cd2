//! Connections of TCP to the port of media, for clients that cannot send UDP.

use std::{
    collections::HashMap,
    io::{ErrorKind, Read, Write},
    net::{IpAddr, SocketAddr, TcpListener, TcpStream},
    time::Instant,
};

use super::{
    super::http::address::household,
    framing::{self, Frames},
    limits::{
        ACCEPT_AGAIN_AFTER, CONNECT_WITHIN, DATAGRAMS_AT_ONCE, NAMELESS_PIPES, PIPE_IDLE, PIPE_QUEUE_BYTES, PIPES,
        READ_AT_ONCE,
    },
};

/// All of them.
pub(super) struct Pipes {
    listener: TcpListener,
    /// Until then nobody is accepted: the last time it failed.
    rests_until: Option<Instant>,
    open: HashMap<SocketAddr, Pipe>,
}

/// One of them. A stream is what comes of a microphone or a camera.
struct Pipe {
    socket: TcpStream,
    frames: Frames,
    queue: Vec<u8>,
    /// When something of anybody's connection came last, or else when it was opened.
    heard_at: Instant,
    /// Whether anything of anybody's ever came.
    is_somebodys: bool,
}

impl Pipes {
    /// Takes connections from that listener, which does not block.
    pub(super) fn new(listener: TcpListener) -> Self {
        Self { listener, rests_until: None, open: HashMap::new() }
    }

    /// The listener, unless it rests, and all connections, each with whether there is something to write to it.
    pub(super) fn sockets(&self, now: Instant) -> (Option<&TcpListener>, impl Iterator<Item = (&TcpStream, bool)>) {
        let listener = (!self.rests(now)).then_some(&self.listener);
        (listener, self.open.values().map(|pipe| (&pipe.socket, !pipe.queue.is_empty())))
    }

    fn rests(&self, now: Instant) -> bool {
        self.rests_until.is_some_and(|until| now < until)
    }

    /// Accepts who is waiting, if `allows` says so.
    pub(super) fn accept(&mut self, now: Instant, allows: impl Fn(SocketAddr) -> bool) {
        if self.rests(now) {
            return;
        }
        for _ in 0..DATAGRAMS_AT_ONCE {
            let (socket, from) = match self.listener.accept() {
                Ok(accepted) => accepted,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                // Gone before they were accepted.
                Err(error) if matches!(error.kind(), ErrorKind::ConnectionAborted | ErrorKind::Interrupted) => continue,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection for media");
                    self.rests_until = Some(now + ACCEPT_AGAIN_AFTER);
                    return;
                }
            };
            if allows(from) && socket.set_nonblocking(true).is_ok() && self.make_room(from.ip()) {
                // Voices are small and must not wait for one another.
                let _ = socket.set_nodelay(true);
                let (frames, queue) = (Frames::default(), Vec::new());
                self.open.insert(from, Pipe { socket, frames, queue, heard_at: now, is_somebodys: false });
            }
        }
    }

    /// Whether there is room for one more from that address. Whoever says who they are does so at once: if all are taken,
    /// or too many of that address, the one that has not done so for longest is closed.
    fn make_room(&mut self, ip: IpAddr) -> bool {
        let strangers = || self.open.iter().filter(|(_, pipe)| !pipe.is_somebodys);
        let theirs = household(ip);
        let of_theirs = || strangers().filter(|(from, _)| household(from.ip()) == theirs);
        let oldest = if of_theirs().count() >= NAMELESS_PIPES {
            of_theirs().min_by_key(|(_, pipe)| pipe.heard_at)
        } else if self.open.len() < PIPES {
            return true;
        } else {
            strangers().min_by_key(|(_, pipe)| pipe.heard_at)
        };
        let oldest = oldest.map(|(from, _)| *from);
        oldest.is_some_and(|from| self.open.remove(&from).is_some())
    }

    /// Reads what came, gives each datagram to `take`, which says whether it was of anybody's connection, and writes what
    /// waits. Gives those that are closed.
    pub(super) fn work(&mut self, now: Instant, mut take: impl FnMut(SocketAddr, &[u8]) -> bool) -> Vec<SocketAddr> {
        let mut closed = Vec::new();
        for (from, pipe) in &mut self.open {
            let is_fine = pipe.read(now, |datagram| take(*from, datagram)) && pipe.write();
            let patience = if pipe.is_somebodys { PIPE_IDLE } else { CONNECT_WITHIN };
            if !is_fine || now >= pipe.heard_at + patience {
                closed.push(*from);
            }
        }
        for from in &closed {
            self.open.remove(from);
        }
        closed
    }

    /// Closes one.
    pub(super) fn close(&mut self, from: SocketAddr) {
        self.open.remove(&from);
    }

    /// Sends a datagram. One too many is lost, as datagrams are.
    pub(super) fn send(&mut self, to: SocketAddr, datagram: &[u8]) {
        if let Some(pipe) = self.open.get_mut(&to)
            && pipe.queue.len() < PIPE_QUEUE_BYTES
        {
            framing::frame(datagram, &mut pipe.queue);
            // A closed one is noticed when it is read next.
            pipe.write();
        }
    }
}

impl Pipe {
    fn read(&mut self, now: Instant, mut take: impl FnMut(&[u8]) -> bool) -> bool {
        let mut buffer = [0; READ_AT_ONCE];
        match self.socket.read(&mut buffer) {
            Ok(0) => return false,
            Ok(length) => self.frames.push(&buffer[..length]),
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => return true,
            Err(_) => return false,
        }
        loop {
            match self.frames.pop() {
                Ok(Some(datagram)) => {
                    if take(datagram) {
                        (self.heard_at, self.is_somebodys) = (now, true);
                    }
                }
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

#[cfg(test)]
mod tests {
    use std::{net::Ipv4Addr, time::Duration};

    use super::*;
    use socket2::{Domain, Socket, Type};

    use crate::sfu::limits::SHORTEST_DATAGRAM_BYTES;

    struct Port {
        pipes: Pipes,
        address: SocketAddr,
        now: Instant,
    }

    impl Port {
        fn new() -> Self {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
            listener.set_nonblocking(true).expect("a socket");
            let address = listener.local_addr().expect("an address");
            Self { pipes: Pipes::new(listener), address, now: Instant::now() }
        }

        /// Somebody connects, and is waited for.
        fn connect(&mut self) -> TcpStream {
            self.connect_from(1)
        }

        /// The same from an address of this machine that ends so.
        fn connect_from(&mut self, host: u8) -> TcpStream {
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
            socket.bind(&SocketAddr::from(([127, 0, 0, host], 0)).into()).expect("an address of one's own");
            socket.connect(&self.address.into()).expect("a connection");
            let socket = TcpStream::from(socket);
            let from = socket.local_addr().expect("an address");
            self.now += Duration::from_millis(1);
            wait(|| {
                self.pipes.accept(self.now, |_| true);
                self.pipes.open.contains_key(&from)
            });
            socket
        }

        /// What comes until so many datagrams did.
        fn read(&mut self, datagrams: usize, is_somebodys: bool) -> Vec<(SocketAddr, Vec<u8>)> {
            let mut came = Vec::new();
            wait(|| {
                self.pipes.work(self.now, |from, bytes| {
                    came.push((from, bytes.to_vec()));
                    is_somebodys
                });
                came.len() >= datagrams
            });
            came
        }
    }

    /// Until it is so; a busy machine may take its time.
    fn wait(mut is_so: impl FnMut() -> bool) {
        let began = Instant::now();
        while !is_so() {
            assert!(began.elapsed() < Duration::from_secs(20), "waited in vain");
            std::thread::yield_now();
        }
    }

    fn framed(datagram: &[u8]) -> Vec<u8> {
        let mut stream = Vec::new();
        framing::frame(datagram, &mut stream);
        stream
    }

    #[test]
    fn strangers_who_hold_all_connections_keep_nobody_out_and_close_nobodys() {
        let mut port = Port::new();
        let mut member = port.connect();
        let from = member.local_addr().expect("an address");
        member.write_all(&framed(b"a check of the path")).expect("sent");
        assert_eq!(port.read(1, true), [(from, b"a check of the path".to_vec())]);
        let host = |place: usize| (place / NAMELESS_PIPES) as u8 + 2;
        let strangers: Vec<_> = (0..PIPES + 20).map(|place| port.connect_from(host(place))).collect();
        assert_eq!(port.pipes.open.len(), PIPES);
        assert!(port.pipes.open.contains_key(&from));
        let newest = strangers.last().and_then(|socket| socket.local_addr().ok()).expect("an address");
        assert!(port.pipes.open.contains_key(&newest), "the oldest had to go");
        member.write_all(&framed(b"a packet of sound")).expect("sent");
        assert_eq!(port.read(1, true), [(from, b"a packet of sound".to_vec())]);
    }

    #[test]
    fn strangers_of_one_address_push_one_another_out_and_nobody_else() {
        let mut port = Port::new();
        // Not yet heard, when all the others come.
        let honest = port.connect_from(2).local_addr().expect("an address");
        let strangers: Vec<_> = (0..2 * PIPES).map(|_| port.connect_from(3)).collect();
        assert_eq!(port.pipes.open.len(), NAMELESS_PIPES + 1);
        assert!(port.pipes.open.contains_key(&honest));
        let newest = strangers.last().and_then(|socket| socket.local_addr().ok()).expect("an address");
        assert!(port.pipes.open.contains_key(&newest));
    }

    #[test]
    fn whoever_sends_what_is_nobodys_is_soon_closed_however_much_they_send() {
        let mut port = Port::new();
        let mut stranger = port.connect();
        let began = port.now;
        port.now += CONNECT_WITHIN / 2;
        stranger.write_all(&framed(b"mere nonsense").repeat(100)).expect("sent");
        assert_eq!(port.read(100, false).len(), 100);
        port.now = began + CONNECT_WITHIN;
        assert_eq!(port.pipes.work(port.now, |_, _| false), [stranger.local_addr().expect("an address")]);
    }

    #[test]
    fn whoever_sends_much_is_read_a_little_at_a_time_and_hung_up_when_it_is_nothing_of_ours() {
        const LARGER: usize = 16 * 1024;
        let mut port = Port::new();
        let mut member = port.connect();
        let from = member.local_addr().expect("an address");
        let shortest = framed(&[128; SHORTEST_DATAGRAM_BYTES]);
        member.write_all(&shortest.repeat(LARGER / shortest.len() + 1)).expect("sent");
        let waits = |port: &Port| port.pipes.open.get(&from).map(|pipe| pipe.socket.peek(&mut [0; LARGER]));
        wait(|| matches!(waits(&port), Some(Ok(LARGER))));
        let mut taken = 0;
        port.pipes.work(port.now, |_, _| {
            taken += 1;
            true
        });
        assert!((100..=300).contains(&taken), "{taken} at once");
        member.write_all(&framed(b"too short")).expect("sent");
        wait(|| !port.pipes.work(port.now, |_, _| true).is_empty());
        assert!(port.pipes.open.is_empty());
    }

    #[test]
    fn a_listener_that_cannot_accept_rests_before_it_tries_again() {
        // A socket that does not listen: accepting fails at once, as it does when no file is left.
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
        socket.set_nonblocking(true).expect("a socket");
        let (mut pipes, now) = (Pipes::new(socket.into()), Instant::now());
        assert!(pipes.sockets(now).0.is_some());
        pipes.accept(now, |_| true);
        assert!(pipes.sockets(now).0.is_none(), "nobody is to be woken by it");
        let later = now + ACCEPT_AGAIN_AFTER;
        assert!(pipes.sockets(later).0.is_some());
        pipes.accept(later, |_| true);
        assert!(pipes.sockets(later).0.is_none());
    }

    #[test]
    fn whoever_does_not_read_loses_what_would_come_too_late() {
        let mut port = Port::new();
        let member = port.connect();
        let from = member.local_addr().expect("an address");
        for _ in 0..10_000 {
            port.pipes.send(from, &[7; 1200]);
        }
        let queue = port.pipes.open.get(&from).map(|pipe| pipe.queue.len()).expect("open");
        assert!((1..PIPE_QUEUE_BYTES + 1300).contains(&queue), "{queue} bytes");
    }
}
