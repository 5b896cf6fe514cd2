//! The world in virtual time: clients in memory that speak real bytes.

mod laws;
mod lives;
mod manners;
mod stage;
