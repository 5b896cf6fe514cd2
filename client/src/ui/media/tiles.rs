//! The region *Nearby*: everybody one has a call with, along the top, or in a room where nobody is large in a grid.

use std::sync::Arc;

use leptos::prelude::*;

use super::{prefer, tell, tile::tile};
use crate::{
    browser::{page, voices},
    media::MediaInput,
    session::Input,
    ui::{Panels, icon::Icon},
    view::media::Layout,
    words::words,
};

/// The tiles, and the button that lets sound be heard.
#[component]
pub(in crate::ui) fn Nearby(panels: Panels) -> impl IntoView {
    bring_screens_on_stage(panels);
    mark_speakers(panels);
    tell_whether_in_sight(panels);
    let people = Memo::new(move |_| {
        panels.view.with(|view| view.calls.tiles.iter().map(|tile| tile.user_id).collect::<Vec<_>>())
    });
    let more = Memo::new(move |_| panels.view.with(|view| Some((view.calls.hidden.len(), view.calls.more(words())?))));
    let is_blocked = Memo::new(move |_| panels.view.with(|view| view.calls.is_sound_blocked));
    let is_grid = Memo::new(move |_| panels.view.with(|view| view.calls.layout == Layout::Grid));
    let room = Memo::new(move |_| panels.view.with(|view| view.calls.room.clone()));
    let is_empty = move || people.with(Vec::is_empty) && room.with(Option::is_none);
    let spoken = Memo::new(move |_| panels.view.with(|view| view.calls.spoken.clone()));
    view! {
        <p class="sr-only" role="status">{move || spoken.get()}</p>
        <section
            class="nearby"
            class:is-grid=move || is_grid.get()
            aria-label=words().calls_nearby
            hidden=is_empty
        >
            // Any press will do: the page hears of it by itself.
            <div class="hear-place" role="status">
                {move || is_blocked.get().then(|| view! {
                    <button type="button" class="hear" title=words().hear_explained>
                        {Icon::Volume.show()}
                        {words().hear}
                    </button>
                })}
            </div>
            <div class="room-line" hidden=move || room.with(Option::is_none)>
                <p class="room-title">{Icon::Room.show()}<span>{room}</span></p>
                {sound_only(panels)}
            </div>
            <div class="strip">
                <div class="tiles">
                    <For
                        each=move || people.get()
                        key=|user_id| *user_id
                        children=move |user_id| tile(panels, user_id)
                    />
                </div>
                {move || more.get().map(|(count, sentence)| view! {
                    <p class="tiles-more">
                        <span aria-hidden="true">"+"{count}</span>
                        <span class="sr-only">{sentence}</span>
                    </p>
                })}
            </div>
        </section>
    }
}

/// Whether one sees anybody in rooms: also among the settings. Here while it makes a difference.
fn sound_only(panels: Panels) -> impl IntoView {
    let is_on = Memo::new(move |_| panels.view.with(|view| view.calls.preferences.sound_only));
    let has_pictures = Memo::new(move |_| panels.view.with(|view| view.calls.has_pictures));
    let toggle = move |_| prefer(panels, |preferences| preferences.sound_only = !preferences.sound_only);
    view! {
        <button
            type="button"
            class="sound-only"
            id="sound-only"
            hidden=move || !has_pictures.get() && !is_on.get()
            title=words().sound_only_short
            aria-pressed=move || is_on.get().to_string()
            on:click=toggle
        >
            {move || if is_on.get() { Icon::NoCamera.show() } else { Icon::Camera.show() }}
            <span>{words().sound_only}</span>
        </button>
    }
}

/// Shows a screen large as soon as somebody begins to share it.
fn bring_screens_on_stage(panels: Panels) {
    let facts = Memo::new(move |_| {
        panels.view.with(|view| {
            let enlarged = view.calls.staged.map(|staged| staged.user_id);
            (Arc::clone(&view.calls.tiles), enlarged)
        })
    });
    Effect::new(move |_| {
        let (tiles, enlarged) = facts.get();
        if let Some(cue) = panels.media.next_on_stage(panels.classroom().now(), &tiles, enlarged) {
            tell(panels, MediaInput::Enlarge(cue.enlarged()));
        }
    });
}

/// Marks over their heads who speaks, oneself included.
fn mark_speakers(panels: Panels) {
    let speakers = Memo::new(move |_| {
        panels.view.with(|view| {
            let others = view.calls.tiles.iter().filter(|tile| tile.is_speaking).map(|tile| tile.user_id);
            let own = view.calls.is_speaking.then(|| panels.classroom().read(|session, _| session.user_id()));
            others.chain(own).collect::<Vec<_>>()
        })
    });
    Effect::new(move |_| speakers.with(|speakers| voices::mark(speakers)));
}

/// Nobody sends pictures to a tab that is not looked at, unless one of them has a window of its own.
fn tell_whether_in_sight(panels: Panels) {
    let look = move || {
        let has_own_window = document().query_selector(":picture-in-picture").is_ok_and(|found| found.is_some());
        let is_in_sight = page::is_visible() || has_own_window;
        panels.classroom().tell(Input::Media(MediaInput::InSight(is_in_sight)));
    };
    // The page may have been opened in a tab that nobody looks at.
    page::soon(look);
    let listeners = ["visibilitychange", "enterpictureinpicture", "leavepictureinpicture"]
        .map(|kind| window_event_listener_untyped(kind, move |_| look()));
    on_cleanup(move || listeners.into_iter().for_each(WindowListenerHandle::remove));
}
