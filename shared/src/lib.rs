//! What client and relay agree on.
