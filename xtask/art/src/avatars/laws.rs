//! Laws that hold for every avatar.
