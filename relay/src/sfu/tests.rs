//! The forwarding unit in virtual time, with clients in memory that are str0m too.

mod calls;
mod hostile;
mod lines;
mod networks;
mod secrecy;
pub(super) mod stage;
mod voices;
