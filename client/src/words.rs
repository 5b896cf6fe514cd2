//! Every sentence that is shown, in one table.
//!
//! A language is a [`Words`]; the compiler sees to it that none lacks a sentence. The static page (`index.html`) shows
//! the same sentences before the module has arrived: a test compares them. `{word}` in a sentence is filled in.

use shared::profile::Status;

macro_rules! words {
    ($($key:ident: $text:expr,)*) => {
        /// The sentences of a language.
        #[allow(missing_docs, reason = "each says what it is")]
        #[derive(Debug)]
        pub struct Words {
            $(pub $key: &'static str,)*
        }

        /// English.
        pub static ENGLISH: Words = Words { $($key: $text,)* };

        impl Words {
            /// All sentences by their keys.
            pub fn all(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($key), self.$key),)*]
            }
        }
    };
}

words! {
    // The status.
    connection_label: "Connection",
    connection_online: "Online",
    connection_connecting: "Connecting …",
    connection_reconnecting: "Reconnecting …",
    connection_replaced: "Open in another tab",
    connection_refused: "Not connected",
    try_now: "Try now",
    try_again: "Try again",
    take_back: "Use it here",
    reload: "Reload",
    explain_reconnecting: "The connection was lost. You will be back in your place by yourself.",
    explain_replaced: "You came in with another tab or window, so this one stepped aside.",
    trouble_no_answer: "The classroom does not answer. It may be starting, or your network may be down. We keep trying.",
    trouble_no_map: "The map could not be loaded. We keep trying.",
    trouble_not_understood: "The classroom said something this page does not understand. Reloading the page may help.",
    trouble_slow_down: "Too much at once. Please go a little slower.",
    refused_wrong_version: "This page and the classroom are of different versions. Reload the page; if that does not help, tell whoever runs the classroom.",
    refused_wrong_signature: "The classroom could not verify who you are. Reload the page.",
    refused_wrong_relay: "This classroom is known as {expected}. Open it under that name, or tell whoever runs it to set its public URL.",
    refused_malformed: "The classroom did not understand this page. Reload the page.",
    refused_too_late: "Entering took too long. We try again.",
    refused_not_walkable: "You were somewhere nobody can stand. Try again to come in by the entrance.",
    refused_flood: "The classroom closed the connection because too much was sent. We try again.",
    refused_full: "The classroom is full. We try again until there is a place.",
    refused_too_slow: "Your connection could not keep up. We try again.",

    // The world.
    world_died: "The picture of the campus has stopped. You are still connected; reload the page to see it again.",
    map_changed: "The campus was changed meanwhile. Reload the page to see it as it is now.",
    zoom_in: "Zoom in",
    zoom_out: "Zoom out",
    walk_stick: "Thumb stick: drag to walk",
    keys_hint: "Walk with the arrow keys, WASD or ZQSD, or click where you want to go. Turn the wheel to zoom.",
    dismiss: "Got it",

    // People.
    people: "People",
    people_here: "{count} here",
    people_none: "Nobody else is here yet. Send somebody the link.",
    close: "Close",
    walk_to: "Walk to",
    walk_to_person: "Walk to {name}",
    person_gone: "not here",
    person_in_room: "in {room}",
    person_same_room: "in your room",
    person_steps_away: "{steps} steps away",
    status_available: "available",
    status_away: "away",
    status_busy: "busy",
    status_do_not_disturb: "do not disturb",
}

/// The language of this visit.
pub fn words() -> &'static Words {
    &ENGLISH
}

/// The sentence with one blank filled in.
pub fn fill(sentence: &str, blank: &str, text: &str) -> String {
    sentence.replace(&format!("{{{blank}}}"), text)
}

/// A status in a word.
pub fn status(status: Status) -> &'static str {
    match status {
        Status::Available => words().status_available,
        Status::Away => words().status_away,
        Status::Busy => words().status_busy,
        Status::DoNotDisturb => words().status_do_not_disturb,
    }
}
