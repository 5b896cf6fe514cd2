//! One WebSocket: reads what a client says, keeps it alive, and ends it.
//!
//! One small task each, woken by the socket, by [`outbox`] (what waits to be written) or by its timer. What comes in
//! goes to the world's task, and nothing is decided here but whether the bytes are WebSocket messages of a bearable
//! number. tungstenite reads the frames without knowing the socket: its answers to pings and closing frames go through
//! the outbox like all else, so nothing is written in the middle of something else.

pub(crate) mod frame;
pub(crate) mod outbox;
mod wire;

use std::{
    future::{Future, poll_fn},
    net::Shutdown,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use shared::{
    identity::{Nonce, UserId},
    limits::SFU_MESSAGE_BYTES,
    protocol::Ticket,
    rate::Bucket,
};
use socket2::SockRef;
use tokio::{
    io::{AsyncRead, ReadBuf},
    net::{TcpStream, tcp::OwnedReadHalf},
    sync::mpsc,
    time::{Instant, Sleep, sleep_until, timeout},
};
use tungstenite::{
    Message,
    error::{Error, ProtocolError},
    protocol::{Role, WebSocketConfig, WebSocketContext, frame::coding::CloseCode},
};

use self::{
    outbox::{Drained, Outbox},
    wire::Wire,
};
use crate::{
    dispatch::ToDispatch,
    limits::{BYTES, Limits, READ_BUFFER_BYTES, READ_BYTES_AT_ONCE, SIGNAL_BYTES},
    world::{ConnectionId, FanKind, Input},
};

/// What a WebSocket is for.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    /// The relay protocol; with fresh random bytes for its challenge.
    World(Nonce),
    /// Signalling, of somebody whose ticket that was.
    Signalling(UserId, Ticket),
}

/// A WebSocket whose handshake is done.
pub(crate) struct Dialled<Guard> {
    pub(crate) socket: TcpStream,
    /// What the client said before it had the answer.
    pub(crate) early: Vec<u8>,
    pub(crate) id: ConnectionId,
    pub(crate) purpose: Purpose,
    pub(crate) dispatch: mpsc::Sender<ToDispatch>,
    pub(crate) limits: Limits,
    /// Dropped with the connection.
    pub(crate) guard: Guard,
}

/// Serves a client until the end of its connection.
pub(crate) async fn serve<Guard>(dialled: Dialled<Guard>) {
    let Dialled { socket, early, id, purpose, dispatch, limits, guard } = dialled;
    // Old news in the system's buffers help nobody; failing to say so does no harm.
    let _ = SockRef::from(&socket).set_send_buffer_size(limits.send_buffer_bytes);
    let (reader, writer) = socket.into_split();
    let outbox = Arc::new(Outbox::new(writer));
    let opened = ToDispatch::Opened { connection: id, purpose, outbox: Arc::clone(&outbox) };
    if dispatch.send(opened).await.is_err() {
        return;
    }
    let now = Instant::now();
    let mut connection = Connection {
        reader,
        socket: WebSocketContext::from_partially_read(early, Role::Server, Some(config(purpose))),
        purpose,
        outbox,
        bytes: Bucket::default(),
        large: None,
        opened_at: now,
        heard_at: now,
        ping_at: now + limits.ping_every,
        timer: Box::pin(sleep_until(now + limits.ping_every)),
        is_clean: false,
        limits,
    };
    connection.run(id, &dispatch).await;
    connection.linger().await;
    // Fails only when the relay has stopped.
    let _ = dispatch.send(ToDispatch::Done { connection: id }).await;
    drop(guard);
}

fn config(purpose: Purpose) -> WebSocketConfig {
    // What is shorter, and too long for its kind all the same, is refused when it is decoded.
    let bytes = match purpose {
        Purpose::World(_) => SFU_MESSAGE_BYTES,
        Purpose::Signalling(..) => SIGNAL_BYTES,
    };
    WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER_BYTES)
        // Written at once: the outbox takes everything.
        .write_buffer_size(0)
        .max_message_size(Some(bytes))
        .max_frame_size(Some(bytes))
}

struct Connection {
    reader: OwnedReadHalf,
    purpose: Purpose,
    socket: WebSocketContext,
    outbox: Arc<Outbox>,
    bytes: Bucket,
    large: Option<Large>,
    opened_at: Instant,
    heard_at: Instant,
    ping_at: Instant,
    timer: Pin<Box<Sleep>>,
    /// Whether the client said that it leaves.
    is_clean: bool,
    limits: Limits,
}

/// The last long message of a client, kept until tungstenite reads on in another buffer.
///
/// For a long message tungstenite's buffer grows, and the message is a part of it. Once the message is forgotten the
/// buffer would be used again as a whole and stay as large as it is; as long as somebody still has the message,
/// tungstenite takes a new one, just as large as need be, when what is left of the old one is read full.
struct Large {
    _message: Bytes,
    /// Bytes until the old buffer is surely full.
    left: u32,
}

impl Large {
    /// That message, if it is long.
    fn new(message: &Bytes) -> Option<Self> {
        // Past the message there is room for what may be read at once, rounded up.
        let left = 2 * READ_BUFFER_BYTES as u32;
        (message.len() > READ_BUFFER_BYTES).then(|| Self { _message: message.clone(), left })
    }
}

/// What there is to do next.
enum Next {
    Tell(Input),
    Timer,
    /// The world closes the connection.
    Closing,
    Ended,
}

impl Connection {
    async fn run(&mut self, id: ConnectionId, dispatch: &mpsc::Sender<ToDispatch>) {
        loop {
            let input = match poll_fn(|context| self.poll_next(id, context)).await {
                Next::Tell(input) => input,
                Next::Timer if self.is_alive() => continue,
                Next::Closing => return,
                Next::Timer | Next::Ended => {
                    let closed = Input::Closed { connection: id, is_clean: self.is_clean };
                    let _ = dispatch.send(ToDispatch::Input(closed)).await;
                    return;
                }
            };
            let is_the_end = matches!(input, Input::NotAMessage { .. } | Input::Flooded { .. });
            if dispatch.send(ToDispatch::Input(input)).await.is_err() {
                return;
            }
            if is_the_end {
                // The world closes; nothing more is read as messages.
                poll_fn(|context| self.poll_closing(context)).await;
                return;
            }
        }
    }

    /// Pings if it is time. False if the client was silent for too long.
    fn is_alive(&mut self) -> bool {
        let now = Instant::now();
        let lost_at = self.heard_at + self.limits.silence;
        if lost_at <= now {
            return false;
        }
        if self.ping_at <= now {
            self.ping_at = now + self.limits.ping_every;
            // A ping without words; its frame is always the same.
            self.outbox.post(&Bytes::from_static(&[0x89, 0]), FanKind::Events);
        }
        self.timer.as_mut().reset(self.ping_at.min(lost_at));
        true
    }

    fn poll_next(&mut self, id: ConnectionId, context: &mut Context<'_>) -> Poll<Next> {
        match self.outbox.poll_drain(context) {
            Poll::Ready(Drained::CaughtUp) => {
                return Poll::Ready(Next::Tell(Input::CaughtUp { connection: id }));
            }
            Poll::Ready(Drained::Closing) => return Poll::Ready(Next::Closing),
            Poll::Pending => {}
        }
        if let Poll::Ready(next) = self.poll_read(id, context) {
            return Poll::Ready(next);
        }
        self.timer.as_mut().poll(context).map(|()| Next::Timer)
    }

    fn poll_read(&mut self, id: ConnectionId, context: &mut Context<'_>) -> Poll<Next> {
        let mut wire = Wire::new(&mut self.reader, context, &self.outbox);
        let read = self.socket.read(&mut wire);
        let taken = wire.taken();
        if taken > 0 {
            self.heard_at = Instant::now();
            let now = self.heard_at.duration_since(self.opened_at) + Duration::from_secs(1);
            if !self.bytes.take(now, BYTES, taken) {
                return Poll::Ready(Next::Tell(Input::Flooded { connection: id }));
            }
            if let Some(large) = &mut self.large {
                large.left = large.left.saturating_sub(taken);
                self.large.take_if(|large| large.left == 0);
            }
        }
        Poll::Ready(match read {
            Ok(Message::Text(text)) if matches!(self.purpose, Purpose::Signalling(..)) => {
                let signal = Input::SignallingReceived { connection: id, text: text.as_str().to_owned() };
                self.large = Large::new(&text.into()).or(self.large.take());
                Next::Tell(signal)
            }
            Ok(Message::Binary(bytes)) if matches!(self.purpose, Purpose::World(_)) => {
                self.large = Large::new(&bytes).or(self.large.take());
                Next::Tell(Input::Received { connection: id, bytes })
            }
            Ok(Message::Close(frame)) => {
                // A closing frame without a code is a client's plain `close()`.
                let leaves = |code| matches!(code, CloseCode::Normal | CloseCode::Away);
                self.is_clean = frame.is_none_or(|frame| leaves(frame.code));
                // The answer is written by the next read, which then says that this is the end.
                let _ = self.socket.read(&mut Wire::new(&mut self.reader, context, &self.outbox));
                Next::Ended
            }
            Ok(Message::Ping(_) | Message::Pong(_)) => Next::Tell(Input::ControlFrame { connection: id }),
            Err(Error::Io(error)) if error.kind() == std::io::ErrorKind::WouldBlock => return Poll::Pending,
            Err(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => Next::Ended,
            Ok(Message::Text(_) | Message::Binary(_) | Message::Frame(_))
            | Err(Error::Capacity(_) | Error::Protocol(_) | Error::Utf8(_)) => {
                Next::Tell(Input::NotAMessage { connection: id })
            }
            Err(_) => Next::Ended,
        })
    }

    fn poll_closing(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            match self.outbox.poll_drain(context) {
                Poll::Ready(Drained::Closing) => return Poll::Ready(()),
                Poll::Ready(Drained::CaughtUp) => {}
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Writes what is left and waits for the client's end. What it still says is thrown away, but read: closing a
    /// socket with unread bytes resets it, and the client would never learn why.
    async fn linger(mut self) {
        let farewell = async {
            poll_fn(|context| self.outbox.poll_empty(context)).await;
            let _ = SockRef::from(self.outbox.sink().as_ref()).shutdown(Shutdown::Write);
            poll_fn(|context| throw_away(&mut self.reader, context)).await;
        };
        let _ = timeout(self.limits.close_within, farewell).await;
    }
}

/// Reads until the client's end. The buffer is not part of the task, whose memory each connection pays for.
fn throw_away(reader: &mut OwnedReadHalf, context: &mut Context<'_>) -> Poll<()> {
    let mut buffer = [0; READ_BYTES_AT_ONCE];
    loop {
        let mut buffer = ReadBuf::new(&mut buffer);
        if ready!(Pin::new(&mut *reader).poll_read(context, &mut buffer)).is_err() || buffer.filled().is_empty() {
            return Poll::Ready(());
        }
    }
}
