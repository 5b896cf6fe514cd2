//! Connections, the other end of `connections.js`.

use serde_json::json;
use shared::protocol::{IceServer, link::Description};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{RtcConfiguration, RtcPeerConnection, RtcPeerConnectionState};

use super::{super::page, js};
use crate::media::{ConnectionState, Ice, tuned};

/// How many connections of the page are not closed, links included.
pub(crate) fn open_connections() -> u32 {
    let count = registry().and_then(|registry| js::invoke(&registry, "count", &[]).ok()?.as_f64());
    count.map_or(0, |count| count as u32)
}

/// How a connection is to reach the other side.
pub(super) fn configuration(ice: &Ice) -> RtcConfiguration {
    let server = |server: &IceServer| {
        if server.username.is_empty() && server.credential.is_empty() {
            json!({ "urls": server.url })
        } else {
            json!({ "urls": server.url, "username": server.username, "credential": server.credential })
        }
    };
    let servers: Vec<_> = ice.servers.servers.iter().map(server).collect();
    js::dictionary(&json!({
        "iceServers": servers,
        "iceTransportPolicy": if ice.only_relayed { "relay" } else { "all" },
        "bundlePolicy": "max-bundle",
    }))
}

/// A connection of our own; closed when it is dropped.
pub(super) struct Connection(RtcPeerConnection);

impl Connection {
    /// Opens one. None if the browser has none to give: it is switched off, or there are too many.
    pub(super) fn open(ice: &Ice) -> Option<Self> {
        RtcPeerConnection::new_with_configuration(&configuration(ice)).ok().map(Self)
    }

    /// How it stands; none once it is closed.
    pub(super) fn state(&self) -> Option<ConnectionState> {
        match self.connection_state() {
            RtcPeerConnectionState::New | RtcPeerConnectionState::Connecting => Some(ConnectionState::Connecting),
            RtcPeerConnectionState::Connected => Some(ConnectionState::Connected),
            RtcPeerConnectionState::Disconnected => Some(ConnectionState::Disconnected),
            RtcPeerConnectionState::Failed => Some(ConnectionState::Failed),
            _ => None,
        }
    }

    /// Uses these servers from now on. Those it has go on serving if the browser does not take them.
    pub(super) fn set_ice(&self, ice: &Ice) {
        let _ = self.set_configuration_with_configuration(&configuration(ice));
    }

    /// Has the next offer look for new ways to the other side.
    ///
    /// # Errors
    /// If the browser cannot.
    pub(super) fn restart_ice(&self) -> Result<(), JsValue> {
        js::invoke(&self.0, "restartIce", &[]).map(drop)
    }

    /// Sets what the connection describes by itself, an answer to an offer or else an offer, and gives it.
    ///
    /// # Errors
    /// If the browser refuses, or describes what nobody would take.
    pub(super) async fn describe(&self) -> Result<Description, JsValue> {
        js::perform(&self.0, "setLocalDescription", &[]).await?;
        let description = self.local_description().map(|description| description.sdp());
        description.and_then(|text| Description::new(&text).ok()).ok_or(JsValue::NULL)
    }

    /// Sets what the other side describes: an `offer` or an `answer`.
    ///
    /// # Errors
    /// If the browser refuses.
    pub(super) async fn accept(&self, kind: &str, description: &Description) -> Result<(), JsValue> {
        let description: JsValue = js::dictionary(&json!({ "type": kind, "sdp": tuned(description.as_str()) }));
        js::perform(&self.0, "setRemoteDescription", &[&description]).await.map(drop)
    }
}

impl std::ops::Deref for Connection {
    type Target = RtcPeerConnection;

    fn deref(&self) -> &RtcPeerConnection {
        &self.0
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// The connection of a link, which is lent to the library; dismissed when it is dropped.
pub(super) struct LinkConnection(RtcPeerConnection);

impl LinkConnection {
    /// Opens one. None if the browser has none to give.
    pub(super) fn open(ice: &Ice) -> Option<Self> {
        let connection = js::invoke(&registry()?, "forLink", &[&configuration(ice)]).ok()?;
        Some(Self(connection.unchecked_into()))
    }

    /// The connection itself, for listening.
    pub(super) fn target(&self) -> &RtcPeerConnection {
        &self.0
    }

    /// What lends it.
    pub(super) fn lender(&self) -> Lender {
        Lender(self.0.clone())
    }
}

impl Drop for LinkConnection {
    fn drop(&mut self) {
        let _ = js::invoke(&self.0, "dismiss", &[]);
    }
}

/// Lends a link's connection: whoever makes one meanwhile gets that one.
pub(super) struct Lender(RtcPeerConnection);

impl Lender {
    /// Does something while the connection is lent.
    pub(super) fn lend<R>(&self, act: impl FnOnce() -> R) -> R {
        set_lent(&self.0);
        let result = act();
        set_lent(&JsValue::NULL);
        result
    }
}

fn set_lent(connection: &JsValue) {
    if let Some(registry) = registry() {
        let _ = js::invoke(&registry, "lend", &[connection]);
    }
}

fn registry() -> Option<JsValue> {
    js::get(&page::window(), "classroomConnections")
}
