//! The classroom's client.
//!
//! [`session`] knows and decides everything and names neither engine nor browser; [`classroom`] is the handle to it
//! that the rest holds, [`media`] is its calls, [`view`] is what panels show of it in [`words`]. `world` draws it with Bevy, `ui` shows it in
//! the page, `browser` and `desktop` are the two platforms it runs on, and `bots` walk and
//! chat without any of them.

#[cfg(all(feature = "bots", not(target_arch = "wasm32")))]
pub mod bots;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod classroom;
#[cfg(all(feature = "world", not(target_arch = "wasm32")))]
pub mod desktop;
pub mod map_files;
pub mod media;
#[cfg(all(any(feature = "bots", feature = "world"), not(target_arch = "wasm32")))]
pub mod native;
pub mod session;
#[cfg(all(feature = "ui", target_arch = "wasm32"))]
pub mod ui;
pub mod view;
pub mod words;
#[cfg(feature = "world")]
pub mod world;
