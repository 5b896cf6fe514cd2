//! Does in the page what the session asks for.

use std::{cell::RefCell, time::Duration};

use super::{fetch, page, refresh, socket::Socket, storage::Storage};
use crate::{
    classroom::Shell,
    session::{EPOCH, Output, Time},
};

/// The page as a platform.
pub(super) struct PageShell {
    storage: Storage,
    socket: RefCell<Option<Socket>>,
}

impl PageShell {
    pub(super) fn new(storage: Storage) -> Self {
        Self { storage, socket: RefCell::new(None) }
    }
}

impl Shell for PageShell {
    fn now(&self) -> Time {
        EPOCH + Duration::from_secs_f64(page::milliseconds() / 1000.0)
    }

    fn perform(&self, output: Output) {
        match output {
            Output::Dial(url) => {
                // The earlier one goes first, with its callbacks: nothing it says is of use any more.
                self.socket.replace(None);
                self.socket.replace(Socket::dial(&url));
            }
            Output::Send(bytes) => {
                if let Some(socket) = &*self.socket.borrow() {
                    socket.send(&bytes);
                }
            }
            Output::HangUp => {
                self.socket.replace(None);
            }
            Output::FetchMap(map) => fetch::wanted_map(map),
            Output::Remember(entry) => self.storage.keep(&entry),
        }
    }

    fn changed(&self) {
        refresh::session_changed();
    }
}
