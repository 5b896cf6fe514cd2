//! Whether calls would work from here: tried out with nobody but oneself and the servers that help.

use std::{pin::pin, time::Duration};

use futures_channel::mpsc::unbounded;
use futures_timer::Delay;
use futures_util::{
    StreamExt,
    future::{Either, select},
};
use serde_json::json;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Event, EventTarget, RtcDataChannel, RtcDataChannelState, RtcIceGatheringState, RtcPeerConnection,
    RtcPeerConnectionIceEvent,
};

use super::{super::listener::Listener, connections::Connection, js};
use crate::media::Ice;

/// How long servers may take to answer; browsers try for some ten seconds.
const ANSWER_WITHIN: Duration = Duration::from_secs(6);

/// How long a relay may take to connect one with oneself.
const CONNECT_WITHIN: Duration = Duration::from_secs(6);

/// How others can be reached from here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// From machine to machine.
    Direct,
    /// Those of one's own network. Of others nothing is known: there is no server to try it with.
    Nearby,
    /// Only through a relay.
    Relayed,
    /// Only through a relay, because one hides one's address, and there is none.
    WithoutRelay,
    /// Not at all.
    Impossible,
}

/// Tries it out, which takes some seconds where something is in the way.
pub(crate) async fn test_connectivity(ice: Ice) -> Reach {
    if ice.only_relayed && !has_relay(&ice) {
        Reach::WithoutRelay
    } else if !ice.only_relayed && is_direct(&ice).await.unwrap_or(false) {
        if ice.servers.servers.is_empty() { Reach::Nearby } else { Reach::Direct }
    } else if is_relayed(&ice).await.unwrap_or(false) {
        Reach::Relayed
    } else {
        Reach::Impossible
    }
}

/// Whether there is a relay to go through.
fn has_relay(ice: &Ice) -> bool {
    ice.servers.servers.iter().any(|server| server.url.starts_with("turn"))
}

/// Whether a server outside sees one's address. Without servers one only calls machines of one's own network.
async fn is_direct(ice: &Ice) -> Result<bool, JsValue> {
    let wanted = if ice.servers.servers.is_empty() { " typ host" } else { " typ srflx" };
    let connection = Connection::open(ice).ok_or(JsValue::NULL)?;
    let (found, mut finds) = unbounded();
    let _finding = Listener::new(&connection, "icecandidate", move |event: Event| {
        let event = event.dyn_into::<RtcPeerConnectionIceEvent>().ok();
        let line = event.and_then(|event| event.candidate()).map(|candidate| candidate.candidate());
        // Nobody waits any more for what comes late.
        let _ = found.unbounded_send(line);
    });
    open_channel(&connection)?;
    js::perform(&connection, "setLocalDescription", &[]).await?;
    let search = async {
        while let Some(Some(line)) = finds.next().await {
            if line.contains(wanted) {
                return true;
            }
        }
        false
    };
    Ok(within(ANSWER_WITHIN, search).await.unwrap_or(false))
}

/// Whether a relay leads back to oneself.
async fn is_relayed(ice: &Ice) -> Result<bool, JsValue> {
    if !has_relay(ice) {
        return Ok(false);
    }
    let ice = Ice { only_relayed: true, ..ice.clone() };
    let [here, there] = [(); 2].map(|()| Connection::open(&ice));
    let (here, there) = here.zip(there).ok_or(JsValue::NULL)?;
    let channel = open_channel(&here)?;
    let offer = describe(&here).await?;
    js::perform(&there, "setRemoteDescription", &[&offer]).await?;
    let answer = describe(&there).await?;
    js::perform(&here, "setRemoteDescription", &[&answer]).await?;
    let is_open = || channel.ready_state() == RtcDataChannelState::Open;
    Ok(until(CONNECT_WITHIN, &channel, "open", is_open).await)
}

fn open_channel(connection: &RtcPeerConnection) -> Result<RtcDataChannel, JsValue> {
    js::invoke(connection, "createDataChannel", &[&"trial".into()]).map(JsCast::unchecked_into)
}

/// The description with all candidates in it.
async fn describe(connection: &RtcPeerConnection) -> Result<JsValue, JsValue> {
    js::perform(connection, "setLocalDescription", &[]).await?;
    let is_complete = || connection.ice_gathering_state() == RtcIceGatheringState::Complete;
    // What is not found by then is of no use.
    until(ANSWER_WITHIN, connection, "icegatheringstatechange", is_complete).await;
    let description = connection.local_description().ok_or(JsValue::NULL)?;
    let kind = js::text(&description, "type").unwrap_or_default();
    Ok(js::dictionary(&json!({ "type": kind, "sdp": description.sdp() })))
}

/// Waits for something that an event tells of. Whether it came to be.
async fn until(patience: Duration, target: &EventTarget, event: &'static str, is_so: impl Fn() -> bool) -> bool {
    let (happened, mut happenings) = unbounded();
    let _listener = Listener::new(target, event, move |_| {
        let _ = happened.unbounded_send(());
    });
    let wait = async {
        while !is_so() {
            if happenings.next().await.is_none() {
                return;
            }
        }
    };
    within(patience, wait).await.is_some()
}

async fn within<T>(patience: Duration, what: impl Future<Output = T>) -> Option<T> {
    match select(pin!(what), Delay::new(patience)).await {
        Either::Left((result, _)) => Some(result),
        Either::Right(_) => None,
    }
}
