//! The socket as tungstenite sees it: reads what is there, and writes through the outbox.

use std::{
    io::{self, Read, Write},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, ReadBuf},
    net::tcp::OwnedReadHalf,
};

use super::outbox::Outbox;
use crate::{limits::READ_BYTES_AT_ONCE, world::FanKind};

/// See the module. Lives for one turn of the connection's task.
pub(super) struct Wire<'a, 'b> {
    reader: &'a mut OwnedReadHalf,
    context: &'a mut Context<'b>,
    outbox: &'a Outbox,
    left: usize,
}

impl<'a, 'b> Wire<'a, 'b> {
    pub(super) fn new(reader: &'a mut OwnedReadHalf, context: &'a mut Context<'b>, outbox: &'a Outbox) -> Self {
        Self { reader, context, outbox, left: READ_BYTES_AT_ONCE }
    }

    /// How many bytes were read.
    pub(super) fn taken(&self) -> u32 {
        (READ_BYTES_AT_ONCE - self.left) as u32
    }
}

impl Read for Wire<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            // Enough for one turn: fragments without an end would otherwise keep everybody else waiting.
            self.context.waker().wake_by_ref();
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let length = buffer.len().min(self.left);
        let mut buffer = ReadBuf::new(&mut buffer[..length]);
        match Pin::new(&mut *self.reader).poll_read(self.context, &mut buffer) {
            Poll::Ready(Ok(())) => {
                let read = buffer.filled().len();
                self.left -= read;
                Ok(read)
            }
            Poll::Ready(Err(error)) => Err(error),
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        }
    }
}

impl Write for Wire<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // An answer to a ping that finds no room is left out: the client does not read anyway.
        self.outbox.post(&Bytes::copy_from_slice(bytes), FanKind::Events);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
