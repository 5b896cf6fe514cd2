//! Everybody else, as a list.

use shared::{
    identity::UserId,
    map::Map,
    movement::Pose,
    profile::{Appearance, Status},
};

use crate::{
    session::{Session, Time},
    words::{self, words},
};

/// Somebody in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Who.
    pub user_id: UserId,
    /// What they are called.
    pub name: String,
    /// Whether they are here.
    pub is_online: bool,
    /// Their status.
    pub status: Status,
    /// How they look.
    pub appearance: Appearance,
    /// Their status, and the room they are in or how far away they are.
    pub detail: String,
}

/// The rows, the nearest first, those who left last.
pub(super) fn rows(session: &Session, now: Time) -> Vec<Row> {
    let map = session.map().map(AsRef::as_ref);
    let own = session.own_pose(now);
    let mut rows: Vec<(bool, f32, Row)> = Vec::new();
    for person in session.roster().people() {
        let pose = person.pose(map.map(|map: &Map| &map.collision), now);
        let distance = own.map_or(0.0, |own| own.point.distance_tiles(pose.point));
        let detail =
            if person.online { detail(person.profile.status, map, own, pose) } else { words().person_gone.to_owned() };
        rows.push((
            !person.online,
            distance,
            Row {
                user_id: person.user_id,
                name: person.profile.name.to_string(),
                is_online: person.online,
                status: person.profile.status,
                appearance: person.profile.appearance,
                detail,
            },
        ));
    }
    rows.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then_with(|| a.2.name.cmp(&b.2.name)));
    rows.into_iter().map(|(_, _, row)| row).collect()
}

fn detail(status: Status, map: Option<&Map>, own: Option<Pose>, pose: Pose) -> String {
    let words = words();
    let zone = |pose: Pose| map.and_then(|map| map.zone_at(pose.point.nearest_position()));
    let room = zone(pose).map(|zone| zone.name.as_str());
    let place = match (room, own) {
        (Some(room), Some(own)) if zone(own).is_some_and(|zone| zone.name == room) => words.person_same_room.to_owned(),
        (Some(room), _) => words::fill(words.person_in_room, "room", room),
        (None, Some(own)) => {
            // A stride is about a tile.
            let steps = own.point.distance_tiles(pose.point).round();
            words::fill(words.person_steps_away, "steps", &steps.to_string())
        }
        (None, None) => return words::status(status).to_owned(),
    };
    format!("{} · {place}", words::status(status))
}
