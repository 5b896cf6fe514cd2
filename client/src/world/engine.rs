//! The parts of Bevy that the world stands on, one by one: what is not named here is not in the download.

use bevy::{
    a11y::AccessibilityPlugin,
    app::TaskPoolPlugin,
    asset::{AssetMetaCheck, AssetPlugin},
    camera::CameraPlugin,
    core_pipeline::CorePipelinePlugin,
    diagnostic::{DiagnosticsPlugin, FrameCountPlugin},
    image::ImagePlugin,
    input::InputPlugin,
    mesh::MeshPlugin,
    prelude::*,
    render::RenderPlugin,
    sprite::SpritePlugin,
    sprite_render::SpriteRenderPlugin,
    time::TimePlugin,
    transform::TransformPlugin,
    window::{ExitCondition, WindowPlugin, WindowResizeConstraints},
    winit::WinitPlugin,
};
use bevy_ecs_tilemap::TilemapPlugin;

pub(super) fn plugin(app: &mut App) {
    app.add_plugins((
        TaskPoolPlugin::default(),
        FrameCountPlugin,
        TimePlugin,
        TransformPlugin,
        DiagnosticsPlugin,
        InputPlugin,
        WindowPlugin {
            primary_window: Some(window()),
            // In a page there is no closing: the page itself goes.
            exit_condition: ExitCondition::OnPrimaryClosed,
            ..default()
        },
        AccessibilityPlugin,
        // No file is ever asked for; all pictures come with the setup.
        AssetPlugin { meta_check: AssetMetaCheck::Never, ..default() },
        WinitPlugin::default(),
    ));
    app.add_plugins((
        RenderPlugin { synchronous_pipeline_compilation: true, ..default() },
        ImagePlugin::default_nearest(),
        MeshPlugin,
        CameraPlugin,
        CorePipelinePlugin,
        SpritePlugin,
        SpriteRenderPlugin,
        TilemapPlugin,
    ));
}

fn window() -> Window {
    Window {
        title: "VirtualClassroomInator".to_owned(),
        canvas: Some("#world".to_owned()),
        fit_canvas_to_parent: true,
        // The page prevents what it must: else no shortcut of the browser would work.
        prevent_default_event_handling: false,
        recognize_pinch_gesture: true,
        // The canvas has as many pixels as the art: on a phone fewer than Bevy takes for the least a window can have.
        resize_constraints: WindowResizeConstraints { min_width: 1.0, min_height: 1.0, ..default() },
        // A page's canvas would take the keyboard from whoever is typing their name in the lobby.
        focused: cfg!(not(target_arch = "wasm32")),
        ..default()
    }
}
