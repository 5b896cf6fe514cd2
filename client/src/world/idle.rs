//! Draws each frame while something moves where it is seen, and hardly ever while nothing does: a laptop stays cool.
//!
//! Bevy then sleeps until a key or mouse, or until [`super::Controls::look`] finds that the picture is not right any
//! more; [`super::watch`] says how. What only changes now and then, like a bubble, is drawn now and then.

use std::time::Duration;

use bevy::{
    prelude::*,
    winit::{UpdateMode, WinitSettings},
};

use super::{
    avatar::Stance,
    camera::View,
    controls::Controls,
    map::Pending,
    poses::Poses,
    schedule::WorldSystems,
    sheet::Sheet,
    watch::{MARGIN, Scene, Watch},
};

/// How long nothing is drawn while nothing is to be seen that was not. In a page [`super::Controls::look`] is called
/// all the while, and this is for nothing but the unforeseen. In a window frames are the session's clock too, so
/// that whoever walks into sight must not be late by more than [`MARGIN`], nor a sign of life to the relay.
const NAP: Duration = if cfg!(target_arch = "wasm32") { Duration::from_secs(10) } else { Duration::from_millis(500) };
/// How long while a bubble or an arrow moves, which does so in steps no shorter.
const BEAT: Duration = Duration::from_millis(125);
/// Frames that are drawn after everything stands still: what was decided in one is on the screen in the next, and
/// pictures take one more to reach the graphics card.
const FRAMES_AFTER: u32 = 4;
/// Everything is drawn at first, while the graphics card gets its pictures and programs.
const FRAMES_AT_FIRST: u32 = 30;

/// How many frames are still to be drawn whatever moves.
#[derive(Debug, Resource)]
struct Awake(u32);

/// What of this frame moves besides people and view: said anew in each frame by whatever draws it.
#[derive(Debug, Default, Resource)]
pub(super) struct Stir {
    /// Something that is another in each frame.
    pub(super) each_frame: bool,
    /// Something that changes a few times a second.
    pub(super) beats: bool,
}

pub(super) fn plugin(app: &mut App) {
    app.insert_resource(Awake(FRAMES_AT_FIRST))
        .init_resource::<Stir>()
        .insert_resource(WinitSettings::continuous())
        .add_systems(Update, rest.in_set(WorldSystems::Rest));
}

#[allow(clippy::too_many_arguments, reason = "all that can move")]
fn rest(
    poses: Res<Poses>,
    view: Res<View>,
    controls: Res<Controls>,
    pending: Option<Res<Pending>>,
    sheet: Option<Res<Sheet>>,
    stances: Query<&Stance>,
    mut stir: ResMut<Stir>,
    mut awake: ResMut<Awake>,
    mut settings: ResMut<WinitSettings>,
) {
    let Stir { each_frame, beats } = std::mem::take(&mut *stir);
    let scene = Scene::of_frame(&poses, &view);
    // Who was drawn a little beside their place still glides there.
    let glides = stances.iter().any(|stance| stance.is_in_motion && view.contains(stance.feet, MARGIN));
    let is_new = controls.watch().is_none_or(|watch| !watch.shows(scene));
    let is_loading = pending.is_some_and(|pending| !pending.is_done());
    let is_repainted = sheet.is_some_and(|sheet| sheet.is_changed());
    if scene.moves || glides || is_new || each_frame || is_loading || is_repainted || view.is_changed() {
        awake.0 = awake.0.max(FRAMES_AFTER);
    }
    let mode = match awake.0 {
        0 => nap(if beats { BEAT } else { NAP }),
        _ => UpdateMode::Continuous,
    };
    awake.0 = awake.0.saturating_sub(1);
    controls.set_watch(Watch::new(poses.now, *view, scene, mode == UpdateMode::Continuous));
    // Set only when it changes, since Bevy makes a frame more for each change.
    if settings.focused_mode != mode {
        // Both, because the focus is elsewhere while one types in the chat.
        (settings.focused_mode, settings.unfocused_mode) = (mode, mode);
    }
}

fn nap(wait: Duration) -> UpdateMode {
    UpdateMode::Reactive {
        wait,
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
        app.init_resource::<Poses>().init_resource::<Controls>();
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
        assert_eq!(mode_after(&mut app, 20), nap(NAP));
        let settings = app.world().resource::<WinitSettings>();
        assert_eq!(settings.unfocused_mode, nap(NAP), "the chat has the focus");
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
        assert_eq!(mode_after(&mut app, FRAMES_AFTER), nap(NAP));
    }

    #[test]
    fn who_walks_out_of_sight_wakes_nobody() {
        let mut app = world();
        app.world_mut().spawn(somebody(IVec2::new(200 + MARGIN + 1, 100), true));
        assert_eq!(mode_after(&mut app, 20), nap(NAP));
        app.world_mut().spawn(somebody(IVec2::new(200 + MARGIN, 100), true));
        assert_eq!(mode_after(&mut app, 1), UpdateMode::Continuous);
    }
}
