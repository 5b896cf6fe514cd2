//! What a page shows in its panels, as plain text in a corner.

use std::{cell::Cell, fmt::Write, rc::Rc};

use bevy::prelude::*;
use shared::movement::Pose;

use crate::{
    classroom::Classroom,
    session::{Session, Time as SessionTime, snapshot::Frames},
    world::text::Corner,
};

/// People who are listed; more would cover the world.
const PEOPLE: usize = 12;

/// How the world runs.
pub(super) struct Shown(pub(super) Rc<Cell<Frames>>);

pub(super) fn plugin(app: &mut App) {
    app.add_systems(PreUpdate, write_panel.after(super::read_inbox));
}

fn write_panel(
    classroom: NonSend<Classroom>,
    frames: NonSend<Shown>,
    time: Res<Time<Real>>,
    mut smoothed: Local<f32>,
    mut corner: ResMut<Corner>,
) {
    *smoothed += (time.delta_secs() - *smoothed) * 0.05;
    let frames = frames.0.get();
    let text = classroom.read(describe);
    let text = format!("{:.0} frames/s, {:.1} ms\n{text}", frames.per_second, *smoothed * 1000.0);
    // Several times a second would keep the world awake.
    if frames.drawn.is_multiple_of(15) || corner.0.is_empty() {
        corner.0 = text;
    }
}

fn describe(session: &Session, now: SessionTime) -> String {
    let mut text = format!("{:?}", session.connection()).to_lowercase();
    if let Some(trouble) = session.trouble() {
        let _ = write!(text, ": {trouble:?}");
    }
    let mut line = |name: &str, pose: Pose| {
        let (x, y) = pose.point.tiles();
        let walks = if pose.is_moving { "walks " } else { "" };
        let _ = write!(text, "\n{name}: {x:.1} {y:.1} {walks}{:?}", pose.direction);
    };
    if let Some(pose) = session.own_pose(now) {
        line("you", pose);
    }
    let collision = session.map().map(|map| &map.collision);
    let mut people: Vec<_> = session.roster().people().filter(|person| person.online).collect();
    people.sort_unstable_by_key(|person| person.user_id);
    for person in people.iter().take(PEOPLE) {
        line(person.profile.name.as_str(), person.pose(collision, now));
    }
    if people.len() > PEOPLE {
        let _ = write!(text, "\nand {} more", people.len() - PEOPLE);
    }
    text
}
