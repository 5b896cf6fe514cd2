//! The world in virtual time: clients in memory that speak real bytes.

mod chat;
mod direct;
mod introducing;
mod laws;
mod lives;
mod manners;
mod rooms;
mod saying_by_name;
mod secrecy;
mod stage;
