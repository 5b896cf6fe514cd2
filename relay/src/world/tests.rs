//! The world in virtual time: clients in memory that speak real bytes.

mod chat;
mod direct;
mod laws;
mod lives;
mod manners;
mod secrecy;
mod stage;
