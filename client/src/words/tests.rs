//! What must hold for every language, and for the page that is there before the module.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::*;

const PAGE: &str = include_str!("../../../index.html");

/// The value of an attribute of a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    tag[start..].split('"').next()
}

/// The sentences of the static page: their keys, and what it shows.
fn page_sentences() -> Vec<(&'static str, Option<String>)> {
    let mut found = Vec::new();
    // A tag, and the text after it.
    for (tag, text) in PAGE.split('<').skip(1).filter_map(|part| part.split_once('>')) {
        for (mark, shown) in [
            ("data-word", Some(text)),
            ("data-word-label", attribute(tag, "aria-label")),
            ("data-word-placeholder", attribute(tag, "placeholder")),
        ] {
            if let Some(key) = attribute(tag, mark) {
                found.push((key, shown.map(|text| text.trim().replace("&amp;", "&"))));
            }
        }
    }
    found
}

/// The names of what is to be filled in.
fn blanks(sentence: &str) -> BTreeSet<&str> {
    sentence.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
}

#[test]
fn the_static_page_says_what_the_table_says() {
    let words: HashMap<_, _> = Language::English.words().all().into_iter().collect();
    let found = page_sentences();
    for (key, shown) in &found {
        assert_eq!(shown.as_deref(), words.get(key).copied(), "{key}");
    }
    assert!(found.len() > 50, "{} sentences", found.len());
}

#[test]
fn what_is_said_without_any_script_is_said_in_french_as_well() {
    let words: HashMap<_, _> = Language::French.words().all().into_iter().collect();
    let without_script = PAGE.split_once("<noscript>").and_then(|(_, rest)| rest.split_once("</noscript>"));
    let (said, _) = without_script.expect("something to say");
    let (tag, text) = said.split('<').filter_map(|part| part.split_once('>')).nth(2).expect("a second paragraph");
    assert_eq!(attribute(tag, "lang"), Some("fr"));
    assert_eq!(words.get(attribute(tag, "data-word-french").expect("a key")).copied(), Some(text));
}

/// The French that the static page needs before the module has arrived, as its file has it.
fn french_of_the_page() -> String {
    let words: HashMap<_, _> = Language::French.words().all().into_iter().collect();
    let found = page_sentences();
    let sentences: BTreeMap<_, _> = found.iter().map(|(key, _)| (key, words[key])).collect();
    serde_json::to_string_pretty(&sentences).expect("texts are JSON") + "\n"
}

#[test]
fn the_file_of_french_for_the_static_page_says_what_the_table_says() {
    let file = include_str!("../../web/words-fr.json");
    assert!(
        file == french_of_the_page(),
        "expected client/web/words-fr.json to be made anew: cargo test -p client makes_the_file_of_french -- --ignored"
    );
}

#[test]
#[ignore = "writes a file of the source"]
fn makes_the_file_of_french() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/web/words-fr.json");
    std::fs::write(path, french_of_the_page()).expect("the file can be written");
}

#[test]
fn no_sentence_is_empty_or_there_twice() {
    for language in Language::ALL {
        let all = language.words().all();
        let keys: HashSet<_> = all.iter().map(|(key, _)| key).collect();
        assert_eq!(keys.len(), all.len());
        for (key, sentence) in all {
            assert!(!sentence.is_empty() && sentence.trim() == sentence, "{key} in {language:?}");
        }
    }
}

#[test]
fn every_language_leaves_the_same_blanks() {
    for language in Language::ALL {
        for ((key, sentence), (_, english)) in language.words().all().iter().zip(Language::English.words().all()) {
            assert_eq!(blanks(sentence), blanks(english), "{key} in {language:?}");
        }
    }
}

#[test]
fn french_has_typographic_apostrophes_and_narrow_spaces_that_do_not_break() {
    for (key, sentence) in Language::French.words().all() {
        assert!(!sentence.contains(['\'', '\u{a0}']), "{key}: {sentence}");
        let letters: Vec<char> = sentence.chars().collect();
        for pair in letters.windows(2) {
            if matches!(pair[1], '?' | '!' | ':' | ';' | '»') || pair[0] == '«' {
                assert!(pair.contains(&'\u{202f}'), "{key}: {sentence}");
            }
        }
    }
}

#[test]
fn a_sentence_is_in_the_language_that_was_set_last() {
    assert_eq!(words().enter, "Enter");
    set_language(Language::French);
    assert_eq!((language(), words().enter, status(Status::Available)), (Language::French, "Entrer", "disponible"));
    set_language(Language::English);
    assert_eq!(words().enter, "Enter");
}

#[test]
fn the_language_kept_counts_before_those_the_browser_asks_for() {
    assert_eq!(Language::choose(Some("en"), ["fr-FR", "en"]), Language::English);
    assert_eq!(Language::choose(Some("fr"), ["en-US"]), Language::French);
}

#[test]
fn the_first_language_asked_for_that_the_page_speaks_is_taken() {
    assert_eq!(Language::choose(None, ["fr-CA", "en"]), Language::French);
    assert_eq!(Language::choose(None, ["de-CH", "FR", "en"]), Language::French);
    assert_eq!(Language::choose(None, ["de", "en-GB", "fr"]), Language::English);
    // Frisian begins with the same letters.
    assert_eq!(Language::choose(None, ["fry", "frr-DE"]), Language::English);
}

#[test]
fn whatever_is_kept_or_asked_for_there_is_a_language() {
    assert_eq!(Language::choose(None, [""; 0]), Language::English);
    assert_eq!(Language::choose(Some(""), ["", "-", "*"]), Language::English);
    // Anything may have been written where the choice is kept.
    assert_eq!(Language::choose(Some("\"fr\""), ["de"]), Language::English);
}

#[test]
fn rooms_are_called_as_people_call_them() {
    let names = ["classroom-a", "meeting-2", "library", "lounge", "tower-7", "library-2", "-"].map(room_name);
    assert_eq!(names, ["Classroom A", "Meeting room 2", "Library", "Lounge", "tower-7", "library-2", "-"]);
}
