//! The WebSocket to the relay.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::JsCast;
use web_sys::{BinaryType, CloseEvent, MessageEvent, WebSocket};

use super::{listener::Listener, tell};
use crate::session::Input;

/// An open or opening socket; dropping it closes it and silences it.
pub(super) struct Socket {
    socket: WebSocket,
    /// Dropped with the socket, so that an earlier socket is never heard of again.
    _listeners: [Listener; 3],
}

impl Socket {
    /// Dials; what comes of it is told to the session.
    pub(super) fn dial(url: &str) -> Option<Self> {
        let Ok(socket) = WebSocket::new(url) else {
            // Told later: the session is being listened to right now.
            wasm_bindgen_futures::spawn_local(async { tell(Input::SocketClosed(None)) });
            return None;
        };
        socket.set_binary_type(BinaryType::Arraybuffer);
        let opened = Listener::new(&socket, "open", |_| tell(Input::SocketOpened));
        let received = Listener::new(&socket, "message", |event| {
            let data = event.dyn_into::<MessageEvent>().ok().map(|event| event.data());
            // The relay sends binary messages only.
            if let Some(buffer) = data.and_then(|data| data.dyn_into::<ArrayBuffer>().ok()) {
                tell(Input::SocketReceived(Uint8Array::new(&buffer).to_vec()));
            }
        });
        let closed = Listener::new(&socket, "close", |event| {
            let code = event.dyn_into::<CloseEvent>().ok().map(|event| event.code());
            tell(Input::SocketClosed(code));
        });
        Some(Self { socket, _listeners: [opened, received, closed] })
    }

    /// Sends a message; one that cannot be sent any more is told again in the next hello.
    pub(super) fn send(&self, bytes: &[u8]) {
        let _ = self.socket.send_with_u8_array(bytes);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        let _ = self.socket.close();
    }
}
