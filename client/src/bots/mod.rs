//! Participants without a picture, that walk about by themselves.
