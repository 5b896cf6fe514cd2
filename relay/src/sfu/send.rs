//! Sends datagrams. Those that follow one another to one client, as the packets of a picture do, go with one call: the
//! system cuts them apart (UDP segmentation offload, Linux's `UDP_SEGMENT`), which takes a fraction of the time.

use std::{
    net::{SocketAddr, UdpSocket},
    time::Instant,
};

use super::limits::{DATAGRAMS_TOGETHER, TOGETHER_AGAIN_AFTER, TOGETHER_BYTES};

/// What is about to be sent.
#[derive(Debug, Default)]
pub(super) struct Sender {
    /// To whom; all of one length but the last, which may be shorter.
    to: Option<SocketAddr>,
    waiting: Vec<Vec<u8>>,
    /// Until then each is sent alone: together they were not taken.
    alone_until: Option<Instant>,
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

        if self.alone_until.is_some_and(|until| Instant::now() < until) {
            return false;
        }
        let slices: Vec<_> = self.waiting.iter().map(|datagram| IoSlice::new(datagram)).collect();
        // Below 64 KiB: see `TOGETHER_BYTES`.
        let length = slices.first().map_or(0, |first| first.len()) as u16;
        let (control, to) = ([ControlMessage::UdpGsoSegments(&length)], SockaddrStorage::from(to));
        match sendmsg(socket.as_raw_fd(), &slices, &control, MsgFlags::empty(), Some(&to)) {
            // Full or closed for all of them.
            Ok(_) | Err(Errno::EAGAIN | Errno::ECONNREFUSED) => true,
            // An old system, a driver that cannot, or a path that takes smaller ones only.
            Err(_) => {
                self.alone_until = Some(Instant::now() + TOGETHER_AGAIN_AFTER);
                false
            }
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

    #[test]
    fn what_does_not_go_together_is_sent_alone_and_for_a_while_not_tried_again() {
        let ((socket, _), (receiver, to)) = (socket(), socket());
        let mut sender = Sender::default();
        // Larger than loopback takes in one piece: the system does not cut that apart, but alone it is taken.
        socket2::SockRef::from(&receiver).set_recv_buffer_size(1024 * 1024).expect("an option");
        receiver.set_read_timeout(Some(Duration::from_secs(10))).expect("an option");
        sender.to = Some(to);
        sender.waiting = vec![vec![1; 65_500], vec![2; 65_500]];
        sender.flush(&socket);
        let mut buffer = vec![0; 70_000];
        for first in [1, 2] {
            assert_eq!((receiver.recv(&mut buffer).expect("a datagram"), buffer[0]), (65_500, first));
        }
        assert_eq!(sender.alone_until.is_some(), cfg!(target_os = "linux"));
    }
}
