//! The native window, for development.

/// Runs until the window is closed.
pub fn run() {}
