//! What must hold for every language, and for the page that is there before the module.

use std::collections::{BTreeSet, HashMap, HashSet};

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
