//! Puts `.br` and `.gz` beside every file of the site that browsers may ask for compressed.
//!
//! Brotli's best takes a minute for the WebAssembly module, so its results are kept by content: a file that did not
//! change is not compressed again.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

use anyhow::{Context, Result, anyhow};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::paths;
use crate::site::Quality;
use crate::step::say;

/// Smaller files gain nothing: they fit a packet or two either way.
const WORTH_IT: u64 = 1024;

/// Texts and code; pictures and fonts are compressed in themselves.
const KINDS: &[&str] = &["wasm", "js", "mjs", "css", "html", "json", "svg", "txt", "tmx", "tsx", "webmanifest"];

/// The window, as a power of two: with 16 MB brotli finds repetitions in the whole of the module.
const WINDOW: u32 = 24;

/// Compresses the files of a folder and of those below it.
///
/// # Errors
/// If a file cannot be read or written.
pub(crate) fn folder(folder: &Path, quality: Quality) -> Result<()> {
    let kept = paths::scratch("compressed")?;
    let mut wanted = Vec::new();
    for file in files(folder)? {
        let size = file.metadata().with_context(|| format!("cannot read {}", file.display()))?.len();
        let kind = file.extension().and_then(|kind| kind.to_str()).unwrap_or_default();
        if size > WORTH_IT && KINDS.contains(&kind) {
            wanted.push((size, file));
        }
    }
    // The largest last, because it is popped first: the rest fits beside it on the other core.
    wanted.sort();
    let jobs = Mutex::new(wanted);
    let next = || jobs.lock().ok().and_then(|mut jobs| jobs.pop());
    let work = || -> Result<()> {
        while let Some((_, file)) = next() {
            beside(&file, "br", &kept, quality)?;
            beside(&file, "gz", &kept, quality)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let other = scope.spawn(work);
        work()?;
        other.join().map_err(|_| anyhow!("a thread that compressed ended early"))?
    })
}

/// All files of a folder and of those below it, in order.
///
/// # Errors
/// If a folder cannot be read.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn beside(file: &Path, encoding: &str, kept: &Path, quality: Quality) -> Result<()> {
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    let known = kept.join(format!("{:016x}-{}-{quality:?}.{encoding}", hasher.finish(), content.len()));
    let mut beside = file.as_os_str().to_owned();
    beside.push(format!(".{encoding}"));
    if !known.exists() {
        if content.len() > 1_000_000 {
            say(format_args!("compressing {} as {encoding}", file.display()));
        }
        let compressed = if encoding == "br" { brotli(&content, quality) } else { gzip(&content, quality) };
        let compressed = compressed.with_context(|| format!("cannot compress {}", file.display()))?;
        // Under another name first: half a file must never be taken for a whole one.
        let half = known.with_extension("half");
        fs::write(&half, compressed)
            .and_then(|()| fs::rename(&half, &known))
            .context("cannot keep what is compressed")?;
    }
    fs::copy(&known, &beside).with_context(|| format!("cannot write {}", Path::new(&beside).display()))?;
    Ok(())
}

fn brotli(content: &[u8], quality: Quality) -> std::io::Result<Vec<u8>> {
    let level = match quality {
        Quality::Release => 11,
        Quality::Dev => 5,
    };
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, level, WINDOW);
    encoder.write_all(content)?;
    encoder.flush()?;
    Ok(encoder.into_inner())
}

fn gzip(content: &[u8], quality: Quality) -> std::io::Result<Vec<u8>> {
    let level = match quality {
        Quality::Release => Compression::best(),
        Quality::Dev => Compression::fast(),
    };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(content)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn text() -> Vec<u8> {
        b"walls block sound, benches and trees do not. ".repeat(2000)
    }

    #[test]
    fn brotli_gives_back_what_it_took() {
        for quality in [Quality::Release, Quality::Dev] {
            let compressed = brotli(&text(), quality).expect("compressed");
            let mut back = Vec::new();
            brotli::Decompressor::new(compressed.as_slice(), 4096).read_to_end(&mut back).expect("read");
            assert_eq!(back, text());
            assert!(compressed.len() < text().len() / 10);
        }
    }

    #[test]
    fn gzip_gives_back_what_it_took() {
        let compressed = gzip(&text(), Quality::Release).expect("compressed");
        let mut back = Vec::new();
        flate2::read::GzDecoder::new(compressed.as_slice()).read_to_end(&mut back).expect("read");
        assert_eq!(back, text());
    }
}
