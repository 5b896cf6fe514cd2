//! Finding people by name: capitals and accents do not matter.

/// Whether every word of the search is in that name. A search for nothing finds everybody.
pub fn is_found(name: &str, search: &str) -> bool {
    let name = plain(name);
    plain(search).split_whitespace().all(|word| name.contains(word))
}

/// A text in small letters without accents, as far as it is Latin; other scripts stay as they are but for capitals.
fn plain(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).filter(|letter| !is_mark(*letter)).flat_map(bare).collect()
}

/// Accents that are characters of their own (Unicode block *Combining Diacritical Marks*).
fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// The small Latin letters of a letter with an accent: those of Latin-1, Latin Extended-A and what Romanian and
/// Vietnamese need besides. The full table of decompositions would be larger than all sentences of the page.
fn bare(letter: char) -> impl Iterator<Item = char> {
    let one = |bare: char| [Some(bare), None];
    let two = |first: char, second: char| [Some(first), Some(second)];
    let letters = match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' | 'ạ'..='ặ' => one('a'),
        'æ' => two('a', 'e'),
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => one('c'),
        'ð' | 'ď' | 'đ' => one('d'),
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' | 'ẹ'..='ệ' => one('e'),
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => one('g'),
        'ĥ' | 'ħ' => one('h'),
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' | 'ỉ' | 'ị' => one('i'),
        'ĳ' => two('i', 'j'),
        'ĵ' => one('j'),
        'ķ' => one('k'),
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => one('l'),
        'ñ' | 'ń' | 'ņ' | 'ň' | 'ŋ' => one('n'),
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' | 'ơ' | 'ọ'..='ợ' => one('o'),
        'œ' => two('o', 'e'),
        'ŕ' | 'ŗ' | 'ř' => one('r'),
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => one('s'),
        'ß' => two('s', 's'),
        'ţ' | 'ť' | 'ŧ' | 'ț' => one('t'),
        'þ' => two('t', 'h'),
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' | 'ư' | 'ụ'..='ự' => one('u'),
        'ŵ' => one('w'),
        'ý' | 'ÿ' | 'ŷ' | 'ỳ' | 'ỵ' | 'ỷ' | 'ỹ' => one('y'),
        'ź' | 'ż' | 'ž' => one('z'),
        other => one(other),
    };
    letters.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_accents_do_not_matter() {
        for (name, search) in [
            ("Zoé", "zoe"),
            ("Zoe\u{301}", "zoé"),
            ("ZOË", "zoe"),
            ("Łukasz Ångström", "angstrom luk"),
            ("Œdipe", "oedipe"),
            ("Strauß", "STRAUSS"),
            ("Nguyễn", "nguyen"),
            ("Ştefan", "stef"),
            ("Ольга", "ольга"),
            ("阿達", "達"),
            ("Bob 🚀", "🚀"),
        ] {
            assert!(is_found(name, search), "{search} in {name}");
        }
    }

    #[test]
    fn every_word_must_be_in_the_name_and_nothing_is_in_every_name() {
        assert!(is_found("Ada Lovelace", "love ad"));
        assert!(!is_found("Ada Lovelace", "ada x"));
        assert!(is_found("Ada", "") && is_found("Ada", "  "));
        // Another vowel is another letter, in scripts without accents too.
        assert!(!is_found("Bob", "bub") && !is_found("Ольга", "ольги"));
    }
}
