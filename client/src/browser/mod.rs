//! The page: the only code that names the browser's interfaces.

/// Runs in the page.
pub fn run() {}
