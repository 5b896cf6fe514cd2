//! The thread that forwards: one socket, one [`Sfu`], and a channel each to and from the world's task.
//!
//! A thread of its own, because sound must not wait until the world has told a hundred people who walked where. It
//! never waits for the world: what cannot be handed over is kept. The world may wait for it, since none of what it says
//! may be lost.

use std::{
    collections::VecDeque,
    io::{ErrorKind, Read, Write},
    net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    os::{fd::AsFd, unix::net::UnixStream},
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::JoinHandle,
    time::Instant,
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use shared::protocol::room::FromSfu;
use str0m::net::Protocol;
use tokio::sync::mpsc::{self, error::TrySendError};

use super::{
    Datagram, Input, Output, ParticipantKey, Sfu,
    limits::{
        ACCEPT_AGAIN_AFTER, COMMANDS, DATAGRAM_BYTES, DATAGRAMS_AT_ONCE, RECEIVE_BUFFER_BYTES, SAYINGS_KEPT,
        SEND_BUFFER_BYTES, SLEEP_AT_MOST, SLEEP_WITH_SAYINGS,
    },
    send::Sender,
    tcp::Pipes,
};
use crate::metrics::Metrics;

/// Something to tell a client.
pub type Saying = (ParticipantKey, Box<FromSfu>);

/// Where media comes in.
pub struct Sockets {
    udp: UdpSocket,
    tcp: TcpListener,
    port: u16,
    told: Vec<IpAddr>,
    /// Whether only this machine's own addresses may send.
    is_private: bool,
}

/// Speaks with the thread.
pub struct Handle {
    commands: SyncSender<Command>,
    wake: UnixStream,
    thread: Option<JoinHandle<()>>,
}

enum Command {
    Input(Input),
    Stop,
    /// The thread is to end by a fault.
    #[cfg(test)]
    BreakDown,
}

impl Sockets {
    /// Takes a port for UDP and TCP. Clients are told these addresses.
    ///
    /// # Errors
    /// If it is taken.
    pub fn bind(listen: SocketAddr, told: Vec<IpAddr>, is_private: bool) -> std::io::Result<Self> {
        // An open port of TCP can be seen from elsewhere, even if nobody is let in.
        let tcp_ip = if is_private { Ipv4Addr::LOCALHOST.into() } else { listen.ip() };
        let (udp, tcp) = bind_both(listen, tcp_ip)?;
        let port = udp.local_addr()?.port();
        udp.set_nonblocking(true)?;
        tcp.set_nonblocking(true)?;
        // Less is allowed on some systems: then a little is lost when the machine is busy.
        let _ = socket2::SockRef::from(&udp).set_recv_buffer_size(RECEIVE_BUFFER_BYTES);
        let _ = socket2::SockRef::from(&udp).set_send_buffer_size(SEND_BUFFER_BYTES);
        Ok(Self { udp, tcp, port, told, is_private })
    }

    /// What clients are told.
    pub fn addresses(&self) -> Vec<SocketAddr> {
        self.told.iter().map(|ip| SocketAddr::new(*ip, self.port)).collect()
    }
}

impl Handle {
    /// Starts the thread. What clients are to be told comes out of `sayings`.
    ///
    /// # Errors
    /// If the system has no thread left.
    pub fn start(sockets: Sockets, sayings: mpsc::Sender<Saying>, metrics: Arc<Metrics>) -> std::io::Result<Self> {
        let (commands, inbox) = sync_channel(COMMANDS);
        let (wake, woken) = UnixStream::pair()?;
        wake.set_nonblocking(true)?;
        woken.set_nonblocking(true)?;
        let thread = std::thread::Builder::new().name("sfu".to_owned()).spawn(move || {
            Driver::new(sockets, inbox, woken, sayings, metrics).run();
        })?;
        Ok(Self { commands, wake, thread: Some(thread) })
    }

    /// Hands something over.
    pub fn send(&self, input: Input) {
        self.command(Command::Input(input));
    }

    /// What ends the thread by a fault.
    #[cfg(test)]
    pub(crate) fn breaks_down(&self) -> impl FnOnce() + use<> {
        let (commands, wake) = (self.commands.clone(), self.wake.try_clone().expect("a file more"));
        move || {
            commands.send(Command::BreakDown).expect("it runs until then");
            (&wake).write_all(&[1]).expect("it runs until then");
        }
    }

    fn command(&self, command: Command) {
        // Fails only if the thread is gone; then nothing is forwarded any more, which is all an input could ask for, and
        // the relay ends.
        if self.commands.send(command).is_ok() {
            // If that is full, the thread is about to wake up anyway.
            let _ = (&self.wake).write(&[1]);
        }
    }
}

impl Drop for Handle {
    /// Says goodbye to everybody and ends the thread.
    fn drop(&mut self) {
        self.command(Command::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct Driver {
    sfu: Sfu,
    udp: UdpSocket,
    sender: Sender,
    pipes: Pipes,
    /// Where what comes by UDP was sent to, as far as sessions know: they take what came to an address of theirs.
    told: SocketAddr,
    /// The same by TCP, which is another address if only this machine may send.
    told_by_tcp: SocketAddr,
    own: Option<Vec<IpAddr>>,
    inbox: Receiver<Command>,
    woken: UnixStream,
    sayings: mpsc::Sender<Saying>,
    kept: VecDeque<Saying>,
    metrics: Arc<Metrics>,
}

impl Driver {
    fn new(
        sockets: Sockets,
        inbox: Receiver<Command>,
        woken: UnixStream,
        sayings: mpsc::Sender<Saying>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let addresses = sockets.addresses();
        let by_udp = addresses.iter().map(|address| (Protocol::Udp, *address));
        let has_tcp = |address: &&SocketAddr| !sockets.is_private || address.ip().is_loopback();
        let by_tcp = addresses.iter().filter(has_tcp).map(|address| (Protocol::Tcp, *address));
        let candidates: Vec<_> = by_udp.chain(by_tcp).collect();
        let first = |protocol| {
            let found = candidates.iter().find(|(known, _)| *known == protocol).map(|(_, address)| *address);
            found.unwrap_or(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), sockets.port))
        };
        let (told, told_by_tcp) = (first(Protocol::Udp), first(Protocol::Tcp));
        Self {
            sfu: Sfu::new(Instant::now(), candidates),
            udp: sockets.udp,
            sender: Sender::default(),
            pipes: Pipes::new(sockets.tcp),
            told,
            told_by_tcp,
            own: sockets.is_private.then_some(sockets.told),
            inbox,
            woken,
            sayings,
            kept: VecDeque::new(),
            metrics,
        }
    }

    fn run(mut self) {
        loop {
            self.sleep();
            let woke = Instant::now();
            let before = self.sfu.counts().packets_out;
            let is_over = self.take_commands();
            if is_over {
                self.sfu.close_all();
            }
            self.read(woke);
            self.sfu.tick(Instant::now());
            self.put_out();
            let counts = self.sfu.counts();
            self.metrics.forwarded(counts, counts.packets_out - before, woke.elapsed());
            if is_over {
                return;
            }
        }
    }

    /// Waits until there is something to do.
    fn sleep(&self) {
        let now = Instant::now();
        let due = self.sfu.next_timeout().map_or(SLEEP_AT_MOST, |at| at.saturating_duration_since(now));
        let (listener, pipes) = self.pipes.sockets(now);
        let longest = match listener {
            _ if !self.kept.is_empty() => SLEEP_WITH_SAYINGS,
            None => ACCEPT_AGAIN_AFTER,
            Some(_) => SLEEP_AT_MOST,
        };
        let timeout = Timespec::try_from(due.min(longest)).unwrap_or_default();
        let mut fds = vec![PollFd::new(&self.udp, PollFlags::IN), PollFd::new(&self.woken, PollFlags::IN)];
        fds.extend(listener.map(|listener| PollFd::new(listener, PollFlags::IN)));
        fds.extend(pipes.map(|(pipe, waits)| {
            let flags = if waits { PollFlags::IN | PollFlags::OUT } else { PollFlags::IN };
            PollFd::from_borrowed_fd(pipe.as_fd(), flags)
        }));
        // Interrupted by a signal: then it is looked at a little too soon.
        let _ = poll(&mut fds, Some(&timeout));
    }

    /// Says whether it is over.
    fn take_commands(&mut self) -> bool {
        let mut bytes = [0; 256];
        while matches!((&self.woken).read(&mut bytes), Ok(length) if length == bytes.len()) {}
        while let Ok(command) = self.inbox.try_recv() {
            match command {
                Command::Input(input) => self.sfu.handle(Instant::now(), input),
                Command::Stop => return true,
                #[cfg(test)]
                Command::BreakDown => panic!("a fault, on purpose"),
            }
        }
        false
    }

    fn read(&mut self, now: Instant) {
        let mut buffer = [0; DATAGRAM_BYTES];
        for _ in 0..DATAGRAMS_AT_ONCE {
            match self.udp.recv_from(&mut buffer) {
                Ok((length, from)) if is_allowed(self.own.as_deref(), from) => {
                    let bytes = &buffer[..length];
                    self.sfu.receive(now, Datagram { protocol: Protocol::Udp, from, to: self.told, bytes });
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                // From elsewhere; or a port is closed at the other end, which is reported here and means nothing.
                Ok(_) | Err(_) => {}
            }
        }
        let Self { pipes, sfu, told_by_tcp, own, .. } = self;
        let to = *told_by_tcp;
        pipes.accept(now, |from| is_allowed(own.as_deref(), from));
        let closed =
            pipes.work(now, |from, bytes| sfu.receive(now, Datagram { protocol: Protocol::Tcp, from, to, bytes }));
        for from in closed {
            sfu.hung_up(from);
        }
    }

    fn put_out(&mut self) {
        while let Some(output) = self.sfu.poll() {
            match output {
                Output::Send { protocol: Protocol::Udp, to, bytes } => self.sender.send(&self.udp, to, bytes),
                Output::Send { to, bytes, .. } => self.pipes.send(to, &bytes),
                Output::HangUp(from) => self.pipes.close(from),
                Output::Say { to, message } => self.kept.push_back((to, message)),
            }
        }
        self.sender.flush(&self.udp);
        while let Some(saying) = self.kept.pop_front() {
            match self.sayings.try_send(saying) {
                Ok(()) => {}
                Err(TrySendError::Full(saying)) => {
                    self.kept.push_front(saying);
                    break;
                }
                // The relay stops.
                Err(TrySendError::Closed(_)) => self.kept.clear(),
            }
        }
        while self.kept.len() > SAYINGS_KEPT {
            self.kept.pop_front();
        }
    }
}

/// How often a free port is looked for: one that is free for UDP may be taken for TCP.
const TRIES: usize = 16;

fn bind_both(listen: SocketAddr, tcp_ip: IpAddr) -> std::io::Result<(UdpSocket, TcpListener)> {
    let bind = || {
        let udp = UdpSocket::bind(listen)?;
        let tcp = TcpListener::bind((tcp_ip, udp.local_addr()?.port()))?;
        Ok((udp, tcp))
    };
    let is_taken = |error: &std::io::Error| error.kind() == ErrorKind::AddrInUse && listen.port() == 0;
    for _ in 1..TRIES {
        match bind() {
            Err(error) if is_taken(&error) => {}
            both => return both,
        }
    }
    bind()
}

/// Whether somebody may send: everybody, or, if there are such, only our own addresses.
fn is_allowed(own: Option<&[IpAddr]>, from: SocketAddr) -> bool {
    let ip = from.ip().to_canonical();
    own.is_none_or(|own| ip.is_loopback() || own.contains(&ip))
}

/// The address of this machine from which it reaches others, if it has a network. Nothing is sent.
pub fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // An address for documentation (RFC 5737): it only has to be routed.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_unspecified() && !ip.is_loopback()).then_some(ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_comes_by_tcp_was_sent_to_an_address_that_clients_were_told_of_for_tcp() {
        let (network, loopback) = (IpAddr::from([192, 0, 2, 7]), IpAddr::from(Ipv4Addr::LOCALHOST));
        for (is_private, by_tcp) in [(true, loopback), (false, network)] {
            let sockets = Sockets::bind(SocketAddr::new(loopback, 0), vec![network, loopback], is_private);
            let ((_, inbox), (woken, _), (sayings, _)) =
                (sync_channel(1), UnixStream::pair().expect("two sockets"), mpsc::channel(1));
            let driver = Driver::new(sockets.expect("a port"), inbox, woken, sayings, Arc::default());
            assert_eq!((driver.told.ip(), driver.told_by_tcp.ip()), (network, by_tcp), "private: {is_private}");
        }
    }
}
