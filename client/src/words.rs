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
    // The lobby, and what keeps one there: also in `index.html`.
    title: "VirtualClassroomInator",
    problem_no_script: "This page needs JavaScript. Please allow it for this site in your browser's settings, and load the page again.",
    problem_old_browser: "This browser is too old to show the campus. Please update it, or open this page in a current Firefox, Chrome, Edge or Safari.",
    problem_no_webgl: "This browser cannot draw the campus, because WebGL 2 is switched off or missing. You can still see who is there and talk with them; or switch on hardware acceleration in the browser's settings, and load the page again.",
    go_on_without_world: "Go on without the world",
    problem_download: "The campus could not be downloaded. Please check your connection and try again.",
    problem_storage: "This browser does not let the page keep anything. You can come in all the same, but your name, your look and your conversations will not be remembered.",
    all_right: "All right",
    problem_relay_not_listed: "The link names a server that this site does not list, so the page does not connect to it. Ask whoever sent you the link, or the people who host this site. The server is:",
    problem_crashed: "The campus has stopped because of a fault. Please load the page again: your name and place are kept.",
    lobby_heading: "Come on in",
    lobby_welcome: "A small campus to walk about in. Walk up to people and talk with them.",
    your_name: "Your name",
    name_empty: "Please type a name, so that people know what to call you.",
    name_too_long: "This name is too long: 32 characters at most, please.",
    name_control: "This name contains invisible characters that would garble it. Please type it by hand.",
    your_look: "Your look",
    surprise_me: "Surprise me",
    look_skin: "Skin",
    skin_0: "fair",
    skin_1: "light",
    skin_2: "tan",
    skin_3: "brown",
    skin_4: "deep brown",
    skin_5: "dark",
    look_hair: "Hair",
    hair_0: "short",
    hair_1: "side part",
    hair_2: "bob",
    hair_3: "long",
    hair_4: "ponytail",
    hair_5: "bun",
    hair_6: "curls",
    hair_7: "headscarf",
    look_hair_colour: "Hair colour",
    hair_colour_0: "black",
    hair_colour_1: "dark brown",
    hair_colour_2: "brown",
    hair_colour_3: "blond",
    hair_colour_4: "red",
    hair_colour_5: "grey",
    hair_colour_6: "teal",
    hair_colour_7: "violet",
    look_top: "Top",
    top_0: "coral T-shirt",
    top_1: "striped jersey",
    top_2: "green hoodie",
    top_3: "mustard cardigan",
    top_4: "blue shirt",
    top_5: "plum vest",
    top_6: "teal tunic",
    top_7: "dark jacket",
    top_8: "white T-shirt with a sun",
    top_9: "lilac hoodie",
    top_10: "brick turtleneck",
    top_11: "rose dress",
    look_bottom: "Bottom",
    bottom_0: "jeans",
    bottom_1: "dark trousers",
    bottom_2: "chinos",
    bottom_3: "joggers",
    bottom_4: "shorts",
    bottom_5: "skirt and tights",
    bottom_6: "long skirt",
    bottom_7: "rolled-up jeans",
    enter: "Enter",
    entering: "You will be in as soon as the campus has arrived.",
    loading: "The campus is on its way",
    starting: "Starting…",
    world_label: "The campus. Walk with the arrow keys.",
    preview_label: "What you look like",
    previous_skin: "Previous skin",
    next_skin: "Next skin",
    previous_hair: "Previous hair",
    next_hair: "Next hair",
    previous_hair_colour: "Previous hair colour",
    next_hair_colour: "Next hair colour",
    previous_top: "Previous top",
    next_top: "Next top",
    previous_bottom: "Previous bottom",
    next_bottom: "Next bottom",

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

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const PAGE: &str = include_str!("../../index.html");

    /// The value of an attribute of a tag.
    fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
        let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
        tag[start..].split('"').next()
    }

    #[test]
    fn the_static_page_says_what_the_table_says() {
        let words: HashMap<_, _> = ENGLISH.all().into_iter().collect();
        let mut found = 0;
        // A tag, and the text after it.
        for (tag, text) in PAGE.split('<').skip(1).filter_map(|part| part.split_once('>')) {
            for (mark, shown) in [
                ("data-word", Some(text)),
                ("data-word-label", attribute(tag, "aria-label")),
                ("data-word-placeholder", attribute(tag, "placeholder")),
            ] {
                if let Some(key) = attribute(tag, mark) {
                    let shown = shown.map(|text| text.trim().replace("&amp;", "&"));
                    assert_eq!(shown.as_deref(), words.get(key).copied(), "{key}");
                    found += 1;
                }
            }
        }
        assert!(found > 50, "{found} sentences");
    }

    #[test]
    fn no_sentence_is_empty_or_there_twice() {
        let all = ENGLISH.all();
        let keys: std::collections::HashSet<_> = all.iter().map(|(key, _)| key).collect();
        assert_eq!(keys.len(), all.len());
        assert!(all.iter().all(|(_, sentence)| !sentence.trim().is_empty()));
    }
}
