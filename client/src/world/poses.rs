//! Where everybody is, copied from the session once a frame.
//!
//! Only this file looks at the session while a frame is made. All else works on the copies, so a panic in the world
//! never happens while the session is borrowed, and chat and calls survive it.

use std::{collections::HashMap, time::Duration};

use bevy::prelude::*;
use shared::{
    chat::Emote,
    identity::UserId,
    movement::{Edge, Pose},
    position::Position,
    profile::Profile,
};

use super::schedule::WorldSystems;
use crate::{
    classroom::Classroom,
    session::{Input, Session, Time},
};

/// Longer without a frame, and everything is shown where it is at once: the tab was hidden.
pub(super) const LONG_GAP: Duration = Duration::from_secs(1);

/// Somebody in the world.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) user_id: UserId,
    pub(super) is_own: bool,
    /// Where they are now.
    pub(super) pose: Pose,
    /// Where they last set out, turned or stopped, and when; with it one knows where they were expected.
    pub(super) edge: Edge,
    pub(super) since: Time,
    /// What they show over their head.
    pub(super) emote: Option<Emote>,
    /// Whether they are heard to speak.
    pub(super) is_speaking: bool,
}

/// What the session said this frame.
#[derive(Debug, Default, Resource)]
pub(super) struct Poses {
    pub(super) now: Time,
    /// How long the last frame is ago.
    pub(super) gap: Duration,
    pub(super) people: Vec<Seen>,
    pub(super) own: Option<Pose>,
    pub(super) route: Vec<Position>,
    /// Whom one is shown the way to, and since when.
    pub(super) finding: Option<(UserId, Time)>,
    /// Names and looks of the people, changed only when `has_news` says so.
    pub(super) profiles: HashMap<UserId, Profile>,
    pub(super) has_news: bool,
    revision: Option<u64>,
}

pub(super) fn plugin(app: &mut App) {
    app.init_resource::<Poses>().add_systems(Update, copy_poses.in_set(WorldSystems::Copy));
}

fn copy_poses(classroom: NonSend<Classroom>, mut poses: ResMut<Poses>) {
    classroom.tell(Input::Tick);
    classroom.read(|session, now| poses.take(session, now));
}

/// Everybody in the world, oneself last.
pub(super) fn everybody(session: &Session, now: Time) -> impl Iterator<Item = Seen> {
    let collision = session.map().map(|map| &map.collision);
    let others = session.roster().people().filter(|person| person.online);
    let others = others.map(move |person| Seen {
        user_id: person.user_id,
        is_own: false,
        pose: person.pose(collision, now),
        edge: person.edge,
        since: person.since,
        emote: session.emote(person.user_id, now),
        is_speaking: session.media().hears(person.user_id),
    });
    let user_id = session.user_id();
    let emote = session.emote(user_id, now);
    let is_speaking = session.media().is_speaking();
    let own = session.own_pose(now).map(|pose| Seen {
        user_id,
        is_own: true,
        pose,
        edge: pose.edge(),
        since: now,
        emote,
        is_speaking,
    });
    others.chain(own)
}

impl Poses {
    fn take(&mut self, session: &Session, now: Time) {
        self.gap = now.saturating_sub(self.now);
        self.now = now;
        self.has_news = self.revision != Some(session.revision());
        self.revision = Some(session.revision());
        self.own = session.own_pose(now);
        self.route = session.route();
        self.finding = session.finding();
        self.people.clear();
        self.people.extend(everybody(session, now));
        let user_id = session.user_id();
        // One's own status changes by itself when one comes back to the keyboard, and that is no news.
        self.has_news |= self.profiles.get(&user_id) != session.profile();
        let others = || session.roster().people().filter(|person| person.online);
        if self.has_news {
            self.profiles = others().map(|person| (person.user_id, person.profile.clone())).collect();
            self.profiles.extend(session.profile().map(|profile| (user_id, profile.clone())));
        }
    }

    /// Whether so much time went by that nobody remembers where anybody was.
    pub(super) fn is_after_a_gap(&self) -> bool {
        self.gap > LONG_GAP
    }
}
