//! Which parts of a text are links. All the rest stays text, whatever it looks like.

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Shown as it is.
    Text(&'a str),
    /// Shown as it is too, and leads there.
    Link(&'a str),
}

/// The parts of a text; together they are the text.
///
/// Links begin with `http://` or `https://` and are shown whole, so that everybody sees where they lead. Nothing that
/// is made to mislead becomes one: no user name before the host (`https://bank.example@elsewhere.example`), no
/// backslash, which browsers read as a slash, and no invisible characters, which could turn the direction of letters.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut told, mut from) = (0, 0);
    while let Some(start) = next_scheme(text, from) {
        let link = link(&text[start..]);
        from = start + link.map_or("http".len(), str::len);
        if let Some(link) = link.filter(|_| !text[..start].ends_with(char::is_alphanumeric)) {
            if told < start {
                parts.push(Part::Text(&text[told..start]));
            }
            parts.push(Part::Link(link));
            told = from;
        }
    }
    if told < text.len() {
        parts.push(Part::Text(&text[told..]));
    }
    parts
}

/// Where the next `http` begins.
fn next_scheme(text: &str, from: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len().saturating_sub("http".len())).find(|at| bytes[*at..*at + 4].eq_ignore_ascii_case(b"http"))
}

/// The link that the text begins with.
fn link(text: &str) -> Option<&str> {
    let scheme = ["https://", "http://"]
        .into_iter()
        .find(|scheme| text.get(..scheme.len()).is_some_and(|beginning| beginning.eq_ignore_ascii_case(scheme)))?;
    let whole = &text[..text.find(ends_link).unwrap_or(text.len())];
    let link = trim_end(whole);
    let rest = link.get(scheme.len()..)?;
    let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
    let is_host = host.starts_with(|first: char| first.is_alphanumeric() || first == '[') && !host.contains('@');
    is_host.then_some(link)
}

/// What is in no link.
fn ends_link(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '<' | '>' | '"' | '`' | '\\' | '«' | '»' | '“' | '”')
        || matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(character, '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Without what belongs to the sentence around it: punctuation at the end, and brackets that were opened before.
fn trim_end(link: &str) -> &str {
    let balance =
        |open: char, close: char| link.matches(open).count().cast_signed() - link.matches(close).count().cast_signed();
    let mut balances = [('(', ')'), ('[', ']'), ('{', '}')].map(|(open, close)| (close, balance(open, close)));
    let mut end = link.len();
    while let Some(last) = link[..end].chars().next_back() {
        let is_outside = match balances.iter_mut().find(|(close, _)| *close == last) {
            Some((_, balance)) if *balance < 0 => {
                *balance += 1;
                true
            }
            Some(_) => false,
            None => matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' | '|' | '’' | '…'),
        };
        if !is_outside {
            break;
        }
        end -= last.len_utf8();
    }
    &link[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<&str> {
        let together: String = parts(text)
            .iter()
            .map(|part| match part {
                Part::Text(text) | Part::Link(text) => *text,
            })
            .collect();
        assert_eq!(together, text, "nothing is lost");
        parts(text).into_iter().filter_map(|part| if let Part::Link(link) = part { Some(link) } else { None }).collect()
    }

    #[test]
    fn addresses_are_links_without_the_sentence_around_them() {
        for (text, found) in [
            ("https://example.org", &["https://example.org"][..]),
            ("see http://example.org/a?b=c#d, please", &["http://example.org/a?b=c#d"]),
            ("HTTPS://Example.org/A!", &["HTTPS://Example.org/A"]),
            ("(https://example.org/a_(b))", &["https://example.org/a_(b)"]),
            ("https://example.org/a_(b).", &["https://example.org/a_(b)"]),
            ("[https://example.org]…", &["https://example.org"]),
            ("<https://example.org> \"https://example.org/x\"", &["https://example.org", "https://example.org/x"]),
            ("« https://example.org »", &["https://example.org"]),
            (
                "a\nhttps://example.org\nb https://example.org/\u{e9}?",
                &["https://example.org", "https://example.org/\u{e9}"],
            ),
            ("http://127.0.0.1:8080/ and http://[::1]/", &["http://127.0.0.1:8080/", "http://[::1]/"]),
            ("httphttps://example.org", &[]),
            ("https://https://example.org", &["https://https://example.org"]),
            ("日本 https://example.org/日本。", &["https://example.org/日本。"]),
        ] {
            assert_eq!(links(text), found, "{text}");
        }
    }

    #[test]
    fn nothing_else_is_a_link() {
        for text in [
            "",
            "http",
            "http://",
            "https://.",
            "https:// example.org",
            "http:example.org",
            "xhttps://example.org",
            "javascript:alert(1)",
            "ftp://example.org",
            "www.example.org",
            "ada@example.org",
            "http://\u{202e}gro.elpmaxe",
            "<a href=x>",
            "https:///etc",
            "https://?x",
            "éhttp://example.org",
        ] {
            assert_eq!(links(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn nothing_that_misleads_is_a_link() {
        assert_eq!(links("https://bank.example@elsewhere.example/"), [""; 0]);
        assert_eq!(links("https://bank.example:443@elsewhere.example"), [""; 0]);
        assert_eq!(links("https://elsewhere.example\\@bank.example"), ["https://elsewhere.example"]);
        assert_eq!(links("https://example.org/\u{202e}moc.live"), ["https://example.org/"]);
        assert_eq!(links("https://medium.example/@ada"), ["https://medium.example/@ada"]);
    }

    #[test]
    fn the_longest_text_is_looked_through_at_once() {
        let brackets = format!("https://a{}", ")".repeat(1991));
        assert_eq!(links(&brackets), ["https://a"]);
        assert_eq!(links(&"http".repeat(500)), [""; 0]);
        assert_eq!(links(&"http://".repeat(285)).len(), 1);
    }
}
