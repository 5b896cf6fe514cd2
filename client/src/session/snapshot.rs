//! What tests and curious people may look at from outside: `window.classroom.snapshot()`.

use serde::Serialize;
use shared::{
    map::Map,
    movement::Pose,
    position::Direction,
    profile::{Profile, Status},
};

use super::{
    Connection, Session, Time,
    chat::{Chats, Key, message::State},
};
use crate::media::{self, CallState, Device, Neighbour, Switch, Transport};

/// So many messages of each conversation, the newest.
const MESSAGES: usize = 50;

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

/// What is heard and seen of others, and what one shares.
#[derive(Clone, Debug, Serialize)]
pub struct Media {
    mode: &'static str,
    microphone: bool,
    camera: bool,
    screen: bool,
    stage: Option<String>,
    peers: Vec<Peer>,
    peer_connections: u32,
}

/// Somebody with whom media is exchanged, or being set up.
#[allow(clippy::struct_excessive_bools, reason = "the shape is a contract")]
#[derive(Clone, Debug, Serialize)]
pub struct Peer {
    user_id: String,
    transport: &'static str,
    state: &'static str,
    audio: bool,
    video: bool,
    screen: bool,
    volume: f32,
    speaking: bool,
}

/// What was written.
#[derive(Clone, Debug, Serialize)]
pub struct Chat {
    conversations: Vec<Conversation>,
}

/// A conversation, with its newest messages.
#[derive(Clone, Debug, Serialize)]
pub struct Conversation {
    kind: &'static str,
    with: Option<String>,
    unread: u32,
    messages: Vec<Message>,
}

/// A message.
#[derive(Clone, Debug, Serialize)]
pub struct Message {
    id: String,
    from: String,
    text: String,
    at: String,
    state: State,
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
    /// How the session is at that time. The number of the page's open `RTCPeerConnection`s only the page knows.
    pub fn take(session: &Session, now: Time, frames: Frames, peer_connections: u32) -> Self {
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
            media: media(session.media(), peer_connections),
            chat: Chat { conversations: conversations(session.chats()) },
            frames,
        }
    }
}

fn media(media: &media::Media, peer_connections: u32) -> Media {
    let is_on = |device| media.switch(device) == Switch::On;
    let peer = |neighbour: &Neighbour| Peer {
        user_id: neighbour.user_id.to_string(),
        transport: match neighbour.transport {
            Transport::Peer => "p2p",
            Transport::Sfu => "sfu",
        },
        state: match neighbour.state {
            CallState::Connecting => "connecting",
            CallState::Connected => "connected",
            CallState::Reconnecting => "reconnecting",
            CallState::Unreachable => "unreachable",
        },
        audio: neighbour.arriving.microphone,
        video: neighbour.arriving.camera,
        screen: neighbour.arriving.screen,
        volume: neighbour.volume(),
        speaking: neighbour.is_speaking,
    };
    Media {
        mode: match (media.is_on(), media.is_in_room()) {
            (false, _) => "off",
            (true, false) => "proximity",
            (true, true) => "room",
        },
        microphone: is_on(Device::Microphone),
        camera: is_on(Device::Camera),
        screen: is_on(Device::Screen),
        stage: media.on_stage().map(|user_id| user_id.to_string()),
        peers: media.neighbours().iter().map(peer).collect(),
        peer_connections,
    }
}

/// Those with one person first, by who it is, then those with several.
fn conversations(chats: &Chats) -> Vec<Conversation> {
    let mut directs: Vec<_> = chats.directs().map(|(with, _)| with).collect();
    directs.sort_unstable();
    let mut groups: Vec<_> = chats.groups().map(|(key, _)| key.clone()).collect();
    groups.sort_unstable_by_key(kind_of);
    let keys = directs.into_iter().map(Key::Direct).chain(groups);
    let conversation = |key: Key| {
        let (kind, with) = kind_of(&key);
        let newest = chats.messages(&key).rev().take(MESSAGES).map(|message| Message {
            id: message.id.to_string(),
            from: message.from.to_string(),
            text: message.text.as_str().to_owned(),
            at: rfc3339(message.at_ms),
            state: message.state,
        });
        let mut messages: Vec<_> = newest.collect();
        messages.reverse();
        Conversation { kind, with, unread: chats.unread(&key), messages }
    };
    keys.map(conversation).collect()
}

/// How a conversation is called in the snapshot: its kind, and with whom.
pub fn kind_of(key: &Key) -> (&'static str, Option<String>) {
    match key {
        Key::Direct(with) => ("direct", Some(with.to_string())),
        Key::Nearby => ("nearby", None),
        Key::Room(room) => ("room", Some(room.as_str().to_owned())),
        Key::Everyone => ("everyone", None),
    }
}

/// A time as text (RFC 3339, in UTC), given in milliseconds since 1970.
fn rfc3339(unix_ms: u64) -> String {
    let (days, ms) = (unix_ms / 86_400_000, unix_ms % 86_400_000);
    // Days to date in the proleptic Gregorian calendar: Hinnant, "chrono-Compatible Low-Level Date Algorithms",
    // civil_from_days. Years beyond 9999 would not be a date of RFC 3339.
    let days = days.min(2_932_896) + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (ms / 3_600_000, ms / 60_000 % 60, ms / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:03}Z", ms % 1000)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_as_dates() {
        for (unix_ms, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_795_391_999_999, "2026-11-22T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (253_402_300_799_000, "9999-12-31T23:59:59.000Z"),
        ] {
            assert_eq!(rfc3339(unix_ms), text);
        }
        assert!(rfc3339(u64::MAX).starts_with("9999-12-31"));
    }
}
