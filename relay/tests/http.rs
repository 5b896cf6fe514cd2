//! What a browser or a host asks for by HTTP.

mod common;

use std::{fs, path::PathBuf};

use common::{start, start_with};
use relay::{campus::Campus, config::Config, limits::Limits};
use shared::protocol::VERSION;

/// A folder of its own, removed with this value.
struct Folder(PathBuf);

impl Folder {
    fn site(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("site/sub")).expect("a folder");
        for (file, content) in [
            ("secret.txt", "secret"),
            ("site/index.html", "<title>page</title>"),
            ("site/.hidden", "secret"),
            ("site/loader.js", "plain"),
            ("site/loader.js.gz", "packed with gzip"),
            ("site/client-0123456789abcdef_bg.wasm", "plain"),
            ("site/client-0123456789abcdef_bg.wasm.br", "packed with brotli"),
            ("site/client-0123456789abcdef_bg.wasm.gz", "packed with gzip"),
            ("site/sub/index.html", "sub"),
            ("site/site.json", r#"{ "relays": ["wss://relay.example.net/ws", "javascript:alert(1)"] }"#),
        ] {
            fs::write(folder.join(file), content).expect("a file");
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink("../secret.txt", folder.join("site/link.txt")).expect("a link");
        Self(folder)
    }

    async fn serve(&self) -> common::Running {
        start_with(Config { site: Some(self.0.join("site")), ..Config::loopback() }, Limits::default()).await
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[tokio::test]
async fn files_come_packed_if_the_client_unpacks_and_with_their_type() {
    let folder = Folder::site("packed");
    let relay = folder.serve().await;
    let wasm = "/client-0123456789abcdef_bg.wasm";
    for (path, accepts, encoding, kind, body) in [
        ("/", "br", "", "text/html; charset=utf-8", "<title>page</title>"),
        ("/sub/", "", "", "text/html; charset=utf-8", "sub"),
        (wasm, "gzip, br", "br", "application/wasm", "packed with brotli"),
        (wasm, "gzip", "gzip", "application/wasm", "packed with gzip"),
        (wasm, "", "", "application/wasm", "plain"),
        ("/loader.js", "br, gzip", "gzip", "text/javascript; charset=utf-8", "packed with gzip"),
        (
            "/site.json",
            "br",
            "",
            "application/json; charset=utf-8",
            r#"{ "relays": ["wss://relay.example.net/ws", "javascript:alert(1)"] }"#,
        ),
    ] {
        let answer = relay.get(path, &[&format!("Accept-Encoding: {accepts}")]).await;
        assert_eq!((answer.status, answer.body.as_str()), (200, body), "{path}");
        assert_eq!((answer.header("content-encoding"), answer.header("content-type")), (encoding, kind), "{path}");
        assert_eq!(answer.header("vary"), "accept-encoding");
        assert_eq!(answer.header("content-length"), body.len().to_string());
        let unpacked = if encoding.is_empty() { "" } else { "5" };
        assert_eq!(answer.header("x-uncompressed-length"), unpacked, "{path}");
    }
    let head = relay.ask("HEAD", "/loader.js", &[]).await;
    assert_eq!((head.status, head.header("content-length"), head.body.as_str()), (200, "5", ""));
    assert_eq!(relay.ask("POST", "/loader.js", &[]).await.status, 405);
}

#[tokio::test]
async fn files_named_by_content_are_kept_and_others_asked_about() {
    let folder = Folder::site("kept");
    let relay = folder.serve().await;
    let wasm = relay.get("/client-0123456789abcdef_bg.wasm", &[]).await;
    assert_eq!(wasm.header("cache-control"), "public, max-age=31536000, immutable");
    for path in ["/", "/index.html", "/loader.js"] {
        let first = relay.get(path, &[]).await;
        assert_eq!(first.header("cache-control"), "no-cache", "{path}");
        let etag = first.header("etag");
        let again = relay.get(path, &[&format!("If-None-Match: {etag}")]).await;
        assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", etag));
        let modified = first.header("last-modified");
        assert_eq!(relay.get(path, &[&format!("If-Modified-Since: {modified}")]).await.status, 304);
        assert_eq!(relay.get(path, &["If-None-Match: \"other\""]).await.status, 200);
    }
    let [plain, packed] =
        [relay.get("/loader.js", &[]).await, relay.get("/loader.js", &["Accept-Encoding: gzip"]).await];
    assert_ne!(plain.header("etag"), packed.header("etag"));
}

#[tokio::test]
async fn nothing_outside_of_the_site_is_served() {
    let folder = Folder::site("outside");
    let relay = folder.serve().await;
    for path in [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/sub/../../secret.txt",
        "/..%2fsecret.txt",
        "/%2e%2e%5csecret.txt",
        "//etc/passwd",
        "/.hidden",
        "/link.txt",
        "/sub",
        "/missing.js",
        "/loader.js/",
        "/loader.js%00",
    ] {
        let answer = relay.get(path, &[]).await;
        assert_eq!(answer.status, 404, "{path}");
        assert!(!answer.body.contains("secret"), "{path}");
    }
}

#[tokio::test]
async fn every_answer_says_what_the_page_may_do() {
    let folder = Folder::site("headers");
    let relay = folder.serve().await;
    for path in ["/", "/missing", "/health", "/metrics", "/ws", "/map/current.json", "/map/missing"] {
        let answer = relay.get(path, &[]).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval'"), "{path}: {policy}");
        assert!(policy.contains("wss://relay.example.net") && !policy.contains("javascript:"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert!(answer.header("permissions-policy").contains("display-capture=(self)"));
    }
}

#[tokio::test]
async fn the_map_is_there_for_any_page_and_nothing_else_beside_it() {
    let relay = start().await;
    let campus = Campus::read(&common::map()).expect("a sound map");
    let current = relay.get("/map/current.json", &["Origin: https://elsewhere.example"]).await;
    assert_eq!(current.header("access-control-allow-origin"), "*");
    let expected =
        format!(r#"{{"file":"campus.tmx","files":["campus.tmx","grass.png","grass.tsx"],"hash":"{}"}}"#, campus.hash());
    assert_eq!(current.body, expected);
    for (file, kind) in
        [("campus.tmx", "application/xml"), ("grass.tsx", "application/xml"), ("grass.png", "image/png")]
    {
        let answer = relay.get(&format!("/map/{file}"), &[]).await;
        assert_eq!((answer.status, answer.header("content-type")), (200, kind));
        assert_eq!(answer.header("cache-control"), "no-cache");
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        let etag = format!("If-None-Match: {}", answer.header("etag"));
        assert_eq!(relay.get(&format!("/map/{file}"), &[&etag]).await.status, 304);
        let named = relay.get(&format!("/map/{file}?v={}", campus.hash()), &[]).await;
        assert!(named.header("cache-control").ends_with("immutable"));
    }
    let packed = relay.get("/map/campus.tmx", &["Accept-Encoding: gzip"]).await;
    assert_eq!(packed.header("content-encoding"), "gzip");
    assert!(packed.body.len() < relay.get("/map/campus.tmx", &[]).await.body.len());
    let old = relay.get("/map/campus.tmx?v=00", &[]).await;
    assert_eq!(old.header("cache-control"), "no-cache");
    for path in ["/map/", "/map/other.tmx", "/map/../Cargo.toml", "/map/%2e%2e/common/mod.rs"] {
        assert_eq!(relay.get(path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn health_and_metrics_tell_who_is_here_by_number_alone() {
    let relay = start().await;
    let _ada = relay.enter(1).await;
    let health = relay.get("/health", &[]).await;
    assert_eq!((health.status, health.header("content-type")), (200, "application/json"));
    for part in [
        r#""status":"ok""#,
        r#""name":"virtual-classroom-inator""#,
        r#""participants":1"#,
        &format!(r#""protocol":{VERSION}"#),
        r#""version":"#,
        r#""uptime_seconds":"#,
    ] {
        assert!(health.body.contains(part), "{part} is not in {}", health.body);
    }
    let metrics = relay.get("/metrics", &[]).await;
    assert!(metrics.header("content-type").starts_with("text/plain; version=0.0.4"));
    assert!(metrics.body.contains("relay_participants 1\n"), "{}", metrics.body);
    assert!(metrics.body.contains("relay_messages_in_total{kind=\"hello\"} 1\n"));
    assert!(!metrics.body.contains("Person"));
}

#[tokio::test]
async fn a_websocket_is_asked_for_properly() {
    let relay = start().await;
    assert_eq!(relay.get("/ws", &[]).await.status, 400);
    let upgrade = "Upgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 8";
    let request = format!("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\n{upgrade}\r\n\r\n");
    let answer = relay.raw(&format!("{request}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")).await;
    assert!(answer.starts_with("HTTP/1.1 426 "), "{answer}");
    assert!(answer.to_lowercase().contains("sec-websocket-version: 13"), "{answer}");
}

#[tokio::test]
async fn a_taken_port_and_a_missing_site_are_said_in_words() {
    let relay = start().await;
    let campus = Campus::read(&common::map()).expect("a sound map");
    let taken = Config { listen: relay.address, ..Config::loopback() };
    let error = relay::Relay::bind(&taken, campus.clone(), Limits::default()).await.err().expect("taken").to_string();
    assert!(error.contains(&format!("port {} of 127.0.0.1 is taken", relay.address.port())), "{error}");
    let missing = Config { site: Some("no-such-folder".into()), ..Config::loopback() };
    let error = relay::Relay::bind(&missing, campus, Limits::default()).await.err().expect("missing").to_string();
    assert!(error.contains("cannot read the site in no-such-folder"), "{error}");
    let error = format!("{:#}", Campus::read("no-such.tmx".as_ref()).expect_err("missing"));
    assert!(error.contains("no-such.tmx") && error.contains("--map"), "{error}");
}
