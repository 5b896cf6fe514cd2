//! Does in the page what the session asks for.

use std::{
    cell::{Cell, RefCell},
    time::Duration,
};

use super::{chime, fetch, page, refresh, socket::Socket, storage};
use crate::{
    classroom::Shell,
    session::{EPOCH, Input, Output, Time},
};

/// The page as a platform.
#[derive(Default)]
pub(super) struct PageShell {
    socket: RefCell<Option<Socket>>,
    /// Whether the session was told that storage fails.
    has_failed: Cell<bool>,
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
            Output::Remember(entry) => {
                if !storage::keep(&entry) && !self.has_failed.replace(true) {
                    super::tell(Input::NotRemembered);
                }
            }
            Output::Chime(chime) => chime::play(chime),
            #[cfg(feature = "ui")]
            Output::PutBack(returned) => crate::ui::put_back(returned),
            #[cfg(not(feature = "ui"))]
            Output::PutBack(_) => {}
        }
    }

    fn changed(&self) {
        refresh::session_changed();
    }
}
