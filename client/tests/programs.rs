//! The client's programs outside of a browser, as somebody starts them by hand.
//!
//! Cargo leaves them in the target folder because they are tried here, and so the tests in `e2e/browser` find the
//! desktop client there.

#![cfg(all(feature = "bots", feature = "world"))]

use std::process::{Command, Output};

const CLIENT: &str = env!("CARGO_BIN_EXE_client");
const BOTS: &str = env!("CARGO_BIN_EXE_bots");

fn run(program: &str, arguments: &[&str]) -> Output {
    Command::new(program).args(arguments).output().expect("the program")
}

#[test]
fn without_a_relay_they_say_whom_they_asked_and_fail() {
    // Nobody listens at port 1.
    for (program, flag) in [(CLIENT, "--relay"), (BOTS, "--url")] {
        let output = run(program, &[flag, "ws://127.0.0.1:1/ws"]);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{program}: {words}");
        assert!(words.contains("127.0.0.1:1"), "{program}: {words}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_in_words() {
    for (program, arguments, expected) in [
        (CLIENT, &["--spawn"][..], "--spawn"),
        (BOTS, &["--remark-every", "0"], "expected 1 second to a day"),
        (BOTS, &["--quiet", "--remark-every", "5"], "cannot be used with"),
    ] {
        let output = run(program, arguments);
        let words = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success() && words.contains(expected), "{arguments:?}: {words}");
    }
}
