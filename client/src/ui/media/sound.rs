//! How loud somebody is for oneself alone.

use leptos::prelude::*;
use shared::identity::UserId;

use super::{is, tell};
use crate::{
    media::{Loudness, MediaInput},
    ui::{Panels, icon::Icon},
    view::media::Tile,
    words::{fill, words},
};

/// A button and a slider.
pub(super) fn sound(panels: Panels, user_id: UserId, tile: Memo<Option<Tile>>) -> impl IntoView {
    parts(panels, user_id, tile, false)
}

/// The same where there is room for a word.
pub(in crate::ui) fn labelled_sound(panels: Panels, user_id: UserId, tile: Memo<Option<Tile>>) -> impl IntoView {
    parts(panels, user_id, tile, true)
}

fn parts(panels: Panels, user_id: UserId, tile: Memo<Option<Tile>>, has_label: bool) -> impl IntoView {
    let loudness = Memo::new(move |_| tile.with(|tile| tile.as_ref().map(|tile| tile.loudness)).unwrap_or_default());
    let is_muted = is(tile, |tile| tile.loudness.is_muted);
    let name = move || tile.with(|tile| tile.as_ref().map(|tile| tile.name.clone()).unwrap_or_default());
    let hear = move |loudness: Loudness| tell(panels, MediaInput::Hear(user_id, loudness));
    let mute = move |_| {
        let now = loudness.get_untracked();
        hear(Loudness { is_muted: !now.is_muted, ..now });
    };
    let slide = move |text: String| {
        if let Ok(percent) = text.parse::<u8>() {
            // Whoever moves it wants to hear.
            hear(Loudness { percent: percent.min(100), is_muted: false });
        }
    };
    view! {
        <div class="sound">
            <button
                type="button"
                aria-label=move || fill(words().tile_mute, "name", &name())
                aria-pressed=move || is_muted.get().to_string()
                title=words().tile_mute_short
                on:click=mute
            >
                {move || if is_muted.get() { Icon::Muted.show() } else { Icon::Volume.show() }}
                {has_label.then_some(words().tile_mute_short)}
            </button>
            <input
                type="range"
                min="0"
                max="100"
                step="5"
                aria-label=move || fill(words().tile_volume, "name", &name())
                prop:value=move || loudness.get().percent.to_string()
                on:input=move |event| slide(event_target_value(&event))
            />
        </div>
    }
}
