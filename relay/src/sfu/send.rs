//! Sends datagrams. Those that follow one another to one client, as the packets of a picture do, go with one call: the
//! system cuts them apart (UDP segmentation offload, Linux's `UDP_SEGMENT`), which takes a fraction of the time.

use std::{
    collections::HashMap,
    net::{SocketAddr, UdpSocket},
    time::Instant,
};

use super::limits::{ALONE_AT_MOST, DATAGRAMS_TOGETHER, TOGETHER_AGAIN_AFTER, TOGETHER_BYTES};

/// What is about to be sent.
#[derive(Debug, Default)]
pub(super) struct Sender {
    /// To whom; all of one length but the last, which may be shorter.
    to: Option<SocketAddr>,
    waiting: Vec<Vec<u8>>,
    /// Until then each is sent alone: this machine did not take them together.
    alone_until: Option<Instant>,
    /// The same to those clients: the way to them did not.
    alone: HashMap<SocketAddr, Instant>,
}

impl Sender {
    /// Sends a datagram, now or with those that follow. [`Self::flush`] must come before anything is waited for.
    pub(super) fn send(&mut self, socket: &UdpSocket, to: SocketAddr, datagram: Vec<u8>) {
        if !self.goes_with(to, datagram.len()) {
            self.flush(socket);
        }
        self.to = Some(to);
        self.waiting.push(datagram);
    }

    /// Sends what waits. What the system does not take is lost, as datagrams are.
    pub(super) fn flush(&mut self, socket: &UdpSocket) {
        let Some(to) = self.to.take() else { return };
        if self.waiting.len() == 1 || !self.send_together(socket, to) {
            for datagram in &self.waiting {
                let _ = socket.send_to(datagram, to);
            }
        }
        self.waiting.clear();
    }

    /// Whether another datagram can be sent with those that wait.
    fn goes_with(&self, to: SocketAddr, length: usize) -> bool {
        let (Some(first), Some(last)) = (self.waiting.first(), self.waiting.last()) else { return true };
        self.to == Some(to)
            && last.len() == first.len()
            && length <= first.len()
            && self.waiting.len() < DATAGRAMS_TOGETHER
            && (self.waiting.len() + 1) * first.len() <= TOGETHER_BYTES
    }

    /// Says whether it is done.
    #[cfg(target_os = "linux")]
    fn send_together(&mut self, socket: &UdpSocket, to: SocketAddr) -> bool {
        use std::{io::IoSlice, os::fd::AsRawFd};

        use nix::{
            errno::Errno,
            sys::socket::{ControlMessage, MsgFlags, SockaddrStorage, sendmsg},
        };

        let now = Instant::now();
        if self.goes_alone(now, to) {
            return false;
        }
        let slices: Vec<_> = self.waiting.iter().map(|datagram| IoSlice::new(datagram)).collect();
        // Below 64 KiB: see `TOGETHER_BYTES`.
        let length = slices.first().map_or(0, |first| first.len()) as u16;
        let (control, address) = ([ControlMessage::UdpGsoSegments(&length)], SockaddrStorage::from(to));
        match sendmsg(socket.as_raw_fd(), &slices, &control, MsgFlags::empty(), Some(&address)) {
            // Full or closed for all of them.
            Ok(_) | Err(Errno::EAGAIN | Errno::ENOBUFS | Errno::ECONNREFUSED) => true,
            // An old system, or a driver that cannot.
            Err(Errno::ENOPROTOOPT | Errno::EOPNOTSUPP | Errno::EIO) => {
                self.alone_until = Some(now + TOGETHER_AGAIN_AFTER);
                false
            }
            // A path that takes smaller ones only, or none.
            Err(_) => {
                self.go_alone(now, to);
                false
            }
        }
    }

    /// Whether each is sent alone to that client.
    #[cfg(target_os = "linux")]
    fn goes_alone(&mut self, now: Instant, to: SocketAddr) -> bool {
        let is_over = self.alone.get(&to).is_some_and(|until| now >= *until);
        if is_over {
            self.alone.remove(&to);
        }
        self.alone_until.is_some_and(|until| now < until) || self.alone.contains_key(&to)
    }

    /// From now on, and for a while, each is sent alone to that client.
    #[cfg(target_os = "linux")]
    fn go_alone(&mut self, now: Instant, to: SocketAddr) {
        if self.alone.len() >= ALONE_AT_MOST {
            self.alone.retain(|_, until| now < *until);
        }
        let until = now + TOGETHER_AGAIN_AFTER;
        if self.alone.len() < ALONE_AT_MOST {
            self.alone.insert(to, until);
        } else {
            self.alone_until = Some(until);
        }
    }

    #[cfg(not(target_os = "linux"))]
    #[allow(clippy::unused_self, reason = "the same as on Linux")]
    fn send_together(&mut self, _socket: &UdpSocket, _to: SocketAddr) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn socket() -> (UdpSocket, SocketAddr) {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a socket");
        socket.set_read_timeout(Some(Duration::from_secs(10))).expect("an option");
        let address = socket.local_addr().expect("an address");
        (socket, address)
    }

    /// Sends datagrams of these lengths to these receivers, and looks at what comes.
    fn check(mut sender: Sender, datagrams: &[(usize, usize)]) {
        let (socket_out, _) = socket();
        let receivers = [socket(), socket()];
        let mut expected = [Vec::new(), Vec::new()];
        for (index, (receiver, length)) in datagrams.iter().enumerate() {
            let datagram = vec![index as u8; *length];
            expected[*receiver].push(datagram.clone());
            sender.send(&socket_out, receivers[*receiver].1, datagram);
        }
        sender.flush(&socket_out);
        for ((socket, _), expected) in receivers.iter().zip(expected) {
            for datagram in expected {
                let mut buffer = [0; 2048];
                let length = socket.recv(&mut buffer).expect("a datagram");
                assert_eq!(buffer[..length], datagram[..]);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_sent_comes_one_by_one_and_in_its_order(
            datagrams in prop::collection::vec((0..2_usize, prop::sample::select(vec![1_usize, 80, 81, 1200])), 0..60),
            is_alone: bool,
        ) {
            let alone_until = is_alone.then(|| Instant::now() + TOGETHER_AGAIN_AFTER);
            check(Sender { alone_until, ..Sender::default() }, &datagrams);
        }
    }

    #[test]
    fn more_than_go_together_are_sent_all_the_same() {
        check(Sender::default(), &[(0, 1200); 3 * DATAGRAMS_TOGETHER + 1]);
    }

    #[test]
    fn those_of_one_length_to_one_client_and_a_shorter_last_one_go_together() {
        let (socket, to) = socket();
        let (_, other) = self::socket();
        let mut sender = Sender::default();
        for length in [100, 100, 50] {
            sender.send(&socket, to, vec![0; length]);
        }
        assert_eq!(sender.waiting.len(), 3);
        for (what, to, length) in
            [("after a shorter one", to, 50), ("a longer one", to, 60), ("to another client", other, 60)]
        {
            sender.send(&socket, to, vec![0; length]);
            assert_eq!(sender.waiting.len(), 1, "{what}");
        }
    }

    /// Larger than loopback takes in one piece: the system does not cut that apart, but alone it is taken.
    const TOO_LARGE: usize = 65_500;

    /// Sends two to somebody of which they are taken only one by one, and looks whether they come.
    fn send_too_large(sender: &mut Sender) -> SocketAddr {
        let ((socket, _), (receiver, to)) = (socket(), socket());
        socket2::SockRef::from(&receiver).set_recv_buffer_size(1024 * 1024).expect("an option");
        sender.to = Some(to);
        sender.waiting = vec![vec![1; TOO_LARGE], vec![2; TOO_LARGE]];
        sender.flush(&socket);
        let mut buffer = vec![0; 70_000];
        for first in [1, 2] {
            assert_eq!((receiver.recv(&mut buffer).expect("a datagram"), buffer[0]), (TOO_LARGE, first));
        }
        to
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_does_not_go_together_to_one_client_is_sent_alone_to_that_one_and_for_a_while_not_tried_again() {
        let mut sender = Sender::default();
        let to = send_too_large(&mut sender);
        let ((_, other), now) = (socket(), Instant::now());
        assert!(sender.goes_alone(now, to));
        assert!(!sender.goes_alone(now, other), "to others they go together all the same");
        assert!(!sender.goes_alone(now + TOGETHER_AGAIN_AFTER, to));
        assert!(sender.alone.is_empty(), "whoever is gone is forgotten");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn when_the_way_to_many_does_not_take_them_together_each_is_sent_alone_to_all_and_little_is_remembered() {
        let (mut sender, now) = (Sender::default(), Instant::now());
        let at = |port: usize| SocketAddr::from(([127, 0, 0, 1], port as u16));
        for port in 1..=ALONE_AT_MOST + 20 {
            sender.go_alone(now, at(port));
        }
        assert_eq!(sender.alone.len(), ALONE_AT_MOST);
        assert!(sender.goes_alone(now, at(9999)));
        let later = now + TOGETHER_AGAIN_AFTER;
        assert!(!sender.goes_alone(later, at(9999)));
        sender.go_alone(later, at(9999));
        assert_eq!(sender.alone.len(), 1);
    }
}
