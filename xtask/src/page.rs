//! What the built index.html must not contain: the relay's content security policy allows no script inside the page
//! and no style attributes, and integrity attributes would fail where a proxy compresses anew.

use anyhow::{Result, bail};

/// Checks a built page.
///
/// # Errors
/// If it would not work under the content security policy; the message says where and why.
pub(crate) fn check(html: &str) -> Result<()> {
    let html = html.to_ascii_lowercase();
    for (at, _) in html.match_indices("<script") {
        let (tag, rest) = split_tag(&html[at..]);
        let inside = rest.split("</script").next().unwrap_or_default();
        if !inside.trim().is_empty() || !tag.contains(" src=") {
            bail!("expected only scripts with a file of their own in index.html, found: {}", start(&html[at..]));
        }
    }
    for (at, _) in html.match_indices('<') {
        let (tag, _) = split_tag(&html[at..]);
        if tag.contains(" style=") || tag.contains(" integrity=") || tag.contains(" onclick=") {
            bail!("expected no style, integrity or onclick attribute in index.html, found: {}", start(tag));
        }
    }
    if !html.contains("data-wasm=") {
        bail!("expected a script with data-wasm in index.html, made from pattern_script in Trunk.toml");
    }
    Ok(())
}

fn split_tag(html: &str) -> (&str, &str) {
    html.find('>').map_or((html, ""), |end| html.split_at(end + 1))
}

fn start(html: &str) -> String {
    html.chars().take(120).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOADER: &str = r#"<script type="module" src="/loader.js" data-js="/c.js" data-wasm="/c.wasm"></script>"#;

    #[test]
    fn a_page_with_our_loader_alone_is_fine() {
        check(&format!("<!doctype html><head>{LOADER}</head><body><div id=\"ui\"></div></body>")).expect("fine");
    }

    #[test]
    fn a_script_inside_the_page_is_refused() {
        let error = check(&format!("{LOADER}<script type=module>import init from 'x'</script>"));
        assert!(error.expect_err("refused").to_string().contains("import init"));
    }

    #[test]
    fn style_and_integrity_attributes_are_refused() {
        assert!(check(&format!("{LOADER}<canvas style=\"width: 1px\"></canvas>")).is_err());
        assert!(check(&format!("{LOADER}<link rel=preload integrity=\"sha384-x\" href=x>")).is_err());
    }

    #[test]
    fn a_page_without_the_loader_is_refused() {
        assert!(check("<!doctype html><body></body>").is_err());
    }
}
