//! What client and relay must agree on, and nothing else: no sockets, no clocks, no engine, no browser.
//!
//! Read [`position`] and [`movement`] for how people move, [`map`] for where, [`profile`] and [`identity`] for who
//! they are, [`chat`] and [`proximity`] for what they say and who hears it, and [`protocol`] for how all of it travels. Every bound that a peer could strain is in [`limits`].

pub mod chat;
pub mod identity;
pub mod limits;
pub mod map;
pub mod movement;
pub mod position;
pub mod profile;
pub mod protocol;
pub mod proximity;
pub mod rate;
