//! The outbox against a socket that takes only so much.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use futures_util::task::noop_waker;

use super::*;

/// A socket that takes so many bytes and then no more until there is room again.
#[derive(Default)]
struct Narrow {
    room: AtomicUsize,
    taken: Mutex<Vec<u8>>,
}

impl Sink for Narrow {
    fn try_write(&self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.room.load(Relaxed).min(bytes.len());
        if room == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        self.room.fetch_sub(room, Relaxed);
        self.taken.lock().expect("not poisoned").extend(&bytes[..room]);
        Ok(room)
    }

    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.room.load(Relaxed) > 0 { Poll::Ready(Ok(())) } else { Poll::Pending }
    }
}

impl Narrow {
    fn outbox(room: usize) -> Outbox<Self> {
        Outbox::new(Self { room: room.into(), ..Self::default() })
    }
}

impl Outbox<Narrow> {
    fn widen(&self, room: usize) -> Poll<Drained> {
        self.sink.room.fetch_add(room, Relaxed);
        self.poll_drain(&mut Context::from_waker(&noop_waker()))
    }

    fn taken(&self) -> Vec<u8> {
        self.sink.taken.lock().expect("not poisoned").clone()
    }
}

const MOVED: Bytes = Bytes::from_static(b"mm");
const EVENT: Bytes = Bytes::from_static(b"ee");

#[test]
fn to_a_client_that_reads_everything_is_written_at_once() {
    let outbox = Narrow::outbox(100);
    assert_eq!(outbox.post(&EVENT, FanKind::Events), Posted::Fine);
    assert_eq!(outbox.post(&MOVED, FanKind::Movements), Posted::Fine);
    assert_eq!(outbox.taken(), b"eemm");
    assert_eq!(outbox.widen(0), Poll::Pending);
}

#[test]
fn half_a_frame_is_completed_before_the_next() {
    let outbox = Narrow::outbox(1);
    outbox.post(&EVENT, FanKind::Events);
    outbox.post(&MOVED, FanKind::Movements);
    assert_eq!(outbox.taken(), b"e");
    assert_eq!(outbox.widen(2), Poll::Pending);
    assert_eq!(outbox.taken(), b"eem");
    assert_eq!(outbox.widen(1), Poll::Pending);
    assert_eq!(outbox.taken(), b"eemm");
}

#[test]
fn movements_without_room_are_left_out_and_asked_for_again_when_all_else_is_read() {
    let outbox = Narrow::outbox(0);
    let posted: Vec<_> = (0..=QUEUE_MOVEMENTS).map(|_| outbox.post(&MOVED, FanKind::Movements)).collect();
    assert_eq!(posted.iter().filter(|posted| **posted == Posted::NoRoom).count(), 1);
    assert_eq!(outbox.post(&EVENT, FanKind::Events), Posted::Fine, "events have more room");
    assert_eq!(outbox.widen(3), Poll::Pending);
    assert_eq!(outbox.widen(1000), Poll::Ready(Drained::CaughtUp));
    assert_eq!(outbox.widen(0), Poll::Pending, "said once");
    assert!(outbox.taken().ends_with(b"mmee"));
}

#[test]
fn events_without_room_are_not_lost_in_silence() {
    let outbox = Narrow::outbox(0);
    let posted: Vec<_> = (0..=QUEUE_FRAMES).map(|_| outbox.post(&EVENT, FanKind::Events)).collect();
    assert_eq!(posted.iter().position(|posted| *posted == Posted::NoRoom), Some(QUEUE_FRAMES));
}

#[test]
fn long_frames_without_room_are_bounded_by_their_bytes_and_one_always_fits() {
    let long = Bytes::from(vec![7; QUEUE_BYTES / 8]);
    let outbox = Narrow::outbox(0);
    let post = |count: usize| (0..count).filter(|_| outbox.post(&long, FanKind::Events) == Posted::Fine).count();
    assert_eq!(post(20), 8);
    // A byte of it is read: room for one more, however long.
    assert_eq!(outbox.widen(1), Poll::Pending);
    assert_eq!(post(20), 1);
    assert_eq!(outbox.widen(usize::MAX / 2), Poll::Pending);
    assert_eq!(outbox.taken().len(), 9 * long.len());
    assert_eq!(outbox.lock().bytes, 0);
    assert_eq!(post(20), 20, "written at once");
}

#[test]
fn a_last_message_finds_room_among_long_frames() {
    let long = Bytes::from(vec![7; QUEUE_BYTES / 8]);
    let outbox = Narrow::outbox(1);
    for _ in 0..20 {
        outbox.post(&long, FanKind::Events);
    }
    outbox.close(b"bye", 4002);
    assert_eq!(outbox.lock().bytes, long.len() - 1 + 5 + 4);
    assert_eq!(outbox.widen(usize::MAX / 2), Poll::Ready(Drained::Closing));
    assert!(outbox.poll_empty(&mut Context::from_waker(&noop_waker())).is_ready());
    assert_eq!((outbox.taken().len(), outbox.lock().bytes), (long.len() + 9, 0));
}

#[test]
fn a_last_message_takes_the_place_of_all_that_waits_but_for_half_a_frame() {
    let outbox = Narrow::outbox(1);
    for _ in 0..5 {
        outbox.post(&EVENT, FanKind::Events);
    }
    outbox.close(b"bye", 4002);
    assert_eq!(outbox.post(&EVENT, FanKind::Events), Posted::Fine, "not said any more");
    assert_eq!(outbox.widen(1000), Poll::Ready(Drained::Closing));
    assert!(outbox.poll_empty(&mut Context::from_waker(&noop_waker())).is_ready());
    assert_eq!(outbox.taken(), [&b"ee"[..], &[0x82, 3], b"bye", &[0x88, 2, 0x0f, 0xa2]].concat());
}
