//! What matchbox takes for its signalling server: the session, which hears of the other side by the relay.
//!
//! For a link there are oneself and one other, whatever they are called outside: a socket of matchbox knows its peers by
//! ids of which each serves for one handshake, and it has one handshake to make.

use std::{
    fmt,
    future::pending,
    sync::{Arc, Mutex, PoisonError},
};

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use matchbox_protocol::PeerId;
use matchbox_socket::{
    PeerEvent, PeerRequest, PeerSignal, SignalingError, Signaller, SignallerBuilder, async_trait::async_trait,
};
use uuid::Uuid;

use crate::media::Signal;

const OWN: PeerId = PeerId(Uuid::from_u128(1));

/// What the other side is called.
pub(super) const OTHER: PeerId = PeerId(Uuid::from_u128(2));

/// Speaks to the socket.
pub(super) struct Introducer {
    events: UnboundedSender<PeerEvent>,
}

impl Introducer {
    /// Introduces the two to each other. Gives what makes the socket's end, and what the socket has to say.
    pub(super) fn new(offers: bool) -> (Self, Arc<dyn SignallerBuilder>, UnboundedReceiver<PeerSignal>) {
        let (events, heard) = unbounded();
        let (says, said) = unbounded();
        // Fails once the socket is gone, and then nothing is to be said to it.
        let _ = events.unbounded_send(PeerEvent::IdAssigned(OWN));
        if offers {
            let _ = events.unbounded_send(PeerEvent::NewPeer(OTHER));
        }
        let end = Mutex::new(Some(End { heard, says }));
        (Self { events }, Arc::new(Ends(end)), said)
    }

    /// The other side's machine says this.
    pub(super) fn tell(&self, signal: Signal) {
        let data = match signal {
            Signal::IceCandidate(text) => PeerSignal::IceCandidate(text),
            Signal::Offer(text) => PeerSignal::Offer(text),
            Signal::Answer(text) => PeerSignal::Answer(text),
        };
        let _ = self.events.unbounded_send(PeerEvent::Signal { sender: OTHER, data });
    }
}

/// The same in words of ours.
pub(super) fn signal(said: PeerSignal) -> Signal {
    match said {
        PeerSignal::IceCandidate(text) => Signal::IceCandidate(text),
        PeerSignal::Offer(text) => Signal::Offer(text),
        PeerSignal::Answer(text) => Signal::Answer(text),
    }
}

/// The one end there is to give.
struct Ends(Mutex<Option<End>>);

impl fmt::Debug for Ends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ends(..)")
    }
}

#[async_trait(?Send)]
impl SignallerBuilder for Ends {
    async fn new_signaller(&self, _: Option<u16>, _: String) -> Result<Box<dyn Signaller>, SignalingError> {
        let end = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        match end {
            Some(end) => Ok(Box::new(end)),
            // It is asked for once. An error that the socket takes for the end of signalling would be its own end.
            None => pending().await,
        }
    }
}

/// The socket's end.
struct End {
    heard: UnboundedReceiver<PeerEvent>,
    says: UnboundedSender<PeerSignal>,
}

#[async_trait(?Send)]
impl Signaller for End {
    async fn send(&mut self, request: PeerRequest) -> Result<(), SignalingError> {
        if let PeerRequest::Signal { data, .. } = request {
            let _ = self.says.unbounded_send(data);
        }
        Ok(())
    }

    async fn next_message(&mut self) -> Result<PeerEvent, SignalingError> {
        match self.heard.next().await {
            Some(event) => Ok(event),
            // The link is being closed, and the socket with it; a handshake that is under way would take an error ill.
            None => pending().await,
        }
    }
}
