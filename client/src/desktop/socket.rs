//! The socket to the relay, on a thread of its own.

use std::{io, sync::mpsc::SyncSender, thread};

use futures_util::{SinkExt, StreamExt};
use shared::limits::CLIENT_MESSAGE_BYTES;
use tokio::{net::TcpStream, sync::mpsc};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async_with_config,
    tungstenite::{Error, Message, protocol::WebSocketConfig},
};

use super::shell::News;
use crate::{session::Input, world::Controls};

/// What the socket is to do.
#[derive(Debug)]
pub(super) enum Command {
    /// Forget the socket there is and open another.
    Dial {
        /// Where to.
        url: String,
        /// Goes with all news of that socket.
        dialling: u64,
    },
    /// Send one binary message.
    Send(Vec<u8>),
    /// Close the socket.
    HangUp,
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Starts the thread; it ends when there is nobody left to give it commands.
pub(super) fn start(commands: mpsc::Receiver<Command>, news: SyncSender<News>, controls: Controls) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let line = Line { news, controls, dialling: 0, socket: None };
    thread::Builder::new().name("socket".to_owned()).spawn(move || runtime.block_on(line.run(commands)))?;
    Ok(())
}

struct Line {
    news: SyncSender<News>,
    controls: Controls,
    dialling: u64,
    socket: Option<Socket>,
}

impl Line {
    async fn run(mut self, mut commands: mpsc::Receiver<Command>) {
        loop {
            tokio::select! {
                command = commands.recv() => match command {
                    Some(command) => self.obey(command).await,
                    None => break,
                },
                message = next(&mut self.socket) => self.take_in(message),
            }
        }
        self.hang_up().await;
    }

    async fn obey(&mut self, command: Command) {
        match command {
            Command::Dial { url, dialling } => {
                self.dialling = dialling;
                let size = Some(CLIENT_MESSAGE_BYTES);
                let config = WebSocketConfig::default().max_message_size(size).max_frame_size(size);
                self.socket = connect_async_with_config(url, Some(config), true).await.ok().map(|(socket, _)| socket);
                self.tell(if self.socket.is_some() { Input::SocketOpened } else { Input::SocketClosed(None) });
            }
            Command::Send(bytes) => {
                if let Some(socket) = &mut self.socket
                    && socket.send(Message::Binary(bytes.into())).await.is_err()
                {
                    self.socket = None;
                    self.tell(Input::SocketClosed(None));
                }
            }
            Command::HangUp => self.hang_up().await,
        }
    }

    fn take_in(&mut self, message: Option<Result<Message, Error>>) {
        match message {
            Some(Ok(Message::Binary(bytes))) => self.tell(Input::SocketReceived(bytes.to_vec())),
            Some(Ok(Message::Close(frame))) => {
                self.socket = None;
                self.tell(Input::SocketClosed(frame.map(|frame| frame.code.into())));
            }
            // Pings are answered by the library; the relay sends no text.
            Some(Ok(_)) => {}
            Some(Err(_)) | None => {
                self.socket = None;
                self.tell(Input::SocketClosed(None));
            }
        }
    }

    async fn hang_up(&mut self) {
        if let Some(mut socket) = self.socket.take() {
            let _ = socket.close(None).await;
        }
    }

    fn tell(&self, input: Input) {
        // Waits for a window that is behind, and ends with it.
        let _ = self.news.send(News { dialling: Some(self.dialling), input });
        self.controls.wake();
    }
}

/// The next message of the socket; never comes back while there is none.
async fn next(socket: &mut Option<Socket>) -> Option<Result<Message, Error>> {
    match socket {
        Some(socket) => socket.next().await,
        None => std::future::pending().await,
    }
}
