//! The panels in the page.
