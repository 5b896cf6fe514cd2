//! Somebody who is near: their picture or their face, their name, and how the call stands.

use leptos::{
    html::{Div, Video},
    prelude::*,
};
use shared::identity::UserId;

use super::{enlarge, is, picture::picture, sound::sound, tile_of};
use crate::{
    browser::{media::Picture, sighting::Sighting},
    media::MediaInput,
    session::Input,
    ui::{Panels, face::Face, icon::Icon},
    view::media::Tile,
    words::{fill, words},
};

/// The button of somebody's tile.
pub(super) fn id(user_id: UserId) -> String {
    format!("tile-{user_id}")
}

/// A tile; it stays the same element for as long as the call lasts.
pub(super) fn tile(panels: Panels, user_id: UserId) -> impl IntoView {
    let tile = tile_of(panels, user_id);
    let name = Memo::new(move |_| tile.with(|tile| tile.as_ref().map(|tile| tile.name.clone())).unwrap_or_default());
    let standing = Memo::new(move |_| tile.with(|tile| tile.as_ref().map(|tile| tile.standing)).unwrap_or_default());
    let staged =
        Memo::new(move |_| panels.view.with(|view| view.calls.staged.filter(|staged| staged.user_id == user_id)));
    let (is_speaking, has_screen) = (is(tile, |tile| tile.is_speaking), is(tile, |tile| tile.has_screen));
    let label = move || {
        let sentence = if has_screen.get() { words().tile_enlarge_screen } else { words().tile_enlarge };
        fill(sentence, "name", &name.get())
    };
    let code = move || standing.get().code();
    let element = NodeRef::<Div>::new();
    tell_whether_in_view(panels, user_id, element);
    view! {
        <div
            class="tile"
            node_ref=element
            class:is-speaking=move || is_speaking.get()
            class:is-enlarged=move || staged.get().is_some()
            role="group"
            aria-label=name
            data-standing=code
        >
            <button
                type="button"
                class="tile-picture"
                id=id(user_id)
                aria-label=label
                aria-pressed=move || staged.get().is_some().to_string()
                on:click=move |_| {
                    let is_large = staged.with_untracked(Option::is_some);
                    enlarge(panels, (!is_large).then_some(user_id));
                }
            >
                {pictures(user_id, tile, staged.into())}
            </button>
            {sound(panels, user_id, tile)}
            {move || standing.get().sentence().map(|sentence| view! { <p class="tile-standing">{sentence}</p> })}
            <p class="tile-name">
                {silence(tile)}
                <span dir="auto">{name}</span>
                {move || is_speaking.get().then(|| view! { <span class="sr-only">", "{words().tile_speaking}</span> })}
            </p>
        </div>
    }
}

/// Nobody sends a picture to a tile that is scrolled out of view.
fn tell_whether_in_view(panels: Panels, user_id: UserId, element: NodeRef<Div>) {
    let sighting = StoredValue::new_local(None::<Sighting>);
    Effect::new(move |_| {
        let Some(element) = element.get() else { return };
        let tell = move |is_in_view| panels.classroom().tell(Input::Media(MediaInput::InView(user_id, is_in_view)));
        sighting.set_value(Sighting::of(&element, tell));
    });
}

/// Screen and camera, or one of them, or the face. A screen that is shown large is not shown small as well.
fn pictures(
    user_id: UserId,
    tile: Memo<Option<Tile>>,
    staged: Signal<Option<crate::view::media::Staged>>,
) -> impl IntoView {
    let look = Memo::new(move |_| tile.with(|tile| tile.as_ref().map(|tile| tile.appearance)).unwrap_or_default());
    let (has_screen, has_camera) = (is(tile, |tile| tile.has_screen), is(tile, |tile| tile.has_camera));
    let shows_screen = Memo::new(move |_| has_screen.get() && !staged.get().is_some_and(|staged| staged.is_screen));
    view! {
        {move || shows_screen.get().then(|| picture(user_id, Picture::Screen, NodeRef::<Video>::new()))}
        {move || has_camera.get().then(|| picture(user_id, Picture::Camera, NodeRef::<Video>::new()))}
        {move || (!shows_screen.get() && !has_camera.get()).then(|| view! { <Face look /> })}
    }
}

/// Why nothing is heard of somebody.
fn silence(tile: Memo<Option<Tile>>) -> impl IntoView {
    let (has_microphone, is_muted) = (is(tile, |tile| tile.has_microphone), is(tile, |tile| tile.loudness.is_muted));
    move || {
        let (icon, sentence) = match (is_muted.get(), has_microphone.get()) {
            (true, _) => (Icon::Muted, words().tile_muted),
            (false, false) => (Icon::NoMicrophone, words().tile_microphone_off),
            (false, true) => return None,
        };
        Some(view! { {icon.show()}<span class="sr-only">{sentence}": "</span> })
    }
}
