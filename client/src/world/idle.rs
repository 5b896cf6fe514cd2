//! Draws each frame while something moves where it is seen, and hardly ever while nothing does: a laptop stays cool.
//!
//! Bevy then sleeps until a key or mouse, [`super::Controls::wake`], or a while: long enough to save power, short
//! enough that somebody who walks into sight is not late by more than the margin around the view that is watched.

use std::time::Duration;

use bevy::{
    prelude::*,
    winit::{UpdateMode, WinitSettings},
};

use super::{avatar::Stance, camera::View, map::Pending, poses::Poses, schedule::WorldSystems, sheet::Sheet};

/// How long nothing is drawn while nothing is seen to move.
const NAP: Duration = Duration::from_millis(500);
/// Who walks so near to the view, in pixels, is drawn as if in it: a walker covers less than that during a nap.
const MARGIN: i32 = 48;
/// Frames that are drawn after everything stands still: what was decided in one is on the screen in the next, and
/// pictures take one more to reach the graphics card.
const FRAMES_AFTER: u32 = 4;
/// Everything is drawn at first, while the graphics card gets its pictures and programs.
const FRAMES_AT_FIRST: u32 = 30;

/// How many frames are still to be drawn whatever moves.
#[derive(Debug, Resource)]
struct Awake(u32);

pub(super) fn plugin(app: &mut App) {
    app.insert_resource(Awake(FRAMES_AT_FIRST))
        .insert_resource(WinitSettings::continuous())
        .add_systems(Update, rest.in_set(WorldSystems::Rest));
}

fn rest(
    poses: Res<Poses>,
    view: Res<View>,
    pending: Option<Res<Pending>>,
    sheet: Option<Res<Sheet>>,
    stances: Query<&Stance>,
    mut awake: ResMut<Awake>,
    mut settings: ResMut<WinitSettings>,
) {
    let moves = stances.iter().any(|stance| stance.is_in_motion && view.contains(stance.feet, MARGIN));
    let own_moves = poses.own.is_some_and(|pose| pose.is_moving);
    let is_loading = pending.is_some_and(|pending| !pending.is_done());
    let is_repainted = sheet.is_some_and(|sheet| sheet.is_changed());
    if moves || own_moves || is_loading || is_repainted || view.is_changed() {
        awake.0 = awake.0.max(FRAMES_AFTER);
    }
    let mode = if awake.0 > 0 { UpdateMode::Continuous } else { nap() };
    awake.0 = awake.0.saturating_sub(1);
    // Set only when it changes, since Bevy makes a frame more for each change.
    if settings.focused_mode != mode {
        // Both, because the focus is elsewhere while one types in the chat.
        (settings.focused_mode, settings.unfocused_mode) = (mode, mode);
    }
}

fn nap() -> UpdateMode {
    UpdateMode::Reactive {
        wait: NAP,
        // A mouse that moves changes nothing by itself; a click is an event of the window.
        react_to_device_events: false,
        react_to_user_events: true,
        react_to_window_events: true,
    }
}

#[cfg(test)]
mod tests {
    use shared::position::Direction;

    use super::*;

    fn world() -> App {
        let mut app = App::new();
        app.add_plugins((super::super::schedule::plugin, plugin));
        app.insert_resource(View { corner: IVec2::ZERO, size: Vec2::splat(200.0), drawn: UVec2::splat(200) });
        app.init_resource::<Poses>();
        app.insert_resource(Awake(0));
        app
    }

    fn somebody(feet: IVec2, is_in_motion: bool) -> Stance {
        Stance { feet, direction: Direction::Down, is_in_motion }
    }

    fn mode_after(app: &mut App, frames: u32) -> UpdateMode {
        for _ in 0..frames {
            app.update();
        }
        app.world().resource::<WinitSettings>().focused_mode
    }

    #[test]
    fn nothing_is_drawn_while_nobody_moves() {
        let mut app = world();
        app.world_mut().spawn(somebody(IVec2::splat(100), false));
        assert_eq!(mode_after(&mut app, 20), nap());
        let settings = app.world().resource::<WinitSettings>();
        assert_eq!(settings.unfocused_mode, nap(), "the chat has the focus");
    }

    #[test]
    fn who_sets_out_is_drawn_in_every_frame_until_a_moment_after_the_stop() {
        let mut app = world();
        let body = app.world_mut().spawn(somebody(IVec2::splat(100), false)).id();
        mode_after(&mut app, 20);
        app.world_mut().entity_mut(body).insert(somebody(IVec2::splat(100), true));
        assert_eq!(mode_after(&mut app, 1), UpdateMode::Continuous);
        app.world_mut().entity_mut(body).insert(somebody(IVec2::splat(100), false));
        assert_eq!(mode_after(&mut app, 1), UpdateMode::Continuous);
        assert_eq!(mode_after(&mut app, FRAMES_AFTER), nap());
    }

    #[test]
    fn who_walks_out_of_sight_wakes_nobody() {
        let mut app = world();
        app.world_mut().spawn(somebody(IVec2::new(200 + MARGIN + 1, 100), true));
        assert_eq!(mode_after(&mut app, 20), nap());
        app.world_mut().spawn(somebody(IVec2::new(200 + MARGIN, 100), true));
        assert_eq!(mode_after(&mut app, 1), UpdateMode::Continuous);
    }
}
