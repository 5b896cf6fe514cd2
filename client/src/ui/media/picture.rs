//! Pictures that move: cameras and screens.

use leptos::{html::Video, prelude::*};
use shared::identity::UserId;

use crate::{
    browser::media::{self, Picture},
    media::Device,
};

/// Somebody's camera or screen. Their voice is played elsewhere.
pub(super) fn picture(user_id: UserId, what: Picture, video: NodeRef<Video>) -> impl IntoView {
    Effect::new(move |_| {
        if let Some(video) = video.get() {
            media::show_picture(user_id, what, &video);
        }
    });
    element(what, video)
}

/// One's own camera or screen.
pub(super) fn own_picture(device: Device) -> impl IntoView {
    let video = NodeRef::<Video>::new();
    let what = if device == Device::Screen { Picture::Screen } else { Picture::Camera };
    Effect::new(move |_| {
        if let Some(video) = video.get() {
            media::show_own_picture(what, &video);
        }
    });
    element(what, video)
}

fn element(what: Picture, video: NodeRef<Video>) -> impl IntoView {
    let class = if what == Picture::Screen { "screen" } else { "camera" };
    view! {
        <video class=class node_ref=video autoplay=true playsinline=true prop:muted=true aria-hidden="true"></video>
    }
}
