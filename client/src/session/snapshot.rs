//! What tests and curious people may look at from outside: `window.classroom.snapshot()`.

use serde::Serialize;
use shared::{
    map::Map,
    movement::Pose,
    position::Direction,
    profile::{Profile, Status},
};

use super::{Connection, Session, Time};

/// The session as plain JSON; the shape is a contract.
#[derive(Clone, Debug, Serialize)]
pub struct Snapshot {
    /// `connecting`, `online`, `reconnecting`, `replaced` or `refused`.
    pub connection: &'static str,
    /// Oneself; before the first entry only what is known by then.
    #[serde(rename = "self")]
    pub own: Participant,
    /// All others the page knows of.
    pub participants: Vec<Participant>,
    /// What is heard and seen of others.
    pub media: Media,
    /// What was written.
    pub chat: Chat,
    /// How the picture runs.
    pub frames: Frames,
}

/// Somebody.
#[derive(Clone, Debug, Serialize)]
pub struct Participant {
    user_id: String,
    name: String,
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    online: Option<bool>,
    x: f32,
    y: f32,
    direction: Direction,
    is_moving: bool,
    room: Option<String>,
    hand: Option<u32>,
}

/// Nobody is heard or seen yet.
#[derive(Clone, Debug, Serialize)]
pub struct Media {
    mode: &'static str,
    microphone: bool,
    camera: bool,
    screen: bool,
    stage: Option<String>,
    peers: [(); 0],
    peer_connections: u32,
}

/// Nothing is written yet.
#[derive(Clone, Debug, Serialize)]
pub struct Chat {
    conversations: [(); 0],
}

/// How the picture runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Frames {
    /// Frames of the world drawn since the page was opened.
    pub drawn: u64,
    /// Frames of the world drawn in the last second.
    pub per_second: f32,
}

impl Snapshot {
    /// How the session is at that time.
    pub fn take(session: &Session, now: Time, frames: Frames) -> Self {
        let map = session.map().map(AsRef::as_ref);
        let own_pose = session.own_pose(now);
        let own = Participant::new(session.user_id().to_string(), session.profile(), own_pose, map);
        let mut people: Vec<_> = session.roster().people().collect();
        people.sort_unstable_by_key(|person| person.user_id);
        let other = |person: &super::roster::Person| {
            let pose = person.pose(map.map(|map| &map.collision), now);
            let user_id = person.user_id.to_string();
            Participant {
                online: Some(person.online),
                ..Participant::new(user_id, Some(&person.profile), Some(pose), map)
            }
        };
        Self {
            connection: match session.connection() {
                Connection::Connecting => "connecting",
                Connection::Online => "online",
                Connection::Reconnecting => "reconnecting",
                Connection::Replaced => "replaced",
                Connection::Refused => "refused",
            },
            own,
            participants: people.into_iter().map(other).collect(),
            media: Media {
                mode: "off",
                microphone: false,
                camera: false,
                screen: false,
                stage: None,
                peers: [],
                peer_connections: 0,
            },
            chat: Chat { conversations: [] },
            frames,
        }
    }
}

impl Participant {
    fn new(user_id: String, profile: Option<&Profile>, pose: Option<Pose>, map: Option<&Map>) -> Self {
        let (x, y) = pose.map_or((0.0, 0.0), |pose| pose.point.tiles());
        let zone = pose.and_then(|pose| map?.zone_at(pose.point.nearest_position()));
        Self {
            user_id,
            name: profile.map(|profile| profile.name.to_string()).unwrap_or_default(),
            status: profile.map(|profile| profile.status).unwrap_or_default(),
            online: None,
            x,
            y,
            direction: pose.map(|pose| pose.direction).unwrap_or_default(),
            is_moving: pose.is_some_and(|pose| pose.is_moving),
            room: zone.map(|zone| zone.name.clone()),
            hand: None,
        }
    }
}
