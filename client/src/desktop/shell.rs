//! Does what the session asks for: a socket and a thread for fetching, whose news come in by one queue.

use std::{
    cell::Cell,
    io,
    rc::Rc,
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
    time::Instant,
};

use tokio::sync::mpsc;
use tracing::warn;

use super::{
    socket::{self, Command},
    storage::Storage,
};
use crate::{
    classroom::Shell,
    native::fetch_map,
    session::{EPOCH, Input, Output, Time},
    world::Controls,
};

/// News and commands that wait; whoever brings more waits for the window, and the relay for them.
const QUEUE: usize = 1024;

/// Something from another thread: the socket's carry the number of their dialling, since those of an earlier socket
/// mean nothing any more.
pub(super) struct News {
    pub(super) dialling: Option<u64>,
    pub(super) input: Input,
}

/// The native shell.
pub(super) struct Native {
    start: Instant,
    relay_url: String,
    storage: Storage,
    diallings: Rc<Cell<u64>>,
    commands: mpsc::Sender<Command>,
    news: SyncSender<News>,
    controls: Controls,
}

/// What other threads have to say.
pub(super) struct Inbox {
    news: Receiver<News>,
    diallings: Rc<Cell<u64>>,
}

impl Inbox {
    /// The next of it that still means something.
    pub(super) fn next(&self) -> Option<Input> {
        let is_of_now = |news: &News| news.dialling.is_none_or(|dialling| dialling == self.diallings.get());
        self.news.try_iter().find(is_of_now).map(|news| news.input)
    }
}

impl Native {
    pub(super) fn start(relay_url: String, storage: Storage, controls: Controls) -> io::Result<(Self, Inbox)> {
        let (news, inbox) = sync_channel(QUEUE);
        let (commands, orders) = mpsc::channel(QUEUE);
        socket::start(orders, news.clone(), controls.clone())?;
        let diallings = Rc::new(Cell::new(0));
        let inbox = Inbox { news: inbox, diallings: Rc::clone(&diallings) };
        Ok((Self { start: Instant::now(), relay_url, storage, diallings, commands, news, controls }, inbox))
    }

    fn command(&self, command: Command) {
        // A relay that takes nothing for a thousand messages is about to be taken for dead.
        if self.commands.try_send(command).is_err() {
            warn!("the relay does not read; a message is lost");
        }
    }

    fn fetch_map(&self) {
        let (url, news, controls) = (self.relay_url.clone(), self.news.clone(), self.controls.clone());
        thread::spawn(move || {
            let input = match fetch_map(&url) {
                Ok((map, _)) => Input::MapLoaded(Arc::new(map)),
                Err(error) => {
                    warn!("{error}");
                    Input::MapFailed
                }
            };
            // Nobody takes it when the window is closed.
            let _ = news.send(News { dialling: None, input });
            controls.wake();
        });
    }
}

impl Shell for Native {
    fn now(&self) -> Time {
        EPOCH + self.start.elapsed()
    }

    fn perform(&self, output: Output) {
        match output {
            Output::Dial(url) => {
                self.diallings.set(self.diallings.get() + 1);
                self.command(Command::Dial { url, dialling: self.diallings.get() });
            }
            Output::Send(bytes) => self.command(Command::Send(bytes)),
            Output::HangUp => self.command(Command::HangUp),
            Output::FetchMap(_) => self.fetch_map(),
            Output::Remember(entry) => self.storage.keep(entry),
            // A window for development is quiet, and nobody writes in it.
            Output::Chime(_) | Output::PutBack(_) | Output::Media(_) => {}
        }
    }

    fn changed(&self) {
        self.controls.wake();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_of_an_earlier_socket_mean_nothing() {
        let (news, inbox) = sync_channel(8);
        let diallings = Rc::new(Cell::new(2));
        let inbox = Inbox { news: inbox, diallings };
        for (dialling, input) in [
            (Some(1), Input::SocketClosed(None)),
            (None, Input::MapFailed),
            (Some(1), Input::SocketReceived(vec![1])),
            (Some(2), Input::SocketOpened),
        ] {
            news.send(News { dialling, input }).expect("the queue has room");
        }
        assert!(matches!(inbox.next(), Some(Input::MapFailed)));
        assert!(matches!(inbox.next(), Some(Input::SocketOpened)));
        assert!(inbox.next().is_none());
    }
}
