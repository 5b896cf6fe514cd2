//! Whom one sees large: a screen to read, or a face.

use leptos::{
    html::{Section, Video},
    prelude::*,
};
use shared::identity::UserId;

use super::{enlarge, is, picture::picture, sound::sound, tile, tile_of};
use crate::{
    browser::{
        media::{self, Picture},
        page,
    },
    ui::{Panels, face::Face, icon::Icon},
    view::media::{Staged, Tile},
    words::{fill, words},
};

pub(super) const TITLE: &str = "spotlight-title";

const STAGE: &str = "spotlight";

/// The stage, while somebody is on it.
#[component]
pub(in crate::ui) fn Spotlight(panels: Panels) -> impl IntoView {
    let staged = Memo::new(move |_| panels.view.with(|view| view.calls.staged));
    move || staged.get().map(|staged| spotlight(panels, staged))
}

fn spotlight(panels: Panels, Staged { user_id, is_screen }: Staged) -> impl IntoView {
    let tile = tile_of(panels, user_id);
    let name = Memo::new(move |_| tile.with(|tile| tile.as_ref().map(|tile| tile.name.clone())).unwrap_or_default());
    let look = Memo::new(move |_| tile.with(|tile| tile.as_ref().map(|tile| tile.appearance)).unwrap_or_default());
    let has_camera = is(tile, |tile| tile.has_camera);
    let has_picture = move || is_screen || has_camera.get();
    let standing = Memo::new(move |_| {
        let of = |tile: &Tile| if is_screen { tile.screen_standing } else { tile.standing };
        tile.with(|tile| tile.as_ref().map(of)).unwrap_or_default()
    });
    let (section, video) = (NodeRef::<Section>::new(), NodeRef::<Video>::new());
    let heading = move || {
        let name = name.get();
        if is_screen { fill(words().stage_screen, "name", &name) } else { name }
    };
    let own_window = move |_| {
        if let Some(video) = video.get_untracked() {
            media::picture_in_picture(&video);
        }
    };
    let full_screen = move |_| {
        if let Some(section) = section.get_untracked() {
            media::full_screen(&section, video.get_untracked().as_ref());
        }
    };
    keep_focus(user_id);
    view! {
        <section
            class="spotlight"
            id=STAGE
            aria-labelledby=TITLE
            node_ref=section
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    // Whatever else Escape closes stays.
                    event.prevent_default();
                    enlarge(panels, None);
                }
            }
        >
            <div class="spotlight-picture">
                {move || if has_picture() {
                    let what = if is_screen { Picture::Screen } else { Picture::Camera };
                    picture(user_id, what, video).into_any()
                } else {
                    view! { <Face look /> }.into_any()
                }}
                {move || standing.get().sentence().map(|sentence| view! { <p class="tile-standing">{sentence}</p> })}
            </div>
            <footer>
                <h2 id=TITLE tabindex="-1" dir="auto">{heading}</h2>
                {sound(panels, user_id, tile)}
                {move || (has_picture() && media::has_picture_in_picture()).then(|| {
                    button(Icon::OwnWindow, words().stage_own_window, own_window)
                })}
                {move || media::has_full_screen(has_picture()).then(|| {
                    button(Icon::FullScreen, words().stage_full_screen, full_screen)
                })}
                {button(Icon::Small, words().stage_small, move |_| enlarge(panels, None))}
            </footer>
        </section>
    }
}

/// Whoever is at the stage with the keyboard when somebody else takes it, or nobody any more, goes on there: at the new
/// title, or else at the tile of whoever was large.
fn keep_focus(user_id: UserId) {
    on_cleanup(move || {
        if page::has_focus(STAGE) {
            let tile = tile::id(user_id);
            page::soon(move || {
                page::focus_first(&[TITLE, &tile, "world"]);
            });
        }
    });
}

fn button(icon: Icon, name: &'static str, press: impl Fn(leptos::ev::MouseEvent) + 'static) -> impl IntoView {
    view! {
        <button type="button" title=name on:click=press>
            {icon.show()}
            <span class="label">{name}</span>
        </button>
    }
}
