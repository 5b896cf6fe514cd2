//! The sockets to the relay and to its signalling.

use std::rc::Rc;

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use super::listener::Listener;

/// What happens to a socket.
pub(super) enum Happening {
    /// It is open.
    Opened,
    /// A whole binary message came.
    Binary(Vec<u8>),
    /// A whole text came.
    Text(String),
    /// It is closed, or could not be opened; the code if there was one.
    Closed(Option<u16>),
}

/// An open or opening socket; dropping it closes it and silences it.
pub(super) struct Socket {
    socket: WebSocket,
    /// Dropped with the socket, so that an earlier socket is never heard of again.
    _listeners: [Listener; 3],
}

impl Socket {
    /// Dials, and tells what comes of it.
    pub(super) fn dial(url: &str, tell: impl Fn(Happening) + 'static) -> Option<Self> {
        let Ok(socket) = WebSocket::new(url) else {
            // Told later: the session is being listened to right now.
            wasm_bindgen_futures::spawn_local(async move { tell(Happening::Closed(None)) });
            return None;
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let tell = Rc::new(tell);
        let opened = Listener::new(&socket, "open", {
            let tell = Rc::clone(&tell);
            move |_| tell(Happening::Opened)
        });
        let received = Listener::new(&socket, "message", {
            let tell = Rc::clone(&tell);
            move |event| {
                let Some(data) = event.dyn_into::<MessageEvent>().ok().map(|event| event.data()) else { return };
                if let Some(text) = data.as_string() {
                    tell(Happening::Text(text));
                } else if let Ok(buffer) = data.dyn_into::<ArrayBuffer>() {
                    tell(Happening::Binary(Uint8Array::new(&buffer).to_vec()));
                }
            }
        });
        let closed = Listener::new(&socket, "close", move |event| {
            let code = event.dyn_into::<CloseEvent>().ok().map(|event| event.code());
            tell(Happening::Closed(code));
        });
        Some(Self { socket, _listeners: [opened, received, closed] })
    }

    /// Sends a binary message; one that cannot be sent any more is lost.
    pub(super) fn send(&self, bytes: &[u8]) {
        let _ = self.socket.send_with_u8_array(bytes);
    }

    /// Sends a text; one that cannot be sent any more is lost.
    pub(super) fn send_text(&self, text: &str) {
        let _ = self.socket.send_with_str(text);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.socket.close();
    }
}
