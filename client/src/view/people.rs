//! Everybody else, as a list.

use std::time::Duration;

use shared::{
    chat::Emote,
    identity::UserId,
    map::Map,
    movement::Pose,
    profile::{Appearance, Status},
};

use super::{Ago, is_found};
use crate::{
    session::{Session, Time, news::What},
    words::{self, words},
};

/// How long somebody who waved is marked.
const WAVE_SHOWN: Duration = Duration::from_secs(8);

/// Somebody in the list.
#[allow(clippy::struct_excessive_bools, reason = "each is a mark of its own")]
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Who.
    pub user_id: UserId,
    /// What they are called, or were when they were seen last.
    pub name: String,
    /// Whether they are here.
    pub is_online: bool,
    /// Their status.
    pub status: Status,
    /// How they look.
    pub appearance: Appearance,
    /// Of those who are here: the room they are in, or how far away they are; nothing if that is not known.
    pub place: String,
    /// Of those who are not here: when they were seen last.
    pub seen: Option<Ago>,
    /// What they show over their head.
    pub emote: Option<Emote>,
    /// Whether they waved at oneself a moment ago.
    pub waves: bool,
    /// Whether one is shown the way to them.
    pub is_sought: bool,
    /// Whether one does not want to hear from them.
    pub is_blocked: bool,
    /// Whether anything was written between the two.
    pub has_conversation: bool,
    /// Whether there is a call with them.
    pub is_in_call: bool,
    /// Whether they speak in it right now.
    pub is_speaking: bool,
}

/// The rows: those who are here first, the nearest before the others, then those who were seen last.
pub(super) fn rows(session: &Session, now: Time, utc_offset_minutes: i32) -> Vec<Row> {
    let map = session.map().map(AsRef::as_ref);
    let own = session.own_pose(now);
    let unix_ms = session.unix_ms(now);
    let waving = waving(session, now);
    let sought = session.finding().map(|(who, _)| who);
    let neighbours = session.media().neighbours();
    let mut rows: Vec<((bool, u64, u32), Row)> = Vec::new();
    for person in session.roster().people() {
        let pose = person.pose(map.map(|map: &Map| &map.collision), now);
        let distance = own.map_or(0.0, |own| own.point.distance_tiles(pose.point));
        let (order, place, seen) = if person.online {
            // Distances are not negative, and of such numbers the bits are in their order.
            ((false, 0, distance.to_bits()), place(map, own, pose), None)
        } else {
            let ago = Ago::between(person.seen_ms, unix_ms, utc_offset_minutes);
            ((true, u64::MAX - person.seen_ms, 0), String::new(), Some(ago))
        };
        let call = neighbours.iter().find(|neighbour| neighbour.user_id == person.user_id);
        rows.push((
            order,
            Row {
                user_id: person.user_id,
                name: person.profile.name.to_string(),
                is_online: person.online,
                status: person.profile.status,
                appearance: person.profile.appearance,
                place,
                seen,
                emote: session.emote(person.user_id, now).filter(|_| person.online),
                waves: waving.contains(&person.user_id),
                is_sought: sought == Some(person.user_id),
                is_blocked: person.is_blocked,
                has_conversation: session.chats().direct(person.user_id).is_some(),
                is_in_call: call.is_some(),
                is_speaking: call.is_some_and(|call| call.is_speaking && call.shares.microphone),
            },
        ));
    }
    rows.sort_by(|(a, left), (b, right)| {
        a.cmp(b).then_with(|| left.name.cmp(&right.name)).then(left.user_id.cmp(&right.user_id))
    });
    rows.into_iter().map(|(_, row)| row).collect()
}

/// Who waved a moment ago.
fn waving(session: &Session, now: Time) -> Vec<UserId> {
    let recent = session.feed().after(0).filter(|news| now < news.at + WAVE_SHOWN);
    let waved = recent.filter_map(|news| if let What::Waved(from) = news.what { Some(from) } else { None });
    waved.collect()
}

fn place(map: Option<&Map>, own: Option<Pose>, pose: Pose) -> String {
    let words = words();
    let zone = |pose: Pose| map.and_then(|map| map.zone_at(pose.point.nearest_position()));
    let room = zone(pose).map(|zone| zone.name.as_str());
    match (room, own) {
        (Some(room), Some(own)) if zone(own).is_some_and(|zone| zone.name == room) => words.person_same_room.to_owned(),
        (Some(room), _) => words::fill(words.person_in_room, "room", &words::room_name(room)),
        (None, Some(own)) => {
            // A stride is about a tile.
            let steps = own.point.distance_tiles(pose.point).round();
            if steps < 2.0 {
                words.person_beside.to_owned()
            } else {
                words::fill(words.person_steps_away, "steps", &steps.to_string())
            }
        }
        (None, None) => String::new(),
    }
}

/// Who is listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// These, in this order.
    pub people: Vec<UserId>,
    /// How many more there are who are not here.
    pub more: usize,
}

/// Those of the rows whose names are searched for: everybody who is here, and of the others the first few.
pub fn listed(rows: &[Row], search: &str, gone: usize) -> Listed {
    let mut listed = Listed::default();
    let mut gone_listed = 0;
    for row in rows.iter().filter(|row| is_found(&row.name, search)) {
        if row.is_online || gone_listed < gone {
            gone_listed += usize::from(!row.is_online);
            listed.people.push(row.user_id);
        } else {
            listed.more += 1;
        }
    }
    listed
}
