//! Draws the art.

fn main() {}
