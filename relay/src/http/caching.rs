//! Which form of a file a client takes, and whether it has it already.

use std::time::{Duration, SystemTime};

use warp::http::{HeaderMap, HeaderName, header};

/// How a file is packed, and the ending of its packed sibling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encoding {
    pub(super) name: &'static str,
    pub(super) ending: &'static str,
}

pub(super) const BROTLI: Encoding = Encoding { name: "br", ending: ".br" };
pub(super) const GZIP: Encoding = Encoding { name: "gzip", ending: ".gz" };

/// For names that change with the content.
pub(super) const FOR_EVER: &str = "public, max-age=31536000, immutable";

/// Kept, but asked about each time.
pub(super) const ASK_FIRST: &str = "no-cache";

/// The packings that a client takes, the smallest first (RFC 9110, section 12.5.3).
pub(super) fn accepted(headers: &HeaderMap) -> impl Iterator<Item = Encoding> {
    let values = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let values: Vec<&str> = values.flat_map(|value| value.split(',')).collect();
    let takes = move |encoding: &Encoding| {
        values.iter().any(|value| {
            let (name, weight) = value.split_once(';').unwrap_or((value, ""));
            let refused = weight.trim().strip_prefix("q=").is_some_and(|weight| weight.parse() == Ok(0.0));
            name.trim().eq_ignore_ascii_case(encoding.name) && !refused
        })
    };
    [BROTLI, GZIP].into_iter().filter(takes)
}

/// Hexadecimal digits of a hash in a name: 64 bits, of which Trunk leaves zeros in front out. One hash in 65,536 has fewer.
const HASH_DIGITS: std::ops::RangeInclusive<usize> = 12..=16;

/// Whether a file is named by its content, as Trunk does it: `name-123456789abcdef.ext`, also with `_bg` before the dot.
pub(super) fn is_named_by_content(file: &str) -> bool {
    let Some((stem, _)) = file.split_once('.') else { return false };
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(name, hash)| {
        let is_hash = |digit: u8| digit.is_ascii_digit() || (b'a'..=b'f').contains(&digit);
        !name.is_empty() && HASH_DIGITS.contains(&hash.len()) && hash.bytes().all(is_hash)
    })
}

/// Whether the client has this form of the file already (RFC 9110, section 13.2.2).
pub(super) fn has_it(headers: &HeaderMap, etag: &str, modified: Option<SystemTime>) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(known) = text(header::IF_NONE_MATCH) {
        let bare = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        return known.trim() == "*" || known.split(',').any(|tag| bare(tag) == etag);
    }
    let since = text(header::IF_MODIFIED_SINCE).and_then(|date| httpdate::parse_http_date(date).ok());
    // Dates have no fractions of a second, files have.
    since.zip(modified).is_some_and(|(since, modified)| modified < since + Duration::from_secs(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().expect("a header"))])
    }

    #[test]
    fn the_smallest_form_a_client_takes_comes_first() {
        for (value, names) in [
            ("gzip, deflate, br, zstd", &["br", "gzip"][..]),
            ("gzip;q=0.5", &["gzip"]),
            ("br;q=0, GZIP", &["gzip"]),
            ("identity", &[]),
            ("brotli", &[]),
        ] {
            let found: Vec<_> = accepted(&headers(header::ACCEPT_ENCODING, value)).map(|form| form.name).collect();
            assert_eq!(found, names, "{value}");
        }
    }

    #[test]
    fn names_with_a_hash_of_their_content_are_known() {
        for (name, is_named) in [
            ("client-0123456789abcdef.js", true),
            ("client-0123456789abcdef_bg.wasm", true),
            ("loader.js", false),
            ("index.html", false),
            ("client-123456789abcdef.js", true),
            ("client-123456789abcdef_bg.wasm", true),
            ("client-0123456789a.js", false),
            ("client-00123456789abcdef.js", false),
            ("client-0123456789abcdeg.js", false),
            ("0123456789abcdef.js", false),
            ("-0123456789abcdef.js", false),
        ] {
            assert_eq!(is_named_by_content(name), is_named, "{name}");
        }
    }

    #[test]
    fn a_client_that_has_it_is_not_sent_it_again() {
        let modified = httpdate::parse_http_date("Sun, 22 Nov 2026 10:00:00 GMT").expect("a date");
        let modified = modified + Duration::from_millis(400);
        for (name, value, has) in [
            (header::IF_NONE_MATCH, "\"a\"", true),
            (header::IF_NONE_MATCH, "\"b\", W/\"a\"", true),
            (header::IF_NONE_MATCH, "*", true),
            (header::IF_NONE_MATCH, "\"b\"", false),
            (header::IF_MODIFIED_SINCE, "Sun, 22 Nov 2026 10:00:00 GMT", true),
            (header::IF_MODIFIED_SINCE, "Sun, 22 Nov 2026 09:59:59 GMT", false),
            (header::IF_MODIFIED_SINCE, "yesterday", false),
        ] {
            assert_eq!(has_it(&headers(name.clone(), value), "\"a\"", Some(modified)), has, "{name}: {value}");
        }
    }
}
