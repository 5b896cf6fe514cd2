//! Does in the page what the session asks for.

use std::{
    cell::{Cell, RefCell},
    rc::Rc,
    time::Duration,
};

use super::{
    chime, fetch, media, page, refresh,
    socket::{Happening, Socket},
    storage, tell,
};
use crate::{
    classroom::Shell,
    session::{EPOCH, Input, Output, Time},
};

/// The page as a platform.
pub(super) struct PageShell {
    socket: RefCell<Option<Socket>>,
    media: Rc<media::Platform>,
    /// Whether the session was told that storage fails.
    has_failed: Cell<bool>,
}

impl Default for PageShell {
    fn default() -> Self {
        Self { socket: RefCell::default(), media: media::Platform::begin(), has_failed: Cell::default() }
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
                self.socket.replace(Socket::dial(&url, heard));
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
                    tell(Input::NotRemembered);
                }
            }
            Output::Chime(chime) => chime::play(chime),
            Output::Media(output) => self.media.perform(output),
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

/// What the relay's socket has to say.
fn heard(happening: Happening) {
    tell(match happening {
        Happening::Opened => Input::SocketOpened,
        Happening::Binary(bytes) => Input::SocketReceived(bytes),
        Happening::Closed(code) => Input::SocketClosed(code),
        // The relay sends binary messages only.
        Happening::Text(_) => return,
    });
}
